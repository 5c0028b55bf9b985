"""Quiet hours: what the system adds waits until they end. A time that the person chose is always kept."""

from __future__ import annotations

import datetime as dt

from selfcare import clock
from selfcare.reminders.occurrences import DAY, due_at

# 9pm to 8am unless the person says otherwise (screens.md).
DEFAULT_FROM, DEFAULT_TO = "21:00", "08:00"


def cover(time: str, begin: str, end: str) -> bool:
    """Whether a wall time lies in quiet hours: from ``begin`` on, until just before ``end``, over midnight if need be."""
    if begin <= end:
        return begin <= time < end
    return time >= begin or time < end


def hold(instant: dt.datetime, zone_name: str, begin: str, end: str) -> dt.datetime:
    """The first instant at or after this one outside quiet hours."""
    local = clock.local(instant, zone_name)
    if not cover(local.strftime("%H:%M"), begin, end):
        return instant
    over = due_at(local.date(), end, zone_name)
    return over if over > instant else due_at(local.date() + DAY, end, zone_name)
