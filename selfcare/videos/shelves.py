"""How the library page is arranged: shelves by condition, and the choices that narrow them.

What is offered comes from a person's conditions, never from what they wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from selfcare.people.conditions import CONDITIONS
from selfcare.videos.languages import LANGUAGES, Language
from selfcare.videos.service import Shown

# A shelf's heading, and the short word of its link at the top of the page.
SHELVES: dict[str, tuple[Any, Any]] = {
    "type_2_diabetes": (_l("For type 2 diabetes"), _l("Diabetes")),
    "msk_pain": (_l("For joint, back or muscle pain"), _l("Pain")),
    "copd": (_l("For COPD"), _l("COPD")),
    "asthma": (_l("For asthma"), _l("Asthma")),
    "depression": (_l("For depression"), _l("Depression")),
}
LENGTHS = (1, 3, 10)  # minutes
ALL = "all"


@dataclass(frozen=True)
class Choice:
    """What the address asks for; unknown values count as not given. ``condition`` None is "For you"."""

    condition: str | None = None
    language: str | None = None
    longest: int | None = None

    def query(self, **changes: Any) -> dict[str, Any]:
        """The same choice as a query, with changes; what is not chosen stays out of the address."""
        now = {"condition": self.condition, "language": self.language, "longest": self.longest} | changes
        return {name: value for name, value in now.items() if value is not None}


@dataclass(frozen=True)
class Shelf:
    """A heading and its videos."""

    heading: str
    videos: list[Shown]


@dataclass(frozen=True)
class Page:
    """Everything the library page shows. ``picks`` are (condition or None, word, is current)."""

    choice: Choice
    picks: list[tuple[str | None, str, bool]]
    shelves: list[Shelf]
    language: Language
    languages: dict[str, Language]
    lengths: tuple[int, ...] = LENGTHS


def read_choice(args: Mapping[str, str]) -> Choice:
    """The choice in an address."""
    condition, language, longest = args.get("condition"), args.get("language"), args.get("longest")
    return Choice(
        condition if condition in CONDITIONS or condition == ALL else None,
        language if language in LANGUAGES else None,
        int(longest) if longest in [str(length) for length in LENGTHS] else None,
    )


def arrange(found: Iterable[Shown], choice: Choice, own_conditions: list[str]) -> Page:
    """Shelves for the chosen condition, or for the person's own ("For you"), then what is for everyone."""
    videos = list(found)
    wanted = own_conditions if choice.condition is None else [choice.condition]
    if choice.condition == ALL:
        wanted = list(CONDITIONS)
    placed: set[str] = set()
    shelves = []
    for condition in wanted:
        on_shelf = [s for s in videos if condition in s.video.conditions and s.video.id not in placed]
        placed |= {s.video.id for s in on_shelf}
        if on_shelf and condition in SHELVES:
            shelves.append(Shelf(str(SHELVES[condition][0]), on_shelf))
    for_everyone = [s for s in videos if not s.video.conditions]
    if for_everyone:
        shelves.append(Shelf(_("For everyone"), for_everyone))
    return Page(
        choice=choice,
        picks=_picks(choice, videos),
        shelves=shelves,
        language=LANGUAGES[choice.language or "en"],
        languages=LANGUAGES,
    )


def _picks(choice: Choice, videos: list[Shown]) -> list[tuple[str | None, str, bool]]:
    """Conditions that have a video of their own, and the chosen one even when it has none."""
    there = [c for c in SHELVES if c == choice.condition or any(c in s.video.conditions for s in videos)]
    picks: list[tuple[str | None, str]] = [(None, _("For you"))]
    picks += [(condition, str(SHELVES[condition][1])) for condition in there]
    picks.append((ALL, _("All")))
    return [(condition, word, condition == choice.condition) for condition, word in picks]
