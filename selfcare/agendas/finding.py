"""Which visit and which list belong together: as conditions, so that one statement answers for one patient or five hundred.

A list belongs to its visit. One that waits for a visit, or whose visit was cancelled, goes with the same team's first visit that ends
after the list was last changed and has no list of its own: what somebody wrote is not lost because a date changed, and is over with
that visit, as any list.
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


def next_visit_id(patient_id: Column, clinician_id: Any) -> sa.ScalarSelect[uuid.UUID]:
    """The id of the visit in hand of a patient with a team of this clinician's: of today's the first that is not over, else the last
    of today's, else the next that comes.

    :param clinician_id: a value, or a parameter of a statement that is built once. Further ones: ``:since`` and ``:tomorrow``, the
        bounds of the clinician's day, and ``:now``.
    """
    visit = aliased(Visit)
    since, tomorrow, now = (
        sa.bindparam(name, type_=Visit.starts_at.type) for name in ("since", "tomorrow", "now")
    )
    is_over = visit.ends_at <= now
    first = sa.case((visit.starts_at >= tomorrow, 2), (is_over, 1), else_=0)
    last_of_these = sa.case((is_over, visit.starts_at)).desc()
    return (
        sa.select(visit.id)
        .where(
            visit.patient_id == patient_id,
            visit.team_id.in_(teams_of(clinician_id)),
            visit.status == PLANNED,
            visit.starts_at >= since,
        )
        .order_by(first, last_of_these, visit.starts_at, visit.id)
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
            waits_for(waiting, own_visit, visit_id),
        )
        .order_by(*newest_first(waiting))
        .limit(1)
        .scalar_subquery()
    )
    return sa.func.coalesce(first, second)


def waits_for(
    agenda: type[Agenda], own_visit: type[Visit], visit_id: Column | uuid.UUID | None
) -> sa.ColumnElement[bool]:
    """Whether a list has no visit, or one that was cancelled, and goes with this visit; with None: with none as yet.

    :param own_visit: the list's visit, joined from outside.
    """
    visit, its_own = aliased(Visit), aliased(Agenda)
    changed_at = sa.case(
        (own_visit.updated_at > agenda.updated_at, own_visit.updated_at), else_=agenda.updated_at
    )
    following = (
        sa.select(visit.id)
        .where(
            visit.patient_id == agenda.patient_id,
            visit.team_id.is_not_distinct_from(agenda.team_id),
            visit.status != CANCELLED,
            visit.ends_at > changed_at,
            ~sa.exists().where(its_own.visit_id == visit.id),
        )
        .order_by(visit.starts_at, visit.id)
        .limit(1)
        .correlate(agenda, own_visit)
        .scalar_subquery()
    )
    without = sa.or_(agenda.visit_id.is_(None), own_visit.status == CANCELLED)
    return sa.and_(without, following.is_not_distinct_from(visit_id))


def newest_first(agenda: type[Agenda]) -> tuple[sa.SQLColumnExpression[Any], ...]:
    """Of lists that wait: one without a visit before those of cancelled visits, then the newest."""
    return agenda.visit_id.is_not(None), agenda.updated_at.desc(), agenda.id


def is_shared(record: Record, visit_id: uuid.UUID) -> bool:
    """Whether the list for this visit, one that waited for it too, is shared with the visit's team. One statement.

    :raises NotFound: the actor may not see the agenda.
    """
    record.require(Part.AGENDA)
    return bool(record.rows(_shared(), visit_id=visit_id).scalar())


@cache
def _shared() -> sa.Select[bool]:
    own_visit, visit, wanted = aliased(Visit), aliased(Visit), sa.bindparam("visit_id", type_=sa.Uuid())
    shared = (
        owned(Agenda)
        .join(visit, visit.id == wanted)
        .outerjoin(own_visit, own_visit.id == Agenda.visit_id)
        .where(
            Agenda.shared_at.is_not(None),
            Agenda.team_id == visit.team_id,
            sa.or_(Agenda.visit_id == wanted, waits_for(Agenda, own_visit, visit.id)),
        )
    )
    return sa.select(shared.exists())
