"""Shapes of carers' links and invitations, for JSON and forms."""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask_babel import lazy_gettext as _l

from selfcare.carers.scope import TICKS
from selfcare.edge.schemas import Choice, Choices, Day, Id, Instant, Line, Schema, Text, Whole, YesOrNo
from selfcare.identity.invitation_schemas import Email

LONGEST_NAME, LONGEST_RELATION = 60, 40

SEE, WRITE = "see", "write"


class CarerSchema(Schema):
    """One link: who helps, as what, what they may see and do, since when and until when.

    ``ends_on`` is the last day on which it holds, on the patient's own calendar. ``also_sees``: of mood, questionnaires, notes.
    """

    id = Id(dump_only=True)
    carer_id = Id(dump_only=True)
    name = ma.fields.String(dump_only=True)
    relation = Line(
        required=True, longest=LONGEST_RELATION, empty=_l("Enter what they are to you, such as daughter")
    )
    may_write = YesOrNo(required=True)
    also_sees = Choices(TICKS, load_default=list)
    ends_on = Day(load_default=None)
    running = ma.fields.Boolean(dump_only=True)
    started_at = Instant(dump_only=True)
    ended_at = Instant(dump_only=True)
    looked_at = Instant(dump_only=True)
    version = Whole(dump_only=True)


class CarerListSchema(Schema):
    """Everybody who helps or helped, those who help now first."""

    items = ma.fields.List(ma.fields.Nested(CarerSchema))
    next_cursor = ma.fields.String(allow_none=True)


class ScopeForm(Schema):
    """What somebody who helps may see and do. Nothing is ticked beforehand."""

    relation = Line(
        required=True, longest=LONGEST_RELATION, empty=_l("Enter what they are to you, such as daughter")
    )
    may = Choice(
        (SEE, WRITE),
        required=True,
        error_messages={"required": _l("Select if they can only see, or write as well")},
    )
    also_sees = Choices(TICKS, load_default=list)
    ends_on = Day(load_default=None)

    @ma.post_load
    def _in_services_words(self, data: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
        data["may_write"] = data.pop("may") == WRITE
        return data


class WhoForm(Schema):
    """Whom the patient invites, as the patient calls them."""

    id = Id(required=True)
    known_as = Line(required=True, longest=LONGEST_NAME, empty=_l("Enter their name"))


class InviteForm(ScopeForm, WhoForm):
    """Invite somebody to help: who, then what they may. Errors come in the order of the page."""


class CodeForm(Schema):
    """The code of an invitation, typed by hand."""

    code = Line(required=True, longest=200, empty=_l("Enter the code"))


class NewCarerForm(Schema):
    """Name, e-mail and password of somebody who has no account yet."""

    name = Line(required=True, longest=100, empty=_l("Enter your name"))
    email = Email(required=True, empty=_l("Enter your email address"))
    password = Text(required=True, longest=1000, empty=_l("Enter a password"))
