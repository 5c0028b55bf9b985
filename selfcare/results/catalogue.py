"""What one kind of result is: its words, its ranges and units, and how a value of it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from selfcare.edge.filters import number_words
from selfcare.packs import Pack

NUMBER, PAIR, CHOICE = "number", "pair", "choice"
KINDS = (NUMBER, PAIR, CHOICE)
VALUE = "value"  # the one part of a result that has one

Values = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """One number of a result: most have one, blood pressure has two. Ranges are inclusive, in the measure's own unit."""

    code: str
    name_: str
    likely: tuple[float, float]
    possible: tuple[float, float]

    @property
    def name(self) -> str:
        """``Systolic``."""
        return _(self.name_)


@dataclass(frozen=True)
class Unit:
    """Another unit of the same thing: ours is ``(typed - subtract) / divide_by``.

    ``slip``: numbers that were most likely meant in this unit although ours was named. ``taken``: whether a number sent in
    it is converted; where not, the unit only helps to say what went wrong.
    """

    unit: str
    words_: str
    divide_by: float
    subtract: float = 0
    slip: tuple[float, float] | None = None
    taken: bool = True

    @property
    def words(self) -> str:
        """How a sentence names it: "a percentage"."""
        return _(self.words_)

    def ours(self, typed: float) -> float:
        """The number in the measure's own unit."""
        return (typed - self.subtract) / self.divide_by


@dataclass(frozen=True)
class Choice:
    """One answer of a measure that is no number, and what it means in the patient's words."""

    code: str
    name_: str
    means_: str

    @property
    def name(self) -> str:
        """``Low risk``."""
        return _(self.name_)


@dataclass(frozen=True)
class Measure:
    """One kind of result. ``parts`` are its numbers, empty for a choice."""

    code: str
    name_: str
    plain_: str
    kind: str
    unit_: str
    decimals: int
    parts: tuple[Part, ...]
    choices: tuple[Choice, ...]
    other_units: tuple[Unit, ...]
    means_: tuple[str, ...]
    question_: str
    topic_: str
    loinc: str | None
    pack: Pack

    @property
    def name(self) -> str:
        """What the team calls it."""
        return _(self.name_)

    @property
    def plain(self) -> str:
        """What the patient reads above it."""
        return _(self.plain_)

    @property
    def unit(self) -> str:
        """Its own unit; empty for a choice."""
        return _(self.unit_) if self.unit_ else ""

    @property
    def question(self) -> str:
        """The prompt beside the result."""
        return _(self.question_)

    @property
    def topic(self) -> str:
        """Words that start a question for the visit."""
        return _(self.topic_)

    def means(self, values: Values) -> list[str]:
        """What it means, a few sentences: of the measure, and of this answer where it is a choice."""
        said = [_(each.means_) for each in self.choices if each.code == values.get(VALUE)]
        return said + [_(each) for each in self.means_]

    def write(self, values: Values) -> str:
        """A value as people read it, without its unit: ``58``, ``2.4``, ``132/84``, ``Low risk``."""
        if self.kind == CHOICE:
            return next((each.name for each in self.choices if each.code == values.get(VALUE)), "")
        pattern = "#,##0" + ("." + "#" * self.decimals if self.decimals else "")
        return "/".join(number_words(values[part.code], pattern) for part in self.parts)

    def write_with_unit(self, values: Values) -> str:
        """The same with its unit: ``58 mmol/mol``."""
        return f"{self.write(values)} {self.unit}" if self.unit else self.write(values)

    def describe(self) -> dict[str, Any]:
        """The measure as the API gives it."""
        return {
            "id": self.code,
            "code": self.code,
            "name": self.name,
            "kind": self.kind,
            "unit": self.unit_ or None,
            "decimals": self.decimals,
            "parts": [
                {
                    "code": part.code,
                    "name": part.name,
                    "likely": list(part.likely),
                    "possible": list(part.possible),
                }
                for part in self.parts
            ],
            "choices": [{"code": each.code, "words": each.name} for each in self.choices],
            "other_units": [unit.unit for unit in self.other_units if unit.taken],
            "clinically_approved": self.pack.approved,
            "version": self.pack.version,
        }
