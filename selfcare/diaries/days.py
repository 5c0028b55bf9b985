"""Entries of one measure, gathered by day: what charts and sentences are made of. Corrected entries are out, their corrections in."""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from selfcare.diaries.measures import Measure, Value
from selfcare.diaries.service import Entry


@dataclass(frozen=True)
class Reading:
    """One value at one time (on the phone's clock). ``was``: what stood there before a correction."""

    at: dt.datetime
    value: Value
    tag: str | None = None
    note: str | None = None
    was: Value | None = None


@dataclass(frozen=True)
class Day:
    """The readings of one day, in order of time; at least one."""

    date: dt.date
    readings: tuple[Reading, ...]

    @cached_property
    def value(self) -> Value:
        """The day in one value: numbers are averaged, one "yes" makes the day a yes, of choices the last one holds."""
        values = [reading.value for reading in self.readings]
        if any(isinstance(value, bool) for value in values):
            return any(values)
        numbers = [value for value in values if isinstance(value, int | float)]
        return statistics.fmean(numbers) if numbers else values[-1]


Days = Mapping[dt.date, Day]


def days_of(entries: Iterable[Entry], measure: Measure) -> dict[dt.date, Day]:
    """The days on which this measure was written, oldest first."""
    entries = list(entries)
    before: dict[Any, Value] = {
        entry.id: entry.values[measure.code] for entry in entries if measure.code in entry.values
    }
    found: dict[dt.date, list[Reading]] = {}
    for entry in entries:
        if entry.corrected or measure.code not in entry.values:
            continue
        value, was = entry.values[measure.code], before.get(entry.corrects)
        found.setdefault(entry.experienced_on, []).append(
            Reading(
                at=entry.experienced_at,
                value=value,
                tag=entry.tags.get(measure.code),
                note=entry.note,
                was=was if was != value else None,
            )
        )
    return {day: Day(day, tuple(found[day])) for day in sorted(found)}


def each_day(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every day from first to last, both included."""
    for offset in range((last - first).days + 1):
        yield first + dt.timedelta(days=offset)


def numbers(days: Days) -> list[tuple[dt.date, float]]:
    """(day, number) for numeric measures, oldest first."""
    return [(day.date, float(day.value)) for day in days.values() if isinstance(day.value, int | float)]


def readings(days: Days) -> list[float]:
    """Every number that was written."""
    return [float(r.value) for day in days.values() for r in day.readings if isinstance(r.value, int | float)]
