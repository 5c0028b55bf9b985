"""What one measure is: its words, its ranges, and how a number of it is written."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _

from selfcare.edge.filters import number_words
from selfcare.packs import Pack

Value = int | float | bool | str

KINDS = ("ruler", "number", "count", "yes_no", "choice")
NUMERIC = ("ruler", "number", "count")

# What a sentence about a period names besides the usual: which end, or how it moved from first to last.
WORTH_SAYING = ("highest", "lowest", "both", "change", "nothing")


@dataclass(frozen=True)
class Unit:
    """Another unit a number may be typed in: ours is the typed number divided by ``divide_by``."""

    unit: str
    divide_by: float


@dataclass(frozen=True)
class Tag:
    """A second, small question beside a number, such as when in relation to a meal. ``choices`` are (code, words)."""

    question: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Axis:
    """The fixed y-range of a chart: ``low`` to ``high``, growing by ``grow`` where a value lies above.

    With ``around`` instead (weight), a range of at least that many units around what was written.
    """

    low: float = 0
    high: float = 10
    grow: float = 10
    around: float | None = None


@dataclass(frozen=True)
class Measure:
    """One thing a person can record. Words are given in the reader's language; ranges are inclusive, in ``unit``.

    ``likely``: outside it we ask "Is 690 right?". ``possible``: outside it is an error. Both are None for yes/no and choices.
    ``mood`` measures belong to ``Part.MOOD`` for carers. ``low_below``: numbers under it are marked with a shape and a word.
    """

    code: str
    name_: str
    spoken_: str
    question_: str
    hint_: str
    kind: str
    unit_: str
    decimals: int
    likely: tuple[float, float] | None
    possible: tuple[float, float] | None
    low_words_: str
    high_words_: str
    choices_: tuple[tuple[str, str, str], ...]
    conditions: tuple[str, ...]
    shared: bool
    mood: bool
    worth_saying: str
    axis: Axis
    low_below: float | None
    icon: str
    tag: Tag | None
    other_units: tuple[Unit, ...]
    loinc: str | None
    snomed: str | None
    pack: Pack

    @property
    def name(self) -> str:
        """What people call it: "Blood sugar"."""
        return _(self.name_)

    @property
    def spoken(self) -> str:
        """The same where a sentence begins with it: "Number of steps was 3,000 to 5,000 on most days"."""
        return _(self.spoken_) if self.spoken_ else self.name

    @property
    def question(self) -> str:
        """How it is asked in the diary."""
        return _(self.question_)

    @property
    def hint(self) -> str:
        """One line of help, or nothing."""
        return _(self.hint_) if self.hint_ else ""

    @property
    def unit(self) -> str:
        """The unit in words or signs; empty for rulers, yes/no and choices."""
        return _(self.unit_) if self.unit_ else ""

    @property
    def low_words(self) -> str:
        """What 0 means on a ruler."""
        return _(self.low_words_) if self.low_words_ else ""

    @property
    def high_words(self) -> str:
        """What 10 means on a ruler."""
        return _(self.high_words_) if self.high_words_ else ""

    @property
    def choices(self) -> list[tuple[str, str]]:
        """(code, words) of a choice, in order."""
        return [(code, _(words)) for code, words, _short in self.choices_]

    @property
    def short_choices(self) -> list[tuple[str, str]]:
        """(code, short words) of a choice, for an axis."""
        return [(code, _(short)) for code, _words, short in self.choices_]

    @property
    def is_number(self) -> bool:
        """Whether averages make sense."""
        return self.kind in NUMERIC

    @property
    def scale(self) -> str:
        """The line under a chart's title: "0 no pain, 10 worst pain", or the unit."""
        if self.kind == "ruler":
            return _("0 %(low)s, 10 %(high)s", low=self.low_words, high=self.high_words)
        return self.unit

    @property
    def asked_as(self) -> str:
        """What an answer looks like, for somebody who chooses what to track."""
        if self.kind == "yes_no":
            return _("Yes or no")
        if self.kind == "choice":
            return ", ".join(short for _code, short in self.short_choices)
        return self.scale if self.kind == "ruler" else _("A number, in %(unit)s", unit=self.unit)

    @property
    def column(self) -> str:
        """The heading of its numbers in a table."""
        return _("%(name)s, 0 to 10", name=self.name) if self.kind == "ruler" else self.unit or self.name

    def write(self, value: Value) -> str:
        """The value as people read it, without unit: ``7.2``, ``3,500``, ``Yes``, ``More than usual``.

        An average of whole numbers gets 1 decimal where it needs one.
        """
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if isinstance(value, str):
            return dict(self.choices).get(value, value)
        decimals = self.decimals
        if decimals == 0 and round(value, 1) != round(value):
            decimals = 1
        return number_words(value, "#,##0" + ("." + "0" * decimals if decimals else ""))

    def write_with_unit(self, value: Value) -> str:
        """The same with its unit: ``7.2 mmol/L``."""
        return f"{self.write(value)} {self.unit}" if self.unit else self.write(value)

    def write_tag(self, code: str) -> str:
        """The words of a tag: "Before eating"."""
        return _(dict(self.tag.choices).get(code, code)) if self.tag else code

    @property
    def language(self) -> str:
        """The language the reader gets it in: theirs where the pack has been reviewed in it, else English."""
        wanted = str(get_locale() or "en").split("_")[0]
        return wanted if wanted in self.pack.languages else "en"

    def describe(self) -> dict[str, Any]:
        """The measure as the API gives it."""
        return {
            "id": self.code,
            "code": self.code,
            "name": self.name,
            "question": self.question,
            "hint": self.hint,
            "kind": self.kind,
            "unit": self.unit_,
            "decimals": self.decimals,
            "likely": list(self.likely) if self.likely else None,
            "possible": list(self.possible) if self.possible else None,
            "words": {"low": self.low_words, "high": self.high_words} if self.kind == "ruler" else None,
            "choices": [{"code": code, "words": words} for code, words in self.choices],
            "tags": [{"code": code, "words": _(words)} for code, words in self.tag.choices]
            if self.tag
            else [],
            "other_units": [unit.unit for unit in self.other_units],
            "conditions": list(self.conditions),
            "shared": self.shared,
            "mood": self.mood,
            "clinically_approved": self.pack.approved,
            "version": self.pack.version,
        }
