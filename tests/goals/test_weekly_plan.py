"""The plan of a week."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.goals.models import ConfidenceScore
from selfcare.history import EarlierVersion
from tests.goals.conftest import MONDAY, NEXT_MONDAY, PLAN, new_id


def _scores(rows: Any) -> list[int | None]:
    return [row.score for row in rows(sa.select(ConfidenceScore).order_by(ConfidenceScore.received_at))]


def test_a_plan_comes_back_as_it_was_sent(ayse: Any, walking: str) -> None:
    answer = ayse.get(f"/api/v1/goals/{walking}/weeks/{MONDAY}")
    assert answer.status_code == 200
    assert {name: answer.json[name] for name in PLAN} == PLAN
    assert answer.headers["ETag"] == answer.json["etag"]


def test_days_are_kept_in_the_order_of_the_week_each_once(ayse: Any, walking: str) -> None:
    days = ["sun", "mon", "sun", "wed"]
    answer = ayse.put(f"/api/v1/goals/{walking}/weeks/{MONDAY}", PLAN | {"days": days})
    assert answer.json["days"] == ["mon", "wed", "sun"]


def test_both_the_first_and_the_later_confidence_are_kept(ayse: Any, walking: str, rows: Any) -> None:
    path = f"/api/v1/goals/{walking}/weeks/{MONDAY}"
    assert _scores(rows) == [6]
    ayse.put(path, PLAN)  # the same again says nothing new
    assert _scores(rows) == [6]
    ayse.put(path, PLAN | {"how_much": "10 minutes", "confidence": 8, "why_not_lower": "It is short"})
    assert _scores(rows) == [6, 8]
    assert ayse.get(path).json["confidence"] == 8
    (kept,) = rows(sa.select(EarlierVersion).where(EarlierVersion.table_name == "weekly_plans"))
    assert (kept.body["how_much"], kept.body["confidence"]) == ("15 minutes", 6)


def test_words_are_kept_as_words_and_never_become_a_number(ayse: Any, walking: str, rows: Any) -> None:
    body = {name: value for name, value in PLAN.items() if name != "confidence"} | {
        "confidence_words": "somewhat"
    }
    answer = ayse.put(f"/api/v1/goals/{walking}/weeks/{MONDAY}", body)
    assert (answer.json["confidence"], answer.json["confidence_words"]) == (None, "somewhat")
    last = rows(sa.select(ConfidenceScore).where(ConfidenceScore.words.is_not(None)))
    assert [(row.score, row.words) for row in last] == [(None, "somewhat")]


def test_one_plan_a_week_and_each_week_its_own(ayse: Any, walking: str) -> None:
    first = ayse.put(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}", PLAN | {"what": "Swim"})
    assert first.status_code == 201
    assert ayse.put(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}", PLAN | {"what": "Row"}).status_code == 200
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{NEXT_MONDAY}").json["what"] == "Row"
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{MONDAY}").json["what"] == PLAN["what"]


def test_if_match_guards_a_plan(ayse: Any, walking: str) -> None:
    path = f"/api/v1/goals/{walking}/weeks/{MONDAY}"
    held = ayse.get(path).headers["ETag"]
    assert ayse.put(path, PLAN | {"what": "Swim"}, headers={"If-Match": held}).status_code == 200
    late = ayse.put(path, PLAN | {"what": "Row"}, headers={"If-Match": held})
    assert late.status_code == 412
    assert (late.json["current"]["what"], late.json["yours"]["what"]) == ("Swim", "Row")


@pytest.mark.parametrize(
    "monday", ["2026-10-06", "2026-10-11", "2026-13-01", "monday", "0001-01-01", "2026-10-5"]
)
def test_a_week_is_named_by_its_monday(ayse: Any, walking: str, monday: str) -> None:
    answer = ayse.put(f"/api/v1/goals/{walking}/weeks/{monday}", PLAN)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["monday"]
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{monday}").status_code == 422


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"what": ""}, "what"),
        ({"what": None}, "what"),
        ({"what": "x" * 301}, "what"),
        ({"how_much": 15}, "how_much"),
        ({"when": ["lunch"]}, "when"),
        ({"days": "mon"}, "days"),
        ({"days": ["monday"]}, "days.0"),
        ({"confidence": -1}, "confidence"),
        ({"confidence": 11}, "confidence"),
        ({"confidence": 5.5}, "confidence"),
        ({"confidence": "6"}, "confidence"),
        ({"confidence_words": "very sure"}, "confidence_words"),  # beside a number
        ({"confidence": None, "confidence_words": "a bit"}, "confidence_words"),
        ({"when_text": "after lunch"}, "when_text"),  # the inside's name is no field of the API
    ],
)
def test_what_is_no_plan_is_refused_and_the_plan_stays(
    ayse: Any, walking: str, change: dict[str, Any], field: str
) -> None:
    answer = ayse.put(f"/api/v1/goals/{walking}/weeks/{MONDAY}", PLAN | change)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert ayse.get(f"/api/v1/goals/{walking}/weeks/{MONDAY}").json["what"] == PLAN["what"]


def test_a_plan_for_a_goal_that_is_not_there(ayse: Any) -> None:
    assert ayse.put(f"/api/v1/goals/{new_id()}/weeks/{MONDAY}", PLAN).status_code == 404
