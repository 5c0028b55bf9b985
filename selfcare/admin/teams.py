"""Teams and their members, and the hand-over of patients between teams."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.admin import grants
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.people import teams as people_teams
from selfcare.people.models import CareRelationship, Patient, Person, PersonRole, Team, TeamMembership


@dataclass(frozen=True)
class TeamRow:
    """A team with how many work in it and are cared for by it now."""

    team: Team
    members: int
    patients: int


@dataclass(frozen=True)
class Member:
    """One person's time in a team."""

    id: uuid.UUID
    person: Person
    started_at: dt.datetime
    ended_at: dt.datetime | None


@dataclass(frozen=True)
class TeamCare:
    """A team's time with a patient. ``id`` is the relationship that runs now, or ran last."""

    id: uuid.UUID
    team: Team
    started_at: dt.datetime
    ended_at: dt.datetime | None


def all_teams(actor: Person, *, closed: bool = True) -> list[TeamRow]:
    """Every team by name, the closed ones last. One statement."""
    members = _count(TeamMembership)
    patients = _count(CareRelationship)
    query = sa.select(Team, members, patients).order_by(Team.closed_at.is_not(None), Team.name, Team.id)
    if not closed:
        query = query.where(Team.closed_at.is_(None))
    audit.record(actor, "teams.listed", None)
    return [TeamRow(*row) for row in db.session.execute(query)]


def team_row(actor: Person, team_id: uuid.UUID) -> TeamRow:
    """One team.

    :raises NotFound: no such team.
    """
    found = next((row for row in all_teams(actor) if row.team.id == team_id), None)
    if found is None:
        raise NotFound
    return found


def members_of(team_id: uuid.UUID) -> list[Member]:
    """Who works or worked in the team, those of now first."""
    rows = db.session.execute(
        sa.select(TeamMembership, Person)
        .join(Person, Person.id == TeamMembership.person_id)
        .where(TeamMembership.team_id == team_id)
        .order_by(TeamMembership.ended_at.is_not(None), Person.name, TeamMembership.started_at)
        .limit(500)
    )
    return [Member(row.id, person, row.started_at, row.ended_at) for row, person in rows]


def members_now() -> dict[uuid.UUID, list[uuid.UUID]]:
    """The ids of everybody who works in a team now, by team. One statement."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for row in db.session.scalars(sa.select(TeamMembership).where(TeamMembership.ended_at.is_(None))):
        found.setdefault(row.team_id, []).append(row.person_id)
    return found


def staff_outside(team_id: uuid.UUID) -> Sequence[Person]:
    """Staff with an open account who are not in this team now, by name."""
    inside = sa.select(TeamMembership.person_id).where(
        TeamMembership.team_id == team_id, TeamMembership.ended_at.is_(None)
    )
    return db.session.scalars(
        sa.select(Person)
        .where(Person.disabled_at.is_(None), Person.id.not_in(inside), Person.role_rows.any(_staff_role()))
        .order_by(Person.name)
        .limit(500)
    ).all()


def add_team(actor: Person, team_id: uuid.UUID, *, name: str, phone: str | None = None) -> Team:
    """Add a team."""
    team = Team(id=team_id, name=name, phone=phone)
    db.session.add(team)
    db.session.flush()
    audit.record(actor, "team.created", None, team)
    return team


def change_team(actor: Person, team: Team, *, name: str, phone: str | None = None) -> None:
    """Change name and phone number."""
    if (team.name, team.phone) != (name, phone):
        team.name, team.phone = name, phone
        audit.record(actor, "team.changed", None, team)
        db.session.flush()


def close_team(actor: Person, team: Team) -> None:
    """Close a team: nobody works in it any more.

    :raises Invalid: it still cares for patients; nobody may fall out of care by a click.
    """
    if team.closed_at is not None:
        return
    patients = db.session.scalar(
        sa.select(sa.func.count()).where(
            CareRelationship.team_id == team.id, CareRelationship.ended_at.is_(None)
        )
    )
    if patients:
        raise Invalid({"team": _("Hand its patients over to another team first")})
    team.closed_at = clock.now()
    for membership in db.session.scalars(_running_members(team.id)):
        _end_membership(actor, membership)
    audit.record(actor, "team.closed", None, team)
    db.session.flush()


def add_member(actor: Person, team: Team, person_id: uuid.UUID) -> bool:
    """Put a person into a team. Returns False where it waits for a second administrator: oneself.

    :raises Invalid: nobody there, or the team is closed.
    """
    person = db.session.get(Person, person_id)
    if person is None or person.disabled_at is not None:
        raise Invalid({"person_id": _("Choose a person")})
    if person.id == actor.id:
        grants.ask(actor, grants.MEMBERSHIP, person.id, team_id=team.id)
        return False
    grants.grant_membership(actor, person, team.id)
    return True


def end_member(actor: Person, team: Team, membership_id: uuid.UUID) -> None:
    """End somebody's time in a team: its patients' records close to them from the next request on.

    :raises NotFound: no such membership of this team.
    """
    membership = db.session.get(TeamMembership, membership_id)
    if membership is None or membership.team_id != team.id:
        raise NotFound
    if membership.ended_at is None:
        _end_membership(actor, membership)
        db.session.flush()


def set_members(actor: Person, team: Team, wanted: Collection[uuid.UUID]) -> None:
    """Make these the team's members of now.

    :raises Invalid: one of them is nobody, or the actor.
    """
    held = {row.person_id: row for row in db.session.scalars(_running_members(team.id))}
    if actor.id in set(wanted) - set(held):
        raise Invalid(
            {"members": _("To join a team yourself, ask on the page: another administrator decides")}
        )
    for person_id in held.keys() - set(wanted):
        _end_membership(actor, held[person_id])
    for person_id in sorted(set(wanted) - held.keys()):
        add_member(actor, team, person_id)
    db.session.flush()


def care_of(actor: Person, patient_id: uuid.UUID) -> list[TeamCare]:
    """Which teams care or cared for a patient, and from when to when; those of now first. Names of teams only.

    Who of a team is named is clinical: hand-overs inside it are not shown, its care goes on through them.

    :raises NotFound: no patient.
    """
    patient = db.session.get(Patient, patient_id)
    if patient is None:
        raise NotFound
    audit.record(actor, "care_relationships.read", patient)
    rows = db.session.execute(
        sa.select(CareRelationship, Team)
        .join(Team, Team.id == CareRelationship.team_id)
        .where(CareRelationship.patient_id == patient_id)
        .order_by(CareRelationship.ended_at.is_not(None), CareRelationship.started_at.desc())
    ).all()
    by_id = {relationship.id: relationship for relationship, _team in rows}
    followed = {relationship.follows_id for relationship in by_id.values()}
    found = []
    for relationship, team in rows:
        if relationship.id in followed:
            continue
        first = relationship
        while first.follows_id in by_id:
            first = by_id[first.follows_id]
        found.append(TeamCare(relationship.id, team, first.started_at, relationship.ended_at))
    return found


def start_care(actor: Person, patient_id: uuid.UUID, team_id: uuid.UUID) -> bool:
    """Let a team care for a patient. Returns False where it waits for a second administrator: a team one works in.

    :raises NotFound: no patient.
    :raises Invalid: the team is closed.
    """
    if team_id in {team.id for team in people_teams.teams_of(actor)}:
        if db.session.get(Patient, patient_id) is None:
            raise NotFound
        grants.ask(actor, grants.CARE, patient_id, team_id=team_id)
        return False
    grants.grant_care(actor, patient_id, team_id)
    return True


def end_care(actor: Person, patient_id: uuid.UUID, relationship_id: uuid.UUID) -> None:
    """End a care relationship: the record closes to that team from the next request on.

    :raises NotFound: no such relationship of this patient.
    """
    relationship = db.session.get(CareRelationship, relationship_id)
    if relationship is None or relationship.patient_id != patient_id:
        raise NotFound
    if relationship.ended_at is None:
        relationship.ended_at = clock.now()
        audit.record(actor, "care_relationship.ended", db.session.get(Patient, patient_id), relationship)
        db.session.flush()


def _count(table: type[TeamMembership | CareRelationship]) -> sa.ScalarSelect[int]:
    running = (
        sa.select(sa.func.count())
        .select_from(table)
        .where(table.team_id == Team.id, table.ended_at.is_(None))
    )
    return running.scalar_subquery()


def _staff_role() -> sa.ColumnElement[bool]:
    return sa.and_(PersonRole.ended_at.is_(None), PersonRole.role.not_in(("patient", "carer")))


def _running_members(team_id: uuid.UUID) -> sa.Select[TeamMembership]:
    return sa.select(TeamMembership).where(
        TeamMembership.team_id == team_id, TeamMembership.ended_at.is_(None)
    )


def _end_membership(actor: Person, membership: TeamMembership) -> None:
    membership.ended_at = clock.now()
    audit.record(actor, "membership.ended", db.session.get(Person, membership.person_id), membership)
