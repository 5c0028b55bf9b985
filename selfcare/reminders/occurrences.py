"""When a wish comes due. Pure arithmetic; the reading of RFC 5545, section 3.3.5:

* a wall time that a clock change leaves out is read with the offset before the gap (01:30 in London on the last Sunday of
  March is 02:30 summer time);
* one that occurs twice is its first occurrence.

So each day has each time exactly once, in every zone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from selfcare import clock

DAY = dt.timedelta(days=1)

# No zone is further from UTC than this, and no clock change reaches further: the days whose times may fall into a span.
MARGIN = 2 * DAY

# A long question is answered span by span, so that asking for a century costs only what is read of it.
SPAN = 30 * DAY


@dataclass(frozen=True, order=True)
class Instant:
    """One instant of a wish. ``day`` and ``time`` ("19:00") are as the person meant them, ``due_at`` is in UTC."""

    due_at: dt.datetime
    day: dt.date
    time: str


@lru_cache(maxsize=65_536)
def due_at(day: dt.date, time: str, zone_name: str) -> dt.datetime:
    """The instant, in UTC, of a wall time on a day in a zone."""
    # fold=0 is RFC 5545's reading of both cases (PEP 495).
    wall = dt.datetime.combine(day, dt.time.fromisoformat(time), clock.zone(zone_name))
    return wall.astimezone(dt.UTC)


def between(
    times: Sequence[str], days: Sequence[str] | None, zone_name: str, start: dt.datetime, end: dt.datetime
) -> list[Instant]:
    """The instants with ``start`` ≤ t < ``end``, in order.

    :param times: wall times, "HH:MM".
    :param days: codes of weekdays (``clock.WEEKDAYS``); None is every day.
    """
    if start >= end:
        return []
    day, last = clock.local(start, "UTC").date() - MARGIN, clock.local(end, "UTC").date() + MARGIN
    found = []
    while day <= last:
        if days is None or clock.WEEKDAYS[day.weekday()] in days:
            for time in times:
                instant = due_at(day, time, zone_name)
                if start <= instant < end:
                    found.append(Instant(instant, day, time))
        day += DAY
    return sorted(found)


def upcoming(
    times: Sequence[str],
    days: Sequence[str] | None,
    zone_name: str,
    start: dt.datetime,
    end: dt.datetime | None = None,
) -> Iterator[Instant]:
    """The instants from ``start`` on, in order, lazily; before ``end`` if there is one, else within a year."""
    end = end or start + 366 * DAY
    while start < end:
        stop = min(start + SPAN, end)
        yield from between(times, days, zone_name, start, stop)
        start = stop
