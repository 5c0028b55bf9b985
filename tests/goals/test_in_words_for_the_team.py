"""Numbers do not suit Ayşe: Grace asks her in words, writes words down, and reads words wherever a number would stand."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.agendas.prompts import prompts
from selfcare.goals.models import AgreedGoal, ConfidenceScore, FollowUp, FollowUpAnswer
from tests.goals.conftest import MONDAY, PLAN, new_id
from tests.goals.test_follow_ups import do, follow_up, page_of, say, stop_sharing_goals
from tests.goals.test_in_words import ways

SAVE = {"agree": "Save agreed goal", "look_back": "Save follow-up", "way_on": "Save this step"}


def agreed(world: Any, **change: Any) -> dict[str, Any]:
    return {"patient_id": str(world.ayse), "statement": "Swim on Fridays"} | change


def agree_page(world: Any) -> str:
    return f"/patients/{world.ayse}/agree"


def forms(grace: Any, world: Any, goal: str) -> dict[str, tuple[str, dict[str, str]]]:
    """The team's three forms that ask for confidence: the path, and something typed."""
    follow_id = follow_up(grace, world, goal)
    return {
        "agree": (agree_page(world), {"agreed_id": new_id(), "who_does_what": "Amina comes along"}),
        "look_back": (page_of(world, follow_id), {"answer_id": new_id(), "went": "Amina came along"}),
        "way_on": (f"{page_of(world, follow_id)}/help", {"answer_id": new_id(), "idea": "With Amina"}),
    }


@pytest.mark.parametrize("which", sorted(SAVE))
def test_each_form_changes_to_words_and_back_and_loses_nothing(
    grace: Any, world: Any, walking: str, rows: Any, which: str
) -> None:
    path, typed = forms(grace, world, walking)[which]
    html = grace.get(path).get_data(as_text=True)
    assert ways(html) == ("words", "numbers"), "the ruler first"
    assert html.count('name="confidence"') == 12
    assert html.index(SAVE[which]) < html.index('name="switch"'), "Enter saves, and does not switch"
    answer = grace.send(path, **typed, switch="words")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert ways(html) == ("numbers", "words")
    assert 'name="confidence"' not in html
    assert "Amina" in html
    assert "Error" not in html
    for words in ("Not at all sure", "Somewhat sure", "Very sure", "I do not know"):
        assert words in html
    html = grace.send(path, **typed, in_words="yes", switch="numbers").get_data(as_text=True)
    assert ways(html) == ("words", "numbers")
    assert "Amina" in html
    assert rows(sa.select(AgreedGoal)) == []
    assert rows(sa.select(FollowUpAnswer)) == []


@pytest.mark.parametrize("which", sorted(SAVE))
def test_a_number_and_words_at_once_are_refused_in_plain_words(
    grace: Any, world: Any, walking: str, rows: Any, which: str
) -> None:
    path, typed = forms(grace, world, walking)[which]
    rest = {"agree": {"statement": "Swim"}, "look_back": {"result": "partly"}, "way_on": {"way": "steps"}}
    answer = grace.send(path, **typed, **rest[which], confidence="5", confidence_words="somewhat")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Answer with a number or in words, not both" in html
    assert "Amina" in html
    assert rows(sa.select(FollowUpAnswer)) == []


@pytest.mark.parametrize(
    ("words", "days"), [("not at all", 7), ("somewhat", 7), ("very sure", 14), ("dont_know", 14)]
)
def test_agreed_in_words_kept_in_words_and_looked_at_sooner_when_low(
    ayse: Any, grace: Any, world: Any, rows: Any, words: str, days: int
) -> None:
    body = {"statement": "Swim on Fridays", "in_words": "yes", "confidence_words": words}
    assert grace.send(agree_page(world), agreed_id=new_id(), **body).status_code == 200
    (kept,) = rows(sa.select(AgreedGoal))
    said = None if words == "dont_know" else words
    assert (kept.confidence, kept.confidence_words) == (None, said)
    assert [(row.score, row.words) for row in rows(sa.select(ConfidenceScore))] == (
        [(None, said)] if said else []
    )
    day = dt.date(2026, 10, 6) + dt.timedelta(days=days)
    html = grace.get(f"/patients/{world.ayse}/follow-up").get_data(as_text=True)
    assert f'value="{day.isoformat()}"' in html or f'value="{day.day}"' in html
    assert ("7 days, since Ayşe said “" in html) is (days == 7), "a fact, and no verdict"


def test_by_a_program_words_are_a_field_of_their_own(ayse: Any, grace: Any, world: Any, rows: Any) -> None:
    path = f"/api/v1/agreed-goals/{new_id()}"
    refused = grace.put(path, agreed(world, confidence=5, confidence_words="somewhat"))
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["confidence_words"])
    kept = grace.put(path, agreed(world, confidence_words="somewhat"))
    assert (kept.status_code, kept.json["confidence"], kept.json["confidence_words"]) == (
        201,
        None,
        "somewhat",
    )
    assert grace.put(path, agreed(world, confidence_words="very sure")).status_code == 200
    assert grace.put(path, agreed(world, confidence=8)).json["confidence_words"] is None
    said = [
        (row.score, row.words)
        for row in rows(sa.select(ConfidenceScore).order_by(ConfidenceScore.received_at))
    ]
    assert said == [(None, "somewhat"), (None, "very sure"), (8, None)]
    (goal,) = ayse.get("/api/v1/goals").json["items"]
    assert (goal["agreed"]["confidence"], goal["agreed"]["confidence_words"]) == (8, None)


@pytest.mark.parametrize(
    ("words", "due", "helps"),
    [
        ("not at all", dt.date(2026, 10, 13), True),
        ("somewhat", dt.date(2026, 10, 13), True),
        ("very sure", dt.date(2026, 10, 20), False),
        ("dont_know", dt.date(2026, 10, 20), False),
    ],
)
def test_looking_back_low_words_bring_help_and_the_next_look_sooner(
    grace: Any, world: Any, walking: str, rows: Any, words: str, due: dt.date, helps: bool
) -> None:
    answer = do(
        *(grace, world, follow_up(grace, world, walking)),
        result="partly",
        in_words="yes",
        confidence_words=words,
    )
    html = answer.get_data(as_text=True)
    assert ("What could help Ayşe?" in html) is helps
    if helps:
        assert "Ayşe said “" in html
        assert "Below 7" not in html
        assert ways(html)[1] == "words", "asked again as she answered"
    (_done, following) = rows(sa.select(FollowUp).order_by(FollowUp.due_on))
    assert following.due_on == due


def test_words_she_gave_in_the_app_count_where_the_team_does_not_ask_again(
    ayse: Any, grace: Any, world: Any, walking: str, rows: Any
) -> None:
    follow_id = follow_up(grace, world, walking)
    say(ayse, follow_id, result="partly", in_words="yes", confidence_words="somewhat")
    assert ways(grace.get(page_of(world, follow_id)).get_data(as_text=True))[1] == "words", "as she answered"
    answer = do(grace, world, follow_id, result="partly", in_words="yes")
    assert "What could help Ayşe?" in answer.get_data(as_text=True)
    (_done, following) = rows(sa.select(FollowUp).order_by(FollowUp.due_on))
    assert following.due_on == dt.date(2026, 10, 13)


def test_asked_again_below_7_in_words(grace: Any, world: Any, walking: str, rows: Any) -> None:
    follow_id = follow_up(grace, world, walking)
    do(grace, world, follow_id, result="not_done", in_words="yes", confidence_words="not at all")
    path = f"{page_of(world, follow_id)}/help"
    body = {"way": "steps", "step": "try", "in_words": "yes", "confidence_words": "very sure"}
    assert grace.send(path, answer_id=new_id(), **body).status_code == 200
    said = rows(sa.select(ConfidenceScore).order_by(ConfidenceScore.received_at))
    assert [(row.score, row.words) for row in said][1:] == [(None, "not at all"), (None, "very sure")]


def test_words_stand_wherever_a_number_would(
    ayse: Any, grace: Any, world: Any, walking: str, now: Any
) -> None:
    follow_id = follow_up(grace, world, walking, due_on="2026-10-05")
    now.shift(dt.timedelta(minutes=10))
    body = {"goal_id": walking, "confidence_words": "not at all"}
    assert grace.put(f"/api/v1/agreed-goals/{new_id()}", agreed(world, **body)).status_code == 201
    row = grace.get("/follow-ups").get_data(as_text=True)
    assert re.search(r"6 <span aria-hidden=\"true\">→</span>.* Not at all sure", row)
    assert "6 → Not at all sure" in grace.get(page_of(world, follow_id)).get_data(as_text=True)
    page = f"/patients/{world.ayse}/agenda"
    sheet = grace.get(page).get_data(as_text=True)
    assert '<b class="is-last">Not at all sure</b>' in sheet
    assert "confidence 6 → Not at all sure" in sheet, "the text for the record"
    (about,) = grace.get(f"/api/v1{page}-summary").json["goals"]
    assert (about["confidence"], about["confidence_words"]) == ([6], "not at all")
    assert "Not at all sure" in grace.get("/panel").get_data(as_text=True)
    (row,) = grace.get("/api/v1/panel").json["items"]
    assert (row["confidence"], row["confidence_words"]) == ({"latest": 6, "change": None}, "not at all")
    for who, thread in (
        (grace, f"/patients/{world.ayse}/goals/{walking}/thread"),
        (ayse, f"/goals/{walking}"),
    ):
        story = who.get(thread).get_data(as_text=True)
        assert "Not at all sure" in story[story.index('class="sc-story"') :]
    (goal,) = [each for each in ayse.get("/api/v1/today").json["goals"] if each["id"] == walking]
    assert (goal["agreed"]["confidence_words"], goal["confidence"]["words"]) == ("not at all", "not at all")


def test_a_number_after_words_stands_again(ayse: Any, grace: Any, world: Any, walking: str, now: Any) -> None:
    body = {"goal_id": walking, "confidence_words": "somewhat"}
    assert grace.put(f"/api/v1/agreed-goals/{new_id()}", agreed(world, **body)).status_code == 201
    now.shift(dt.timedelta(minutes=10))
    ayse.put(f"/api/v1/goals/{walking}/weeks/{MONDAY}", PLAN | {"confidence": 8})
    (row,) = grace.get("/api/v1/panel").json["items"]
    assert (row["confidence"], row["confidence_words"]) == ({"latest": 8, "change": 2}, None)
    assert "Somewhat sure" not in grace.get("/panel").get_data(as_text=True)


def test_words_that_are_not_shared_are_not_there(ayse: Any, grace: Any, world: Any, walking: str) -> None:
    body = {"goal_id": walking, "words": "somewhat", "recorded_at": "2026-10-06T09:30:00+01:00"}
    assert ayse.put(f"/api/v1/confidence-scores/{new_id()}", body).status_code == 201
    follow_id = follow_up(grace, world, walking)
    stop_sharing_goals(ayse)
    (row,) = grace.get("/api/v1/panel").json["items"]
    assert (row["confidence"], row["confidence_words"]) == (None, None)
    for path in ("/panel", "/follow-ups", page_of(world, follow_id), f"/patients/{world.ayse}/agenda"):
        assert "Somewhat sure" not in grace.get(path).get_data(as_text=True), path
    html = grace.get(page_of(world, follow_id)).get_data(as_text=True)
    assert ways(html)[1] == "numbers", "and how she answered is not told by the way of asking"


def test_what_is_typed_stays_where_a_colleague_was_quicker(grace: Any, world: Any, walking: str) -> None:
    follow_id = follow_up(grace, world, walking)
    do(grace, world, follow_id, result="went_to_plan")
    answer = grace.send(page_of(world, follow_id), answer_id=new_id(), went="Kept words")  # no result
    assert answer.status_code == 422
    assert "Kept words" in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("goals", "text"),
    [
        ([([6], None)], "What would make it a 7?"),
        ([([6], "somewhat")], "What would help you to be more sure?"),
        ([([6], "very sure")], "What helps you to be so sure?"),
        ([([6], "very sure"), ([4], None)], "What would make it a 5?"),
        ([([], "not at all"), ([4], None)], "What would help you to be more sure?"),
        ([([], None)], "What would you like to try?"),
    ],
)
def test_the_prompt_speaks_as_she_does(app: Any, goals: Any, text: str) -> None:
    with app.test_request_context():
        given = [{"confidence": numbers, "confidence_words": words} for numbers, words in goals]
        assert [each["text"] for each in prompts(given) if each["enabler"] == "goals"] == [text]
