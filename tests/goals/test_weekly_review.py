"""The weekly review: what is due when, and what repeat, change and finish do."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from selfcare.extensions import db
from selfcare.goals import weekly_review
from selfcare.goals.models import ConfidenceScore
from selfcare.people.access import own_record
from selfcare.people.models import Patient, Person
from tests.goals.conftest import LAST_MONDAY, MONDAY, NEXT_MONDAY, PLAN, WALK, new_id

LOOK_BACK = {"went_well": "The sun", "got_in_the_way": "My knee on Thursday", "confidence": 8}


@pytest.mark.parametrize(
    ("today", "review_day", "week"),
    [
        ("2026-10-11", "sun", MONDAY),  # Sunday: the week that ends
        ("2026-10-10", "sun", LAST_MONDAY),  # Saturday: last week's may still be late
        ("2026-10-12", "sun", MONDAY),  # the day after
        ("2026-10-09", "fri", MONDAY),
        ("2026-10-08", "fri", LAST_MONDAY),
        ("2026-10-05", "mon", MONDAY),
        ("2027-01-03", "sun", "2026-12-28"),  # across the year
    ],
)
def test_which_week_a_day_looks_back_on(today: str, review_day: str, week: str) -> None:
    found = weekly_review.week_to_review(dt.date.fromisoformat(today), review_day)
    assert found == dt.date.fromisoformat(week)


def test_the_next_review_day_may_be_today() -> None:
    tuesday = dt.date(2026, 10, 6)
    assert weekly_review.next_review_day(tuesday, "tue") == tuesday
    assert weekly_review.next_review_day(tuesday, "sun") == dt.date(2026, 10, 11)
    assert weekly_review.next_review_day(tuesday, "mon") == dt.date(2026, 10, 12)


def _due(story: Any, world: Any, day: str) -> list[str]:
    with story():
        person = (
            db.session.scalars(
                sa.select(Person).options(joinedload(Person.role_rows)).where(Person.id == world.ayse)
            )
            .unique()
            .one()
        )
        return [str(due.goal_id) for due in weekly_review.due(own_record(person), dt.date.fromisoformat(day))]


def test_a_review_is_due_until_it_is_written(
    ayse: Any, world: Any, walking: str, story: Any, now: Any
) -> None:
    assert _due(story, world, "2026-10-10") == []  # last week had no plan
    assert _due(story, world, "2026-10-11") == [walking]
    assert _due(story, world, "2026-10-17") == [walking]
    now.move_to("2026-10-11T18:00:00+01:00")
    ayse.put(f"/api/v1/goals/{walking}/reviews/{MONDAY}", {"went_well": "The sun"})
    assert _due(story, world, "2026-10-11") == []


def test_a_paused_or_unplanned_goal_waits_for_no_review(
    ayse: Any, world: Any, walking: str, story: Any
) -> None:
    ayse.put(f"/api/v1/goals/{new_id()}", {"statement": "Not planned yet"})
    ayse.put(f"/api/v1/goals/{walking}", WALK | {"lifecycle_status": "on_hold"})
    assert _due(story, world, "2026-10-11") == []


def test_repeat_copies_the_plan_to_next_week_with_the_new_confidence(
    ayse: Any, walking: str, rows: Any
) -> None:
    answer = ayse.put(f"/api/v1/goals/{walking}/reviews/{MONDAY}", LOOK_BACK | {"next": "repeat"})
    assert answer.status_code == 201
    assert answer.json["got_in_the_way"] == "My knee on Thursday"
    following = ayse.get(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}").json
    for name in ("what", "how_much", "when", "days", "barriers", "plan_for_barriers"):
        assert following[name] == PLAN[name], name
    assert (following["confidence"], following["status"]) == (8, "active")
    scores = rows(sa.select(ConfidenceScore).order_by(ConfidenceScore.received_at))
    assert [(row.score, str(row.monday)) for row in scores] == [(6, MONDAY), (8, NEXT_MONDAY)]
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{MONDAY}").json["confidence"] == 6


def test_the_same_review_twice_changes_nothing_more(ayse: Any, walking: str, rows: Any) -> None:
    path, body = f"/api/v1/goals/{walking}/reviews/{MONDAY}", LOOK_BACK | {"next": "repeat"}
    first, second = ayse.put(path, body), ayse.put(path, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["ETag"] == second.headers["ETag"]
    assert len(rows(sa.select(ConfidenceScore))) == 2


def test_repeat_never_overwrites_a_plan_that_is_there(ayse: Any, walking: str) -> None:
    ayse.put(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}", {"what": "Swim", "days": ["fri"]})
    ayse.put(f"/api/v1/goals/{walking}/reviews/{MONDAY}", {"next": "repeat"})
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}").json["what"] == "Swim"


def test_change_makes_a_draft_and_an_idea_that_did_not_help_leads_to_another(ayse: Any, walking: str) -> None:
    ayse.put(f"/api/v1/goals/{walking}/reviews/{MONDAY}", LOOK_BACK | {"next": "change"})
    following = ayse.get(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}").json
    assert (following["status"], following["what"]) == ("draft", PLAN["what"])
    assert following["problem_step"] == "another"


def test_finish_completes_the_goal_and_thinking_better_of_it_brings_it_back(ayse: Any, walking: str) -> None:
    path = f"/api/v1/goals/{walking}/reviews/{MONDAY}"
    ayse.put(path, {"next": "finish"})
    goal = ayse.get(f"/api/v1/goals/{walking}").json
    assert (goal["lifecycle_status"], goal["achievement_status"]) == ("completed", "achieved")
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}").status_code == 404
    assert ayse.put(path, {"next": "repeat"}).status_code == 200
    goal = ayse.get(f"/api/v1/goals/{walking}").json
    assert (goal["lifecycle_status"], goal["achievement_status"]) == ("active", "in_progress")


def test_a_week_to_come_cannot_be_reviewed(ayse: Any, walking: str) -> None:
    answer = ayse.put(f"/api/v1/goals/{walking}/reviews/{NEXT_MONDAY}", LOOK_BACK)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["monday"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"next": "give up"}, "next"),
        ({"confidence": 11}, "confidence"),
        ({"confidence": 5, "confidence_words": "somewhat"}, "confidence_words"),
        ({"went_well": "x" * 2001}, "went_well"),
    ],
)
def test_what_is_no_review_is_refused(ayse: Any, walking: str, body: dict[str, Any], field: str) -> None:
    answer = ayse.put(f"/api/v1/goals/{walking}/reviews/{MONDAY}", body)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_counts_days_kindly_and_leads_to_the_next_week(ayse: Any, walking: str, now: Any) -> None:
    for day, outcome in (("06", "done"), ("08", "skipped"), ("10", "done")):
        now.move_to(f"2026-10-{day}T20:00:00+01:00")
        ayse.put(f"/api/v1/goals/{walking}/days/2026-10-{day}", {"outcome": outcome})
    now.move_to("2026-10-11T18:00:00+01:00")
    asked = ayse.get("/goals/review")
    assert asked.status_code == 302
    page = ayse.get(asked.headers["Location"]).get_data(as_text=True)
    assert "You did 2 of 4 days." in page
    assert "You skipped 1, and that is fine." in page
    end = ayse.send(asked.headers["Location"], went_well="The sun", confidence="8", next="repeat")
    assert end.status_code == 200
    assert "Your review is saved" in end.get_data(as_text=True)
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}").json["confidence"] == 8
    assert "Your next review is on Sunday 11 October" in ayse.get("/goals/review").get_data(as_text=True)


def test_a_review_without_a_choice_keeps_every_word(ayse: Any, walking: str, now: Any) -> None:
    now.move_to("2026-10-11T18:00:00+01:00")
    path = f"/goals/{walking}/review?monday={MONDAY}"
    answer = ayse.send(path, went_well="The <sun>", got_in_the_way="Rain", confidence="5")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Select what you want to do next week" in page
    assert "The &lt;sun&gt;" in page
    assert "Rain" in page
    assert 'value="5" checked' in page
    assert ayse.get(f"/api/v1/goals/{walking}/reviews/{MONDAY}").status_code == 404


def test_change_leads_to_next_weeks_plan_filled_in(ayse: Any, walking: str, now: Any) -> None:
    now.move_to("2026-10-11T18:00:00+01:00")
    answer = ayse.send(f"/goals/{walking}/review?monday={MONDAY}", next="change")
    assert answer.request.path == f"/goals/{walking}/week"
    assert answer.request.args["week"] == NEXT_MONDAY
    assert 'value="Walk by the canal"' in answer.get_data(as_text=True)
    ayse.send(f"/goals/{walking}/week?week={NEXT_MONDAY}", what="Walk", how_much="5 minutes")
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}").json["how_much"] == "5 minutes"
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{MONDAY}").json["how_much"] == "15 minutes"


def test_the_review_day_is_the_persons_own(ayse: Any, world: Any, walking: str, story: Any, now: Any) -> None:
    with story():
        db.session.execute(sa.update(Patient).where(Patient.id == world.ayse).values(review_day="fri"))
    now.move_to("2026-10-09T08:00:00+01:00")
    assert ayse.get("/goals/review").status_code == 302
