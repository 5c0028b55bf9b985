"""Whose diary it is: Peter, Samuel and nobody are answered as if it were not there; Grace sees what is shared; Elif no mood."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.people.models import CarerLink

CANARY = "canary in the note"


def now() -> str:
    return dt.datetime.now(dt.UTC).isoformat()


def write(caller: Any, values: dict[str, Any], query: str = "", **more: Any) -> Any:
    here = f"/api/v1/diary-entries/{uuid.uuid4()}{query}"
    return caller.put(here, {"experienced_at": now(), "values": values} | more)


def values_seen(caller: Any, path: str) -> list[dict[str, Any]]:
    answer = caller.get(path)
    assert answer.status_code == 200
    return [entry["values"] for entry in answer.json["items"]]


@pytest.fixture
def entry(ayse: Any) -> str:
    """Ayşe writes pain, mood and a note."""
    answer = write(ayse, {"pain": 4, "mood": 3}, note=CANARY)
    assert answer.status_code == 201
    return str(answer.json["id"])


def test_another_patient_sees_and_changes_nothing(ayse: Any, peter: Any, entry: str) -> None:
    assert values_seen(peter, "/api/v1/diary-entries") == []
    taken = peter.put(f"/api/v1/diary-entries/{entry}", {"experienced_at": now(), "values": {"pain": 1}})
    assert taken.status_code == 404
    for path in (
        f"/api/v1/diary-entries?for={ayse.id}",
        f"/api/v1/trackers?for={ayse.id}",
        f"/diary?for={ayse.id}",
        f"/diary/new?for={ayse.id}",
        f"/diary/past?for={ayse.id}",
        f"/diary/setup?for={ayse.id}",
        f"/diary/saved?entry={entry}",
        f"/diary/{entry}/correct",
    ):
        answer = peter.get(path)
        assert answer.status_code == 404, path
        assert CANARY not in answer.get_data(as_text=True)
    assert write(peter, {"pain": 9}, f"?for={ayse.id}").status_code == 404
    assert peter.put(f"/api/v1/trackers?for={ayse.id}", {"measures": ["pain"]}).status_code == 404


def test_a_clinician_without_a_relationship_finds_nobody(ayse: Any, samuel: Any, entry: str) -> None:
    answer = samuel.get(f"/api/v1/patients/{ayse.id}/diary-entries")
    assert answer.status_code == 404
    assert CANARY not in answer.get_data(as_text=True)
    assert samuel.get(f"/api/v1/diary-entries?for={ayse.id}").status_code == 404


def test_nobody_is_asked_to_sign_in(nobody: Any, ayse: Any, entry: str) -> None:
    for path in ("/api/v1/diary-entries", "/api/v1/trackers", "/api/v1/measures"):
        assert nobody.get(path).status_code == 401
    assert nobody.get("/diary").status_code == 302
    assert nobody.put(f"/api/v1/diary-entries/{uuid.uuid4()}", {}).status_code in (401, 403)


def test_the_nurse_sees_the_diary_with_mood_while_it_is_shared(ayse: Any, grace: Any, entry: str) -> None:
    here = f"/api/v1/patients/{ayse.id}/diary-entries"
    assert values_seen(grace, here) == [{"pain": 4, "mood": 3}]
    ayse.put("/api/v1/sharing", {"diary": False})
    assert grace.get(here).status_code == 404


def test_the_nurse_never_writes_for_the_patient(ayse: Any, grace: Any, entry: str) -> None:
    assert write(grace, {"pain": 1}).status_code == 404
    assert write(grace, {"pain": 1}, f"?for={ayse.id}").status_code == 404


def test_a_daughter_sees_and_writes_without_mood(ayse: Any, carer: Any, entry: str) -> None:
    whose = f"?for={ayse.id}"
    assert values_seen(carer, f"/api/v1/diary-entries{whose}") == [{"pain": 4}]
    written = write(carer, {"pain": 6}, whose)
    assert written.status_code == 201
    assert written.json["written_by"] == carer.id
    assert {"pain": 6} in values_seen(ayse, "/api/v1/diary-entries")


def test_for_her_there_is_no_such_measure_as_mood(ayse: Any, carer: Any, entry: str) -> None:
    whose = f"?for={ayse.id}"
    refused = write(carer, {"mood": 5}, whose)
    unknown = write(carer, {"moot": 5}, whose)
    assert refused.status_code == unknown.status_code == 422
    assert refused.get_data(as_text=True) == unknown.get_data(as_text=True).replace("moot", "mood")
    codes = [item["code"] for item in carer.get(f"/api/v1/measures{whose}").json["items"]]
    assert "pain" in codes
    assert "mood" not in codes
    # Nor can she guess what was written by sending it again under its id.
    guess = {"experienced_at": now(), "values": {"pain": 4, "mood": 3}}
    assert carer.put(f"/api/v1/diary-entries/{entry}{whose}", guess).status_code == 422


def test_her_correction_leaves_the_hidden_mood_as_it_was(ayse: Any, carer: Any, entry: str) -> None:
    assert write(carer, {"pain": 5}, f"?for={ayse.id}", corrects=entry).status_code == 201
    seen = values_seen(ayse, "/api/v1/diary-entries")
    assert {"pain": 5, "mood": 3} in seen


def test_a_note_beside_a_hidden_mood_is_hidden_and_kept(ayse: Any, carer: Any) -> None:
    first = write(ayse, {"pain": 4, "mood": 1}, note="I cried all morning").json["id"]
    whose = f"?for={ayse.id}"
    assert "cried" not in carer.get(f"/api/v1/diary-entries{whose}").get_data(as_text=True)
    assert "cried" not in carer.get(f"/diary{whose}").get_data(as_text=True)
    assert write(carer, {"pain": 5}, whose, corrects=first).status_code == 201
    items = ayse.get("/api/v1/diary-entries").json["items"]
    newest = next(item for item in items if item["corrects"] == first)
    assert newest["note"] == "I cried all morning"


def test_with_the_tick_she_sees_mood_too(ayse: Any, carer: Any, entry: str, world: Any, story: Any) -> None:
    with story():
        let_her(world, also_sees=["mood"])
    assert values_seen(carer, f"/api/v1/diary-entries?for={ayse.id}") == [{"pain": 4, "mood": 3}]
    assert write(carer, {"mood": 5}, f"?for={ayse.id}").status_code == 201


def test_a_carer_who_may_only_see_writes_nothing(
    ayse: Any, carer: Any, entry: str, world: Any, story: Any
) -> None:
    with story():
        let_her(world, may_write=False)
    whose = f"?for={ayse.id}"
    assert values_seen(carer, f"/api/v1/diary-entries{whose}") == [{"pain": 4}]
    assert write(carer, {"pain": 5}, whose).status_code == 404
    assert carer.put(f"/api/v1/trackers{whose}", {"measures": ["pain"]}).status_code == 404
    assert carer.get(f"/diary/new{whose}").status_code == 404


def let_her(world: Any, **what: Any) -> None:
    link = db.session.query(CarerLink).filter_by(carer_id=world.elif_).one()
    for name, value in what.items():
        setattr(link, name, value)


def test_her_list_of_trackers_keeps_the_hidden_one_in_its_place(ayse: Any, carer: Any) -> None:
    here = "/api/v1/trackers"
    ayse.put(here, {"measures": ["pain", "mood", "sleep"]})
    whose = f"{here}?for={ayse.id}"
    assert carer.get(whose).json == {"measures": ["pain", "sleep"]}
    assert carer.put(whose, {"measures": ["sleep", "energy", "pain"]}).json == {
        "measures": ["sleep", "energy", "pain"]
    }
    assert ayse.get(here).json == {"measures": ["sleep", "mood", "energy", "pain"]}
    assert carer.put(whose, {"measures": ["mood"]}).status_code == 422


def test_every_read_and_write_is_audited(ayse: Any, grace: Any, entry: str, story: Any) -> None:
    grace.get(f"/api/v1/patients/{ayse.id}/diary-entries")
    ayse.get("/api/v1/diary-entries")
    ayse.get("/api/v1/trackers")
    with story():
        acts = {(str(e.actor_id), e.action, str(e.subject_id)) for e in db.session.query(AuditEvent)}
    assert {
        (ayse.id, "diary_entry.recorded", ayse.id),
        (grace.id, "diary.read", ayse.id),
        (ayse.id, "diary.read", ayse.id),
        (ayse.id, "trackers.read", ayse.id),
    } <= acts
