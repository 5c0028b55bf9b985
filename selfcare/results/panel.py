"""What the panel shows of results: how many wait for their release, and the newest of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from selfcare.results.models import Result
from selfcare.results.reading import is_held


def to_release(patient_id: sa.SQLColumnExpression[Any]) -> sa.ScalarSelect[int]:
    """How many results of a patient are held: a column of the statement that names the patient."""
    return _held(patient_id, sa.func.count())


def held_until(patient_id: sa.SQLColumnExpression[Any]) -> sa.ScalarSelect[dt.datetime | None]:
    """When the newest of them came in: with their number it says which ones the button releases, and no later one."""
    return _held(patient_id, sa.func.max(Result.received_at))


def _held(patient_id: sa.SQLColumnExpression[Any], column: Any) -> sa.ScalarSelect[Any]:
    held = sa.select(column).select_from(Result).where(Result.patient_id == patient_id, is_held())
    return held.scalar_subquery()


def has_to_release(patient_id: sa.SQLColumnExpression[Any]) -> sa.Exists:
    """Whether there is any."""
    return sa.exists().where(Result.patient_id == patient_id, is_held())
