"""The audit trail as administrators read it: who, what, whose record, when; never what somebody wrote.

This page is what the trail is for; no other feature reads it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from selfcare import audit, clock
from selfcare.audit import AuditEvent
from selfcare.edge.paging import page
from selfcare.extensions import db
from selfcare.people.models import Person


@dataclass(frozen=True)
class Line:
    """One event with names in place of ids. ``actor`` is None for the service itself and for people not signed in."""

    id: uuid.UUID
    at: dt.datetime
    action: str
    actor_id: uuid.UUID | None
    actor: str | None
    subject_id: uuid.UUID | None
    subject: str | None
    thing: str | None
    thing_id: uuid.UUID | None
    sealed: bool


def find_events(
    actor: Person,
    *,
    words: str | None = None,
    person_id: uuid.UUID | None = None,
    start: dt.date | None = None,
    end: dt.date | None = None,
    limit: int = 50,
    cursor: str | None = None,
) -> dict[str, Any]:
    """Events, newest first: by or about one person, or people whose name or e-mail has these words; from one day to another.

    Days are the administrator's own. Two statements.
    """
    query = sa.select(AuditEvent)
    if person_id is not None:
        query = query.where(sa.or_(AuditEvent.actor_id == person_id, AuditEvent.subject_id == person_id))
    if words:
        named = sa.select(Person.id).where(
            sa.or_(
                Person.name.icontains(words, autoescape=True), Person.email.icontains(words, autoescape=True)
            )
        )
        query = query.where(sa.or_(AuditEvent.actor_id.in_(named), AuditEvent.subject_id.in_(named)))
    if start is not None:
        query = query.where(AuditEvent.at >= clock.day_bounds(start, actor.time_zone)[0])
    if end is not None:
        query = query.where(AuditEvent.at < clock.day_bounds(end, actor.time_zone)[1])
    audit.record(actor, "audit.read", None)
    found = page(query, by=AuditEvent.at, key=AuditEvent.id, limit=limit, cursor=cursor, dump=lambda row: row)
    events: list[AuditEvent] = found["items"]
    names = _names(who for event in events for who in (event.actor_id, event.subject_id))
    return {"items": [_line(event, names) for event in events], "next_cursor": found["next_cursor"]}


def _names(ids: Iterable[uuid.UUID | None]) -> dict[uuid.UUID, str]:
    wanted = {each for each in ids if each is not None}
    people = db.session.scalars(sa.select(Person).where(Person.id.in_(wanted)))
    return {person.id: person.name for person in people}


def _line(event: AuditEvent, names: dict[uuid.UUID, str]) -> Line:
    return Line(
        id=event.id,
        at=event.at,
        action=event.action,
        actor_id=event.actor_id,
        actor=names.get(event.actor_id) if event.actor_id else None,
        subject_id=event.subject_id,
        subject=names.get(event.subject_id) if event.subject_id else None,
        thing=event.thing,
        thing_id=event.thing_id,
        sealed=event.sequence is not None,
    )
