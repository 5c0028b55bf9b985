"""Teams and who works in them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from selfcare.extensions import db
from selfcare.people.models import CareRelationship, Person, PersonRole, Team, TeamMembership


def works_in(person_id: uuid.UUID) -> sa.Select[Team]:
    """The open teams in which this person works now, by name."""
    return (
        sa.select(Team)
        .join(TeamMembership, TeamMembership.team_id == Team.id)
        .where(
            TeamMembership.person_id == person_id, TeamMembership.ended_at.is_(None), Team.closed_at.is_(None)
        )
        .order_by(Team.name, Team.id)
    )


def teams_of(person: Person) -> Sequence[Team]:
    """The open teams in which this person works now. One statement."""
    return db.session.scalars(works_in(person.id)).unique().all()


def caring_for(patient_id: uuid.UUID) -> sa.Select[uuid.UUID]:
    """The ids of the teams that care for this patient now."""
    return sa.select(CareRelationship.team_id).where(
        CareRelationship.patient_id == patient_id, CareRelationship.ended_at.is_(None)
    )


def longest_first() -> tuple[sa.SQLColumnExpression[Any], ...]:
    """Of the teams of a query over ``CareRelationship``: the one that has cared longest first, whoever is named there by now."""
    earlier = aliased(CareRelationship)
    since = (
        sa.select(sa.func.min(earlier.started_at))
        .where(earlier.team_id == CareRelationship.team_id, earlier.patient_id == CareRelationship.patient_id)
        .correlate(CareRelationship)
        .scalar_subquery()
    )
    return since, CareRelationship.team_id


def works_here(person_id: Any, team_id: Any) -> sa.ColumnElement[bool]:
    """Whether this person can look after patients of this team: a member of it now, a clinician, with an open account."""
    member, role, who = aliased(TeamMembership), aliased(PersonRole), aliased(Person)
    return sa.exists().where(
        member.person_id == person_id,
        member.team_id == team_id,
        member.ended_at.is_(None),
        role.person_id == person_id,
        role.role == "clinician",
        role.ended_at.is_(None),
        who.id == person_id,
        who.disabled_at.is_(None),
    )


def colleagues(patient_id: uuid.UUID, person_id: uuid.UUID) -> list[Person]:
    """The clinicians, this person among them, of the teams in which the person works and which care for the patient, by name.

    One statement.
    """
    rows = (
        sa.select(Person)
        .join(TeamMembership, TeamMembership.person_id == Person.id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(
            TeamMembership.team_id.in_(caring_for(patient_id)),
            TeamMembership.team_id.in_(works_in(person_id).with_only_columns(Team.id).order_by(None)),
            *works_as_clinician(),
        )
        .order_by(Person.name, Person.id)
    )
    return list(dict.fromkeys(db.session.scalars(rows)))


def clinicians(team_ids: Collection[uuid.UUID]) -> list[tuple[uuid.UUID, Person]]:
    """Who works in these teams as a clinician now, by name: the team's id and the person, once for each team. One statement."""
    rows = db.session.execute(
        sa.select(TeamMembership.team_id, Person)
        .join(Person, Person.id == TeamMembership.person_id)
        .join(PersonRole, PersonRole.person_id == Person.id)
        .where(TeamMembership.team_id.in_(team_ids), *works_as_clinician())
        .order_by(Person.name, Person.id)
    )
    return [(team_id, person) for team_id, person in rows.unique()]


def works_as_clinician() -> tuple[sa.ColumnElement[bool], ...]:
    """Conditions for a person joined with memberships and roles: a clinician who works in that team now, with an open account."""
    return (
        TeamMembership.ended_at.is_(None),
        PersonRole.role == "clinician",
        PersonRole.ended_at.is_(None),
        Person.disabled_at.is_(None),
    )
