"""The daily entry as an HTML form: a field for each tracker, made from the measures' data."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from selfcare import clock
from selfcare.diaries.measures import Measure, Value
from selfcare.diaries.service import Entry
from selfcare.edge.schemas import Choice, ClockTime, Day, Id, Line, Schema, Text
from selfcare.errors import Invalid

# What a form sends for "not answered"; it is stored as nothing at all.
NO_ANSWER = ("skip", "dont_know")
UNIT, TAG = "_unit", "_tag"
FIELDS = frozenset({"id", "day", "time", "note", "confirmed", "change", "measures", "more"})
SOON = dt.timedelta(minutes=5)  # a phone's clock may be a little ahead of ours

_NUMBER = re.compile(r"-?\d{1,9}([.]\d{1,6})?")


class Answer(ma.fields.Field[Value | None]):
    """What was typed or chosen for one measure: a number, true / false, a choice's code; None for "skip" and "I do not know"."""

    def __init__(self, measure: Measure) -> None:
        super().__init__(load_default=None, allow_none=True)
        self.measure = measure

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Value | None:
        text = str(value).strip()
        if text in NO_ANSWER:
            return None
        if self.measure.kind == "yes_no":
            if text not in ("yes", "no"):
                raise ma.ValidationError(_("Choose one of the answers"))
            return text == "yes"
        if self.measure.kind == "choice":
            return text
        return self._number(text)

    def _number(self, text: str) -> Value:
        """Digits of any script; a comma is a decimal point where there are decimals (7,2) and groups thousands where not (3,500)."""
        text = text.replace("\u00a0", "").replace(" ", "").replace("\u066b", ".")
        text = text.replace(",", "." if self.measure.decimals else "")
        if not _NUMBER.fullmatch(text):
            raise ma.ValidationError(_("%(name)s must be a number", name=self.measure.name))
        number = float(text)
        return int(number) if number.is_integer() else number


class EntryForm(Schema):
    """What every entry form has besides its trackers."""

    id = Id(required=True)
    day = Day(required=True, error_messages={"required": _l("Enter the day")})
    time = ClockTime(required=True, error_messages={"required": _l("Enter the time")})
    note = Text(load_default=None)
    confirmed = ma.fields.List(Line(longest=40, required=True), load_default=list)
    change = Line(load_default=None)


class TrackersForm(Schema):
    """What to keep track of. ``more``: the person has been asked and wants more than the usual five."""

    measures = ma.fields.List(Line(longest=40, required=True), load_default=list)
    more = Line(load_default=None)


def entry_form(measures: Iterable[Measure]) -> type[Schema]:
    """The schema of an entry form that asks these measures."""
    asked: dict[str, ma.fields.Field[Any]] = {}
    for measure in measures:
        asked[measure.code] = Answer(measure)
        if measure.other_units:
            units = (measure.unit_, *(unit.unit for unit in measure.other_units))
            asked[measure.code + UNIT] = Choice(units, load_default=None)
        if measure.tag:
            asked[measure.code + TAG] = Choice(
                tuple(code for code, _words in measure.tag.choices), load_default=None
            )
    made: type[Schema] = type("AskedForm", (EntryForm,), asked)
    return made


def empty_values(zone: str, day: dt.date | None = None) -> dict[str, Any]:
    """A new form: nothing chosen, the time is now on the patient's clock (on ``day``, if one is given)."""
    now = clock.local(clock.now(), zone)
    return {"id": str(uuid.uuid4()), "day": (day or now.date()).isoformat(), "time": now.strftime("%H:%M")}


def values_of(entry: Entry, measures: Iterable[Measure]) -> dict[str, Any]:
    """A form that shows what was written, to be corrected under a new id."""
    values: dict[str, Any] = {
        "id": str(uuid.uuid4()),
        "day": entry.experienced_on.isoformat(),
        "time": entry.experienced_at.strftime("%H:%M"),
        "note": entry.note or "",
    }
    for measure in measures:
        value = entry.values.get(measure.code)
        if isinstance(value, bool):
            values[measure.code] = "yes" if value else "no"
        elif value is not None:
            values[measure.code] = value
        if measure.code in entry.tags:
            values[measure.code + TAG] = entry.tags[measure.code]
    return values


def read(data: Mapping[str, Any], measures: Iterable[Measure], zone: str) -> dict[str, Any]:
    """What the service takes, from a form that has been read.

    :raises Invalid: the time has not come yet.
    """
    hour, minute = (int(part) for part in str(data["time"]).split(":"))
    # Where the clocks change: a time that does not exist counts by the offset before, one that exists twice is the first.
    felt = dt.datetime.combine(data["day"], dt.time(hour, minute), clock.zone(zone))
    if felt.astimezone(dt.UTC) > clock.now() + SOON:
        raise Invalid({"day": _("The day and time must be in the past")})
    measures = list(measures)
    answered = [m for m in measures if data.get(m.code) is not None]
    return {
        "experienced_at": felt,
        "values": {m.code: data[m.code] for m in answered},
        "units": {m.code: data[m.code + UNIT] for m in answered if data.get(m.code + UNIT)},
        "tags": {m.code: data[m.code + TAG] for m in answered if data.get(m.code + TAG)},
        "note": data["note"],
        "confirmed": data["confirmed"],
    }


def beside_fields(problem: Invalid, measures: Iterable[Measure]) -> Invalid:
    """The service's objections with the names of this form's fields."""
    first = next((measure.code for measure in measures), "note")
    names = {"experienced_at": "day", "values": first, "corrects": "note"}
    return Invalid(
        {names.get(field, field.removeprefix("tags.")): said for field, said in problem.errors.items()}
    )
