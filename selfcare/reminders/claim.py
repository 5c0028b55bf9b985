"""Claiming: a worker takes what is due, with a lease, so that no two send the same."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import cast

import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.reminders.models import Occurrence, State

# Longer than a batch takes with the slowest push service (10 s), short enough that a dead worker's share is late by
# less than a minute.
LEASE = dt.timedelta(seconds=30)

_occurrences = cast(sa.Table, Occurrence.__table__)
_COLUMNS = tuple(
    _occurrences.c[name]
    for name in (
        "id",
        "reminder_id",
        "patient_id",
        "about",
        "local_date",
        "time_zone",
        "due_at",
        "held_until",
        "attempts",
    )
)


@dataclass(frozen=True)
class Claimed:
    """One occurrence in this worker's hands. ``attempts`` counts this one."""

    id: uuid.UUID
    reminder_id: uuid.UUID
    patient_id: uuid.UUID
    about: str
    local_date: dt.date
    time_zone: str
    due_at: dt.datetime
    held_until: dt.datetime | None
    attempts: int

    @property
    def sendable_from(self) -> dt.datetime:
        """From when it counts as late: what quiet hours hold is not."""
        return self.held_until or self.due_at


def anything(now: dt.datetime) -> bool:
    """Whether there is something to look at. Reads only: the idle look takes no lock."""
    with db.scope():
        db.reading(only=True)
        look = sa.select(_occurrences.c.id).where(_occurrences.c.next_at <= now).limit(1)
        return db.session.execute(look).first() is not None


def due_now(limit: int, now: dt.datetime) -> sa.Select[uuid.UUID]:
    """The ids of what is due, but for what another worker is just claiming. On SQLite, with its one writer, all."""
    return (
        sa.select(_occurrences.c.id)
        .where(_occurrences.c.next_at <= now)
        .order_by(_occurrences.c.next_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )


def some(limit: int, now: dt.datetime) -> list[Claimed]:
    """Claim at most ``limit`` that are due now, the longest waiting first. One statement, committed.

    A row whose worker died comes back when its lease ends; so does one that raises, which is thereby pushed forward.
    """
    take = (
        sa.update(_occurrences)
        .where(_occurrences.c.id.in_(due_now(limit, now)))
        .values(state=State.CLAIMED, next_at=now + LEASE, attempts=_occurrences.c.attempts + 1)
        .returning(*_COLUMNS)
    )
    with db.scope(), db.transaction():
        claimed = [Claimed(*row) for row in db.session.execute(take)]
    return sorted(claimed, key=lambda one: (one.due_at, one.patient_id))


def due(limit: int, now: dt.datetime) -> list[Claimed]:
    """What a worker would take now, without taking it; for ``selfcare reminders due --dry-run``."""
    look = (
        sa.select(*_COLUMNS)
        .where(_occurrences.c.next_at <= now)
        .order_by(_occurrences.c.next_at)
        .limit(limit)
    )
    with db.scope():
        db.reading(only=True)
        return [Claimed(*row) for row in db.session.execute(look)]
