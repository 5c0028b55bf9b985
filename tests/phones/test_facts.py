"""The few facts that forms need without signal, and no more than that."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
import time_machine

from selfcare import clock
from selfcare.audit import AuditEvent
from selfcare.extensions import db

API = "/api/v1"
FACTS = f"{API}/phone/facts"
ZONE = "Europe/London"
# Next week, so that whoever signs in today is still signed in there.
MONDAY = clock.monday_of(clock.today(ZONE)) + dt.timedelta(days=7)


def on(days: int) -> Any:
    """Midday so many days after that Monday."""
    return time_machine.travel(dt.datetime.combine(MONDAY + dt.timedelta(days=days), dt.time(12), dt.UTC))


def day(days: int) -> str:
    return (MONDAY + dt.timedelta(days=days)).isoformat()


def new() -> str:
    return str(uuid.uuid4())


def put(who: Any, path: str, body: Any) -> Any:
    answer = who.put(API + path, body)
    assert answer.status_code in (200, 201), answer.json
    return answer


def goal_with_plan(ayse: Any, what: str = "Walk", *days: str, monday: dt.date | None = None) -> str:
    goal = new()
    put(ayse, f"/goals/{goal}", {"statement": what})
    week = monday or clock.monday_of(clock.today(ZONE))
    put(ayse, f"/goals/{goal}/weeks/{week}", {"what": what, "days": list(days) or ["mon", "thu"]})
    return goal


def test_a_new_patients_facts_are_few(peter: Any) -> None:
    facts = peter.get(FACTS).json
    assert facts["person"] == peter.id
    assert facts["known_as"] == "Peter"
    assert facts["time_zone"] == ZONE
    assert facts["today"] == clock.today(ZONE).isoformat()
    assert abs(dt.datetime.fromisoformat(facts["now"]) - clock.now()) < dt.timedelta(minutes=1)
    assert facts["trackers"] == facts["goals"] == facts["reviews"] == []
    assert facts["logged_today"] is False
    assert facts["visit"] is None
    assert facts["agenda"] == {
        "visit": None,
        "topics": 0,
        "questions": 0,
        "room_for": {"topic": 3, "question": 5},
    }
    assert [day["state"] for day in facts["sun"]].count("now") == 1
    assert len(facts["sun"]) == 7


def test_what_forms_need_is_there_in_her_order(ayse: Any) -> None:
    put(ayse, "/trackers", {"measures": ["sleep", "pain"]})
    now = clock.now().isoformat()
    put(ayse, f"/diary-entries/{new()}", {"experienced_at": now, "values": {"pain": 4}})
    put(ayse, f"/agenda-items/{new()}", {"text": "My knee"})
    put(ayse, f"/agenda-items/{new()}", {"text": "May I swim?", "kind": "question"})
    facts = ayse.get(FACTS).json
    assert facts["trackers"] == ["sleep", "pain"]
    assert facts["logged_today"] is True
    assert facts["agenda"]["room_for"] == {"topic": 2, "question": 4}
    assert {day["date"]: day["state"] for day in facts["sun"]}[facts["today"]] == "on"


def test_a_week_is_given_as_its_row_shows_it_with_tags_that_if_match_takes(ayse: Any) -> None:
    with on(2):
        goal = goal_with_plan(ayse, "Walk", "mon", "wed", "fri")
        put(ayse, f"/goals/{goal}/days/{day(1)}", {"outcome": "done"})
        (card,) = ayse.get(FACTS).json["goals"]
        assert (card["id"], card["title"], card["agreed"]) == (goal, "Walk", False)
        assert (card["monday"], card["plan_days"]) == (day(0), ["mon", "wed", "fri"])
        states = [day["state"] for day in card["days"]]
        assert states == ["free", "done", "plan", "free", "plan", "free", "free"]
        assert [day["can_answer"] for day in card["days"]][2:5] == [True, True, False]
        tuesday = card["days"][1]
        assert tuesday["outcome"] == "done"
        again = ayse.put(
            f"{API}/goals/{goal}/days/{day(1)}",
            {"outcome": "skipped"},
            headers={"If-Match": tuesday["etag"]},
        )
        assert again.status_code == 200
        week = ayse.put(
            f"{API}/goals/{goal}/weeks/{day(0)}", {"what": "Swim"}, headers={"If-Match": card["plan_etag"]}
        )
        assert week.status_code == 200


def test_what_was_agreed_in_a_visit_is_marked(ayse: Any, grace: Any) -> None:
    body = {"patient_id": ayse.id, "statement": "Swim on Fridays"}
    put(grace, f"/agreed-goals/{new()}", body)
    (card,) = ayse.get(FACTS).json["goals"]
    assert card["agreed"] is True


def test_a_week_that_waits_for_its_review_is_counted(ayse: Any) -> None:
    with on(2):
        goal = goal_with_plan(ayse, "Walk", "mon", "wed", "fri")
        put(ayse, f"/goals/{goal}/days/{day(1)}", {"outcome": "done"})
        put(ayse, f"/goals/{goal}/days/{day(2)}", {"outcome": "done"})
        put(ayse, f"/goals/{goal}/days/{day(4)}", {"outcome": "skipped"})
    with on(8):
        facts = ayse.get(FACTS).json
        assert facts["reviews"] == [
            {
                "goal_id": goal,
                "title": "Walk",
                "monday": day(0),
                "done": 2,
                "planned": 3,
                "skipped": 1,
                "etag": None,
            }
        ]
        assert facts["review_on"] == day(13)
        path = f"{API}/goals/{goal}/reviews/{day(0)}"
        assert ayse.put(path, {"went_well": "Sun"}, headers={"If-None-Match": "*"}).status_code == 201


def test_the_next_visit_is_named(ayse: Any) -> None:
    form = {"id": new(), "team": "other", "with_whom": "Dr Patel", "day": day(3), "time": "10:20"}
    assert ayse._call("POST", "/visits/new", data=form).status_code == 303
    facts = ayse.get(FACTS).json
    assert facts["visit"]["with"] == "Dr Patel"
    assert facts["visit"]["starts_at"].startswith(day(3))
    assert facts["agenda"]["visit"] == facts["visit"]["id"] == form["id"]


def test_they_are_the_patients_own_and_never_lie_on_a_carers_phone(ayse: Any, carer: Any, grace: Any) -> None:
    assert carer.get(FACTS).status_code == 404
    assert carer.get(f"{FACTS}?for={ayse.id}").status_code == 404
    assert grace.get(FACTS).status_code == 404


def test_they_hold_no_notes_no_scores_and_no_name_of_hers(ayse: Any) -> None:
    goal = goal_with_plan(ayse)
    put(ayse, f"/goals/{goal}/days/{clock.today(ZONE)}", {"outcome": "done", "note": "zanzibarine"})
    put(ayse, f"/agenda-items/{new()}", {"text": "zanzibarine"})
    answer = ayse.get(FACTS)
    said = answer.get_data(as_text=True)
    assert "zanzibarine" not in said
    assert "Kaya" not in said
    assert "@test.example" not in said
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_reading_is_noted_once(ayse: Any, story: Any, world: Any) -> None:
    with story():
        before = db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))
    ayse.get(FACTS)
    with story():
        events = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.at)).all()[before:]
        assert [(event.action, event.subject_id) for event in events] == [("phone_facts.read", world.ayse)]


def test_ten_goals_ask_no_more_than_one(ayse: Any, statements: Any) -> None:
    def count() -> int:
        ayse.get(FACTS)
        with statements() as seen:
            assert ayse.get(FACTS).status_code == 200
        return len(seen)

    last_week = clock.monday_of(clock.today(ZONE)) - dt.timedelta(days=7)
    goal = goal_with_plan(ayse)
    put(ayse, f"/goals/{goal}/weeks/{last_week}", {"what": "Walk", "days": ["mon"]})
    one = count()
    for _goal in range(9):
        goal = goal_with_plan(ayse)
        put(ayse, f"/goals/{goal}/weeks/{last_week}", {"what": "Walk", "days": ["mon"]})
        put(ayse, f"/goals/{goal}/days/{last_week}", {"outcome": "done"})
    assert count() == one
