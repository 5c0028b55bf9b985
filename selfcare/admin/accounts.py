"""People and their roles: add, change, end a role, close and open access. Everything holds from the next request."""

from __future__ import annotations

import uuid
from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import selectinload

from selfcare import audit, clock
from selfcare.admin import grants
from selfcare.admin.words import STAFF_ROLES
from selfcare.edge.paging import page
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.identity import invitations, sessions
from selfcare.identity.invitation_models import Invitation
from selfcare.people.models import Person, PersonRole, Team, TeamMembership

ROLE_OF_ADMINISTRATORS = "administrator"


def find_people(
    actor: Person, words: str | None = None, *, limit: int = 50, cursor: str | None = None
) -> dict[str, Any]:
    """People by name, or those whose name or e-mail has these words; ``{"items", "next_cursor"}``."""
    query = sa.select(Person).options(selectinload(Person.role_rows))
    if words:
        query = query.where(
            sa.or_(
                Person.name.icontains(words, autoescape=True), Person.email.icontains(words, autoescape=True)
            )
        )
    audit.record(actor, "people.listed", None)
    return page(
        query,
        by=Person.name,
        key=Person.id,
        limit=limit,
        cursor=cursor,
        dump=lambda row: row,
        newest_first=False,
    )


def people_by_age(actor: Person, *, limit: int = 50, cursor: str | None = None) -> dict[str, Any]:
    """People, newest first: for programs, whose cursor stands in an address and so may hold no name."""
    audit.record(actor, "people.listed", None)
    query = sa.select(Person).options(selectinload(Person.role_rows))
    return page(query, by=Person.created_at, key=Person.id, limit=limit, cursor=cursor, dump=lambda row: row)


def account(actor: Person, person_id: uuid.UUID) -> Person:
    """One person with their roles, for an administrator to look at.

    :raises NotFound: nobody has this id.
    """
    person = person_with_roles(person_id)
    audit.record(actor, "person.read", person)
    return person


def person_with_roles(person_id: uuid.UUID) -> Person:
    """The person, with roles loaded.

    :raises NotFound: nobody has this id.
    """
    query = sa.select(Person).options(selectinload(Person.role_rows)).where(Person.id == person_id)
    person = db.session.scalars(query).first()
    if person is None:
        raise NotFound
    return person


def memberships(person_id: uuid.UUID) -> list[tuple[TeamMembership, Team]]:
    """A person's time in teams, those of now first."""
    rows = db.session.execute(
        sa.select(TeamMembership, Team)
        .join(Team, Team.id == TeamMembership.team_id)
        .where(TeamMembership.person_id == person_id)
        .order_by(TeamMembership.ended_at.is_not(None), TeamMembership.started_at.desc())
    )
    return [(membership, team) for membership, team in rows]


def open_invitation(person_id: uuid.UUID) -> Invitation | None:
    """The link with which this person could set a password now, if any."""
    query = sa.select(Invitation).where(
        Invitation.person_id == person_id,
        Invitation.used_at.is_(None),
        Invitation.revoked_at.is_(None),
        Invitation.expires_at > clock.now(),
    )
    return db.session.scalars(query.order_by(Invitation.created_at.desc())).first()


def add_person(
    actor: Person,
    person_id: uuid.UUID,
    *,
    name: str,
    email: str | None,
    roles: Collection[str],
    team_id: uuid.UUID | None = None,
    **more: Any,
) -> Person:
    """Add a member of staff with these roles, in this team. They get in by the link of an invitation.

    :param more: known_as, job_title.
    :raises Invalid: the address has an account, no role, or no such team.
    """
    _check_email(email, None)
    if not roles:
        raise Invalid({"roles": _("Choose 1 role or more")})
    more["known_as"] = more.get("known_as") or name.split()[0]
    rows = [PersonRole(role=role, granted_by=actor.id) for role in roles]
    person = Person(id=person_id, name=name, email=email, role_rows=rows, **more)
    db.session.add(person)
    db.session.flush()
    audit.record(actor, "person.created", person)
    for row in rows:
        audit.record(actor, "role.granted", person, row, role=row.role)
    if team_id is not None:
        team = db.session.get(Team, team_id)
        if team is None or team.closed_at is not None:
            raise Invalid({"team_id": _("Choose a team")})
        membership = TeamMembership(team_id=team_id, person_id=person.id)
        db.session.add(membership)
        db.session.flush()
        audit.record(actor, "membership.started", person, membership)
    return person


def change_person(actor: Person, person: Person, *, name: str, email: str | None, **more: Any) -> None:
    """Change name, e-mail, known_as and job_title.

    :raises Invalid: the address has another account, or is missing where the person signs in with one.
    """
    _check_email(email, person)
    if person.email and not email:
        raise Invalid({"email": _("Enter an email address: they sign in with it")})
    changes = {"name": name, "email": email} | more
    changes["known_as"] = changes.get("known_as") or person.known_as
    changed = sorted(key for key, value in changes.items() if getattr(person, key) != value)
    for key in changed:
        setattr(person, key, changes[key])
    if changed:
        audit.record(actor, "person.changed", person, fields=changed)
        db.session.flush()


def set_roles(actor: Person, person: Person, wanted: Collection[str]) -> None:
    """Give and end staff roles so that the person holds just these; being a patient or a carer is not touched.

    :raises Invalid: it would be the actor's own roles, or leave no administrator.
    """
    held = person.roles & set(STAFF_ROLES)
    for role in sorted(held - set(wanted)):
        end_role(actor, person, role)
    for role in sorted(set(wanted) - held):
        give_role(actor, person, role)


def give_role(actor: Person, person: Person, role: str) -> bool:
    """Give a role. Returns False where it waits for a second administrator: a role for oneself.

    :raises Invalid: no such role, or they hold it.
    """
    if role not in STAFF_ROLES:
        raise Invalid({"role": _("Choose a role")})
    if role in person.roles:
        return True
    if person.id == actor.id:
        grants.ask(actor, grants.ROLE, person.id, role=role)
        return False
    grants.grant_role(actor, person, role)
    return True


def end_role(actor: Person, person: Person, role: str) -> None:
    """End a role, from the next request on.

    :raises Invalid: the actor's own role as administrator.
    """
    if person.id == actor.id and role == ROLE_OF_ADMINISTRATORS:
        raise Invalid({"role": _("Another administrator has to do this for you")})
    for row in person.role_rows:
        if row.role == role and row.ended_at is None:
            row.ended_at = clock.now()
            audit.record(actor, "role.ended", person, row, role=role)
    db.session.flush()


def close_access(actor: Person, person: Person) -> None:
    """Close the account: every session ends at once, links that would open it stop working.

    :raises Invalid: one's own account.
    """
    if person.id == actor.id:
        raise Invalid({"person": _("Another administrator has to do this for you")})
    if person.disabled_at is not None:
        return
    person.disabled_at = clock.now()
    sessions.end_all(person.id)
    waiting = sa.select(Invitation).where(
        Invitation.person_id == person.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)
    )
    for invitation in db.session.scalars(waiting):
        invitations.revoke(actor, invitation)
    audit.record(actor, "person.disabled", person)
    db.session.flush()


def open_access(actor: Person, person: Person) -> None:
    """Open a closed account again. Its old sessions stay ended.

    :raises Invalid: one's own account.
    """
    if person.disabled_at is None:
        return
    person.disabled_at = None
    audit.record(actor, "person.enabled", person)
    db.session.flush()


def log_out_everywhere(actor: Person, person: Person) -> None:
    """End every session of a person: a lost phone."""
    sessions.end_all(person.id)
    audit.record(actor, "sessions.ended", person)


def _check_email(email: str | None, person: Person | None) -> None:
    if email is None:
        return
    other = db.session.scalar(sa.select(Person.id).where(Person.email == email))
    if other is not None and (person is None or other != person.id):
        raise Invalid({"email": _("There is an account with this address. Find it and give it the role")})
