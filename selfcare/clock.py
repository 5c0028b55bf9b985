"""The one clock. Instants are aware and in UTC; a person's days are in their own time zone."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

# Outside these years a date is a slip of the finger, and some would break every later read (0001-01-01T00:00+23:59).
FIRST_YEAR, LAST_YEAR = 1900, 2100


def now() -> dt.datetime:
    """This instant, aware, UTC."""
    return dt.datetime.now(dt.UTC)


@cache
def zone(name: str) -> ZoneInfo:
    """The named IANA zone.

    :raises ValueError: when no such zone is known.
    """
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no such time zone: {name!r}") from None


def local(instant: dt.datetime, zone_name: str) -> dt.datetime:
    """The same instant on the wall clock of ``zone_name``."""
    return instant.astimezone(zone(zone_name))


def today(zone_name: str) -> dt.date:
    """The calendar day it is now in ``zone_name``."""
    return local(now(), zone_name).date()


def monday_of(day: dt.date) -> dt.date:
    """The Monday that starts the calendar week of ``day`` (weeks run Monday to Sunday)."""
    return day - dt.timedelta(days=day.weekday())


def day_bounds(day: dt.date, zone_name: str) -> tuple[dt.datetime, dt.datetime]:
    """First instant of ``day`` and of the next day in ``zone_name``, both UTC: 23, 24 or 25 hours apart."""
    where = zone(zone_name)
    start = dt.datetime.combine(day, dt.time(), where)
    end = dt.datetime.combine(day + dt.timedelta(days=1), dt.time(), where)
    return start.astimezone(dt.UTC), end.astimezone(dt.UTC)
