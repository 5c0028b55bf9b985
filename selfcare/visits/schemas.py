"""Shapes of visits, for JSON and for the two forms."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import fields

from selfcare import clock
from selfcare.edge.paging import PageQuery
from selfcare.edge.schemas import ClockTime, Day, Id, Instant, Line, Schema, Whole

LENGTHS = (10, 15, 20, 30, 45, 60)  # minutes, as surgeries book them
LONGEST = 480  # minutes
SOMEBODY_ELSE = "other"


class VisitsQuery(PageQuery):
    """Visits that start from one day to another, both included, on the patient's own calendar."""

    first = Day(data_key="from", load_default=None)
    last = Day(data_key="to", load_default=None)


class WithSchema(Schema):
    """Whom the visit is with."""

    name = fields.String(attribute="with_name")
    job_title = fields.Function(lambda visit: visit.clinician.job_title if visit.clinician else None)


class TeamSchema(Schema):
    """A care team."""

    id = Id()
    name = fields.String()


class VisitSchema(Schema):
    """One visit."""

    id = Id()
    starts_at = Instant()
    ends_at = Instant()
    minutes = Whole()
    place = fields.String(allow_none=True)
    status = fields.String()
    added_by = fields.String()
    with_ = fields.Nested(WithSchema, data_key="with", attribute="_self")
    team = fields.Nested(TeamSchema, allow_none=True)

    @ma.pre_dump
    def _whole(self, visit: Any, **_more: Any) -> Any:
        return _Shown(visit)


class _Shown:
    """A visit that also gives itself, since ``with`` is made of two of its fields."""

    def __init__(self, visit: Any) -> None:
        self._visit = visit

    def __getattr__(self, name: str) -> Any:
        return self._visit if name == "_self" else getattr(self._visit, name)


class VisitListSchema(Schema):
    """A page of visits, the earliest first."""

    items = fields.List(fields.Nested(VisitSchema))
    next_cursor = fields.String(allow_none=True)


class _DayAndTime(Schema):
    """What both forms ask: which visit this is, and when."""

    id = Id(required=True)
    day = Day(required=True, error_messages={"required": _l("Enter the date of the visit")})
    time = ClockTime(required=True, error_messages={"required": _l("Enter the time of the visit")})

    @ma.validates("day")
    def _not_far(self, day: dt.date, data_key: str) -> None:
        if day > clock.now().date() + dt.timedelta(days=3 * 366):
            raise ma.ValidationError(_("Check the year"))


class OwnVisitForm(_DayAndTime):
    """A visit that the patient notes. ``team`` is a team's id, or ``other`` with a name beside it."""

    team = Line(required=True, longest=36, error_messages={"required": _l("Select who the visit is with")})
    with_whom = Line(longest=80)
    place = Line(longest=120)


class BookForm(_DayAndTime):
    """A visit that a team books. ``clinician_id`` empty: whoever is there."""

    minutes = Whole(least=5, most=LONGEST, required=True, error_messages={"required": _l("Select how long")})
    team_id = Id(load_default=None)
    clinician_id = Id(load_default=None)
    place = Line(longest=120)
