"""What Ayşe did not tick for Elif appears nowhere for her: every page and every answer of the API is searched for its words."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from selfcare import clock
from selfcare.edge.roles import route_table
from selfcare.extensions import db
from selfcare.people.models import CarerLink
from tests import scene

pytestmark = [
    pytest.mark.slow,
    pytest.mark.any_database,
]  # the same walk goes over both in tests/house/test_routes.py

MOOD_WORDS = "perihelionic"


@pytest.fixture
def written(ayse: Any, grace: Any, world: Any) -> scene.Scene:
    """Everything of the scene, and a note that stands beside a mood."""
    found = scene.write_canaries(ayse, grace, world)
    at = (clock.now() - dt.timedelta(hours=2)).isoformat()
    body = {"experienced_at": at, "recorded_at": at, "values": {"mood": 1}, "note": f"Low {MOOD_WORDS}"}
    assert ayse.put(f"/api/v1/diary-entries/{uuid.uuid4()}", body).status_code == 201
    return found


def bodies(app: Flask, caller: Any, written: scene.Scene) -> dict[str, str]:
    found = {}
    for row in route_table(app):
        if "GET" in row["methods"] and not row["rule"].endswith(".pdf"):
            for path in written.paths(row["rule"]):
                found[path] = caller.get(path).get_data(as_text=True)
    return found


def tick(story: Any, *parts: str) -> None:
    with story():
        db.session.execute(sa.update(CarerLink).values(also_sees=list(parts)))


def test_nothing_ticked(app: Flask, carer: Any, written: scene.Scene) -> None:
    seen = bodies(app, carer, written)
    assert any(scene.CANARY in body for body in seen.values()), "she sees what she may"
    for word in (scene.NOTE_CANARY, MOOD_WORDS):
        assert [path for path, body in seen.items() if word in body] == [], word


@pytest.mark.parametrize(("part", "word"), [("notes", scene.NOTE_CANARY), ("mood", MOOD_WORDS)])
def test_each_tick_opens_its_own_part_alone(
    part: str, word: str, app: Flask, carer: Any, written: scene.Scene, story: Any
) -> None:
    """The positive control: the words are there to be found, and one tick opens one part."""
    tick(story, part)
    seen = bodies(app, carer, written)
    assert any(word in body for body in seen.values())
    other = MOOD_WORDS if part == "notes" else scene.NOTE_CANARY
    assert [path for path, body in seen.items() if other in body] == []


def test_after_the_end_nothing_at_all(
    app: Flask, carer: Any, ayse: Any, written: scene.Scene, story: Any
) -> None:
    tick(story, "mood", "notes", "questionnaires")
    assert ayse.delete(f"/api/v1/carers/{written.ids['link_id'][0]}").status_code == 204
    seen = bodies(app, carer, written)
    for word in (scene.CANARY, scene.NOTE_CANARY, MOOD_WORDS, "Ayşe"):
        assert [path for path, body in seen.items() if word in body] == [], word


def test_what_elif_wrote_is_named_wherever_it_stands(
    carer: Any, ayse: Any, grace: Any, world: Any, story: Any
) -> None:
    tick(story, "notes")
    ayse.put("/api/v1/sharing", {"goals": True, "diary": True, "notes": True})
    for_her = f"?for={world.ayse}"
    now, goal = clock.now().isoformat(), uuid.uuid4()
    entry = {"experienced_at": now, "recorded_at": now, "values": {"pain": 4}, "note": "Better"}
    assert carer.put(f"/api/v1/diary-entries/{uuid.uuid4()}{for_her}", entry).status_code == 201
    note = {"kind": "medicine", "text": "Metformin"}
    assert carer.put(f"/api/v1/notes/{uuid.uuid4()}{for_her}", note).status_code == 201
    body = {"statement": "Walk to the park", "importance": 7}
    assert carer.put(f"/api/v1/goals/{goal}{for_her}", body).status_code == 201
    name = "Written by Elif Kaya (daughter)"
    for path in ("/diary/past", "/notes", f"/goals/{goal}"):
        assert name in ayse.get(path).get_data(as_text=True), path
        assert name in carer.get(path + for_her).get_data(as_text=True), path
    page = grace.get(f"/patients/{world.ayse}/agenda").get_data(as_text=True)
    assert page.count(name) >= 3, "goal and medicine on the page, and again in the text to copy"
    sections = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json
    assert [each["hand"] for each in sections["goals"] + sections["notes"]] == [name, name]
