"""Shapes of results, for JSON and forms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields

from selfcare.edge.schemas import Day, Id, Instant, Line, Schema, YesOrNo, clean_text

LONGEST = 200  # characters of a reason


class Value(fields.Field[Any]):
    """A number, ``"132/84"``, or a choice's code: which of them fits is the catalogue's to say."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if isinstance(value, str):
            clean_text(value, 50)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            raise ma.ValidationError(_("Send a number, or a choice’s code"))
        return value


class ResultSchema(Schema):
    """A result as the care team writes it. Numbers need their unit; ``corrects`` needs a ``reason``."""

    patient_id = Id(required=True)
    measure = Line(required=True, longest=40)
    value = Value(load_default=None, allow_none=True)
    values = fields.Dict(
        keys=fields.String(), values=Value(required=True), load_default=None, allow_none=True
    )
    unit = Line(longest=40, load_default=None)
    taken_on = Day(required=True)
    corrects = Id(load_default=None, allow_none=True)
    reason = Line(longest=LONGEST, load_default=None)
    taken_back = YesOrNo(load_default=None, allow_none=True)
    confirmed = fields.List(Line(required=True, longest=40), load_default=None, allow_none=True)


class ResultOut(Schema):
    """A result as it is shown. ``status`` is held or released; the patient never sees a held one."""

    id = Id()
    patient_id = Id()
    measure = fields.String()
    name = fields.String()
    value = fields.Raw(allow_none=True)
    values = fields.Raw(allow_none=True)
    unit = fields.String(allow_none=True)
    words = fields.String()
    taken_on = Day()
    status = fields.String()
    released_at = Instant(allow_none=True)
    opened_at = Instant(allow_none=True)
    corrects = Id(allow_none=True)
    corrected_by = Id(allow_none=True)
    taken_back = fields.Boolean()
    reason = fields.String(allow_none=True)
    received_at = Instant()
    means = fields.List(fields.String())
    question = fields.String()
    clinically_approved = fields.Boolean()
    written_by = Id(allow_none=True)
    confirmed = fields.Boolean()
    sent = fields.Raw(allow_none=True)


class ResultListSchema(Schema):
    """A page of results, the newest first."""

    items = fields.List(fields.Nested(ResultOut))
    next_cursor = fields.String(allow_none=True)


class ReleaseSchema(Schema):
    """Nothing has to be said."""


class ReleaseAllSchema(Schema):
    """How many held results whoever releases has seen; without it, all that there are."""

    expected = fields.Integer(strict=True, load_default=None, allow_none=True)


class ReleasedSchema(Schema):
    """How many results were released."""

    released = fields.Integer()


class ResultMeasureListSchema(Schema):
    """The catalogue of results."""

    items = fields.List(fields.Dict())
    next_cursor = fields.String(allow_none=True)


class ReleaseForm(Schema):
    """The button: how many it offered to release and the newest of them, and where it stands."""

    expected = fields.Integer(load_default=None)
    until = Instant(load_default=None)
    back = Line(longest=20, load_default=None)


class ImportForm(Schema):
    """The box beside the file, which itself is no field."""

    keep_right = Line(longest=10, load_default=None)


class TakenForm(Schema):
    """What every form for results has. Boxes for the measures are added in ``forms.py``."""

    id = Id(required=True)
    taken_on = Day(required=True, error_messages={"required": _l("Enter the day it was taken")})
    confirmed = fields.List(fields.String(), load_default=list)
    change = Line(longest=10, load_default=None)
