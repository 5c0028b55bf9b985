"""The registry of what the one page collects. A room below has ``summary.py``; ``app.py`` adds it here.

Adding one again under the same name replaces it. The order on the page is fixed by method.md, not by who came first.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from selfcare.people.access import Record

# (record, since) → plain data; ``since`` is the day of the last visit. Nothing that the record does not ``sees()``.
Section = Callable[[Record, dt.date], Any]

# Names the page knows. ``videos`` has no part of its own: what was watched stands in "what changed".
NAMES = ("goals", "diary", "questionnaires", "notes", "videos")

_sections: dict[str, Section] = {}


def add(name: str, section: Section) -> None:
    """Let the page ask this section for its part.

    :raises ValueError: the page has no such part.
    """
    if name not in NAMES:
        raise ValueError(f"the page has no part {name!r}; it has {', '.join(NAMES)}")
    _sections[name] = section


def collect(record: Record, since: dt.date, *names: str) -> dict[str, Any]:
    """What these sections (by default all) say of a record; ``[]`` for one that nobody added."""
    return {name: _sections[name](record, since) if name in _sections else [] for name in (names or NAMES)}


def has(name: str) -> bool:
    """Whether a room has added this section."""
    return name in _sections
