"""Topics and visits for the story of a goal: which ones the team chose from, and what each may read of them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa

from selfcare import clock
from selfcare.agendas.models import Agenda, AgendaItem
from selfcare.extensions import db
from selfcare.goals.around import Meeting, Topic
from selfcare.people.access import Part, Record
from selfcare.visits.models import CANCELLED, Visit
from selfcare.visits.service import teams_of, visible

# How long after a visit its topics are still offered: notes are written up late, but not for weeks.
OFFERED_FOR = dt.timedelta(days=7)


def of_the_visit(record: Record) -> list[Topic]:
    """What the patient shared for the visit in hand: of their lists the one whose visit is nearest to now. One statement."""
    record.require(Part.AGENDA)
    now = clock.now()
    rows: Any = db.session.execute(
        _readable(record)
        .where(
            AgendaItem.removed_at.is_(None),
            sa.or_(Visit.id.is_(None), Visit.ends_at > now - OFFERED_FOR),
        )
        .order_by(AgendaItem.position, AgendaItem.id)
    ).all()
    lists: dict[uuid.UUID, tuple[dt.timedelta, list[Topic]]] = {}
    for item, visit in rows:
        away = abs(visit.starts_at - now) if visit is not None else dt.timedelta(days=365)
        lists.setdefault(item.agenda_id, (away, []))[1].append(_topic(item, visit))
    return min(lists.values(), key=lambda each: each[0])[1] if lists else []


def named(record: Record, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Topic]:
    """The topics with these ids that the actor may read, taken out meanwhile or not. One statement."""
    if not record.sees(Part.AGENDA):
        return {}
    rows = db.session.execute(_readable(record).where(AgendaItem.id.in_(ids)))
    return {item.id: _topic(item, visit) for item, visit in rows}


def meetings(record: Record) -> list[Meeting]:
    """The visits that the actor may see, without those that were cancelled. One statement."""
    if not record.sees(Part.VISITS):
        return []
    rows = visible(record).where(Visit.status != CANCELLED).order_by(Visit.starts_at, Visit.id)
    return [Meeting(visit.id, visit.starts_at, visit.with_name) for visit in db.session.scalars(rows)]


def _readable(record: Record) -> sa.Select[AgendaItem, Visit]:
    rows = (
        sa.select(AgendaItem, Visit)
        .join(Agenda, Agenda.id == AgendaItem.agenda_id)
        .outerjoin(Visit, Visit.id == Agenda.visit_id)
        .where(AgendaItem.patient_id == record.patient.id)
    )
    if record.acting_as == "clinician":
        rows = rows.where(Agenda.shared_at.is_not(None), Agenda.team_id.in_(teams_of(record.actor.id)))
    return rows


def _topic(item: AgendaItem, visit: Visit | None) -> Topic:
    return Topic(item.id, item.text, visit.id if visit is not None else None)
