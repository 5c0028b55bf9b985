"""The stories of the goals happen in one week: today is Tuesday 6 October 2026, 10 in the morning in London."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine

from selfcare.extensions import db

MONDAY = "2026-10-05"
TODAY = "2026-10-06"
NEXT_MONDAY = "2026-10-12"
LAST_MONDAY = "2026-09-28"

WALK = {"statement": "Walk to the park with my grandson", "importance": 9, "importance_reason": "He asks me"}
PLAN = {
    "what": "Walk by the canal",
    "how_much": "15 minutes",
    "when": "after lunch",
    "days": ["mon", "tue", "thu", "sat"],
    "confidence": 6,
    "why_not_lower": "The path is flat",
    "what_would_help": "Somebody to walk with",
    "barriers": "My knee",
    "plan_for_barriers": "A shorter walk",
}


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    """Tuesday morning; a test may move on with ``now.move_to("2026-10-11T18:00:00+01:00")``."""
    with time_machine.travel("2026-10-06T10:00:00+01:00", tick=True) as traveller:
        yield traveller


def new_id() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def walking(ayse: Any) -> str:
    """Ayşe's goal to walk, with this week's plan: its id."""
    goal_id = new_id()
    assert ayse.put(f"/api/v1/goals/{goal_id}", WALK).status_code == 201
    assert ayse.put(f"/api/v1/goals/{goal_id}/weeks/{MONDAY}", PLAN).status_code == 201
    return goal_id


@pytest.fixture
def rows(story: Any) -> Callable[[Any], list[Any]]:
    """``rows(select)`` looks into the database from outside the request."""

    def look(select: Any) -> list[Any]:
        with story():
            return list(db.session.scalars(select).all())

    return look
