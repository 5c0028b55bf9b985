"""The boxes for results on a page: one a number, one list a choice; empty boxes are nothing."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from selfcare.edge.forms import Form
from selfcare.edge.schemas import Line, Schema
from selfcare.errors import Invalid
from selfcare.results import packs, ranges
from selfcare.results.catalogue import CHOICE, PAIR, VALUE, Measure
from selfcare.results.models import Result
from selfcare.results.schemas import LONGEST, TakenForm

_LONGEST_NUMBER = 20


def box(measure: Measure, part: str = VALUE) -> str:
    """The name of a box: ``hba1c``, ``blood_pressure_diastolic``. The first box of a measure has its code, for error links."""
    first = not measure.parts or measure.parts[0].code == part
    return measure.code if first else f"{measure.code}_{part}"


@cache
def schema_for(*codes: str, correcting: bool = False) -> type[Schema]:
    """The form with the boxes of these measures; with a reason where one result is corrected."""
    boxes: dict[str, Any] = {}
    for code in codes:
        measure = packs.catalogue()[code]
        for part in [each.code for each in measure.parts] or [VALUE]:
            boxes[box(measure, part)] = Line(longest=_LONGEST_NUMBER, load_default=None)
    if correcting:
        say = _l("Say why it is corrected")
        boxes["reason"] = Line(required=True, longest=LONGEST, empty=say)
        boxes["taken_back"] = Line(longest=10, load_default=None)
    return type("ResultsForm", (TakenForm,), boxes)


def empty(today: dt.date) -> dict[str, Any]:
    """What a new form begins with: today, and an id that all that is sent from it comes back to."""
    return {"id": str(uuid.uuid4()), "taken_on": today.isoformat()}


def values_of(row: Result, measure: Measure) -> dict[str, Any]:
    """The form that corrects a result begins with what it says."""
    filled = {box(measure, part): measure_text(value) for part, value in row.values.items()}
    return {"id": str(uuid.uuid4()), "taken_on": row.taken_on.isoformat(), **filled}


def measure_text(value: Any) -> str:
    """A stored value as it stands in a box."""
    return value if isinstance(value, str) else f"{value:g}"


def read(form: Form, measures: Iterable[Measure]) -> list[dict[str, Any]]:
    """The filled boxes as arguments of ``service.record_result``. Ids come from the form's own, so a form sent twice stores once.

    :raises Invalid: nothing is filled.
    """
    data = form.data
    found = []
    for measure in measures:
        typed = {part: data[box(measure, part)] for part in _parts(measure) if data[box(measure, part)]}
        if not typed:
            continue
        found.append(
            {
                "measure": measure.code,
                "taken_on": data["taken_on"],
                "unit": measure.unit_ or None,
                "confirmed": data["confirmed"],
                **_value(measure, typed),
                "result_id": uuid.uuid5(data["id"], measure.code),
            }
        )
    if not found:
        raise Invalid({next(iter(packs.catalogue())): _("Enter at least 1 result")})
    return found


def _parts(measure: Measure) -> Sequence[str]:
    return [part.code for part in measure.parts] or [VALUE]


def _value(measure: Measure, typed: dict[str, str]) -> dict[str, Any]:
    if measure.kind == PAIR:
        return {"values": {part: ranges.number_of(text) for part, text in typed.items()}}
    if measure.kind == CHOICE:
        return {"value": typed[VALUE]}
    return {"value": ranges.number_of(typed[VALUE])}


def typed(form: Form) -> list[tuple[str, str]]:
    """Everything in the form, to be carried along while something is asked."""
    return [
        (name, each)
        for name, value in form.values.items()
        if name not in ("change", "confirmed")
        for each in (value if isinstance(value, list) else [value])
        if each
    ]
