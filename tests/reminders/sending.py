"""Words that the stories of sending share: who is reminded of what, on which phone, and what became of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Flask

from selfcare.extensions import db
from selfcare.reminders.dispatch import Dispatcher
from selfcare.reminders.models import Occurrence
from tests.plugins.push_service import Phone

DIARY = {"about": "diary", "times": ["19:00"]}
SEVEN = "2026-10-06T18:00:00Z"  # 7pm in London
MONDAY = "2026-10-05"


class Worker:
    """A worker's dispatcher; ``tick()`` runs as the scheduler runs it."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        with app.app_context():
            self.it = Dispatcher()

    def tick(self, **options: Any) -> int:
        with self._app.app_context(), db.scope():
            return self.it.tick(**options)

    def close(self) -> None:
        with self._app.app_context(), db.scope():
            self.it.close()


def remind(caller: Any, body: dict[str, Any] = DIARY, query: str = "") -> str:
    reminder_id = str(uuid.uuid4())
    answer = caller.put(f"/api/v1/reminders/{reminder_id}{query}", body)
    assert answer.status_code == 201, answer.json
    return reminder_id


def take_on(caller: Any, phone: Phone, query: str = "") -> str:
    here = f"/api/v1/push-subscriptions/{uuid.uuid4()}"
    assert caller.put(here + query, phone.to_json()).status_code == 201
    return here


def write_diary(caller: Any, at: str) -> None:
    body = {"experienced_at": at, "recorded_at": at, "values": {"pain": 4}}
    answer = caller.put(f"/api/v1/diary-entries/{uuid.uuid4()}", body)
    assert answer.status_code == 201, answer.json


def ledger(story: Any) -> list[tuple[str, str, str | None]]:
    with story():
        rows = db.session.query(Occurrence).order_by(Occurrence.due_at, Occurrence.local_time)
        return [(f"{row.local_date:%d} {row.local_time}", row.state, row.reason) for row in rows]


def plan_a_walk(caller: Any, query: str = "") -> str:
    """A goal with a plan for this Tuesday; its id."""
    goal_id = str(uuid.uuid4())
    assert caller.put(f"/api/v1/goals/{goal_id}{query}", {"statement": "Walk"}).status_code == 201
    plan = {"what": "Walk", "days": ["tue"], "confidence": 8}
    assert caller.put(f"/api/v1/goals/{goal_id}/weeks/{MONDAY}{query}", plan).status_code == 201
    return goal_id
