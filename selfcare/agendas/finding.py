"""Which visit and which list belong together: as conditions, so that one statement answers for one patient or five hundred.

A list belongs to its visit. One that waits for a visit, or whose visit was cancelled, goes with the same team's next visit:
what somebody wrote is not lost because a date changed.
"""

from __future__ import annotations

import uuid
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from selfcare.agendas.models import Agenda
from selfcare.people.access import Part, Record, owned
from selfcare.visits.models import CANCELLED, PLANNED, Visit
from selfcare.visits.service import teams_of

Column = sa.SQLColumnExpression[Any]


def next_visit_id(patient_id: Column, clinician_id: Any, since: Any) -> sa.ScalarSelect[uuid.UUID]:
    """The id of a patient's first planned visit from ``since`` on with a team of this clinician's.

    ``clinician_id`` and ``since`` are values, or parameters of a statement that is built once.
    """
    visit = aliased(Visit)
    return (
        sa.select(visit.id)
        .where(
            visit.patient_id == patient_id,
            visit.team_id.in_(teams_of(clinician_id)),
            visit.status == PLANNED,
            visit.starts_at >= since,
        )
        .order_by(visit.starts_at, visit.id)
        .limit(1)
        .scalar_subquery()
    )


def list_id(
    patient_id: Column, visit_id: Column, team_id: Column, clinician_id: Any
) -> sa.ColumnElement[uuid.UUID]:
    """The id of the list that goes with a visit (or, where ``visit_id`` is null, of the one that waits), if a team of
    this clinician's may read it once it is shared.

    The visit's own list comes first. It is no ``CASE`` in one ORDER BY, because SQLite knows no outer column there.
    """
    own, waiting, own_visit = aliased(Agenda), aliased(Agenda), aliased(Visit)
    first = (
        sa.select(own.id)
        .where(
            own.patient_id == patient_id,
            own.visit_id == visit_id,
            own.team_id.in_(teams_of(clinician_id)),
        )
        .limit(1)
        .scalar_subquery()
    )
    second = (
        sa.select(waiting.id)
        .outerjoin(own_visit, own_visit.id == waiting.visit_id)
        .where(
            waiting.patient_id == patient_id,
            waiting.team_id.in_(teams_of(clinician_id)),
            sa.or_(visit_id.is_(None), waiting.team_id == team_id),
            waits(waiting, own_visit),
        )
        .order_by(*newest_first(waiting))
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(first, second)


def waits(agenda: type[Agenda], own_visit: type[Visit]) -> sa.ColumnElement[bool]:
    """Whether a list has no visit, or one that was cancelled."""
    return sa.or_(agenda.visit_id.is_(None), own_visit.status == CANCELLED)


def newest_first(agenda: type[Agenda]) -> tuple[sa.SQLColumnExpression[Any], ...]:
    """Of lists that wait: one without a visit before those of cancelled visits, then the newest."""
    return agenda.visit_id.is_not(None), agenda.updated_at.desc(), agenda.id


def is_shared(record: Record, visit_id: uuid.UUID) -> bool:
    """Whether the list for this visit is shared with the team. One statement.

    :raises NotFound: the actor may not see the agenda.
    """
    record.require(Part.AGENDA)
    return bool(record.rows(_shared(), visit_id=visit_id).scalar())


@cache
def _shared() -> sa.Select[bool]:
    shared = owned(Agenda).where(Agenda.visit_id == sa.bindparam("visit_id"), Agenda.shared_at.is_not(None))
    return sa.select(shared.exists())
