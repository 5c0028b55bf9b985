"""Quiet hours: over midnight and within a day, and what they hold."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from selfcare.extensions import db
from selfcare.reminders import plan
from selfcare.reminders.models import Occurrence, Reminder
from selfcare.reminders.quiet_hours import cover, hold

URL = "/api/v1/quiet-hours"


@pytest.mark.parametrize(
    ("time", "inside"),
    [("20:59", False), ("21:00", True), ("23:59", True), ("00:00", True), ("07:59", True), ("08:00", False)],
)
def test_nine_to_eight_runs_over_midnight(time: str, inside: bool) -> None:
    assert cover(time, "21:00", "08:00") is inside


@pytest.mark.parametrize(
    ("time", "inside"), [("12:59", False), ("13:00", True), ("14:59", True), ("15:00", False)]
)
def test_an_afternoon_nap_does_not(time: str, inside: bool) -> None:
    assert cover(time, "13:00", "15:00") is inside


@pytest.mark.parametrize(
    ("instant", "held"),
    [
        ("2026-10-06T18:00", "2026-10-06T18:00"),  # 7pm: not held
        ("2026-10-06T20:30", "2026-10-07T07:00"),  # 9:30pm: until 8am
        ("2026-10-06T23:30", "2026-10-07T07:00"),  # half past midnight, already the 7th
        ("2026-10-24T22:00", "2026-10-25T08:00"),  # the night of 25 hours
        ("2026-03-28T22:00", "2026-03-29T07:00"),  # the night of 23 hours
    ],
)
def test_what_the_system_adds_waits_until_morning(instant: str, held: str) -> None:
    def at(text: str) -> dt.datetime:
        return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC)

    assert hold(at(instant), "Europe/London", "21:00", "08:00") == at(held)


def test_until_she_chooses_they_are_nine_to_eight(ayse: Any) -> None:
    assert ayse.get(URL).json == {"from": "21:00", "to": "08:00", "news": True}
    first = ayse.put(URL, {"from": "22:30", "to": "06:00"})
    assert first.status_code == 201
    assert ayse.get(URL).json == {"from": "22:30", "to": "06:00", "news": True}
    assert ayse.put(URL, {"from": "22:30", "to": "06:00"}).status_code == 200
    second = ayse.put(URL, {"from": "22:00", "to": "06:00"}, headers={"If-Match": first.headers["ETag"]})
    assert second.status_code == 200
    stale = ayse.put(URL, {"from": "23:00", "to": "06:00"}, headers={"If-Match": first.headers["ETag"]})
    assert stale.status_code == 412
    assert stale.json["current"] == {"from": "22:00", "to": "06:00", "news": True}


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"from": "22:00"},
        {"from": "22:00", "to": None},
        {"from": "22:00", "to": "22:00"},
        {"from": "25:00", "to": "08:00"},
        {"from": "9pm", "to": "8am"},
        {"from": 21, "to": 8},
        {"from": "21:00", "to": "08:00", "also": 1},
        {"begin": "21:00", "end": "08:00"},
    ],
)
def test_times_that_are_none(ayse: Any, body: Any) -> None:
    assert ayse.put(URL, body).status_code == 422
    assert ayse.get(URL).json == {"from": "21:00", "to": "08:00", "news": True}


def test_each_has_their_own(ayse: Any, peter: Any, carer: Any, grace: Any, world: Any) -> None:
    ayse.put(URL, {"from": "20:00", "to": "09:00"})
    assert peter.get(URL).json == {"from": "21:00", "to": "08:00", "news": True}
    assert carer.get(f"{URL}?for={world.ayse}").json["from"] == "20:00"
    assert carer.get(f"{URL}?for={world.peter}").status_code == 404
    assert grace.get(URL).status_code == 404


def test_they_bind_only_what_the_system_adds(clock: Any, ayse: Any, world: Any, story: Any) -> None:
    with story():
        for chosen in (True, False):
            row = Reminder(
                id=uuid.uuid4(),
                patient_id=world.ayse,
                written_by=world.ayse,
                about="diary",
                times=["22:00"],
                days=["tue"],
                time_zone="Europe/London",
                channels=["push"],
                active=True,
                chosen=chosen,
            )
            db.session.add(row)
            plan.afresh(row)
    held = _held(story)
    assert held == {
        True: dt.datetime(2026, 10, 6, 21, tzinfo=dt.UTC),
        False: dt.datetime(2026, 10, 7, 7, tzinfo=dt.UTC),
    }
    # New quiet hours move what they bind, and nothing else.
    assert ayse.put(URL, {"from": "21:00", "to": "10:00"}).status_code == 201
    assert _held(story) == held | {False: dt.datetime(2026, 10, 7, 9, tzinfo=dt.UTC)}


def _held(story: Any) -> dict[bool, dt.datetime | None]:
    with story():
        rows = db.session.query(Occurrence, Reminder).join(Reminder, Reminder.id == Occurrence.reminder_id)
        return {reminder.chosen: occurrence.next_at for occurrence, reminder in rows}
