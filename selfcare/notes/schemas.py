"""Shapes of notes, for JSON and forms."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from selfcare.edge.schemas import Choice, Day, Id, Instant, Schema, Text, Whole
from selfcare.notes.models import KINDS

LONGEST = 300  # characters, as a topic for the visit: a line or three


class NoteSchema(Schema):
    """One medicine or note. Dates are the patient's own calendar days; ``text`` is kept byte for byte."""

    id = Id(dump_only=True)
    kind = Choice(KINDS, required=True, error_messages={"required": _l("Select medicine or note")})
    text = Text(required=True, longest=LONGEST, error_messages={"required": _l("Write it here")})
    since = Day(load_default=None)
    stopped_on = Day(load_default=None)
    stop_reason = Text(longest=LONGEST, load_default=None)
    version = Whole(dump_only=True)
    written_by = Id(dump_only=True)
    received_at = Instant(dump_only=True)
    updated_at = Instant(dump_only=True)


class NoteListSchema(Schema):
    """A page of notes, the newest first."""

    items = fields.List(fields.Nested(NoteSchema))
    next_cursor = fields.String(allow_none=True)


class NoteForm(NoteSchema):
    """The form: the same, with the id that the page made."""

    id = Id(required=True)
    kind = Choice(KINDS, required=True, error_messages={"required": _l("Select medicine or note")})


class StopForm(Schema):
    """Stopping a medicine."""

    stopped_on = Day(required=True, error_messages={"required": _l("Enter the day you stopped")})
    stop_reason = Text(longest=LONGEST, load_default=None)
