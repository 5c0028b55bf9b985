"""The contract's API, walked by a plain HTTP client, and each step tried by those whom it is not for."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from selfcare import clock

API = "/api/v1"


def new() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def others(peter: Any, samuel: Any) -> Any:
    """Another patient, and a clinician with no relation: what is Ayşe's answers them 404, whatever they send."""

    def refused(method: str, path: str, body: Any = None) -> None:
        for caller in (peter, samuel):
            answer = caller._call(method, f"{API}{path}", json=body if body is not None else {})
            assert answer.status_code == 404, (method, path, answer.status_code)
            assert answer.content_type == "application/problem+json"

    return refused


def test_a_week_with_a_goal(ayse: Any, others: Any) -> None:
    goal, monday = new(), clock.monday_of(clock.today("Europe/London")).isoformat()
    today = clock.today("Europe/London").isoformat()
    body = {"statement": "I want to play with my grandson", "importance": 9, "importance_reason": None}
    here = f"/goals/{goal}"
    assert ayse.put(API + here, body).status_code == 201
    again = ayse.put(API + here, body | {"importance": 8})
    assert again.status_code == 200
    stale = ayse.put(API + here, body, headers={"If-Match": '"v1"'})
    assert stale.status_code == 412
    assert {"current", "yours"} <= set(stale.json)
    assert ayse.put(API + here, body, headers={"If-Match": again.headers["ETag"]}).status_code == 200
    others("PUT", here, body)
    others("GET", here)

    week = {
        "what": "Walk",
        "how_much": "15 minutes",
        "when": "after lunch",
        "days": ["mon", "tue", "thu", "sat"],
        "confidence": 5,
        "why_not_lower": "The path is flat",
        "barriers": "Rain",
        "plan_for_barriers": "Walk indoors",
    }
    assert ayse.put(f"{API}{here}/weeks/{monday}", week).status_code == 201
    assert ayse.put(f"{API}{here}/weeks/{monday}", week | {"confidence": 7}).status_code == 200
    assert ayse.put(f"{API}{here}/weeks/2026-10-06", week).status_code == 422  # a Tuesday
    assert ayse.put(f"{API}{here}/weeks/{monday}", week | {"streak": 9}).status_code == 422
    others("PUT", f"{here}/weeks/{monday}", week)

    day = f"{here}/days/{today}"
    assert ayse.put(API + day, {"outcome": "done"}).status_code == 201
    assert ayse.put(API + day, {"outcome": "skipped", "note": "unwell"}).status_code == 200
    others("PUT", day, {"outcome": "done"})
    others("DELETE", day)
    assert ayse.delete(API + day).status_code in (200, 204)

    score = f"/confidence-scores/{new()}"
    said = {
        "goal_id": goal,
        "score": 8,
        "why_not_lower": "I did it twice",
        "recorded_at": clock.now().isoformat(),
    }
    assert ayse.put(API + score, said).status_code == 201
    assert ayse.put(API + score, said).status_code == 200
    assert ayse.put(API + score, said | {"score": 3}).status_code == 409
    others("PUT", score, said)
    listed = ayse.get(f"{API}/goals").json
    assert set(listed) == {"items", "next_cursor"}
    assert [item["id"] for item in listed["items"]] == [goal]


def test_a_diary_entry_is_written_once(ayse: Any, grace: Any, others: Any) -> None:
    assert {"pain", "glucose", "mood", "sleep", "energy", "steps", "weight"} <= {
        item["code"] for item in ayse.get(f"{API}/measures").json["items"]
    }
    assert ayse.put(f"{API}/trackers", {"measures": ["pain", "glucose"]}).status_code in (200, 201)
    entry, now = f"/diary-entries/{new()}", clock.now().isoformat()
    body = {"experienced_at": now, "recorded_at": now, "values": {"pain": 4, "glucose": 7.2}, "note": None}
    assert ayse.put(API + entry, body).status_code == 201
    assert ayse.put(API + entry, body).status_code == 200
    assert ayse.put(API + entry, body | {"values": {"pain": 5}}).status_code == 409
    others("PUT", entry, body)
    unlikely = body | {"values": {"glucose": 28.0}}
    asked = ayse.put(f"{API}/diary-entries/{new()}", unlikely)
    assert asked.status_code == 422
    assert asked.json["confirm"] == ["glucose"]
    assert ayse.put(f"{API}/diary-entries/{new()}", unlikely | {"confirmed": ["glucose"]}).status_code == 201
    assert ayse.put(f"{API}/diary-entries/{new()}", body | {"values": {"glucose": 690}}).status_code == 422
    corrected = body | {"values": {"pain": 5}, "corrects": entry.rsplit("/", 1)[1]}
    assert ayse.put(f"{API}/diary-entries/{new()}", corrected).status_code == 201
    assert len(ayse.get(f"{API}/diary-entries").json["items"]) == 3
    assert len(grace.get(f"{API}/patients/{ayse.id}/diary-entries").json["items"]) == 3
    others("GET", f"/patients/{ayse.id}/diary-entries")


def test_an_agenda_ends_on_the_clinicians_page(ayse: Any, grace: Any, others: Any) -> None:
    texts = ["My knee wakes me up", "I get shaky before lunch", "Is swimming OK?"]
    ids = [new() for _ in texts]
    for position, (item, text) in enumerate(zip(ids, texts, strict=True), 1):
        body = {"position": position, "text": text, "kind": "topic", "most_important": position == 1}
        assert ayse.put(f"{API}/agenda-items/{item}", body).status_code == 201
    moved = {"position": 1, "text": texts[2], "kind": "topic"}
    assert ayse.put(f"{API}/agenda-items/{ids[2]}", moved).status_code == 200
    others("PUT", f"/agenda-items/{ids[2]}", moved)
    others("DELETE", f"/agenda-items/{ids[1]}")
    assert ayse.delete(f"{API}/agenda-items/{ids[1]}").status_code in (200, 204)
    mine = [item["text"] for item in ayse.get(f"{API}/agenda").json["items"]]
    assert mine == [texts[2], texts[0]]

    summary = f"{API}/patients/{ayse.id}/agenda-summary"
    assert grace.get(summary).json["agenda"]["items"] == []
    assert ayse.post(f"{API}/agenda/share").status_code == 200
    page = grace.get(summary).json
    assert [item["text"] for item in page["agenda"]["items"]] == mine
    assert set(page) >= {
        "patient",
        "agenda",
        "goals",
        "diary",
        "questionnaires",
        "notes",
        "changes",
        "prompts",
    }
    others("GET", f"/patients/{ayse.id}/agenda-summary")

    row = next(
        row for row in grace.get(f"{API}/panel?sort=visit").json["items"] if row["patient_id"] == ayse.id
    )
    assert row["name"] == "Ayşe Kaya"
    found = grace.post(f"{API}/panel/search", {"q": "ayse"}).json["items"]
    assert [each["patient_id"] for each in found] == [ayse.id]


def test_what_was_agreed_reaches_today(ayse: Any, grace: Any, others: Any) -> None:
    agreed = {
        "patient_id": ayse.id,
        "statement": "Swim on Fridays",
        "confidence": 8,
        "who_does_what": "Ayşe asks, Grace sends the times",
    }
    assert grace.put(f"{API}/agreed-goals/{new()}", agreed).status_code == 201
    others("PUT", f"/agreed-goals/{new()}", agreed)
    goal = ayse.get(f"{API}/goals").json["items"][0]["id"]
    due = (clock.today("Europe/London") + dt.timedelta(days=14)).isoformat()
    follow_up = {"patient_id": ayse.id, "goal_id": goal, "due_on": due, "channel": "phone", "outcome": None}
    assert grace.put(f"{API}/follow-ups/{new()}", follow_up).status_code == 201
    others("PUT", f"/follow-ups/{new()}", follow_up)
    today = ayse.get(f"{API}/today").json
    assert today["follow_ups"][0]["due_on"] == due
    assert goal in [card["id"] for card in today["goals"]]
    assert {item["id"] for item in ayse.get(f"{API}/visits").json["items"]} == set()
    assert ayse.put(f"{API}/sharing", {"goals": False}).json["goals"] is False
    left = grace.get(f"{API}/patients/{ayse.id}/agenda-summary").json["goals"]
    assert [(each["statement"], each["confidence"]) for each in left] == [
        ("Swim on Fridays", [])
    ]  # theirs together
