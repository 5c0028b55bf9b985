"""After a visit: agreed goals and follow-ups, and what the care team's pages are told of goals."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from selfcare.extensions import db
from selfcare.goals import follow_up, panel, reminding, service, summary
from selfcare.goals.models import FollowUp, TeamNote
from selfcare.people.access import own_record, team_record
from selfcare.people.due import Due
from selfcare.people.models import Person, SharingChoice
from selfcare.people.sharing import choose_sharing
from tests.goals.conftest import MONDAY, PLAN, TODAY, WALK, new_id

TODAY_DATE = dt.date.fromisoformat(TODAY)


def _agreed(world: Any, **change: Any) -> dict[str, Any]:
    body = {"patient_id": str(world.ayse), "statement": "Swim on Fridays", "confidence": 5}
    return body | {"who_does_what": "Grace finds the times. Ayşe goes with Elif."} | change


def _person(person_id: uuid.UUID) -> Person:
    query = sa.select(Person).options(joinedload(Person.role_rows)).where(Person.id == person_id)
    return db.session.scalars(query).unique().one()


def _stop_sharing(story: Any, world: Any) -> None:
    with story():
        choose_sharing(own_record(_person(world.ayse)), {"goals": False})


def test_an_agreed_goal_is_the_patients_own_to_plan_and_tick(ayse: Any, grace: Any, world: Any) -> None:
    agreed_id = new_id()
    answer = grace.put(f"/api/v1/agreed-goals/{agreed_id}", _agreed(world))
    assert answer.status_code == 201
    assert answer.json["agreed_on"] == TODAY
    goal_id = answer.json["goal_id"]
    (goal,) = ayse.get("/api/v1/goals").json["items"]
    assert (goal["id"], goal["statement"], goal["lifecycle_status"]) == (goal_id, "Swim on Fridays", "active")
    assert (goal["written_by"], goal["source"]) == (grace.id, "team")
    assert goal["agreed"]["who_does_what"].startswith("Grace finds")
    assert goal["confidence"]["score"] == 5
    assert ayse.put(f"/api/v1/goals/{goal_id}/weeks/{MONDAY}", PLAN).status_code == 201
    assert ayse.put(f"/api/v1/goals/{goal_id}/days/{TODAY}", {"outcome": "done"}).status_code == 201


def test_sent_twice_it_is_agreed_once_and_corrected_words_reach_the_goal(
    ayse: Any, grace: Any, world: Any
) -> None:
    path = f"/api/v1/agreed-goals/{new_id()}"
    first, second = grace.put(path, _agreed(world)), grace.put(path, _agreed(world))
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["ETag"] == second.headers["ETag"]
    grace.put(path, _agreed(world, statement="Swim on Saturdays"))
    (goal,) = ayse.get("/api/v1/goals").json["items"]
    assert goal["statement"] == "Swim on Saturdays"


def test_words_the_patient_made_their_own_are_not_overwritten(ayse: Any, grace: Any, world: Any) -> None:
    path = f"/api/v1/agreed-goals/{new_id()}"
    goal_id = grace.put(path, _agreed(world)).json["goal_id"]
    ayse.put(f"/api/v1/goals/{goal_id}", {"statement": "Swim like I used to"})
    grace.put(path, _agreed(world, statement="Swim on Saturdays"))
    assert ayse.get(f"/api/v1/goals/{goal_id}").json["statement"] == "Swim like I used to"


def test_a_goal_the_patient_has_already_is_agreed_on_not_doubled(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    answer = grace.put(f"/api/v1/agreed-goals/{walking}", _agreed(world, statement=WALK["statement"]))
    assert answer.status_code == 201
    (goal,) = ayse.get("/api/v1/goals").json["items"]
    assert goal["id"] == walking
    assert goal["plan"]["what"] == PLAN["what"]
    assert goal["agreed"]["id"] == walking


def test_a_follow_up_is_seen_by_the_patient_until_it_has_an_outcome(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    path = f"/api/v1/follow-ups/{new_id()}"
    body = {"patient_id": str(world.ayse), "goal_id": walking, "due_on": "2026-10-20", "channel": "phone"}
    assert grace.put(path, body).status_code == 201
    seen = ayse.get(f"/api/v1/goals/{walking}").json["follow_up"]
    assert (seen["due_on"], seen["channel"]) == ("2026-10-20", "phone")
    assert grace.put(path, body | {"outcome": "Going well"}).status_code == 200
    assert ayse.get(f"/api/v1/goals/{walking}").json["follow_up"] is None


def test_without_a_date_a_follow_up_is_in_14_days(grace: Any, world: Any) -> None:
    body = {"patient_id": str(world.ayse), "channel": "message"}
    assert grace.put(f"/api/v1/follow-ups/{new_id()}", body).json["due_on"] == "2026-10-20"


@pytest.mark.parametrize(
    ("score", "words", "days"),
    [
        (6, None, 7),
        (0, None, 7),
        (7, None, 14),
        (10, None, 14),
        (None, None, 14),
        (None, "not at all", 7),
        (None, "very sure", 14),
    ],
)
def test_sooner_when_confidence_is_low(score: int | None, words: str | None, days: int) -> None:
    assert follow_up.first_interval(score, words) == dt.timedelta(days=days)


def test_if_match_guards_what_the_team_wrote(grace: Any, world: Any) -> None:
    path = f"/api/v1/agreed-goals/{new_id()}"
    held = grace.put(path, _agreed(world)).headers["ETag"]
    grace.put(path, _agreed(world, confidence=6))
    late = grace.put(path, _agreed(world, confidence=7), headers={"If-Match": held})
    assert late.status_code == 412
    assert (late.json["current"]["confidence"], late.json["yours"]["confidence"]) == (6, 7)


@pytest.mark.parametrize("name", ["samuel", "ruth", "peter", "ayse", "carer"])
def test_nobody_but_her_team_agrees_for_ayse(
    request: pytest.FixtureRequest, world: Any, walking: str, name: str, ayse: Any
) -> None:
    stranger = request.getfixturevalue(name)
    calls = [
        (f"/api/v1/agreed-goals/{new_id()}", _agreed(world)),
        (
            f"/api/v1/follow-ups/{new_id()}",
            {"patient_id": str(world.ayse), "goal_id": walking, "due_on": "2026-10-20"},
        ),
    ]
    for path, body in calls:
        assert stranger.put(path, body).status_code == 404
        assert stranger.put(f"{path}?for={world.ayse}", body).status_code == 404
    for page in ("agree", "follow-up"):
        assert stranger.get(f"/patients/{world.ayse}/{page}").status_code == 404
    assert ayse.get(f"/api/v1/goals/{walking}").json["follow_up"] is None


def test_a_clinician_cannot_reach_into_another_patients_goal(
    grace: Any, samuel: Any, peter: Any, world: Any, walking: str
) -> None:
    """Samuel cares for Peter: with Peter's id and the id of a goal of Ayşe's he gets nowhere."""
    body = {
        "patient_id": str(world.peter),
        "statement": "Taken over",
        "goal_id": walking,
        "due_on": "2026-10-20",
    }
    agreed = {name: body[name] for name in ("patient_id", "statement")}
    assert samuel.put(f"/api/v1/agreed-goals/{walking}", agreed).status_code == 404
    follow = {name: body[name] for name in ("patient_id", "goal_id", "due_on")}
    answer = samuel.put(f"/api/v1/follow-ups/{new_id()}", follow)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["goal_id"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"statement": " "}, "statement"),
        ({"confidence": 12}, "confidence"),
        ({"patient_id": "ayse"}, "patient_id"),
        ({"agreed_on": "2026-02-30"}, "agreed_on"),
    ],
)
def test_what_is_no_agreement_is_refused(grace: Any, world: Any, change: dict[str, Any], field: str) -> None:
    answer = grace.put(f"/api/v1/agreed-goals/{new_id()}", _agreed(world, **change))
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


# --- what the care team's pages are told -----------------------------------------------------------------------------


def _section(story: Any, world: Any) -> list[dict[str, Any]]:
    with story():
        return summary.section(team_record(_person(world.grace), world.ayse), TODAY_DATE)


def test_the_summary_says_days_confidence_what_is_in_the_way_and_the_next_step(
    ayse: Any, grace: Any, world: Any, walking: str, story: Any
) -> None:
    ayse.put(f"/api/v1/goals/{walking}/weeks/2026-09-28", PLAN | {"confidence": 4})
    for day in ("2026-09-28", "2026-09-29", MONDAY):
        ayse.put(f"/api/v1/goals/{walking}/days/{day}", {"outcome": "done"})
    ayse.put(f"/api/v1/goals/{walking}/days/2026-10-01", {"outcome": "skipped"})
    ayse.put(
        f"/api/v1/goals/{walking}/reviews/2026-09-28", {"got_in_the_way": "When my knee is bad I stay in"}
    )
    body = {"patient_id": str(world.ayse), "goal_id": walking, "due_on": "2026-10-20", "channel": "phone"}
    grace.put(f"/api/v1/follow-ups/{new_id()}", body)
    (about,) = _section(story, world)
    assert about["statement"] == WALK["statement"]
    assert about["title"] == "Walk by the canal 15 minutes after lunch"
    assert [(str(w["monday"]), w["done"], w["planned"], w["skipped"]) for w in about["weeks"]] == [
        ("2026-09-28", 2, 4, 1),
        (MONDAY, 1, 4, 0),
    ]
    assert about["confidence"] == [6, 4]
    assert about["in_the_way"] == "When my knee is bad I stay in"
    assert about["why_not_lower"] == "The path is flat"
    assert about["next_step"] == {"due_on": dt.date(2026, 10, 20), "channel": "phone"}


def test_what_is_not_shared_stays_out_of_the_summary_and_the_panel(
    ayse: Any, grace: Any, world: Any, walking: str, story: Any
) -> None:
    grace.put(f"/api/v1/agreed-goals/{new_id()}", _agreed(world))
    assert len(_section(story, world)) == 2
    with story():
        assert panel.confidence_of([world.ayse]) == {world.ayse: panel.Latest(5)}
    _stop_sharing(story, world)
    (about,) = _section(story, world)
    assert (about["statement"], about["confidence"], about["in_the_way"]) == ("Swim on Fridays", [], None)
    with story():
        assert panel.confidence_of([world.ayse]) == {}


def test_the_panel_shows_the_latest_number_and_how_it_moved(
    ayse: Any, world: Any, walking: str, story: Any
) -> None:
    path = f"/api/v1/goals/{walking}/weeks/{MONDAY}"
    ayse.put(path, PLAN | {"confidence": 4})
    with story():
        assert panel.confidence_of([world.ayse, world.peter]) == {world.ayse: panel.Latest(4, -2)}
        assert panel.confidence_of([]) == {}


def test_the_number_of_statements_does_not_grow_with_the_goals(
    ayse: Any, world: Any, walking: str, story: Any, statements: Any
) -> None:
    def counted() -> tuple[int, int, int]:
        with story():
            grace, mine = team_record(_person(world.grace), world.ayse), own_record(_person(world.ayse))
            with statements() as one:
                summary.section(grace, TODAY_DATE)
            with statements() as two:
                cards = service.goals_this_week(mine, TODAY_DATE)
            assert len(cards) in (1, 13)
            with statements() as three:
                panel.confidence_of([world.ayse, world.peter])
        return len(one), len(two), len(three)

    few = counted()
    for number in range(12):
        goal_id = new_id()
        ayse.put(f"/api/v1/goals/{goal_id}", {"statement": f"Goal {number}"})
        ayse.put(f"/api/v1/goals/{goal_id}/weeks/{MONDAY}", PLAN)
        ayse.put(f"/api/v1/goals/{goal_id}/days/{MONDAY}", {"outcome": "done"})
    assert counted() == few == (2, 3, 1)


def test_follow_ups_due_are_found_for_many_patients_at_once(grace: Any, world: Any, story: Any) -> None:
    for day in ("2026-10-20", "2026-10-13"):
        grace.put(f"/api/v1/follow-ups/{new_id()}", {"patient_id": str(world.ayse), "due_on": day})
    with story():
        found = follow_up.due_list([world.ayse, world.peter], dt.date(2026, 10, 14))
        assert {who: [str(row.due_on) for row in rows] for who, rows in found.items()} == {
            world.ayse: ["2026-10-13"],
            world.peter: [],
        }


# --- what reminders ask ----------------------------------------------------------------------------------------------


def _asked(world: Any, key: str, day: str) -> Due:
    start = dt.datetime.fromisoformat(f"{day}T00:00:00+00:00")
    return Due(uuid.uuid4(), world.ayse, key, start.date(), start, start + dt.timedelta(days=1))


def test_a_goal_reminder_is_done_once_the_day_has_any_answer(
    ayse: Any, world: Any, walking: str, story: Any
) -> None:
    source = reminding.GoalSource()
    today, tomorrow, gone = (
        _asked(world, walking, TODAY),
        _asked(world, walking, "2026-10-07"),
        _asked(world, new_id(), TODAY),
    )
    with story():
        assert source.done([today, tomorrow, gone]) == {gone.id}
        assert source.done([]) == set()
    ayse.put(f"/api/v1/goals/{walking}/days/{TODAY}", {"outcome": "skipped"})
    with story():
        assert source.done([today, tomorrow]) == {today.id}
    ayse.put(f"/api/v1/goals/{walking}", WALK | {"lifecycle_status": "on_hold", "paused_until": "2026-10-07"})
    with story():
        assert source.done([tomorrow]) == set()  # the pause is over by then
        record = own_record(_person(world.ayse))
        assert source.exists(record, walking)
        assert not source.exists(own_record(_person(world.peter)), walking)
        assert not source.exists(record, "nonsense")
        assert source.label(record, walking) == "Walk by the canal 15 minutes after lunch"
        assert source.path(walking) == f"/goals/{walking}"


def test_a_review_reminder_is_done_when_nothing_waits(
    ayse: Any, world: Any, walking: str, story: Any, now: Any
) -> None:
    source = reminding.ReviewSource()
    saturday, sunday = _asked(world, "", "2026-10-10"), _asked(world, "", "2026-10-11")
    with story():
        assert source.done([saturday, sunday]) == {saturday.id}
    now.move_to("2026-10-11T09:00:00+01:00")
    ayse.put(f"/api/v1/goals/{walking}/reviews/{MONDAY}", {"next": "repeat"})
    with story():
        assert source.done([sunday]) == {sunday.id}


# --- the pages -------------------------------------------------------------------------------------------------------


def test_grace_writes_an_agreed_goal_down_from_ayses_own_words(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    path = f"/patients/{world.ayse}/agree"
    page = grace.get(path).get_data(as_text=True)
    assert f"goal={walking}" in page
    assert WALK["statement"] in grace.get(f"{path}?goal={walking}").get_data(as_text=True)
    answer = grace.http.post(
        path,
        data={"agreed_id": walking, "statement": WALK["statement"], "confidence": "7"},
        headers=grace.headers,
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == f"/patients/{world.ayse}/agenda"
    goal = ayse.get(f"/api/v1/goals/{walking}").json
    assert (goal["agreed"]["confidence"], goal["confidence"]["score"]) == (7, 7)


def test_the_follow_up_proposes_7_days_for_a_low_number_and_14_otherwise(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    path = f"/patients/{world.ayse}/follow-up"
    assert 'value="2026-10-13"' in grace.get(path).get_data(as_text=True)
    ayse.put(f"/api/v1/goals/{walking}/weeks/{MONDAY}", PLAN | {"confidence": 8})
    assert 'value="2026-10-20"' in grace.get(path).get_data(as_text=True)
    form = {"follow_up_id": new_id(), "goal_id": walking, "due_on": "2026-10-20", "channel": "phone"}
    answer = grace.http.post(path, data=form, headers=grace.headers)
    assert answer.status_code == 303
    assert ayse.get(f"/api/v1/goals/{walking}").json["follow_up"]["due_on"] == "2026-10-20"


def test_an_unshared_number_of_hers_does_not_show_in_the_proposed_date(
    grace: Any, world: Any, walking: str, story: Any
) -> None:
    _stop_sharing(story, world)
    page = grace.get(f"/patients/{world.ayse}/follow-up").get_data(as_text=True)
    assert 'value="2026-10-20"' in page  # her 6 would have made it sooner
    assert WALK["statement"] not in page
    grace.put(f"/api/v1/agreed-goals/{new_id()}", _agreed(world))
    page = grace.get(f"/patients/{world.ayse}/follow-up").get_data(as_text=True)
    assert 'value="2026-10-13"' in page  # the 5 that was said to Grace herself
    assert "Swim on Fridays" in page


def test_a_slip_on_the_teams_forms_keeps_what_was_typed(grace: Any, world: Any) -> None:
    answer = grace.send(
        f"/patients/{world.ayse}/agree", agreed_id=new_id(), statement=" ", who_does_what="Grace <rings>"
    )
    assert answer.status_code == 422
    assert "Enter the goal you agreed" in answer.get_data(as_text=True)
    assert "Grace &lt;rings&gt;" in answer.get_data(as_text=True)
    answer = grace.send(
        f"/patients/{world.ayse}/follow-up", follow_up_id=new_id(), due_on="", channel="phone"
    )
    assert answer.status_code == 422
    assert "Enter a date for the follow-up" in answer.get_data(as_text=True)


def test_back_and_save_opens_no_finished_follow_up(grace: Any, world: Any, walking: str, rows: Any) -> None:
    row_id, path = new_id(), f"/patients/{world.ayse}/follow-up"
    again = {"follow_up_id": row_id, "goal_id": walking, "due_on": TODAY}
    grace.send(path, **again)
    grace.send(f"{path}s/{row_id}", answer_id=new_id(), result="went_to_plan", next="none")
    told = grace.send(path, **again, team_note="Ring the daughter").get_data(as_text=True)
    assert "This follow-up was finished already" in told
    assert "is saved" not in told
    (row,) = rows(sa.select(FollowUp))
    assert row.outcome == "went_to_plan"
    (note,) = rows(sa.select(TeamNote))
    assert note.text == "Ring the daughter", "nothing typed is lost"


def test_a_follow_up_is_still_to_come_and_says_its_year(grace: Any, world: Any, rows: Any) -> None:
    path = f"/patients/{world.ayse}/follow-up"
    for over in ("2020-01-01", "2026-10-05"):
        answer = grace.send(path, follow_up_id=new_id(), due_on=over, team_note="Ring first")
        assert answer.status_code == 422
        assert "Enter a date that is still to come" in answer.get_data(as_text=True)
        assert "Ring first" in answer.get_data(as_text=True)
    assert rows(sa.select(FollowUp)) == []
    for day, told in (
        (TODAY, "Tuesday 6 October is saved"),
        ("2027-01-05", "Tuesday 5 January 2027 is saved"),
    ):
        answer = grace.send(path, follow_up_id=new_id(), due_on=day)
        assert told in answer.get_data(as_text=True)


def test_sharing_rows_exist_for_the_story(world: Any, rows: Any) -> None:
    """A control: without it the tests of what is not shared could pass for want of data."""
    assert {row.item for row in rows(sa.select(SharingChoice))} == {"goals", "diary"}
