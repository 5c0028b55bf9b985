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
from selfcare.videos.packs import Video
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
# Offered before there is a video in them: "Nothing in Turkish yet" is an honest answer.
FIRST = ("en", "tr", "es", "so", "bn")


@dataclass(frozen=True)
class Choice:
    """What the address asks for; unknown values count as not given. No ``condition`` is "For you"."""

    condition: str | None = None
    language: str | None = None
    length: int | None = None

    def query(self, **changes: Any) -> dict[str, Any]:
        """The same choice as a query, with changes; what is not chosen stays out of the address."""
        now = {"condition": self.condition, "language": self.language, "length": self.length} | changes
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
    language: Language | None
    languages: dict[str, Language]
    lengths: tuple[int, ...] = LENGTHS


def read_choice(args: Mapping[str, str]) -> Choice:
    """The choice in an address."""
    condition, language, length = args.get("condition"), args.get("language"), args.get("length")
    return Choice(
        condition if condition in CONDITIONS or condition == ALL else None,
        language if language in LANGUAGES else None,
        int(length) if length in [str(minutes) for minutes in LENGTHS] else None,
    )


def arrange(
    found: Iterable[Shown], choice: Choice, own_conditions: list[str], everything: Iterable[Video]
) -> Page:
    """Shelves for the chosen condition, or for the person's own ("For you"), then what is for everyone.

    :param found: the videos that match the choice of language and length.
    :param everything: all videos on show: what is offered to choose from stays the same whatever is chosen.
    """
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
    everything = list(everything)
    spoken = {code for video in everything for code in video.languages} | {choice.language}
    return Page(
        choice=choice,
        picks=_picks(choice, everything),
        shelves=shelves,
        language=LANGUAGES[choice.language] if choice.language else None,
        languages={code: name for code, name in LANGUAGES.items() if code in FIRST or code in spoken},
    )


def _picks(choice: Choice, videos: list[Video]) -> list[tuple[str | None, str, bool]]:
    """Conditions that have a video of their own, and the chosen one even when it has none."""
    there = [c for c in SHELVES if c == choice.condition or any(c in video.conditions for video in videos)]
    picks: list[tuple[str | None, str]] = [(None, _("For you"))]
    picks += [(condition, str(SHELVES[condition][1])) for condition in there]
    picks.append((ALL, _("All")))
    return [(condition, word, condition == choice.condition) for condition, word in picks]
