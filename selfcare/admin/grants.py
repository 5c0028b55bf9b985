"""Four eyes: what would open a record to the administrator who does it waits for another administrator."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from selfcare import audit, clock
from selfcare.admin.models import CARE, MEMBERSHIP, ROLE, GrantRequest
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.people.models import CareRelationship, Patient, Person, PersonRole, Team, TeamMembership

__all__ = [
    "CARE",
    "MEMBERSHIP",
    "ROLE",
    "ask",
    "decide",
    "grant_care",
    "grant_membership",
    "grant_role",
    "waiting",
    "waiting_count",
]


def ask(
    actor: Person,
    kind: str,
    person_id: uuid.UUID,
    *,
    team_id: uuid.UUID | None = None,
    role: str | None = None,
) -> None:
    """Put a request before the other administrators; asking twice is asking once."""
    same = sa.select(GrantRequest.id).where(
        GrantRequest.kind == kind,
        GrantRequest.person_id == person_id,
        GrantRequest.team_id.is_(None) if team_id is None else GrantRequest.team_id == team_id,
        GrantRequest.role.is_(None) if role is None else GrantRequest.role == role,
        GrantRequest.requested_by == actor.id,
        GrantRequest.decided_at.is_(None),
    )
    if db.session.scalar(same) is not None:
        return
    request = GrantRequest(
        id=uuid.uuid4(), kind=kind, person_id=person_id, team_id=team_id, role=role, requested_by=actor.id
    )
    db.session.add(request)
    db.session.flush()
    audit.record(actor, "grant.requested", db.session.get(Person, person_id), request, kind=kind)


def waiting() -> Sequence[GrantRequest]:
    """Requests that nobody has decided, oldest first."""
    query = (
        sa.select(GrantRequest)
        .options(
            joinedload(GrantRequest.person), joinedload(GrantRequest.requester), joinedload(GrantRequest.team)
        )
        .where(GrantRequest.decided_at.is_(None))
    )
    return db.session.scalars(query.order_by(GrantRequest.requested_at)).all()


def waiting_count() -> int:
    """How many requests wait."""
    return db.session.scalar(sa.select(sa.func.count()).where(GrantRequest.decided_at.is_(None))) or 0


def decide(actor: Person, request_id: uuid.UUID, granted: bool) -> None:
    """Grant or refuse a request of another administrator.

    :raises NotFound: no such request, or it is decided.
    :raises Invalid: it is the actor's own.
    """
    request = db.session.get(GrantRequest, request_id, with_for_update=True)
    if request is None or request.decided_at is not None:
        raise NotFound
    if request.requested_by == actor.id:
        raise Invalid({"decision": _("Another administrator has to decide this")})
    request.decided_by, request.decided_at, request.granted = actor.id, clock.now(), granted
    person = db.session.get(Person, request.person_id, options=[joinedload(Person.role_rows)])
    assert person is not None  # the database holds the reference
    audit.record(actor, "grant.given" if granted else "grant.refused", person, request, kind=request.kind)
    if granted and request.kind == ROLE and request.role:
        grant_role(actor, person, request.role)
    elif granted and request.kind == MEMBERSHIP and request.team_id:
        grant_membership(actor, person, request.team_id)
    elif granted and request.kind == CARE and request.team_id:
        grant_care(actor, person.id, request.team_id)
    db.session.flush()


def grant_role(actor: Person, person: Person, role: str) -> None:
    """Give the role, if they do not hold it."""
    if role in person.roles:
        return
    row = PersonRole(id=uuid.uuid4(), role=role, granted_by=actor.id)
    person.role_rows.append(row)
    db.session.flush()
    audit.record(actor, "role.granted", person, row, role=role)


def grant_membership(actor: Person, person: Person, team_id: uuid.UUID) -> None:
    """Put the person into the team, if they are not in it.

    :raises Invalid: the team is closed.
    """
    _open_team(team_id)
    running = sa.select(TeamMembership.id).where(
        TeamMembership.team_id == team_id,
        TeamMembership.person_id == person.id,
        TeamMembership.ended_at.is_(None),
    )
    if db.session.scalar(running) is not None:
        return
    membership = TeamMembership(id=uuid.uuid4(), team_id=team_id, person_id=person.id)
    db.session.add(membership)
    db.session.flush()
    audit.record(actor, "membership.started", person, membership)


def grant_care(actor: Person, patient_id: uuid.UUID, team_id: uuid.UUID) -> None:
    """Let the team care for the patient from now on, if it does not.

    :raises NotFound: no such patient.
    :raises Invalid: the team is closed.
    """
    patient = db.session.get(Patient, patient_id)
    if patient is None:
        raise NotFound
    _open_team(team_id)
    running = sa.select(CareRelationship.id).where(
        CareRelationship.team_id == team_id,
        CareRelationship.patient_id == patient_id,
        CareRelationship.ended_at.is_(None),
    )
    if db.session.scalar(running) is not None:
        return
    relationship = CareRelationship(id=uuid.uuid4(), patient_id=patient_id, team_id=team_id)
    db.session.add(relationship)
    db.session.flush()
    audit.record(actor, "care_relationship.started", patient, relationship)


def _open_team(team_id: uuid.UUID) -> Team:
    team = db.session.get(Team, team_id)
    if team is None or team.closed_at is not None:
        raise Invalid({"team_id": _("Choose a team")})
    return team
