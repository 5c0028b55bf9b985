"""What may be stored under a measure: kind, decimals, the possible range, and "Is 690 right?" outside the likely one."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from typing import Any

from flask_babel import gettext as _

from selfcare.diaries.measures import Measure, Unit, Value
from selfcare.errors import Invalid, NeedsConfirming


def read_values(
    measures: Mapping[str, Measure],
    given: Mapping[str, Any],
    *,
    units: Mapping[str, str],
    confirmed: Collection[str],
) -> dict[str, Value]:
    """The values as they are stored: in the measure's own unit; what is null was not answered and is left out.

    :param measures: those that this person may write here, by code.
    :param units: measure code → the unit the number was typed in, where it is not the measure's own.
    :param confirmed: codes whose unlikely values the person has said are right.
    :raises Invalid: no such measure, the wrong kind, or outside the possible range.
    :raises NeedsConfirming: possible but unlikely, and not confirmed.
    """
    values: dict[str, Value] = {}
    errors: dict[str, str] = {}
    questions: dict[str, str] = {}
    for code, value in given.items():
        measure = measures.get(code)
        if measure is None:
            errors[code] = _("There is no measure called %(code)s", code=code)
        elif value is not None:
            try:
                values[code] = _read(measure, value, units.get(code))
            except ValueError as problem:
                errors[code] = str(problem)
                continue
            if code not in confirmed and not _likely(measure, values[code]):
                questions[code] = _("Is %(number)s right?", number=_as_typed(measure, value, units.get(code)))
    errors |= {
        code: _("There is no measure called %(code)s", code=code) for code in units if code not in measures
    }
    if errors:
        raise Invalid(errors)
    if questions:
        raise NeedsConfirming(questions)
    return values


def read_tags(
    measures: Mapping[str, Measure], given: Mapping[str, Any], values: Mapping[str, Value]
) -> dict[str, str]:
    """Tags of the values, such as when in relation to a meal; null ones are left out.

    :raises Invalid: the measure has no such tag, or no value that it could belong to.
    """
    tags: dict[str, str] = {}
    errors: dict[str, str] = {}
    for code, tag in given.items():
        measure = measures.get(code)
        known = [each for each, _words in measure.tag.choices] if measure and measure.tag else []
        if tag is None:
            continue
        if tag not in known:
            errors[f"tags.{code}"] = _("There is no such tag")
        elif code in values:
            tags[code] = tag
    if errors:
        raise Invalid(errors)
    return tags


def _read(measure: Measure, value: Any, unit: str | None) -> Value:
    if measure.kind == "yes_no":
        if not isinstance(value, bool):
            raise ValueError(_("%(name)s must be true or false", name=measure.name))
        return value
    if measure.kind == "choice":
        if not isinstance(value, str) or value not in [code for code, *_words in measure.choices_]:
            raise ValueError(_("Choose one of the answers"))
        return value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(_("%(name)s must be a number", name=measure.name))
    return _read_number(measure, value, _unit(measure, unit))


def _unit(measure: Measure, wanted: str | None) -> Unit | None:
    if wanted is None or wanted == measure.unit_:
        return None
    for unit in measure.other_units:
        if unit.unit == wanted:
            return unit
    raise ValueError(_("There is no such unit for this"))


def _read_number(measure: Measure, value: float, unit: Unit | None) -> Value:
    assert measure.possible is not None
    factor = unit.divide_by if unit else 1
    low, high = measure.possible
    ours = value / factor
    if not low <= ours <= high:
        raise ValueError(
            _(
                "%(name)s must be between %(low)s and %(high)s",
                name=measure.name,
                low=f"{low * factor:,g}",
                high=f"{high * factor:,g}" + _said_unit(measure, unit),
            )
        )
    if unit is None and round(value, measure.decimals) != value:
        if measure.decimals == 0:
            raise ValueError(_("%(name)s must be a whole number", name=measure.name))
        example = f"{round(value, measure.decimals):g}"
        raise ValueError(
            _("%(name)s must have 1 decimal, such as %(example)s", name=measure.name, example=example)
        )
    rounded = round(ours, measure.decimals)
    return int(rounded) if measure.decimals == 0 else float(rounded)


def _said_unit(measure: Measure, unit: Unit | None) -> str:
    """The unit, where there is more than one that could be meant."""
    return f" {unit.unit if unit else measure.unit}" if measure.other_units else ""


def _as_typed(measure: Measure, value: Any, unit: str | None) -> str:
    return f"{value:g}" + _said_unit(measure, _unit(measure, unit))


def _likely(measure: Measure, value: Value) -> bool:
    if measure.likely is None or isinstance(value, bool | str):
        return True
    return measure.likely[0] <= value <= measure.likely[1]
