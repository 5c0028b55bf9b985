"""Goals by the API: what was sent comes back, nothing is lost, and nobody else gets in."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.audit import AuditEvent
from selfcare.history import EarlierVersion
from tests.goals.conftest import MONDAY, PLAN, TODAY, WALK, new_id


def test_ayse_sets_a_goal_and_finds_it_in_her_list_with_plan_days_and_confidence(
    ayse: Any, walking: str
) -> None:
    ayse.put(f"/api/v1/goals/{walking}/days/{MONDAY}", {"outcome": "done", "amount": 20, "note": "Sunny"})
    answer = ayse.get("/api/v1/goals")
    assert answer.status_code == 200
    assert answer.json["next_cursor"] is None
    (goal,) = answer.json["items"]
    assert goal["id"] == walking
    assert {name: goal[name] for name in WALK} == WALK
    assert goal["lifecycle_status"] == "active"
    assert goal["achievement_status"] == "in_progress"
    assert goal["started_on"] == TODAY
    assert {name: goal["plan"][name] for name in PLAN} == PLAN
    assert [(day["date"], day["outcome"], day["amount"]) for day in goal["days"]] == [(MONDAY, "done", 20)]
    assert (goal["done"], goal["planned"]) == (1, 4)
    assert goal["confidence"]["score"] == 6
    assert goal["confidence"]["why_not_lower"] == "The path is flat"


def test_the_same_goal_sent_twice_is_one_goal_and_one_version(ayse: Any) -> None:
    path = f"/api/v1/goals/{new_id()}"
    first, second = ayse.put(path, WALK), ayse.put(path, WALK)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.headers["ETag"] == second.headers["ETag"]
    assert len(ayse.get("/api/v1/goals").json["items"]) == 1


def test_a_replaced_goal_keeps_its_earlier_words(ayse: Any, walking: str, rows: Any) -> None:
    assert ayse.put(f"/api/v1/goals/{walking}", {"statement": "Walk to the lake"}).status_code == 200
    assert ayse.get(f"/api/v1/goals/{walking}").json["statement"] == "Walk to the lake"
    (kept,) = rows(sa.select(EarlierVersion).where(EarlierVersion.table_name == "goals"))
    assert kept.body["statement"] == WALK["statement"]
    assert kept.body["importance"] == 9


def test_replacing_the_words_does_not_wake_a_paused_goal(ayse: Any, walking: str) -> None:
    paused = ayse.put(
        f"/api/v1/goals/{walking}", WALK | {"lifecycle_status": "on_hold", "paused_until": "2026-10-20"}
    )
    assert paused.json["paused_until"] == "2026-10-20"
    assert ayse.put(f"/api/v1/goals/{walking}", WALK).json["lifecycle_status"] == "on_hold"


def test_if_match_that_no_longer_holds_answers_412_with_both_versions(
    ayse: Any, carer: Any, walking: str
) -> None:
    held = ayse.get(f"/api/v1/goals/{walking}").headers["ETag"]
    carer.put(f"/api/v1/goals/{walking}?for={ayse.id}", {"statement": "Walk with Elif"})
    mine = {"statement": "Walk alone"}
    late = ayse.put(f"/api/v1/goals/{walking}", mine, headers={"If-Match": held})
    assert late.status_code == 412
    assert late.content_type == "application/problem+json"
    assert late.json["current"]["statement"] == "Walk with Elif"
    assert late.json["yours"] == mine
    again = ayse.get(f"/api/v1/goals/{walking}")
    assert again.json["statement"] == "Walk with Elif"
    assert (
        ayse.put(f"/api/v1/goals/{walking}", mine, headers={"If-Match": again.headers["ETag"]}).status_code
        == 200
    )


def test_if_match_for_a_goal_that_is_not_there_creates_nothing(ayse: Any) -> None:
    goal_id = new_id()
    assert ayse.put(f"/api/v1/goals/{goal_id}", WALK, headers={"If-Match": '"v1"'}).status_code == 412
    assert ayse.get(f"/api/v1/goals/{goal_id}").status_code == 404


def test_what_a_carer_writes_names_the_carer(ayse: Any, carer: Any) -> None:
    goal_id = new_id()
    answer = carer.put(f"/api/v1/goals/{goal_id}?for={ayse.id}", WALK)
    assert answer.status_code == 201
    assert answer.json["written_by"] == carer.id
    assert ayse.get(f"/api/v1/goals/{goal_id}").json["statement"] == WALK["statement"]


def test_lists_come_in_pages_and_by_day(ayse: Any) -> None:
    ids = [new_id() for _ in range(5)]
    for number, goal_id in enumerate(ids):
        ayse.put(f"/api/v1/goals/{goal_id}", {"statement": f"Goal {number}"})
    first = ayse.get("/api/v1/goals?limit=2").json
    second = ayse.get(f"/api/v1/goals?limit=2&cursor={first['next_cursor']}").json
    third = ayse.get(f"/api/v1/goals?limit=2&cursor={second['next_cursor']}").json
    assert [goal["id"] for page in (first, second, third) for goal in page["items"]] == ids[::-1]
    assert third["next_cursor"] is None
    assert len(ayse.get(f"/api/v1/goals?from={TODAY}&to={TODAY}").json["items"]) == 5
    assert ayse.get("/api/v1/goals?to=2026-10-05").json["items"] == []
    for wrong in ("limit=0", "limit=201", "cursor=nonsense", "from=2026-02-30"):
        assert ayse.get(f"/api/v1/goals?{wrong}").status_code == 422, wrong


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "statement"),
        ({"statement": "  "}, "statement"),
        ({"statement": "x" * 501}, "statement"),
        ({"statement": "a\x00b"}, "statement"),
        ({"statement": "\ud800"}, "statement"),
        ({"statement": 7}, "statement"),
        ({"statement": "Walk", "importance": 11}, "importance"),
        ({"statement": "Walk", "importance": 6.5}, "importance"),
        ({"statement": "Walk", "importance": True}, "importance"),
        ({"statement": "Walk", "lifecycle_status": "done"}, "lifecycle_status"),
        ({"statement": "Walk", "paused_until": "0001-01-01"}, "paused_until"),
        ({"statement": "Walk", "paused_until": "2026-02-30"}, "paused_until"),
        ({"statement": "Walk", "weight": 3}, "weight"),
    ],
)
def test_what_cannot_be_stored_is_refused_by_field(ayse: Any, body: dict[str, Any], field: str) -> None:
    goal_id = new_id()
    answer = ayse.put(f"/api/v1/goals/{goal_id}", body)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert ayse.get(f"/api/v1/goals/{goal_id}").status_code == 404


def test_every_read_and_write_is_audited(ayse: Any, walking: str, rows: Any) -> None:
    ayse.get("/api/v1/goals")
    ayse.get(f"/api/v1/goals/{walking}")
    actions = {event.action for event in rows(sa.select(AuditEvent)) if str(event.subject_id) == ayse.id}
    assert {"goal.created", "weekly_plan.set", "confidence.recorded", "goals.read", "goal.read"} <= actions


def _calls(goal_id: str, other: str) -> list[tuple[str, str, dict[str, Any] | None]]:
    return [
        ("GET", f"/goals/{goal_id}", None),
        ("PUT", f"/goals/{goal_id}", WALK),
        ("GET", f"/goals/{goal_id}/weeks/{MONDAY}", None),
        ("PUT", f"/goals/{goal_id}/weeks/{MONDAY}", PLAN),
        ("PUT", f"/goals/{goal_id}/days/{TODAY}", {"outcome": "done"}),
        ("DELETE", f"/goals/{goal_id}/days/{MONDAY}", None),
        ("GET", f"/goals/{goal_id}/reviews/{MONDAY}", None),
        ("PUT", f"/goals/{goal_id}/reviews/{MONDAY}", {"went_well": "x"}),
        ("PUT", f"/confidence-scores/{other}", {"goal_id": goal_id, "score": 5}),
    ]


@pytest.mark.parametrize("name", ["peter", "samuel", "ruth", "grace"])
def test_a_stranger_gets_404_from_every_call_and_changes_nothing(
    request: pytest.FixtureRequest, ayse: Any, walking: str, name: str
) -> None:
    ayse.put(f"/api/v1/goals/{walking}/days/{MONDAY}", {"outcome": "done"})
    before = ayse.get(f"/api/v1/goals/{walking}").json
    stranger = request.getfixturevalue(name)
    for method, path, body in _calls(walking, new_id()):
        for query in ("", f"?for={ayse.id}"):
            answer = stranger._call(method, f"/api/v1{path}{query}", json=body)
            assert answer.status_code == 404, (method, path, query)
            assert "canal" not in answer.get_data(as_text=True)
    assert stranger.get(f"/api/v1/goals?for={ayse.id}").status_code == 404
    assert ayse.get(f"/api/v1/goals/{walking}").json == before


def test_nobody_signed_in_gets_401_from_every_call(nobody: Any, walking: str) -> None:
    for method, path, body in _calls(walking, new_id()):
        answer = nobody._call(method, f"/api/v1{path}", json=body)
        assert answer.status_code in (401, 403), (method, path)  # 403: no CSRF token on a change
        assert "canal" not in answer.get_data(as_text=True)


def test_the_list_takes_as_many_statements_for_20_goals_as_for_1(
    ayse: Any, walking: str, statements: Any
) -> None:
    with statements() as few:
        ayse.get("/api/v1/goals")
    for number in range(19):
        goal_id = new_id()
        ayse.put(f"/api/v1/goals/{goal_id}", {"statement": f"Goal {number}"})
        ayse.put(f"/api/v1/goals/{goal_id}/weeks/{MONDAY}", PLAN)
    with statements() as many:
        assert len(ayse.get("/api/v1/goals").json["items"]) == 20
    assert len(many) == len(few)
