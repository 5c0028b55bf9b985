"""The panel's columns that come from other rooms, each for all rows of a page in one statement, and only where it is shared."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from selfcare import clock
from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from selfcare.goals.panel import confidence_of
from selfcare.people.models import Patient, SharingChoice

A_DAY = dt.timedelta(days=1)  # as far ahead as another time zone may be


def shares(patient_id: sa.SQLColumnExpression[Any], item: str) -> sa.Exists:
    """Whether the patient shares this item with their care team now."""
    return sa.exists().where(
        SharingChoice.patient_id == patient_id,
        SharingChoice.item == item,
        SharingChoice.current,
        SharingChoice.shared,
    )


def confidence(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int | None]]:
    """The latest score of each patient who shares goals, and its change against the one before. One statement."""
    return confidence_of(patient_ids)


def last_entries(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, dt.date]:
    """The day of the latest diary entry of each patient who shares their diary. One statement.

    For each patient the index gives the newest entry at once, however many years they have written.
    """
    if not patient_ids:
        return {}
    rows = db.session.execute(_newest(), {"patient_ids": list(patient_ids), "soon": clock.now() + A_DAY})
    found: dict[uuid.UUID, dt.date | None] = {row[0]: row[1] for row in rows}
    return {patient_id: day for patient_id, day in found.items() if day is not None}


@cache
def _newest() -> sa.Select[uuid.UUID, dt.date]:
    """Built once: building it takes longer than running it."""
    later = aliased(DiaryEntry)
    newest = (
        sa.select(DiaryEntry.experienced_on)
        .where(
            DiaryEntry.patient_id == Patient.id,
            # A phone whose clock is ahead: its entry would be the latest until that day comes.
            DiaryEntry.experienced_at < sa.bindparam("soon"),
            ~sa.exists().where(later.corrects == DiaryEntry.id).correlate(DiaryEntry),
        )
        .order_by(DiaryEntry.experienced_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    return sa.select(Patient.id, newest).where(
        Patient.id.in_(sa.bindparam("patient_ids", expanding=True)), shares(Patient.id, "diary")
    )
