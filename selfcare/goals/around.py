"""What the goals ask of rooms above and beside them: the topics of an agenda, and visits. ``app.py`` says whom to ask."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from selfcare.people.access import Record


@dataclass(frozen=True)
class Topic:
    """Something that the patient wanted to talk about, byte for byte."""

    id: uuid.UUID
    text: str
    visit_id: uuid.UUID | None = None


@dataclass(frozen=True)
class Meeting:
    """A visit as a goal's story shows it."""

    id: uuid.UUID
    starts_at: dt.datetime
    with_name: str


Topics = Callable[[Record], list[Topic]]
Named = Callable[[Record, Collection[uuid.UUID]], dict[uuid.UUID, Topic]]
Meetings = Callable[[Record], list[Meeting]]


def _none(record: Record) -> list[Any]:
    return []  # until somebody wires it


def _none_named(record: Record, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Topic]:
    return {}  # the same


_topics: Topics = _none
_named: Named = _none_named
_meetings: Meetings = _none


def ask(*, topics: Topics, named: Named, meetings: Meetings) -> None:
    """Wire the rooms that know.

    :param topics: what the patient shared for the visit in hand, for the team to choose from.
    :param named: the topics with these ids, as far as the record's actor may read them.
    :param meetings: the visits that the actor may see, earliest first.
    """
    global _topics, _named, _meetings
    _topics, _named, _meetings = topics, named, meetings


def topics(record: Record) -> list[Topic]:
    """What the patient shared for the visit in hand."""
    return _topics(record)


def named(record: Record, ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Topic]:
    """The topics with these ids; without a statement where there are none."""
    return _named(record, ids) if ids else {}


def meetings(record: Record) -> list[Meeting]:
    """The visits that the actor may see, earliest first."""
    return _meetings(record)
