"""What one questionnaire is: its structure and its scoring. Its wording is its owner's and comes from elsewhere (``texts.py``)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from selfcare.packs import Pack

SUM, MEAN = "sum", "mean"
SCORINGS = (SUM, MEAN)


@dataclass(frozen=True)
class Band:
    """From this score on, the word that the care team reads. Empty where the instrument has none."""

    least: float
    word_: str

    @property
    def word(self) -> str:
        """The word in the reader's language."""
        return _(self.word_) if self.word_ else ""


@dataclass(frozen=True)
class Instrument:
    """One questionnaire.

    :param title: what clinicians call it. ``name`` and ``about`` are our words for the patient.
    :param items: how many items are scored; every answer is a whole number from ``least`` to ``most``.
    :param scoring: ``sum`` or ``mean`` of the answers, times ``factor``.
    :param most_missing: how many items may be left out; with more there is no score. A missing item never counts as 0.
    :param reliable_change: a difference of two scores that is more than chance; None where none is published.
    :param meaningful_fall: the same as a share of the first score (0.3 is 30%).
    :param crisis_item: an answer above 0 to this item (from 1) brings the crisis card, whatever the total.
    :param needs_reader: offered only where a team has said who reads it and within how many days, else ``instead`` is.
    :param text_of: the questionnaire whose text holds these items, the first ones of it.
    :param text_hash: the wording that was signed off; empty where none was yet.
    :param published: a file of a package that set-up installs and that holds the text, under ``node_modules``.
    """

    code: str
    title: str
    name_: str
    about_: str
    used_for_: str
    items: int
    least: int
    most: int
    scoring: str
    factor: float
    most_missing: int
    bands: tuple[Band, ...]
    reliable_change: float | None
    meaningful_fall: float | None
    crisis_item: int | None
    mood: bool
    needs_reader: bool
    instead: str | None
    conditions: tuple[str, ...]
    text_of: str
    text_hash: str
    published: str
    source: str
    remark: str
    loinc: str | None
    snomed: str | None
    pack: Pack

    @property
    def name(self) -> str:
        """Its name for the patient."""
        return _(self.name_)

    @property
    def about(self) -> str:
        """What it asks, in a sentence."""
        return _(self.about_)

    @property
    def used_for(self) -> str:
        """What the score is used for, for the patient."""
        return _(self.used_for_)

    @property
    def highest(self) -> float:
        """The highest score there is."""
        return self.factor * self.most * (self.items if self.scoring == SUM else 1)

    def numbers(self) -> range:
        """The answers as numbers, lowest first."""
        return range(self.least, self.most + 1)
