"""Days: set, changed, taken back; a skipped day never counts against anybody."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.history import EarlierVersion
from tests.goals.conftest import MONDAY, TODAY, new_id


def test_a_day_is_set_changed_and_taken_back(ayse: Any, walking: str, rows: Any) -> None:
    path = f"/api/v1/goals/{walking}/days/{TODAY}"
    assert ayse.put(path, {"outcome": "done", "amount": 3000, "note": "To the lake"}).status_code == 201
    changed = ayse.put(path, {"outcome": "skipped", "reason": "unwell"})
    assert changed.status_code == 200
    assert (changed.json["outcome"], changed.json["reason"], changed.json["amount"]) == (
        "skipped",
        "unwell",
        None,
    )
    assert ayse.delete(path).status_code == 204
    assert ayse.get(f"/api/v1/goals/{walking}").json["days"] == []
    assert ayse.delete(path).status_code == 404
    kept = rows(
        sa.select(EarlierVersion)
        .where(EarlierVersion.table_name == "goal_days")
        .order_by(EarlierVersion.version)
    )
    assert [row.body["outcome"] for row in kept] == ["done", "skipped"]
    assert ayse.put(path, {"outcome": "not_done"}).status_code == 201


def test_a_skip_is_neither_done_nor_missed(ayse: Any, walking: str) -> None:
    ayse.put(f"/api/v1/goals/{walking}/days/{MONDAY}", {"outcome": "skipped", "reason": "away"})
    goal = ayse.get(f"/api/v1/goals/{walking}").json
    assert (goal["done"], goal["skipped"], goal["planned"]) == (0, 1, 4)


def test_a_day_to_come_can_be_skipped_ahead_but_not_done(ayse: Any, walking: str) -> None:
    path = f"/api/v1/goals/{walking}/days/2026-10-10"
    early = ayse.put(path, {"outcome": "done"})
    assert early.status_code == 422
    assert list(early.json["errors"]) == ["outcome"]
    assert ayse.put(path, {"outcome": "skipped", "reason": "away"}).status_code == 201


def test_a_phone_in_another_zone_may_be_a_day_ahead(ayse: Any, walking: str) -> None:
    assert ayse.put(f"/api/v1/goals/{walking}/days/2026-10-07", {"outcome": "done"}).status_code == 201
    assert ayse.put(f"/api/v1/goals/{walking}/days/2026-10-08", {"outcome": "done"}).status_code == 422


def test_a_day_belongs_to_the_persons_own_week_whatever_the_servers_clock(
    ayse: Any, walking: str, now: Any
) -> None:
    now.move_to("2026-10-11T22:30:00+00:00")  # Sunday, half past 11 in the evening in London
    assert ayse.get(f"/api/v1/goals/{walking}").json["plan"]["what"] == "Walk by the canal"
    now.move_to("2026-10-11T23:30:00+00:00")  # half past midnight there: Monday, a new week
    assert ayse.get(f"/api/v1/goals/{walking}").json["plan"] is None


def test_if_match_guards_a_day_and_its_deletion(ayse: Any, walking: str) -> None:
    path = f"/api/v1/goals/{walking}/days/{TODAY}"
    held = ayse.put(path, {"outcome": "done"}).headers["ETag"]
    ayse.put(path, {"outcome": "not_done"})
    late = ayse.put(path, {"outcome": "done", "note": "Yes"}, headers={"If-Match": held})
    assert late.status_code == 412
    assert late.json["current"]["outcome"] == "not_done"
    assert ayse.delete(path, headers={"If-Match": held}).status_code == 412
    assert len(ayse.get(f"/api/v1/goals/{walking}").json["days"]) == 1


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "outcome"),
        ({"outcome": "missed"}, "outcome"),
        ({"outcome": "done", "amount": -1}, "amount"),
        ({"outcome": "done", "amount": 1_000_001}, "amount"),
        ({"outcome": "done", "amount": "3"}, "amount"),
        ({"outcome": "done", "amount": True}, "amount"),
        ({"outcome": "skipped", "reason": "lazy"}, "reason"),
        ({"outcome": "done", "note": "x" * 2001}, "note"),
        ({"outcome": "done", "streak": 5}, "streak"),
    ],
)
def test_what_is_no_answer_is_refused(ayse: Any, walking: str, body: dict[str, Any], field: str) -> None:
    answer = ayse.put(f"/api/v1/goals/{walking}/days/{TODAY}", body)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert ayse.get(f"/api/v1/goals/{walking}").json["days"] == []


@pytest.mark.parametrize(
    "date", ["2026-02-30", "1899-12-31", "2101-01-01", "9999-12-31", "today", "20261006"]
)
def test_a_date_that_does_not_exist(ayse: Any, walking: str, date: str) -> None:
    answer = ayse.put(f"/api/v1/goals/{walking}/days/{date}", {"outcome": "done"})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["date"]


def test_a_day_of_a_goal_that_is_not_there(ayse: Any) -> None:
    assert ayse.put(f"/api/v1/goals/{new_id()}/days/{TODAY}", {"outcome": "done"}).status_code == 404
