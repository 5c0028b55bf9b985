"""Shapes of reminders and quiet hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from selfcare.clock import WEEKDAYS
from selfcare.edge.paging import PageQuery
from selfcare.edge.schemas import Choice, ClockTime, Id, Instant, Line, Schema, TimeZone, YesOrNo, read_day

MOST_TIMES = 12  # a day; more is an alarm clock

SNOOZES = ("1_hour", "this_evening", "tomorrow")


class Until(ma.fields.Field[str]):
    """A date, or an instant with offset; kept as it was written."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if not isinstance(value, str):
            raise ma.ValidationError(_("Send a date such as 2026-10-06"))
        if len(value) == 10:
            return read_day(value).isoformat()
        Instant().deserialize(value)
        return value


class Moment(ma.fields.Field[dt.datetime | dt.date]):
    """An instant, or a date that stands for its first instant; in a query, where "+" may have become a blank."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> dt.datetime | dt.date:
        if len(str(value)) == 10:
            return read_day(str(value))
        found = Instant().deserialize(str(value).replace(" ", "+"))
        assert isinstance(found, dt.datetime)
        return found


class ReminderSchema(Schema):
    """A wish: what about, when, how. ``days`` null is every day; ``time_zone`` is the person's own if absent."""

    id = fields.UUID(dump_only=True)
    about = Line(required=True, longest=60, empty=_l("Choose what to be reminded about"))
    times = fields.List(
        ClockTime(),
        required=True,
        validate=validate.Length(1, MOST_TIMES, error=_l("Choose 1 to 12 times")),
    )
    days = fields.List(
        Choice(WEEKDAYS, required=True, say=_l("Choose days such as mon")),
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 7, error=_l("Choose at least 1 day")),
    )
    time_zone = TimeZone(load_default=None, allow_none=True)
    channels = fields.List(
        Line(longest=20),
        load_default=None,
        allow_none=True,
        validate=validate.Length(1, 5, error=_l("Choose how to be reminded")),
    )
    active = YesOrNo(load_default=None, allow_none=True)
    paused_until = Until(load_default=None, allow_none=True)
    next_due_at = Instant(dump_only=True)
    written_by = fields.UUID(dump_only=True)
    received_at = Instant(dump_only=True)
    updated_at = Instant(dump_only=True)


class ReminderListSchema(Schema):
    """All reminders of a person."""

    items = fields.List(fields.Nested(ReminderSchema))
    next_cursor = fields.String(allow_none=True)


class OccurrenceQuery(PageQuery):
    """``from`` ≤ t < ``to``, instants or dates (their first instant in the reminder's zone); by default the next 7 days."""

    start = Moment(data_key="from", load_default=None)
    end = Moment(data_key="to", load_default=None)


class OccurrenceSchema(Schema):
    """One instant of the wish."""

    id = fields.UUID()
    due_at = Instant()
    local_date = fields.Date()
    local_time = fields.String()


class OccurrenceListSchema(Schema):
    """A page of instants, in order."""

    items = fields.List(fields.Nested(OccurrenceSchema))
    next_cursor = fields.String(allow_none=True)


class SnoozeSchema(Schema):
    """How long: ``1_hour`` (the default), ``this_evening``, ``tomorrow``."""

    until = Choice(SNOOZES, load_default="1_hour", say=_l("Choose 1_hour, this_evening or tomorrow"))


class SnoozeAnswerSchema(Schema):
    """When the reminder comes again."""

    id = fields.UUID()
    due_at = Instant()


class QuietHoursSchema(Schema):
    """Between these times the app adds nothing of its own. ``news``: whether it tells of something new by itself; absent leaves it."""

    begin = ClockTime(data_key="from", required=True)
    end = ClockTime(data_key="to", required=True)
    tells_news = YesOrNo(data_key="news", load_default=None, allow_none=True)


class ToldSchema(Schema):
    """What a phone says of a message: ``shown`` on its screen, ``acted`` on by a tap, or its buttons ``done`` and ``later``."""

    event = Choice(("shown", "acted", "done", "later"), required=True)


class ToldAnswerSchema(Schema):
    """``settled``: nothing is left to do; else open the page that the message leads to. ``comes_again_at``: after ``later``."""

    settled = fields.Boolean()
    comes_again_at = Instant()


class _Times(fields.List[str]):
    """The times of a form: boxes that were left empty are none."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[Any]:
        filled = [one for one in value if str(one).strip()] if isinstance(value, list) else value
        return super()._deserialize(filled, attr, data, **kwargs)


class ReminderForm(Schema):
    """The page's form. ``keep``: a time may stay although it lies in quiet hours; ``change``: back to the form."""

    id = Id(required=True)
    about = Line(required=True, longest=60, empty=_l("Choose what to be reminded about"))
    times = _Times(
        ClockTime(),
        required=True,
        validate=validate.Length(1, MOST_TIMES, error=_l("Enter a time such as 7pm")),
        error_messages={"required": _l("Enter a time such as 7pm")},
    )
    days = fields.List(
        Choice(WEEKDAYS, required=True, say=_l("Choose days such as Monday")), load_default=list
    )
    keep = Line(longest=3)
    change = Line(longest=3)


class QuietHoursForm(Schema):
    """The page's form."""

    begin = ClockTime(required=True, error_messages={"required": _l("Enter a time such as 9pm")})
    end = ClockTime(required=True, error_messages={"required": _l("Enter a time such as 8am")})
    tells_news = Choice(("yes",), load_default=None)
