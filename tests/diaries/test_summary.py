"""What other rooms are told: the care team's page, the panel, Today's dots, reminders."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from sqlalchemy.orm import joinedload

from selfcare.clock import day_bounds
from selfcare.diaries import service, summary, trackers
from selfcare.diaries.reminding import DiaryReminder
from selfcare.extensions import db
from selfcare.people.access import Record, carers_record, own_record, team_record
from selfcare.people.due import Due
from selfcare.people.models import Person
from tests.diaries.test_facts import AYSES_PAIN

NOW = dt.datetime(2026, 10, 6, 18, 40, tzinfo=dt.UTC)
LONDON = "Europe/London"


@pytest.fixture(autouse=True)
def tuesday_evening() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def person(person_id: uuid.UUID) -> Person:
    wanted = sa.select(Person).options(joinedload(Person.role_rows)).where(Person.id == person_id)
    return db.session.scalars(wanted).unique().one()


def write(record: Record, day: str, hour: int = 12, offset: int = 1, **values: Any) -> service.Entry:
    zone = dt.timezone(dt.timedelta(hours=offset))
    felt = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(hour), zone)
    entry, _new = service.record_entry(
        record, uuid.uuid4(), experienced_at=felt, recorded_at=felt, values=values
    )
    return entry


def ayses_month(world: Any) -> Record:
    own = own_record(person(world.ayse))
    trackers.choose_trackers(own, ["sleep", "pain", "weight"])
    first = dt.date(2026, 9, 9)
    for place, word in enumerate(AYSES_PAIN.split()):
        if word != "-":
            write(own, (first + dt.timedelta(days=place)).isoformat(), pain=int(word), mood=5)
    write(own, "2026-09-08", sleep=1)  # 29 days ago
    write(own, "2026-10-05", sleep=6)
    db.session.flush()
    return own


def test_the_care_team_gets_a_chart_and_facts_for_each_tracker(world: Any, story: Any) -> None:
    with story():
        ayses_month(world)
        found = summary.section(team_record(person(world.grace), world.ayse), dt.date(2026, 7, 9))
        assert [part["title"] for part in found] == [
            "Sleep",
            "Pain",
            "Mood",
        ]  # her order, then what she wrote besides
        pain = found[1]
        assert (pain["latest"], pain["typical"], pain["days_recorded"], pain["days"]) == ("4", "5", 23, 28)
        assert pain["fact"] == "8 on 22 and 23 September"
        assert pain["latest_on"] == dt.date(2026, 10, 6)
        assert len(pain["chart"]["dots"]) == 23
        assert found[0]["days_recorded"] == 1


def test_it_takes_two_statements_however_much_was_written(world: Any, story: Any, statements: Any) -> None:
    with story():
        ayses_month(world)
        record = team_record(person(world.grace), world.ayse)
        with statements() as seen:
            summary.section(record, dt.date(2026, 7, 9))
        assert len(seen) == 2


def test_what_is_not_shared_is_not_told(world: Any, story: Any, statements: Any) -> None:
    with story():
        write(own_record(person(world.peter)), "2026-10-05", pain=5)
        record = team_record(person(world.samuel), world.peter)
        with statements() as seen:
            assert summary.section(record, dt.date(2026, 7, 9)) == []
        assert seen == []


def test_a_carers_view_has_no_mood(world: Any, story: Any) -> None:
    with story():
        ayses_month(world)
        found = summary.section(carers_record(person(world.elif_), world.ayse), dt.date(2026, 7, 9))
        assert "Mood" not in [part["title"] for part in found]


def test_a_corrected_value_is_out_and_a_chain_of_corrections_ends_with_the_last(
    world: Any, story: Any
) -> None:
    with story():
        own = own_record(person(world.ayse))
        felt = dt.datetime(2026, 10, 5, 12, tzinfo=dt.UTC)
        before: uuid.UUID | None = None
        for pain in (9, 7, 2):
            entry, _new = service.record_entry(
                own, uuid.uuid4(), experienced_at=felt, values={"pain": pain}, corrects=before
            )
            before = entry.id
        holding = [
            e.values
            for e in service.entries_between(own, dt.date(2026, 10, 1), dt.date(2026, 10, 6))
            if not e.corrected
        ]
        assert holding == [{"pain": 2}]


def test_two_phones_correct_the_same_entry_and_the_later_arrival_holds(world: Any, story: Any) -> None:
    with story():
        own = own_record(person(world.ayse))
        felt = dt.datetime(2026, 10, 5, 12, tzinfo=dt.UTC)
        first, _new = service.record_entry(own, uuid.uuid4(), experienced_at=felt, values={"pain": 9})
        for minute, pain in ((1, 3), (2, 4)):
            with time_machine.travel(NOW + dt.timedelta(minutes=minute), tick=False):
                service.record_entry(
                    own, uuid.uuid4(), experienced_at=felt, values={"pain": pain}, corrects=first.id
                )
        entries = service.entries_between(own, dt.date(2026, 10, 5), dt.date(2026, 10, 5))
        assert [e.values["pain"] for e in entries if not e.corrected] == [4]
        assert len(entries) == 3


def test_a_correction_that_moves_an_entry_to_another_week_takes_it_along(world: Any, story: Any) -> None:
    with story():
        own = own_record(person(world.ayse))
        wrong, _new = service.record_entry(
            own, uuid.uuid4(), experienced_at=dt.datetime(2026, 10, 6, 9, tzinfo=dt.UTC), values={"pain": 9}
        )
        service.record_entry(
            own,
            uuid.uuid4(),
            experienced_at=dt.datetime(2026, 9, 25, 9, tzinfo=dt.UTC),
            values={"pain": 9},
            corrects=wrong.id,
        )
        this_week = service.entries_between(own, dt.date(2026, 10, 5), dt.date(2026, 10, 6))
        assert [e.corrected for e in this_week] == [True]


def test_todays_dots_and_whether_today_is_written(world: Any, story: Any) -> None:
    with story():
        own = own_record(person(world.ayse))
        assert service.week_of(own, dt.date(2026, 10, 5)) == set()
        assert not service.logged_today(own)
        write(own, "2026-10-04", pain=5)  # Sunday: last week
        write(own, "2026-10-05", hour=0, offset=3, pain=5)  # half past nine on Sunday evening in London
        assert service.week_of(own, dt.date(2026, 10, 5)) == {dt.date(2026, 10, 5)}
        assert not service.logged_today(own)
        write(own, "2026-10-06", pain=5)
        assert service.logged_today(own)


def test_the_reminder_is_quiet_when_the_day_has_an_entry(world: Any, story: Any, statements: Any) -> None:
    def due(patient: uuid.UUID, day: dt.date) -> Due:
        starts, ends = day_bounds(day, LONDON)
        return Due(uuid.uuid4(), patient, "", day, starts, ends)

    with story():
        own = own_record(person(world.ayse))
        write(own, "2026-10-05", hour=23, pain=5)
        dues = [
            due(world.ayse, dt.date(2026, 10, 5)),
            due(world.ayse, dt.date(2026, 10, 6)),
            due(world.peter, dt.date(2026, 10, 5)),
        ]
        reminder = DiaryReminder()
        with statements() as seen:
            assert reminder.done(dues) == {dues[0].id}
        assert len(seen) == 1
        assert reminder.done([]) == set()
        assert reminder.exists(own, "")
        assert not reminder.exists(own, "pain")
        assert reminder.path("") == "/diary/new"
        assert reminder.label(own, "") == "Your diary"
