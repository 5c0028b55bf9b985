"""Shapes of the diary's JSON."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from marshmallow import fields, validate

from selfcare.edge.paging import PageQuery
from selfcare.edge.schemas import Id, Instant, Line, Schema, Text, clean_text, read_day

MOST_MEASURES = 50  # in one body; the catalogue has fewer
LONGEST_CODE = 40


class Felt(Instant):
    """An instant that keeps the phone's own offset, in whole minutes, both ways."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dt.datetime:
        instant: dt.datetime = super()._deserialize(value, attr, data, **kwargs)
        offset = dt.datetime.fromisoformat(value.upper()).utcoffset()
        assert offset is not None
        # Towards zero: rounded down, -23:59:30 would be a whole day, which is no offset.
        minutes = int(offset.total_seconds() / 60)
        return instant.astimezone(dt.timezone(dt.timedelta(minutes=minutes)))


class _ByMeasure(fields.Field[dict[str, Any]]):
    """An object with measures' codes as keys."""

    of_each: Mapping[str, Any] = {}

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_none", True)
        options.setdefault("metadata", {"type": "object", "additionalProperties": dict(self.of_each)})
        super().__init__(**options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise ma.ValidationError(_("Send an object with the measures' codes as keys"))
        if len(value) > MOST_MEASURES:
            raise ma.ValidationError(_("Send %(most)s measures or fewer", most=MOST_MEASURES))
        for code, inner in value.items():
            clean_text(code, LONGEST_CODE)
            self.check(inner)
        return value

    def check(self, inner: Any) -> None:
        """Whether one inner value has a shape that can be kept.

        :raises marshmallow.ValidationError: it has not.
        """
        if isinstance(inner, str):
            clean_text(inner, LONGEST_CODE)
        elif inner is not None:
            raise ma.ValidationError(_("Send text"))


class Values(_ByMeasure):
    """``{measure: value}``: numbers, true / false, codes; null is "not answered"."""

    of_each = {"type": ["number", "boolean", "string", "null"]}  # noqa: RUF012 - never changed

    def check(self, inner: Any) -> None:
        if isinstance(inner, int | float):
            if not math.isfinite(inner):
                raise ma.ValidationError(_("Send a number"))
        elif isinstance(inner, str | None):
            super().check(inner)
        else:
            raise ma.ValidationError(_("Send a number, true, false or a code"))


class Codes(_ByMeasure):
    """``{measure: code}``: tags or units."""

    of_each = {"type": ["string", "null"]}  # noqa: RUF012 - never changed


class EntrySchema(Schema):
    """One diary entry. ``confirmed`` names measures whose unlikely values are right; it is no part of what is kept."""

    id = Id(dump_only=True)
    experienced_at = Felt(required=True)
    recorded_at = Instant(load_default=None)
    received_at = Instant(dump_only=True)
    values = Values(load_default=None)
    tags = Codes(load_default=None)
    units = Codes(load_default=None, load_only=True)
    note = Text(load_default=None)
    corrects = Id(load_default=None, allow_none=True)
    confirmed = fields.List(
        Line(longest=LONGEST_CODE, required=True),
        load_default=None,
        allow_none=True,
        load_only=True,
        validate=validate.Length(max=MOST_MEASURES),
    )
    flags = fields.List(fields.String(), dump_only=True)
    written_by = Id(dump_only=True)


class EntryListSchema(Schema):
    """A page of entries, newest first."""

    items = fields.List(fields.Nested(EntrySchema))
    next_cursor = fields.String(allow_none=True)


class DayOrInstant(fields.Field[dt.date | dt.datetime]):
    """``2026-10-06`` or ``2026-10-06T19:40:00+01:00``."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_none=True, metadata={"type": "string"}, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dt.date | dt.datetime:
        if not isinstance(value, str):
            raise ma.ValidationError(_("Send a date such as 2026-10-06"))
        if "T" not in value.upper():
            return read_day(value)
        # A "+" that nobody escaped arrives as a space.
        return Instant()._deserialize(value.replace(" ", "+"), attr, data)


class EntryQuery(PageQuery):
    """``from`` and ``to``: days (both included) or instants (from ≤ t < to)."""

    start = DayOrInstant(data_key="from", load_default=None)
    end = DayOrInstant(data_key="to", load_default=None)


class TrackersSchema(Schema):
    """Codes of measures, in the patient's own order."""

    measures = fields.List(
        Line(longest=LONGEST_CODE, required=True), required=True, validate=validate.Length(max=MOST_MEASURES)
    )


class MeasureSchema(Schema):
    """One measure: ``likely`` and ``possible`` are inclusive ranges in ``unit``; ``words`` stand at a ruler's ends."""

    id = fields.String()
    code = fields.String()
    name = fields.String()
    question = fields.String()
    hint = fields.String()
    kind = fields.String()
    unit = fields.String()
    decimals = fields.Integer()
    likely = fields.List(fields.Float(), allow_none=True)
    possible = fields.List(fields.Float(), allow_none=True)
    words = fields.Dict(keys=fields.String(), values=fields.String(), allow_none=True)
    choices = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))
    tags = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))
    other_units = fields.List(fields.String())
    conditions = fields.List(fields.String())
    shared = fields.Boolean()
    mood = fields.Boolean()
    clinically_approved = fields.Boolean()
    version = fields.String()


class MeasureListSchema(Schema):
    """The catalogue."""

    items = fields.List(fields.Nested(MeasureSchema))
    next_cursor = fields.String(allow_none=True)
