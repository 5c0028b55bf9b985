"""From answers to a score, and from two scores to a fact. The rules are each instrument's own, as published."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import gettext as _

from selfcare.edge.filters import number_words
from selfcare.questionnaires.instruments import MEAN, Instrument


def score(instrument: Instrument, answers: Mapping[str, int | None]) -> float | None:
    """The score of these answers (item number → answer, None for one that was left out); None where too many are missing.

    A missing item is never scored as 0: a sum needs every item; a mean is that of the items there are.
    """
    given = [value for value in answers.values() if value is not None]
    if not given or instrument.items - len(given) > instrument.most_missing:
        return None
    total = sum(given)
    return instrument.factor * (total / len(given) if instrument.scoring == MEAN else total)


def band(instrument: Instrument, value: float) -> str:
    """The word for a score, for the care team. Empty where the instrument has none."""
    return next((each.word for each in reversed(instrument.bands) if value >= each.least), "")


def is_crisis(instrument: Instrument, answers: Mapping[str, int | None]) -> bool:
    """Whether the crisis card stands next: any answer above 0 to the item about harming oneself, whatever the total."""
    return instrument.crisis_item is not None and (answers.get(str(instrument.crisis_item)) or 0) > 0


def written(value: float) -> str:
    """``14`` or ``4.3``: means have one decimal."""
    return number_words(value, "0.#")


def of_highest(instrument: Instrument, value: float) -> str:
    """``14 of 27``."""
    return _("%(score)s of %(most)s", score=written(value), most=written(instrument.highest))


def is_more_than_chance(instrument: Instrument, now: float, before: float) -> bool | None:
    """Whether two scores differ by what is published as reliable or meaningful; None where nothing is published."""
    if instrument.reliable_change is not None:
        return abs(now - before) >= instrument.reliable_change
    if instrument.meaningful_fall is not None:
        return before > 0 and (before - now) / before >= instrument.meaningful_fall - 1e-9
    return None
