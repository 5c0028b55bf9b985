"""Bodies and forms of administrators."""

from __future__ import annotations

import marshmallow as ma
from flask_babel import lazy_gettext as _l

from selfcare.admin.words import STAFF_ROLES
from selfcare.edge.paging import PageQuery
from selfcare.edge.schemas import Choice, Choices, Day, Id, Line, Schema
from selfcare.identity.invitation_schemas import Email

ROLES = tuple(STAFF_ROLES)


class FindSchema(Schema):
    """Words to look for, and the page after."""

    q = Line(longest=100)
    cursor = Line(longest=1000)


class NewPersonSchema(Schema):
    """A new member of staff."""

    id = Id(required=True)
    name = Line(required=True, longest=100, empty=_l("Enter the full name"))
    known_as = Line(longest=50)
    email = Email(required=True, empty=_l("Enter their email address"))
    job_title = Line(longest=100)
    roles = Choices(ROLES, load_default=list)
    team_id = Id(allow_none=True)


class PersonSchema(Schema):
    """What may be changed of a person."""

    name = Line(required=True, longest=100, empty=_l("Enter the full name"))
    known_as = Line(longest=50)
    email = Email(load_default=None)
    job_title = Line(longest=100, load_default=None)


class RoleSchema(Schema):
    """One role."""

    role = Choice(ROLES, say=_l("Choose a role"), required=True)


class TeamSchema(Schema):
    """A team."""

    id = Id()
    name = Line(required=True, longest=100, empty=_l("Enter the name of the team"))
    phone = Line(longest=30, load_default=None)


class MemberSchema(Schema):
    """Somebody to put into a team."""

    person_id = Id(required=True, error_messages={"required": _l("Choose a person")})


class CareSchema(Schema):
    """A team that takes over a patient, and which one hands over."""

    team_id = Id(required=True, error_messages={"required": _l("Choose a team")})
    ends = Id()


class DecisionSchema(Schema):
    """Grant or refuse."""

    decision = Choice(("grant", "refuse"), required=True)


class TrailSchema(Schema):
    """Which part of the audit trail."""

    q = Line(longest=100)
    person_id = Id()
    start = Day()
    end = Day()
    cursor = Line(longest=1000)


class UserSchema(Schema):
    """A person, as programs give and get them. ``roles`` are the staff roles; a patient's and a carer's stay as they are."""

    id = ma.fields.UUID(dump_only=True)
    name = Line(required=True, longest=100)
    known_as = Line(longest=50, load_default=None)
    email = Email(load_default=None)
    job_title = Line(longest=100, load_default=None)
    roles = Choices(ROLES, load_default=list)
    disabled = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})


class UserOutSchema(Schema):
    """A person as programs get them: with every role."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    known_as = ma.fields.String()
    email = ma.fields.String(allow_none=True)
    job_title = ma.fields.String(allow_none=True)
    roles = ma.fields.List(ma.fields.String())
    disabled = ma.fields.Boolean()


class UsersSchema(Schema):
    """A page of people."""

    items = ma.fields.List(ma.fields.Nested(UserOutSchema))
    next_cursor = ma.fields.String(allow_none=True)


class TeamBodySchema(Schema):
    """A team, as programs give it. Without ``members`` they stay as they are."""

    name = Line(required=True, longest=100)
    phone = Line(longest=30, load_default=None)
    closed = ma.fields.Boolean(load_default=False, truthy={True}, falsy={False})
    members = ma.fields.List(Id(), validate=ma.validate.Length(max=500))


class TeamOutSchema(Schema):
    """A team as programs get it."""

    id = ma.fields.UUID()
    name = ma.fields.String()
    phone = ma.fields.String(allow_none=True)
    closed = ma.fields.Boolean()
    members = ma.fields.List(ma.fields.UUID())


class TeamsSchema(Schema):
    """Every team."""

    items = ma.fields.List(ma.fields.Nested(TeamOutSchema))
    next_cursor = ma.fields.String(allow_none=True)


class TrailQuery(PageQuery):
    """A part of the audit trail; ``person`` is somebody who acted or whose record it was."""

    person = Id()
    start = Day(data_key="from")
    end = Day(data_key="to")


class AuditEventSchema(Schema):
    """One event: ids and codes, never what somebody wrote."""

    id = ma.fields.UUID()
    at = ma.fields.AwareDateTime()
    action = ma.fields.String()
    actor_id = ma.fields.UUID(allow_none=True)
    subject_id = ma.fields.UUID(allow_none=True)
    thing = ma.fields.String(allow_none=True)
    thing_id = ma.fields.UUID(allow_none=True)
    sealed = ma.fields.Boolean()


class AuditEventsSchema(Schema):
    """A page of the audit trail, newest first."""

    items = ma.fields.List(ma.fields.Nested(AuditEventSchema))
    next_cursor = ma.fields.String(allow_none=True)
