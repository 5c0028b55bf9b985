"""What reminders can be about. Each room below brings its own source; ``app`` registers them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Protocol

from flask_babel import gettext as _

from selfcare.people.access import Record
from selfcare.people.due import Due


class Source(Protocol):
    """One kind of thing to be reminded about. ``key`` names which one of its kind ("" where there is only one)."""

    kind: str

    def exists(self, record: Record, key: str) -> bool:
        """Whether this record has it."""

    def done(self, dues: Sequence[Due]) -> set[uuid.UUID]:
        """Ids of those that are done already; one statement for all."""

    def path(self, key: str) -> str:
        """The exact page that a tap opens."""

    def label(self, record: Record, key: str) -> str:
        """What it is called on its owner's own page."""


_sources: dict[str, Source] = {}


def add(source: Source) -> None:
    """Make a kind known."""
    _sources[source.kind] = source


def find(kind: str) -> Source | None:
    """The source of a kind."""
    return _sources.get(kind)


def everything() -> list[Source]:
    """All sources, in the order in which they were added."""
    return list(_sources.values())


def split(about: str) -> tuple[str, str]:
    """``"goal:1234"`` → ``("goal", "1234")``; ``"diary"`` → ``("diary", "")``."""
    kind, _colon, key = about.partition(":")
    return kind, key


def exists(record: Record, about: str) -> bool:
    """Whether there is such a thing in this record."""
    kind, key = split(about)
    source = find(kind)
    return source is not None and source.exists(record, key)


def path(about: str) -> str:
    """Where a tap leads; Today where the kind is no longer known."""
    kind, key = split(about)
    source = find(kind)
    return source.path(key) if source is not None else "/"


def label(record: Record, about: str) -> str:
    """What it is called on its owner's own page; a plain word where it is no longer there."""
    kind, key = split(about)
    source = find(kind)
    if source is None or not source.exists(record, key):
        return _("Something you have finished")
    return source.label(record, key)


def choices(record: Record) -> list[tuple[str, str]]:
    """What a new reminder can be about without naming one of many: (about, label)."""
    return [(one.kind, one.label(record, "")) for one in everything() if one.exists(record, "")]
