"""Finding a goal of a record, and holding a row while it is replaced."""

from __future__ import annotations

import uuid
from typing import TypeVar

from selfcare import history
from selfcare.database import Stateful
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.goals.models import Goal
from selfcare.people.access import Part, Record

Row = TypeVar("Row", bound=Stateful)


def goal_of(record: Record, goal_id: uuid.UUID, *, write: bool = False) -> Goal:
    """The goal, if it belongs to this record.

    :raises NotFound: it is not there, or not theirs.
    """
    record.require(Part.GOALS, write=write)
    goal = record.mine(Goal, goal_id)
    if goal is None:
        raise NotFound
    return goal


def hold(row: Row | None) -> Row | None:
    """Lock the row until the end of the transaction and read it afresh, so that two replacements cannot cross."""
    if row is not None:
        db.session.refresh(row, with_for_update=True)
    return row


def replace(row: Stateful, actor_id: uuid.UUID, values: dict[str, object]) -> bool:
    """Give the row these values; its version before is kept. False when nothing changes: then nothing is kept either."""
    if all(getattr(row, name) == value for name, value in values.items()):
        return False
    history.keep(row, actor_id)
    for name, value in values.items():
        setattr(row, name, value)
    return True
