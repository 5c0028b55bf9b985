"""Ideas to start a goal from: by the person's conditions, or from another room (a video's "Try this as a goal").

An idea only starts the sentence; the goal is what the person makes of it. Things to do, never results, medicines or doses.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

SHOWN = 4


@dataclass(frozen=True)
class Idea:
    """One idea: a code for links and the sentence it starts."""

    code: str
    sentence: Any  # lazy text


FOR_EVERYBODY = (
    Idea("move", _l("Be a bit more active every week")),
    Idea("outside", _l("Get outside more often")),
    Idea("sleep", _l("Go to bed at the same time")),
    Idea("company", _l("See or ring somebody I like")),
    Idea("vegetables", _l("Eat vegetables with my main meal")),
    Idea("rest", _l("Take time to relax")),
)
BY_CONDITION: dict[str, tuple[Idea, ...]] = {
    "type_2_diabetes": (
        Idea("walk_after_meals", _l("Walk for a few minutes after a meal")),
        Idea("drinks", _l("Drink water instead of sweet drinks")),
        Idea("feet", _l("Look at my feet in the evening")),
    ),
    "msk_pain": (
        Idea("stretch", _l("Stretch gently, to move more easily")),
        Idea("pace", _l("Do jobs in small parts, with rests")),
        Idea("swim", _l("Move in water, where joints feel lighter")),
    ),
    "copd": (
        Idea("breathing", _l("Practise slow breathing")),
        Idea("short_walks", _l("Take short walks, with stops to rest")),
    ),
    "asthma": (
        Idea("action_plan", _l("Read my asthma action plan again")),
        Idea("warm_up", _l("Warm up before I exercise")),
    ),
    "depression": (
        Idea("one_thing", _l("Do 1 thing I used to enjoy")),
        Idea("morning", _l("Get up at the same time")),
    ),
}

# Prefix of a link (``?idea=video:ID``) → the sentence for a key of another room. ``app`` registers them.
_sources: dict[str, Callable[[str], str | None]] = {}


def add_source(prefix: str, sentence: Callable[[str], str | None]) -> None:
    """Let another room's things start a goal: ``sentence(key)`` gives the words, or None where there is no such thing."""
    _sources[prefix] = sentence


def starters(conditions: Sequence[str]) -> list[Idea]:
    """Four ideas: first one of each condition in turn, then ideas for everybody."""
    lists = [BY_CONDITION[code] for code in conditions if code in BY_CONDITION]
    found: list[Idea] = []
    for place in range(2):
        found += [ideas[place] for ideas in lists if len(ideas) > place]
    return (found[: SHOWN - 1] + list(FOR_EVERYBODY))[:SHOWN] if found else list(FOR_EVERYBODY[:SHOWN])


def sentence_of(code: str | None) -> str | None:
    """The sentence that an idea of a link starts, or None where nobody knows it."""
    if not code:
        return None
    for idea in (*FOR_EVERYBODY, *(each for ideas in BY_CONDITION.values() for each in ideas)):
        if idea.code == code:
            return str(idea.sentence)
    prefix, colon, key = code.partition(":")
    asked = [_sources[prefix]] if colon and prefix in _sources else [] if colon else list(_sources.values())
    return next((said for source in asked if (said := source(key if colon else code))), None)
