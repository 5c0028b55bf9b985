"""What reminders can be about. Each room below brings its own source; ``app`` registers them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol, runtime_checkable

from flask_babel import gettext as _

from selfcare import clock
from selfcare.errors import NotFound
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


@runtime_checkable
class Markable(Source, Protocol):
    """A source of things that one word settles: "Done" on the lock screen says all there is to say."""

    def mark_done(self, record: Record, due: Due) -> None:
        """Write down that it is done on the due's own local day; said again it changes nothing.

        :raises NotFound: it is not there any more, or the actor may not.
        """


class Asked(Protocol):
    """An occurrence, as a row or in a worker's hands."""

    @property
    def id(self) -> uuid.UUID: ...
    @property
    def patient_id(self) -> uuid.UUID: ...
    @property
    def about(self) -> str: ...
    @property
    def local_date(self) -> dt.date: ...
    @property
    def time_zone(self) -> str: ...


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


def is_news(about: str) -> bool:
    """Whether the system tells of it by itself (``reminders.news``): only its owner's phones hear of it, and nothing is to be done."""
    return bool(getattr(find(split(about)[0]), "is_news", False))


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


# A batch is due on one day in a few zones.
_day_bounds = lru_cache(maxsize=1024)(clock.day_bounds)


def due_of(one: Asked) -> Due:
    """An occurrence as the question to its source."""
    starts, ends = _day_bounds(one.local_date, one.time_zone)
    return Due(one.id, one.patient_id, split(one.about)[1], one.local_date, starts, ends)


def is_done(one: Asked) -> bool:
    """Whether nothing is left to do of it; not where the kind is no longer known."""
    source = find(split(one.about)[0])
    return source is not None and one.id in source.done([due_of(one)])


def mark_done(record: Record, one: Asked) -> None:
    """Its source writes down that it is done, if one word is enough for it and the actor may."""
    source = find(split(one.about)[0])
    if isinstance(source, Markable):
        try:
            source.mark_done(record, due_of(one))
        except NotFound:
            return  # a carer who only looks, or a goal that is no more


def choices(record: Record) -> list[tuple[str, str]]:
    """What a new reminder can be about without naming one of many: (about, label)."""
    return [(one.kind, one.label(record, "")) for one in everything() if one.exists(record, "")]
