"""The "When to get help" cards: shown after a save and on the help page to everyone who has the condition, whatever they wrote.

They stand in data files with a reviewer. Unreviewed cards carry a label, and production shows none of them.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from selfcare.packs import Pack, read_head
from selfcare.people.conditions import CONDITIONS

FOLDER = Path(__file__).parent / "help"
KINDS = ("non-urgent", "urgent", "emergency")  # the kit's three care cards, mildest first


@dataclass(frozen=True)
class CareCard:
    """One card: its kind, a title, and steps or signs in short lines. Phone numbers are settings, never typed into a card."""

    condition: str
    kind: str
    title_: str
    steps_: tuple[str, ...]
    pack: Pack

    @property
    def title(self) -> str:
        """In the reader's language."""
        return _with_numbers(self.title_)

    @property
    def steps(self) -> list[str]:
        """In the reader's language."""
        return [_with_numbers(step) for step in self.steps_]


def _with_numbers(words: str) -> str:
    settings = current_app.config["SETTINGS"]
    numbers = {
        "emergency": settings.help_emergency,
        "urgent": settings.help_urgent,
        "samaritans": settings.help_samaritans,
    }
    return _(words, **numbers) if "%(" in words else _(words)


@cache
def all_cards(folder: Path = FOLDER) -> dict[str, tuple[CareCard, ...]]:
    """The cards of each condition. Read once a process.

    :raises ValueError: a file cannot be read.
    """
    found = (read_cards(source) for source in sorted(folder.glob("*.toml")))
    return {cards[0].condition: cards for cards in found if cards}


def read_cards(source: Path) -> tuple[CareCard, ...]:
    """The cards of one file.

    :raises ValueError: it is no TOML, or a field is missing or of the wrong kind.
    """
    try:
        given: dict[str, Any] = tomllib.loads(source.read_text("utf-8"))
        pack = read_head(given, given["condition"])
        return tuple(
            CareCard(given["condition"], card["kind"], card["title"], tuple(card["steps"]), pack)
            for card in given["cards"]
        )
    except KeyError as missing:
        raise ValueError(f"help/{source.name}: has no {missing.args[0]}") from None
    except (tomllib.TOMLDecodeError, TypeError) as problem:
        raise ValueError(f"help/{source.name}: {problem}") from None


def cards_for(conditions: list[str], *, mood: bool = False) -> list[CareCard]:
    """The cards for somebody with these conditions, emergencies first.

    :param mood: the person was just asked about their mood: the cards for hard times as well.
    """
    wanted = [*conditions, "depression"] if mood and "depression" not in conditions else conditions
    found = [card for condition in wanted for card in all_cards().get(condition, ())]
    if current_app.config["SETTINGS"].env == "production":
        found = [card for card in found if card.pack.approved]
    return sorted(found, key=lambda card: -KINDS.index(card.kind))


def check_cards(today: dt.date, folder: Path = FOLDER) -> list[str]:
    """What is wrong with the cards, one sentence each."""
    problems: list[str] = []
    for source in sorted(folder.glob("*.toml")):
        try:
            cards = read_cards(source)
        except ValueError as problem:
            problems.append(str(problem))
            continue
        said = []
        if not cards:
            problems.append(f"help/{source.name}: has no cards")
            continue
        if cards[0].condition != source.stem or source.stem not in CONDITIONS:
            said.append(f"{cards[0].condition!r} is not its file's name, or no condition")
        if cards[0].pack.review_date < today:
            said.append(f"its review date {cards[0].pack.review_date} has passed")
        said += [f"there is no card of the kind {card.kind!r}" for card in cards if card.kind not in KINDS]
        said += [f"{card.title_!r} has no lines" for card in cards if not card.steps_]
        problems += [f"help/{source.name}: {each}" for each in said]
    return problems
