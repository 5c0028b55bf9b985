"""A phone whose clock is two years wrong, or that had no signal for three weeks: kept, flagged, and no page breaks."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from selfcare import clock

API = "/api/v1"
ZONE = "Europe/London"

WRONG = {
    "2 years ahead": (dt.timedelta(days=730), "clock_skewed"),
    "2 years behind": (dt.timedelta(days=-730), "late"),
    "3 weeks late": (dt.timedelta(days=-21), "late"),
}


def new() -> str:
    return str(uuid.uuid4())


@pytest.fixture(params=WRONG)
def phone(request: pytest.FixtureRequest) -> tuple[dt.datetime, str]:
    """What the phone's clock said as she wrote, and how that is flagged."""
    off, flag = WRONG[request.param]
    return clock.now() + off, flag


@pytest.fixture
def goal(ayse: Any) -> str:
    goal = new()
    assert ayse.put(f"{API}/trackers", {"measures": ["pain"]}).status_code == 201
    assert ayse.put(f"{API}/goals/{goal}", {"statement": "Walk after lunch"}).status_code == 201
    monday = clock.monday_of(clock.today(ZONE))
    week = {"what": "Walk", "days": ["mon"], "confidence": 7}
    assert ayse.put(f"{API}/goals/{goal}/weeks/{monday}", week).status_code == 201
    return goal


def every_page_opens(ayse: Any, grace: Any, goal: str) -> None:
    for path in (
        *("/", "/diary", "/diary?days=7", "/diary?days=90", "/diary/new", "/diary/past", "/goals"),
        *(f"/goals/{goal}", "/agenda", "/more", "/sharing"),
        *(f"{API}/today", f"{API}/goals", f"{API}/diary-entries", f"{API}/phone/facts", f"{API}/export"),
    ):
        assert ayse.get(path).status_code == 200, path
    for path in (
        *("/panel", f"{API}/panel", f"/patients/{ayse.id}", f"/patients/{ayse.id}/agenda"),
        *(f"{API}/patients/{ayse.id}/agenda-summary", f"{API}/patients/{ayse.id}/diary-entries"),
        *(f"/patients/{ayse.id}/agree", f"/patients/{ayse.id}/follow-up"),
    ):
        assert grace.get(path).status_code == 200, path


@pytest.mark.slow
def test_an_entry_is_kept_flagged_and_breaks_nothing(ayse: Any, grace: Any, goal: str, phone: Any) -> None:
    said, flag = phone
    entry = new()
    body = {"experienced_at": said.isoformat(), "recorded_at": said.isoformat(), "values": {"pain": 4}}
    answer = ayse.put(f"{API}/diary-entries/{entry}", body)
    assert answer.status_code == 201, answer.json
    assert answer.json["flags"] == [flag]
    assert ayse.put(f"{API}/diary-entries/{entry}", body).status_code == 200
    every_page_opens(ayse, grace, goal)
    assert ayse.get(f"/diary/saved?entry={entry}").status_code == 200
    assert ayse.get(f"/diary/{entry}/correct").status_code in (200, 302, 303)


@pytest.mark.slow
def test_an_answer_on_the_ruler_is_kept_flagged_and_breaks_nothing(
    ayse: Any, grace: Any, goal: str, phone: Any
) -> None:
    said, flag = phone
    score = new()
    body = {"goal_id": goal, "score": 3, "recorded_at": said.isoformat()}
    answer = ayse.put(f"{API}/confidence-scores/{score}", body)
    assert answer.status_code == 201, answer.json
    assert answer.json["flags"] == [flag]
    assert ayse.put(f"{API}/confidence-scores/{score}", body).status_code == 200
    every_page_opens(ayse, grace, goal)


def test_what_she_said_since_is_not_hidden_by_a_clock_that_was_ahead(
    ayse: Any, grace: Any, goal: str
) -> None:
    """The nurse sees today's 8, not for two years the 3 of a phone that was in 2028."""
    for score, off in ((3, dt.timedelta(days=730)), (8, dt.timedelta())):
        body = {"goal_id": goal, "score": score, "recorded_at": (clock.now() + off).isoformat()}
        assert ayse.put(f"{API}/confidence-scores/{new()}", body).status_code == 201
    assert ayse.get(f"{API}/goals/{goal}").json["confidence"]["score"] == 8
    assert ayse.get(f"{API}/goals/{goal}").json["plan"]["confidence"] == 8
    (row,) = grace.get(f"{API}/panel").json["items"]
    assert row["confidence"] == {"latest": 8, "change": 5}
    (about,) = grace.get(f"{API}/patients/{ayse.id}/agenda-summary").json["goals"]
    assert about["confidence"][-2:] == [3, 8]


def test_the_last_entry_is_the_last_that_has_been(ayse: Any, grace: Any) -> None:
    for said in (clock.now() + dt.timedelta(days=730), clock.now()):
        body = {"experienced_at": said.isoformat(), "recorded_at": said.isoformat(), "values": {"pain": 4}}
        assert ayse.put(f"{API}/diary-entries/{new()}", body).status_code == 201
    (row,) = grace.get(f"{API}/panel").json["items"]
    assert row["last_entry"] == clock.now().date().isoformat()


def test_an_answer_that_comes_3_weeks_late_changes_no_later_plan(ayse: Any, goal: str) -> None:
    late = clock.now() - dt.timedelta(days=21)
    body = {"goal_id": goal, "score": 2, "recorded_at": late.isoformat()}
    assert ayse.put(f"{API}/confidence-scores/{new()}", body).status_code == 201
    card = ayse.get(f"{API}/goals/{goal}").json
    assert card["plan"]["confidence"] == 7
    assert card["confidence"]["score"] == 7
