"""When a wish comes due: every clock change in every zone, 2026 to 2030."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo, available_timezones

import pytest

from selfcare.reminders.occurrences import between, due_at, upcoming

WALL_TIMES = ("00:00", "01:30", "02:00", "02:30", "23:30")
FIRST, LAST = dt.date(2026, 1, 1), dt.date(2030, 12, 31)
DAY = dt.timedelta(days=1)


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)


def offset_at(instant: dt.datetime, zone: ZoneInfo) -> dt.timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


@cache
def changes(name: str) -> tuple[tuple[dt.datetime, dt.timedelta, dt.timedelta], ...]:
    """Every clock change of a zone, to the minute, with the offsets before and after. No zone has two in a week."""
    zone, found = ZoneInfo(name), []
    instant = dt.datetime(FIRST.year, FIRST.month, FIRST.day, tzinfo=dt.UTC)
    end = dt.datetime(LAST.year, LAST.month, LAST.day, tzinfo=dt.UTC)
    while instant < end:
        before, after = instant, instant + 7 * DAY
        if (was := offset_at(before, zone)) != (becomes := offset_at(after, zone)):
            while after - before > dt.timedelta(minutes=1):
                middle = before + (after - before) / 2
                before, after = (middle, after) if offset_at(middle, zone) == was else (before, middle)
            found.append((after.replace(second=0, microsecond=0), was, becomes))
        instant += 7 * DAY
    return tuple(found)


def expected(day: dt.date, time: str, zone: ZoneInfo) -> dt.datetime:
    """RFC 5545 worked out the long way: try every offset in use around the day, without Python's own `fold`."""
    wall = dt.datetime.combine(day, dt.time.fromisoformat(time))
    around = [wall.replace(tzinfo=dt.UTC) + dt.timedelta(hours=h) for h in range(-40, 41)]
    offsets = {instant.astimezone(zone).utcoffset() for instant in around}
    candidates = [(wall - offset).replace(tzinfo=dt.UTC) for offset in offsets if offset is not None]
    there = [c for c in candidates if c.astimezone(zone).replace(tzinfo=None) == wall]
    # In the gap: the offset before it, which is the smaller one since clocks go forward.
    return min(there) if there else max(candidates)


@pytest.mark.slow
def test_each_wall_time_comes_exactly_once_a_day_around_every_clock_change_of_every_zone() -> None:
    zones = sorted(available_timezones())
    assert len(zones) > 400
    # Zones with the same changes to the same offsets answer alike, so one of each such family is enough.
    families = {changes(name): name for name in zones}
    assert len(families) > 20
    cases = gaps = twice = 0
    for transitions, name in families.items():
        zone = ZoneInfo(name)
        for instant, was, _becomes in transitions:
            change = (instant + was).date()
            days = [change - 2 * DAY, change - DAY, change, change + DAY]
            found = between(
                WALL_TIMES,
                None,
                name,
                utc(f"{days[0]}T00:00") - 2 * DAY,
                utc(f"{days[-1]}T00:00") + 3 * DAY,
            )
            count = Counter((instant.day, instant.time) for instant in found)
            when = {(instant.day, instant.time): instant.due_at for instant in found}
            for day in days:
                for time in WALL_TIMES:
                    cases += 1
                    assert count[day, time] == 1, (name, day, time)
                    assert when[day, time] == expected(day, time, zone), (name, day, time)
                    wall = when[day, time].astimezone(zone).replace(tzinfo=None)
                    gaps += wall != dt.datetime.combine(day, dt.time.fromisoformat(time))
                    twice += (
                        when[day, time].astimezone(zone).utcoffset()
                        != (when[day, time] + dt.timedelta(hours=1)).astimezone(zone).utcoffset()
                    )
    # The test has met both kinds, or it would prove nothing.
    assert cases > 5_000
    assert gaps > 100
    assert twice > 100


@pytest.mark.parametrize(
    ("day", "time", "zone", "instant"),
    [
        # London goes forward at 01:00 on 29 March 2026: 01:30 is not there, and is read with the offset before.
        ("2026-03-28", "01:30", "Europe/London", "2026-03-28T01:30"),
        ("2026-03-29", "01:30", "Europe/London", "2026-03-29T01:30"),
        ("2026-03-30", "01:30", "Europe/London", "2026-03-30T00:30"),
        # and back at 02:00 on 25 October: 01:30 comes twice, and the first counts.
        ("2026-10-24", "01:30", "Europe/London", "2026-10-24T00:30"),
        ("2026-10-25", "01:30", "Europe/London", "2026-10-25T00:30"),
        ("2026-10-26", "01:30", "Europe/London", "2026-10-26T01:30"),
        # 7pm stays 7pm.
        ("2026-10-24", "19:00", "Europe/London", "2026-10-24T18:00"),
        ("2026-10-25", "19:00", "Europe/London", "2026-10-25T19:00"),
        ("2026-03-08", "02:30", "America/New_York", "2026-03-08T07:30"),
        ("2026-11-01", "01:30", "America/New_York", "2026-11-01T05:30"),
        # Half an hour of change, and a change at midnight.
        ("2026-10-04", "02:15", "Australia/Lord_Howe", "2026-10-03T15:45"),
        ("2026-04-05", "01:45", "Australia/Lord_Howe", "2026-04-04T14:45"),
    ],
)
def test_clock_changes_that_people_know(day: str, time: str, zone: str, instant: str) -> None:
    assert due_at(dt.date.fromisoformat(day), time, zone) == utc(instant)


def test_from_is_in_and_to_is_out() -> None:
    start, end = utc("2026-10-06T18:00"), utc("2026-10-08T18:00")
    found = [instant.due_at for instant in between(["19:00"], None, "Europe/London", start, end)]
    assert found == [utc("2026-10-06T18:00"), utc("2026-10-07T18:00")]
    assert between(["19:00"], None, "Europe/London", end, start) == []
    assert between(["19:00"], None, "Europe/London", start, start) == []


def test_only_on_the_chosen_days_which_are_the_persons_own() -> None:
    # 00:30 on Tuesday in Auckland is still Monday in UTC.
    found = between(["00:30"], ["tue"], "Pacific/Auckland", utc("2026-06-01T00:00"), utc("2026-06-15T00:00"))
    assert [instant.day for instant in found] == [dt.date(2026, 6, 2), dt.date(2026, 6, 9)]
    assert all(instant.day.weekday() == 1 for instant in found)
    assert [instant.due_at.weekday() for instant in found] == [0, 0]


def test_several_times_a_day_come_in_order_also_when_a_gap_moves_one() -> None:
    found = between(
        ["02:15", "01:30"], None, "Europe/London", utc("2026-03-29T00:00"), utc("2026-03-30T00:00")
    )
    # 01:30 moved to 02:30 summer time: after 02:15.
    assert [(instant.time, instant.due_at) for instant in found] == [
        ("02:15", utc("2026-03-29T01:15")),
        ("01:30", utc("2026-03-29T01:30")),
    ]


def test_a_long_span_is_the_same_as_many_short_ones_and_is_read_lazily() -> None:
    start, end = utc("2026-01-01T00:00"), utc("2031-01-01T00:00")
    whole = list(upcoming(["01:30", "19:00"], ["mon", "fri"], "Europe/London", start, end))
    assert whole == between(["01:30", "19:00"], ["mon", "fri"], "Europe/London", start, end)
    century = upcoming(["19:00"], None, "Europe/London", utc("1950-01-01T00:00"), utc("2090-01-01T00:00"))
    assert [instant.day for instant in islice(century, 2)] == [dt.date(1950, 1, 1), dt.date(1950, 1, 2)]
