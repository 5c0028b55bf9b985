"""Every page and call that shows a patient's data leaves an event that names them (safety.md, goal 15)."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from selfcare.audit import AuditEvent
from selfcare.edge.roles import route_table
from selfcare.extensions import db
from tests import scene

# These open no record: the account's own form, the way out, who is signed in, the forms that invite somebody new or take
# a file, and a catalogue.
NOTHING_OF_HERS = {
    *("/password", "/sign-out", "/account", "/invitations/new", "/results/import"),
    "/api/v1/result-measures",
}


@pytest.fixture
def canaries(ayse: Any, grace: Any, world: Any) -> scene.Scene:
    return scene.write_canaries(ayse, grace, world)


def last_event(story: Any) -> Any:
    with story():
        return db.session.scalar(sa.select(sa.func.count()).select_from(AuditEvent))


@pytest.mark.slow
@pytest.mark.any_database  # who looked, with what it says: tests/people/test_who_looked.py, over both
@pytest.mark.parametrize("name", ["ayse", "elif", "grace"])
def test_no_read_goes_unnoted(
    name: str, app: Flask, canaries: scene.Scene, sign_in: Any, story: Any, world: Any
) -> None:
    caller, unnoted, noted = sign_in(name), [], 0
    for row in route_table(app):
        if "GET" not in row["methods"] or "anyone" in row["roles"] or row["rule"] in NOTHING_OF_HERS:
            continue
        for path in canaries.paths(row["rule"]):
            before = last_event(story)
            answer = caller.get(path)
            if answer.status_code != 200:
                continue
            with story():
                events = db.session.execute(
                    sa.select(AuditEvent.action, AuditEvent.subject_id, AuditEvent.actor_id)
                    .order_by(AuditEvent.at)
                    .offset(before)
                ).all()
            if not events:
                unnoted.append(path)
            noted += 1
    assert noted > 8
    assert unnoted == []


@pytest.mark.parametrize(
    ("path", "action"),
    [
        ("/diary/new", "trackers.read"),
        ("/sharing", "sharing.read"),
        ("/more", "record.read"),
        ("/diary/setup", "record.read"),
    ],
)
def test_what_was_forgotten_once(ayse: Any, world: Any, story: Any, path: str, action: str) -> None:
    ayse.put("/api/v1/trackers", {"measures": ["pain"]})
    assert ayse.get(path).status_code == 200
    with story():
        events = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == action)).all()
        assert [(event.actor_id, event.subject_id) for event in events] == [(world.ayse, world.ayse)]
