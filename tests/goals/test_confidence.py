"""Confidence: each answer is a record; the rule below 7; nobody is asked why it is not higher."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from selfcare.goals import confidence
from tests.conftest import ROOT
from tests.goals.conftest import MONDAY, TODAY, new_id

SAID = {"score": 5, "why_not_lower": "I like it", "recorded_at": "2026-10-06T10:05:00+01:00"}


def test_an_answer_is_a_record_201_then_200_then_409(ayse: Any, walking: str) -> None:
    path, body = f"/api/v1/confidence-scores/{new_id()}", SAID | {"goal_id": walking}
    first = ayse.put(path, body)
    assert first.status_code == 201
    assert first.json["score"] == 5
    assert first.json["recorded_at"].startswith("2026-10-06T09:05:00")
    assert ayse.put(path, body).status_code == 200
    assert (
        ayse.put(path, body | {"recorded_at": "2026-10-06T09:05:00Z"}).status_code == 200
    )  # the same instant
    for change in ({"score": 6}, {"why_not_lower": None}, {"goal_id": None, "topic": "Sleep"}):
        assert ayse.put(path, body | change).status_code == 409, change
    assert ayse.get(f"/api/v1/goals/{walking}").json["confidence"]["score"] == 5


def test_this_weeks_plan_shows_the_latest_answer_and_a_late_one_does_not_push_it_aside(
    ayse: Any, walking: str
) -> None:
    path = f"/api/v1/goals/{walking}/weeks/{MONDAY}"
    new = SAID | {"goal_id": walking, "score": 8, "recorded_at": "2026-10-06T10:30:00+01:00"}
    ayse.put(f"/api/v1/confidence-scores/{new_id()}", new)
    assert ayse.get(path).json["confidence"] == 8
    ayse.put(
        f"/api/v1/confidence-scores/{new_id()}",
        SAID | {"goal_id": walking, "score": 3, "recorded_at": f"{TODAY}T09:00:00Z"},
    )
    assert ayse.get(path).json["confidence"] == 8


def test_a_correction_is_a_new_record_and_the_old_one_no_longer_counts(ayse: Any, walking: str) -> None:
    wrong = new_id()
    later = SAID | {"goal_id": walking, "recorded_at": "2026-10-06T10:30:00+01:00"}
    ayse.put(f"/api/v1/confidence-scores/{wrong}", later | {"score": 1})
    right = ayse.put(f"/api/v1/confidence-scores/{new_id()}", later | {"score": 7, "corrects": wrong})
    assert right.status_code == 201
    assert ayse.get(f"/api/v1/goals/{walking}").json["confidence"]["score"] == 7
    lost = ayse.put(f"/api/v1/confidence-scores/{new_id()}", later | {"corrects": new_id()})
    assert lost.status_code == 422


def test_an_answer_about_a_topic_needs_no_goal(ayse: Any) -> None:
    assert (
        ayse.put(f"/api/v1/confidence-scores/{new_id()}", {"topic": "My feet", "score": 4}).status_code == 201
    )
    assert (
        ayse.put(f"/api/v1/confidence-scores/{new_id()}", {"topic": "Sleep", "words": "somewhat"}).status_code
        == 201
    )


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"goal_id": None}, "goal_id"),
        ({"topic": "Sleep"}, "goal_id"),
        ({"score": None}, "score"),
        ({"words": "somewhat"}, "score"),
        ({"score": 11}, "score"),
        ({"score": "5"}, "score"),
        ({"recorded_at": "2026-10-06T09:30:00"}, "recorded_at"),
        ({"recorded_at": "yesterday"}, "recorded_at"),
        ({"goal_id": "walking"}, "goal_id"),
    ],
)
def test_an_answer_about_nothing_or_with_nothing_is_refused(
    ayse: Any, walking: str, change: dict[str, Any], field: str
) -> None:
    answer = ayse.put(f"/api/v1/confidence-scores/{new_id()}", SAID | {"goal_id": walking} | change)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_another_patients_goal_or_answer_cannot_be_named(ayse: Any, peter: Any, walking: str) -> None:
    theirs = new_id()
    ayse.put(f"/api/v1/confidence-scores/{theirs}", SAID | {"goal_id": walking})
    assert peter.put(f"/api/v1/confidence-scores/{new_id()}", SAID | {"goal_id": walking}).status_code == 404
    assert peter.put(f"/api/v1/confidence-scores/{theirs}", {"topic": "Sleep", "score": 5}).status_code == 404
    corrects = {"topic": "Sleep", "score": 5, "corrects": theirs}
    assert peter.put(f"/api/v1/confidence-scores/{new_id()}", corrects).status_code in (404, 422)


# --- the rule below 7, on the pages ----------------------------------------------------------------------------------


def _draft(ayse: Any) -> str:
    goal_id = new_id()
    ayse.send("/goals/new", goal_id=goal_id, statement="Walk more")
    ayse.send(f"/goals/{goal_id}/week", what="Walk", how_much="15 minutes")
    ayse.send(f"/goals/{goal_id}/when", when_text="after lunch", days=["tue", "thu"])
    return goal_id


def _rate(ayse: Any, goal_id: str, score: object) -> str:
    answer = ayse.send(f"/goals/{goal_id}/confidence", score_id=new_id(), confidence=str(score))
    assert answer.status_code == 200
    return str(answer.request.path).rsplit("/", 1)[-1]


@pytest.mark.parametrize("score", [*range(11), "dont_know"])
def test_every_number_leads_on_and_only_one_below_7_to_what_could_help(ayse: Any, score: object) -> None:
    goal_id = _draft(ayse)
    low = isinstance(score, int) and score < 7
    assert _rate(ayse, goal_id, score) == ("help" if low else "ready")
    status = ayse.get(f"/api/v1/goals/{goal_id}").json["lifecycle_status"]
    assert status == ("proposed" if low else "active")


@pytest.mark.parametrize(
    ("first", "way", "second"), list(itertools.product((0, 6), ("plan", "smaller", "keep"), (3, 9)))
)
def test_each_way_out_of_a_low_number_ends_with_a_goal_and_both_numbers(
    ayse: Any, first: int, way: str, second: int
) -> None:
    goal_id = _draft(ayse)
    assert _rate(ayse, goal_id, first) == "help"
    answer = ayse.send(f"/goals/{goal_id}/help", barriers="Rain", plan_for_barriers="An umbrella", go=way)
    place = answer.request.path.rsplit("/", 1)[-1]
    assert place == {"plan": "confidence", "smaller": "week", "keep": "ready"}[way]
    numbers = [first]
    if way == "smaller":
        ayse.send(f"/goals/{goal_id}/week", what="Walk", how_much="5 minutes")
        ayse.send(f"/goals/{goal_id}/when", when_text="after lunch", days=["tue"])
    if way != "keep":
        assert _rate(ayse, goal_id, second) == "ready"  # help is offered once, never in a circle
        numbers.append(second)
    goal = ayse.get(f"/api/v1/goals/{goal_id}").json
    assert goal["lifecycle_status"] == "active"
    assert (goal["plan"]["barriers"], goal["plan"]["plan_for_barriers"]) == ("Rain", "An umbrella")
    page = ayse.get(f"/goals/{goal_id}").get_data(as_text=True)
    shown = [int(number) for number in re.findall(r"<td>(\d+)</td>", page)]
    assert shown == numbers[::-1]


def test_keeping_the_plan_needs_no_words(ayse: Any) -> None:
    goal_id = _draft(ayse)
    _rate(ayse, goal_id, 2)
    assert ayse.send(f"/goals/{goal_id}/help", go="keep").request.path.endswith("/ready")
    assert ayse.get(f"/api/v1/goals/{goal_id}").json["plan"]["confidence"] == 2


@pytest.mark.parametrize(
    ("words", "place"),
    [("not at all", "help"), ("somewhat", "help"), ("very sure", "ready"), ("dont_know", "ready")],
)
def test_an_answer_in_words(ayse: Any, words: str, place: str) -> None:
    goal_id = _draft(ayse)
    answer = ayse.send(f"/goals/{goal_id}/confidence?words=1", score_id=new_id(), confidence_words=words)
    assert answer.request.path.endswith(f"/{place}")
    plan = ayse.get(f"/api/v1/goals/{goal_id}/weeks/{MONDAY}").json
    assert plan["confidence"] is None
    assert plan["confidence_words"] == (None if words == "dont_know" else words)


def test_the_rule_itself() -> None:
    assert [confidence.is_low(score) for score in range(11)] == [True] * 7 + [False] * 4
    assert not confidence.is_low(None, None)
    assert confidence.step_after(6, None, offered=False) == "help"
    assert confidence.step_after(6, None, offered=True) == "done"


def test_when_a_number_drops_the_earlier_reason_is_shown_back(ayse: Any, walking: str, now: Any) -> None:
    high = SAID | {
        "goal_id": walking,
        "score": 8,
        "why_not_lower": "My dog pulls me out",
        "recorded_at": f"{TODAY}T10:30:00+01:00",
    }
    ayse.put(f"/api/v1/confidence-scores/{new_id()}", high)
    assert "This was your reason" not in ayse.get(f"/goals/{walking}").get_data(as_text=True)
    now.move_to(f"{TODAY}T18:00:00+01:00")
    low = ayse.send(f"/goals/{walking}/confidence", score_id=new_id(), confidence="4")
    page = low.get_data(as_text=True)
    assert "This was your reason" in page
    assert "My dog pulls me out" in page


def test_sent_twice_is_one_answer(ayse: Any, walking: str) -> None:
    score_id = new_id()
    for _ in range(2):
        ayse.send(f"/goals/{walking}/confidence", score_id=score_id, confidence="9")
    page = ayse.get(f"/goals/{walking}").get_data(as_text=True)
    assert re.findall(r"<td>(\d+)</td>", page) == ["9", "6"]


def test_no_text_asks_why_not_10() -> None:
    forbidden = re.compile(r"why (is it )?(not|isn.t it) (a )?(10|ten|higher|more)", re.IGNORECASE)
    read = 0
    for folder, ending in (("templates", "*.html"), ("selfcare", "*.py"), ("static/js", "*.js")):
        for path in sorted(Path(ROOT / folder).rglob(ending)):
            text = "\n".join(
                line
                for line in path.read_text(encoding="utf-8").splitlines()
                if not re.search(r"never|nobody is asked", line, re.I)
            )
            assert not forbidden.search(text), path
            read += 1
    assert read > 100
