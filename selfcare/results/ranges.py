"""What may be stored under a measure: its unit, its decimals, the possible range, and "Is 190 right?" outside the likely one."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from selfcare.edge.filters import plain_number
from selfcare.errors import Invalid
from selfcare.results.catalogue import CHOICE, PAIR, VALUE, Measure, Part, Unit

_NUMBER = re.compile(r"-?[0-9]{1,9}(?:\.[0-9]{1,6})?")
_ALIKE = str.maketrans({"²": "2", "µ": "u", "μ": "u"})


@dataclass(frozen=True)
class Read:
    """A value as it is stored. ``question`` is what to ask where it is possible but unlikely, else empty."""

    values: dict[str, Any]
    sent: dict[str, Any] | None
    question: str


def read(measure: Measure, given: Any, unit: str | None) -> Read:
    """The value in the measure's own unit.

    :param given: a number, ``{"systolic": 132, "diastolic": 84}`` or ``"132/84"``, or a choice's code.
    :param unit: the unit it is in; a number without one is refused, since numbers alone are what gets mixed up.
    :raises Invalid: an unknown unit, the wrong kind, not in order, or outside the possible range.
    """
    if measure.kind == CHOICE:
        if unit:
            raise Invalid({"unit": _("%(name)s has no unit", name=measure.name)})
        return Read({VALUE: _choice(measure, given)}, None, "")
    other = _unit(measure, unit)
    typed = _numbers(measure, given)
    values = {part.code: _number(measure, part, typed[part.code], other) for part in measure.parts}
    if measure.kind == PAIR:
        first, second = measure.parts
        if values[first.code] <= values[second.code]:
            said = _("%(first)s must be higher than %(second)s", first=first.name, second=second.name.lower())
            raise Invalid({"value": said})
    unlikely = [part for part in measure.parts if not part.likely[0] <= values[part.code] <= part.likely[1]]
    sent = {"value": typed if measure.kind == PAIR else typed[VALUE], "unit": other.unit} if other else None
    question = _("Is %(number)s right?", number=measure.write_with_unit(values)) if unlikely else ""
    return Read(values, sent, question)


def from_text(measure: Measure, text: str) -> Any:
    """What somebody typed in a form or file, as :func:`read` takes it: ``"58"`` → 58, ``"132/84"``, ``"Low risk"`` → ``low``.

    What is none of these stays text, and is refused there.
    """
    text = text.strip()
    if measure.kind == CHOICE:
        known = {each.name.casefold(): each.code for each in measure.choices}
        return known.get(text.casefold(), text.casefold())
    if measure.kind == PAIR:
        return text
    return number_of(text)


def number_of(text: str) -> Any:
    """The number in a text; the text itself where it is none. Surrounding space does not matter."""
    text = text.strip()
    if not _NUMBER.fullmatch(text):
        return text
    return float(text) if "." in text else int(text)


def _choice(measure: Measure, given: Any) -> str:
    known = [each.code for each in measure.choices]
    if not isinstance(given, str) or given not in known:
        raise Invalid({"value": _("Choose one of: %(codes)s", codes=", ".join(known))})
    return given


def _unit(measure: Measure, unit: str | None) -> Unit | None:
    """The unit to convert from; None for the measure's own.

    :raises Invalid: there is none, or it is not one that is taken.
    """
    if not unit or not unit.strip():
        raise Invalid({"unit": _("Send the unit: %(unit)s", unit=measure.unit)})
    if _alike(unit) == _alike(measure.unit_):
        return None
    for other in measure.other_units:
        if other.taken and _alike(unit) == _alike(other.unit):
            return other
    raise Invalid({"unit": _("%(name)s must be in %(unit)s", name=measure.name, unit=measure.unit)})


def _alike(unit: str) -> str:
    """``mL/min/1.73m2`` and ``mL/min/1.73 m²`` are one unit, ``mmol/mol`` and ``mmol/L`` are two."""
    return "".join(unit.split()).translate(_ALIKE).casefold()


def _numbers(measure: Measure, given: Any) -> dict[str, float]:
    if measure.kind == PAIR:
        if isinstance(given, str) and given.count("/") == 1:
            given = dict(
                zip((part.code for part in measure.parts), map(number_of, given.split("/")), strict=True)
            )
        if not isinstance(given, dict) or given.keys() != {part.code for part in measure.parts}:
            raise Invalid({"value": _("%(name)s: enter both numbers", name=measure.name)})
    else:
        given = {VALUE: given}
    for part in measure.parts:
        value = given[part.code]
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Invalid({"value": _("%(name)s must be a number", name=_called(measure, part))})
    return dict(given)


def _number(measure: Measure, part: Part, typed: float, other: Unit | None) -> float:
    name = _called(measure, part)
    low, high = part.possible
    ours = other.ours(typed) if other else typed
    if not low <= ours <= high:
        limits = {"low": plain_number(low), "high": plain_number(high), "unit": measure.unit}
        said = _("%(name)s must be between %(low)s and %(high)s %(unit)s", name=name, **limits)
        if hint := _slip(measure, typed, other):
            said = f"{said}. {hint}"
        raise Invalid({"value": said})
    if other is None and round(typed, measure.decimals) != typed:
        if measure.decimals == 0:
            raise Invalid({"value": _("%(name)s must be a whole number", name=name)})
        example = plain_number(round(typed, measure.decimals))
        raise Invalid(
            {"value": _("%(name)s has too many decimals. Use %(example)s", name=name, example=example)}
        )
    rounded = round(ours, measure.decimals)
    # A number at the edge of the range must not leave it by rounding.
    rounded = min(max(rounded, low), high)
    return int(rounded) if float(rounded).is_integer() else float(rounded)


def _slip(measure: Measure, typed: float, other: Unit | None) -> str:
    """The unit that was most likely meant, where ours was named: 7.2 is a percentage."""
    if other is not None:
        return ""
    for unit in measure.other_units:
        if unit.slip and unit.slip[0] <= typed <= unit.slip[1]:
            ours = plain_number(round(unit.ours(typed), measure.decimals))
            return _(
                "%(typed)s looks like %(words)s, which would be %(ours)s %(unit)s",
                typed=plain_number(typed),
                words=unit.words,
                ours=ours,
                unit=measure.unit,
            )
    return ""


def _called(measure: Measure, part: Part) -> str:
    return part.name if measure.kind == PAIR else measure.name
