"""The same by program: users, teams, audit events."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.factories import World

MARIA = {
    "name": "Maria Silva",
    "email": "maria@test.example",
    "job_title": "physiotherapist",
    "roles": ["clinician"],
}


def test_a_user_is_made_seen_replaced_and_closed(ruth: Any, nobody: Any) -> None:
    path = f"/api/v1/users/{uuid.uuid4()}"
    made = ruth.put(path, MARIA)
    assert made.status_code == 201
    assert made.json["roles"] == ["clinician"]
    assert ruth.put(path, MARIA).status_code == 200
    changed = ruth.put(path, MARIA | {"roles": ["facilitator", "clinician"], "disabled": True})
    assert (changed.json["roles"], changed.json["disabled"]) == (["clinician", "facilitator"], True)
    assert ruth.get(path).json == changed.json
    assert any(user["name"] == "Maria Silva" for user in ruth.get("/api/v1/users").json["items"])


def test_if_match_keeps_two_administrators_apart(ruth: Any) -> None:
    path = f"/api/v1/users/{uuid.uuid4()}"
    first = ruth.put(path, MARIA).headers["ETag"]
    assert ruth.put(path, MARIA | {"name": "Maria S."}, headers={"If-Match": first}).status_code == 200
    late = ruth.put(path, MARIA | {"name": "Maria T."}, headers={"If-Match": first})
    assert late.status_code == 412
    assert late.json["current"]["name"] == "Maria S."


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": "a\u0000b"},
        {"name": "\ud800"},
        {"email": "grace@test.example"},
        {"email": "no address"},
        {"roles": ["patient"]},
        {"roles": ["king"]},
        {"roles": []},
        {"roles": "clinician"},
        {"disabled": "yes"},
        {"password": "four quiet otters swim"},
    ],
)
def test_a_wrong_body_stores_nothing(ruth: Any, wrong: dict[str, Any]) -> None:
    path = f"/api/v1/users/{uuid.uuid4()}"
    answer = ruth.put(path, MARIA | wrong)
    assert answer.status_code == 422
    assert answer.json["errors"]
    assert ruth.get(path).status_code == 404


def test_a_patient_stays_one_whatever_staff_roles_are_sent(ruth: Any, world: World) -> None:
    answer = ruth.put(
        f"/api/v1/users/{world.ayse}", {"name": "Ayşe Kaya", "email": "ayse@test.example", "roles": []}
    )
    assert answer.json["roles"] == ["patient"]


def test_a_team_and_its_members(ruth: Any, world: World, samuel: Any) -> None:
    path = f"/api/v1/teams/{uuid.uuid4()}"
    assert ruth.put(path, {"name": "Finsbury Clinic", "members": [str(world.samuel)]}).status_code == 201
    assert ruth.put(path, {"name": "Finsbury Clinic"}).json["members"] == [str(world.samuel)]
    emptied = ruth.put(path, {"name": "Finsbury Clinic", "members": [], "closed": True})
    assert (emptied.json["members"], emptied.json["closed"]) == ([], True)
    assert len(ruth.get("/api/v1/teams").json["items"]) == 3
    assert ruth.put(path, {"name": "Finsbury Clinic", "members": [str(uuid.uuid4())]}).status_code == 422


def test_pages_of_users_hold_no_name_in_the_address(ruth: Any) -> None:
    seen, cursor = [], None
    while True:
        page = ruth.get(
            "/api/v1/users", query_string={"limit": 2} | ({"cursor": cursor} if cursor else {})
        ).json
        seen += [user["name"] for user in page["items"]]
        cursor = page["next_cursor"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 6


@pytest.mark.parametrize(
    "cursor", ["x", "W10", "WyJ0IiwgIjAwMDEtMDEtMDFUMDA6MDArMjM6NTkiLCAiMCJd", "WyJ2IiwgMSwgIjAiXQ", "é"]
)
def test_a_cursor_of_nobodys_making(ruth: Any, cursor: str) -> None:
    for path in ("/api/v1/users", "/api/v1/audit-events"):
        assert ruth.get(path, query_string={"cursor": cursor}).status_code == 422


def test_audit_events_by_person_and_day(ruth: Any, ayse: Any, world: World) -> None:
    ayse.get("/api/v1/goals")
    page = ruth.get("/api/v1/audit-events", query_string={"person": str(world.ayse)}).json
    assert page["items"]
    assert {event["actor_id"] for event in page["items"]} == {str(world.ayse)}
    assert not {"details", "note"} & set(page["items"][0])
    empty = ruth.get("/api/v1/audit-events", query_string={"to": "2020-01-01"}).json
    assert empty["items"] == []
    assert ruth.get("/api/v1/audit-events", query_string={"from": "2026-02-30"}).status_code == 422
