"""The one page on paper: what fits on an A4 sheet, and what goes first when it does not (docs/decisions/0048)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from flask_babel import gettext as _
from flask_babel import ngettext

from selfcare.agendas.summary import Summary

# More than this does not fit beside the words: the first in the patient's own order stay.
MOST_GOALS, MOST_CHARTS, MOST_NOTES, MOST_QUESTIONNAIRES = 4, 6, 8, 3
CHARTS_ON_FULL = 3

# How much stands on the paper, counted in characters of the patient's list. A line break costs a line; a second row of goals
# or of charts takes the height of so many characters.
LINE, GOALS_ROW, CHARTS_ROW = 80, 400, 550

# Beyond so many the print gets smaller type, then loses part 7, then part 6 (method.md: when it overflows cut 7, then 6,
# never 2); the longest usual list gets the smallest type, and beside more than that only the first 3 charts stay. Words
# that fill the sheet alone have it alone, and go on overleaf. tests/agendas/test_print.py holds it to one page in Chromium.
LONGEST = 1150  # from here on line breaks are drawn as spaces
STEPS = (
    (250, "sc-a4--long"),
    (620, "sc-a4--no7"),
    (760, "sc-a4--no6"),
    (LONGEST, "sc-a4--longest"),
    (2600, "sc-a4--full"),
    (4200, "sc-a4--words"),
)


@dataclass(frozen=True)
class Paper:
    """How one page goes on paper.

    :param steps: how many of ``STEPS`` it takes.
    :param has_all_letters: False where the PDF's fonts lack letters that the patient wrote.
    """

    page: Summary
    steps: int
    has_all_letters: bool = True

    @property
    def classes(self) -> str:
        """What the sheet's style needs to know of how much there is to print."""
        return " ".join(name for _least, name in STEPS[: self.steps])

    def smaller(self) -> Paper | None:
        """The same with one thing less on it; None where nothing of ours is left to leave out."""
        return replace(self, steps=self.steps + 1) if self.steps < len(STEPS) else None

    @property
    def more_online(self) -> list[str]:
        """What the paper leaves out and the screen has, in words; empty where everything fits."""
        return list(self._left_out())

    def _left_out(self) -> Iterator[str]:
        parts, without = self.page.parts, self._without
        words_alone = without("sc-a4--words")
        goals = len(parts["goals"]) - (0 if words_alone else MOST_GOALS)
        charts = CHARTS_ON_FULL if without("sc-a4--full") else MOST_CHARTS
        charts = len(parts["diary"]) - (0 if words_alone else charts)
        notes = len(parts["notes"]) - MOST_NOTES
        if words_alone:
            yield _("their words in larger type, line by line")
        if not self.has_all_letters:
            yield _("letters that are boxes here")
        if goals > 0:
            yield ngettext("%(num)s goal", "%(num)s goals", goals)
        if charts > 0:
            yield ngettext("%(num)s chart", "%(num)s charts", charts)
        if without("sc-a4--no7") and self.page.changes:
            yield _("what changed")
        if without("sc-a4--no6") and parts["notes"]:
            yield _("medicines and notes")
        elif notes > 0:
            yield ngettext("%(num)s note", "%(num)s notes", notes)
        answered = len(parts["questionnaires"]) - (0 if without("sc-a4--longest") else MOST_QUESTIONNAIRES)
        if answered > 0:
            yield ngettext("%(num)s questionnaire", "%(num)s questionnaires", answered)

    def _without(self, step: str) -> bool:
        return any(name == step for _least, name in STEPS[: self.steps])


def of(page: Summary) -> Paper:
    """How a page goes on paper, by how much the patient wrote. A browser's print has only this; a PDF is measured besides."""
    words = [item.text for item in page.items] + [each.text for each in page.look_back]
    much = sum(_length(text) for text in words)
    if len(page.parts["goals"]) > 2:
        much += GOALS_ROW
    if len(page.parts["diary"]) > 3:
        much += CHARTS_ROW
    lines = LINE * sum(text.count("\n") for text in words)
    return Paper(page, sum(much + (lines if least <= LONGEST else 0) > least for least, _name in STEPS))


def _length(text: str) -> int:
    """Characters, of which wide ones (Chinese, emoji) count twice."""
    return len(text) + sum(unicodedata.east_asian_width(letter) in "WF" for letter in text)
