"""``/api/v1/users``, ``/teams`` and ``/audit-events``, for administrators."""

from __future__ import annotations

import uuid
from typing import Any

from selfcare.admin import accounts, teams, trail
from selfcare.admin.schemas import (
    AuditEventsSchema,
    TeamBodySchema,
    TeamOutSchema,
    TeamsSchema,
    TrailQuery,
    UserOutSchema,
    UserSchema,
    UsersSchema,
)
from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.paging import PageQuery
from selfcare.edge.roles import roles
from selfcare.errors import NotFound
from selfcare.people.acting import current_person
from selfcare.people.models import Person

blp = ApiBlueprint("admin_api", __name__, description="People, teams and the audit trail, for administrators")


@blp.route("/users", methods=["GET"])
@roles("administrator")
@blp.arguments(PageQuery, location="query")
@blp.response(200, UsersSchema)
def get_users(query: dict[str, Any]) -> dict[str, Any]:
    """Everybody, newest first."""
    found = accounts.people_by_age(current_person(), **query)
    return {"items": [_user(person) for person in found["items"]], "next_cursor": found["next_cursor"]}


@blp.route("/users/<uuid:person_id>", methods=["GET"])
@roles("administrator")
@blp.response(200, UserOutSchema)
@blp.alt_response(404, description="Nobody has this id")
def get_user(person_id: uuid.UUID) -> dict[str, Any]:
    """One person."""
    body = _user(accounts.account(current_person(), person_id))
    etag.send(etag.Fingerprint(body))
    return body


@blp.route("/users/<uuid:person_id>", methods=["PUT"])
@roles("administrator")
@blp.arguments(UserSchema)
@blp.response(200, UserOutSchema)
@blp.alt_response(201, schema=UserOutSchema)
@blp.alt_response(412, description="Changed meanwhile")
def put_user(body: dict[str, Any], person_id: uuid.UUID) -> tuple[dict[str, Any], int]:
    """Add a member of staff, or change a person, their staff roles and whether their account is open."""
    actor = current_person()
    wanted, disabled = body.pop("roles"), body.pop("disabled")
    try:
        person, created = accounts.person_with_roles(person_id), False
    except NotFound:
        etag.check(None, None, body)
        person, created = accounts.add_person(actor, person_id, roles=wanted, **body), True
    else:
        etag.check(etag.Fingerprint(_user(person)), _user(person), body)
        accounts.change_person(actor, person, **body)
        accounts.set_roles(actor, person, wanted)
    if disabled:
        accounts.close_access(actor, person)
    else:
        accounts.open_access(actor, person)
    answer = _user(person)
    etag.send(etag.Fingerprint(answer))
    return answer, 201 if created else 200


@blp.route("/teams", methods=["GET"])
@roles("administrator")
@blp.response(200, TeamsSchema)
def get_teams() -> dict[str, Any]:
    """Every team with its members of now."""
    members = teams.members_now()
    return {"items": [_team(row, members) for row in teams.all_teams(current_person())], "next_cursor": None}


@blp.route("/teams/<uuid:team_id>", methods=["PUT"])
@roles("administrator")
@blp.arguments(TeamBodySchema)
@blp.response(200, TeamOutSchema)
@blp.alt_response(201, schema=TeamOutSchema)
@blp.alt_response(412, description="Changed meanwhile")
def put_team(body: dict[str, Any], team_id: uuid.UUID) -> tuple[dict[str, Any], int]:
    """Add a team, or change its name, phone number, members and whether it is open."""
    actor = current_person()
    members, closed = body.pop("members", None), body.pop("closed")
    try:
        row, created = teams.team_row(actor, team_id), False
    except NotFound:
        etag.check(None, None, body)
        team, created = teams.add_team(actor, team_id, **body), True
    else:
        team, now = row.team, _team(row, teams.members_now())
        etag.check(etag.Fingerprint(now), now, body)
        teams.change_team(actor, team, **body)
    if members is not None:
        teams.set_members(actor, team, members)
    if closed:
        teams.close_team(actor, team)
    answer = _team(teams.team_row(actor, team_id), teams.members_now())
    etag.send(etag.Fingerprint(answer))
    return answer, 201 if created else 200


@blp.route("/audit-events", methods=["GET"])
@roles("administrator")
@blp.arguments(TrailQuery, location="query")
@blp.response(200, AuditEventsSchema)
def get_audit_events(query: dict[str, Any]) -> dict[str, Any]:
    """The audit trail, newest first."""
    query["person_id"] = query.pop("person", None)
    return trail.find_events(current_person(), **query)


def _user(person: Person) -> dict[str, Any]:
    return {
        "id": str(person.id),
        "name": person.name,
        "known_as": person.known_as,
        "email": person.email,
        "job_title": person.job_title,
        "roles": sorted(person.roles),
        "disabled": person.disabled_at is not None,
    }


def _team(row: teams.TeamRow, members: dict[uuid.UUID, list[uuid.UUID]]) -> dict[str, Any]:
    return {
        "id": str(row.team.id),
        "name": row.team.name,
        "phone": row.team.phone,
        "closed": row.team.closed_at is not None,
        "members": [
            str(member.person.id) for member in teams.members_of(row.team.id) if member.ended_at is None
        ],
    }
