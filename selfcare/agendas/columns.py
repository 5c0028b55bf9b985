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
from selfcare.goals.panel import Latest, confidence_of
from selfcare.people.models import CareRelationship, Patient, Person, SharingChoice, Team
from selfcare.visits.service import teams_of

A_DAY = dt.timedelta(days=1)  # as far ahead as another time zone may be


def shares(patient_id: sa.SQLColumnExpression[Any], item: str) -> sa.Exists:
    """Whether the patient shares this item with their care team now."""
    return sa.exists().where(
        SharingChoice.patient_id == patient_id,
        SharingChoice.item == item,
        SharingChoice.current,
        SharingChoice.shared,
    )


def cared_for_by(patient_id: sa.SQLColumnExpression[Any], team_id: Any) -> sa.Exists:
    """Whether this team cares for the patient now."""
    return sa.exists().where(
        CareRelationship.patient_id == patient_id,
        CareRelationship.team_id == team_id,
        CareRelationship.ended_at.is_(None),
    )


def handed_from(patient_id: sa.SQLColumnExpression[Any], clinician_id: Any) -> sa.ScalarSelect[str | None]:
    """Who handed the patient to this clinician since the instant ``:recently``; NULL where nobody did."""
    before, whose = aliased(CareRelationship), aliased(Person)
    return (
        sa.select(whose.name)
        .select_from(CareRelationship)
        .join(before, before.id == CareRelationship.follows_id)
        .join(whose, whose.id == before.clinician_id)
        .where(
            CareRelationship.patient_id == patient_id,
            CareRelationship.clinician_id == clinician_id,
            CareRelationship.team_id.in_(teams_of(clinician_id)),
            CareRelationship.ended_at.is_(None),
            CareRelationship.started_at > sa.bindparam("recently", type_=CareRelationship.started_at.type),
        )
        .limit(1)
        .scalar_subquery()
    )


def teams_in_one(clinician_id: Any) -> sa.ScalarSelect[str]:
    """The open teams in which the clinician works, as lines of id and name: one column, so that it costs no statement."""
    line = sa.cast(Team.id, sa.Text) + sa.literal(" ") + Team.name
    return (
        sa.select(sa.func.aggregate_strings(line, "\n"))
        .where(Team.id.in_(teams_of(clinician_id)), Team.closed_at.is_(None))
        .scalar_subquery()
    )


def read_teams(lines: str | None) -> list[tuple[uuid.UUID, str]]:
    """What :func:`teams_in_one` gave, by name."""
    pairs = [line.split(" ", 1) for line in (lines or "").splitlines()]
    return sorted(((uuid.UUID(key), name) for key, name in pairs), key=lambda pair: (pair[1], pair[0]))


def confidence(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Latest]:
    """The latest answer of each patient who shares goals. One statement."""
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
