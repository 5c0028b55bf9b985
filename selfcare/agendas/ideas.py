"""Words that start a sentence. They come from a person's conditions, never from what somebody wrote.

Help matters more than the form (method.md): picks to tap, prompts to read out, and examples of what other people write. All of
them name a thing to talk about; none says what to think of it, and none names a medicine or a dose.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from flask_babel import lazy_gettext as _l

from selfcare.agendas.models import QUESTION, TOPIC

BY_CONDITION: dict[str, tuple[Any, ...]] = {
    "type_2_diabetes": (_l("Food"), _l("My blood sugar"), _l("Feet"), _l("Being active")),
    "msk_pain": (_l("Pain"), _l("Moving about"), _l("Jobs at home")),
    "copd": (_l("My breathing"), _l("Getting out"), _l("Getting tired")),
    "asthma": (_l("My breathing"), _l("My inhaler"), _l("Exercise")),
    "depression": (_l("Feeling low"), _l("Getting started"), _l("Seeing people")),
}
ALWAYS = (_l("Sleep"), _l("My medicines"), _l("Feeling low"), _l("Work and money"))
MOST = 9


def ideas_for(conditions: list[str]) -> list[str]:
    """At most nine: one of each of the person's conditions in turn, then those for everybody, none twice."""
    found = list(dict.fromkeys(map(str, _in_turn(BY_CONDITION, conditions))))
    always = [str(idea) for idea in ALWAYS]
    kept = [idea for idea in found if idea not in always][: MOST - len(always)]
    return kept + always


@dataclass(frozen=True)
class Prompt:
    """A question to read out, and the words that an answer begins with."""

    code: str
    asks: Any  # lazy text, and so are the next ones
    begins: Any
    kind: str = TOPIC


PROMPTS = (
    Prompt("hardest", _l("What has been hardest since last time?"), _l("The hardest thing has been")),
    Prompt("like", _l("What would you like to be able to do?"), _l("I would like to be able to")),
    Prompt(
        "ask",
        _l("Is there something you have been putting off asking?"),
        _l("I have been meaning to ask"),
        QUESTION,
    ),
)

# Invented. Said to be examples wherever they stand.
EXAMPLES: dict[str, tuple[Any, ...]] = {
    "type_2_diabetes": (
        _l("I get shaky before lunch if I walk. Should I eat first?"),
        _l("My family eats late. How do I fit in with that?"),
    ),
    "msk_pain": (
        _l("My knee wakes me up at night."),
        _l("I want to lift my grandson again."),
    ),
    "copd": (
        _l("The stairs at home are getting harder."),
        _l("I stay in because I worry about my breath."),
    ),
    "asthma": (
        _l("I cough when I run for the bus."),
        _l("I am not sure I use my inhaler the right way."),
    ),
    "depression": (
        _l("Mornings are the worst. I cannot get going."),
        _l("I have stopped seeing my friends."),
    ),
}
EXAMPLES_FOR_ALL = (
    _l("I am not sleeping, and I am tired all day."),
    _l("I do not know which of my tablets is for what."),
    _l("I look after my husband. There is no time for me."),
)
MOST_EXAMPLES = 4


def prompt_of(code: str | None) -> Prompt | None:
    """The prompt that a link names, or None where there is none."""
    return next((prompt for prompt in PROMPTS if prompt.code == code), None)


def examples_for(conditions: list[str]) -> list[str]:
    """What other people write: one of each of the person's conditions in turn, then what anybody might write."""
    found = [*_in_turn(EXAMPLES, conditions)][: MOST_EXAMPLES - 1]
    return [str(each) for each in (*found, *EXAMPLES_FOR_ALL)][:MOST_EXAMPLES]


def _in_turn(by_condition: dict[str, tuple[Any, ...]], conditions: Iterable[str]) -> list[Any]:
    lists: list[Sequence[Any]] = [by_condition[code] for code in conditions if code in by_condition]
    return [each for each in chain.from_iterable(zip_longest(*lists)) if each is not None]
