"""Who looks after a patient, by name: relationships that end and begin, never overwritten (docs/decisions/0047)."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa

from selfcare import audit, clock
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.people.models import CareRelationship, Person, Team, TeamMembership
from selfcare.people.teams import works_here


@dataclass(frozen=True)
class Care:
    """One person's time as the one who mainly looks after a patient in a team.

    ``name`` is None where nobody is named, or who is named has left; ``before`` is whom they took over from, as far as the patient
    knows. ``was_named`` is the name whoever it was and wherever they are now: for the past.
    """

    relationship: CareRelationship
    team: str
    name: str | None
    job_title: str | None
    was_named: str | None
    before: str | None
    is_change: bool  # against what the patient knows

    @property
    def id(self) -> uuid.UUID:
        """Of the relationship."""
        return self.relationship.id

    @property
    def since(self) -> dt.datetime:
        """From when."""
        return self.relationship.started_at

    @property
    def until(self) -> dt.datetime | None:
        """Until when; None while it runs."""
        return self.relationship.ended_at


def history_of(record: Record) -> list[Care]:
    """Everybody who looks or looked after the patient, those of now first. One statement.

    For a clinician only what their own teams did.

    :raises NotFound: the actor may not know.
    """
    record.require(Part.PROFILE)
    of_team = record.acting_as == "clinician"
    given = {"clinician_id": record.actor.id} if of_team else {}
    rows = db.session.execute(_of(of_team=of_team), {"patient_id": record.patient.id, **given}).all()
    by_id = {row[0].id: row[0] for row in rows}
    names = {row[0].id: row[2] for row in rows}
    found = []
    for relationship, team, name, job_title, works in rows:
        known = _known_before(relationship, by_id)
        before = names[known.id] if known is not None else None
        is_change = known is not None and known.clinician_id != relationship.clinician_id
        found.append(Care(relationship, team, name if works else None, job_title, name, before, is_change))
    return found


@cache
def _of(*, of_team: bool) -> sa.Select[CareRelationship, str, str, str | None, bool]:
    """Built once: building it takes longer than running it. ``of_team``: only the clinician's own teams."""
    query = (
        sa.select(
            CareRelationship,
            Team.name,
            Person.name,
            Person.job_title,
            works_here(CareRelationship.clinician_id, CareRelationship.team_id),
        )
        .join(Team, Team.id == CareRelationship.team_id)
        .outerjoin(Person, Person.id == CareRelationship.clinician_id)
        .where(CareRelationship.patient_id == sa.bindparam("patient_id"))
        .order_by(CareRelationship.ended_at.is_not(None), CareRelationship.started_at.desc(), Team.name)
    )
    if not of_team:
        return query
    mine = sa.select(TeamMembership.team_id).where(
        TeamMembership.person_id == sa.bindparam("clinician_id"), TeamMembership.ended_at.is_(None)
    )
    return query.where(CareRelationship.team_id.in_(mine))


def _known_before(
    relationship: CareRelationship, by_id: dict[uuid.UUID, CareRelationship]
) -> CareRelationship | None:
    """The one before that the patient knew of: of hand-overs they have not read about, the first one's."""
    before = by_id.get(relationship.follows_id) if relationship.follows_id else None
    while before is not None and before.follows_id and before.told_at is None and before.follows_id in by_id:
        before = by_id[before.follows_id]
    return before


def news(record: Record) -> list[Care]:
    """Who looks after the patient now, where they have not read it yet. One statement; none for a carer's view.

    Handed on and back before they looked is no news.
    """
    if not record.is_own:
        return []
    return [
        each
        for each in history_of(record)
        if each.until is None and each.is_change and each.name and each.relationship.told_at is None
    ]


def told(record: Record, relationship_id: uuid.UUID) -> None:
    """The patient has read who looks after them now.

    :raises NotFound: no such relationship of this patient's, or somebody else says so for them.
    """
    record.require(Part.SHARING, write=True)
    row = db.session.get(CareRelationship, relationship_id)
    if row is None or row.patient_id != record.patient.id:
        raise NotFound
    if row.follows_id is not None and row.told_at is None:
        row.told_at = clock.now()
        audit.record(record.actor, "care_relationship.read_about", record.patient, row)
        db.session.flush()
