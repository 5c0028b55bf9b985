"""What the panel shows of results: how many wait for their release."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

from selfcare.results.models import Result
from selfcare.results.reading import is_held


def to_release(patient_id: sa.SQLColumnExpression[Any]) -> sa.ScalarSelect[int]:
    """How many results of a patient are held: a column of the statement that names the patient."""
    return (
        sa.select(sa.func.count())
        .select_from(Result)
        .where(Result.patient_id == patient_id, is_held())
        .scalar_subquery()
    )


def has_to_release(patient_id: sa.SQLColumnExpression[Any]) -> sa.Exists:
    """Whether there is any."""
    return sa.exists().where(Result.patient_id == patient_id, is_held())
