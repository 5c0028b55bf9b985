"""Signs of life of the workers, for ``/readyz``."""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.reminders.models import WorkerHeartbeat

# Without a sign for this long no worker runs: several ticks were missed, and a long one is not.
SILENT_AFTER = dt.timedelta(seconds=60)

# Rows of workers that stopped long ago say nothing any more.
FORGET_AFTER = dt.timedelta(days=1)


def beat(name: str) -> None:
    """This worker lives. In the caller's transaction."""
    now = clock.now()
    changed = db.session.execute(
        sa.update(WorkerHeartbeat).where(WorkerHeartbeat.name == name).values(at=now)
    )
    if changed.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        db.session.add(WorkerHeartbeat(name=name, started_at=now, at=now))
        db.session.execute(sa.delete(WorkerHeartbeat).where(WorkerHeartbeat.at < now - FORGET_AFTER))
    db.session.flush()


def stopped(name: str) -> None:
    """This worker ends. In the caller's transaction."""
    db.session.execute(sa.delete(WorkerHeartbeat).where(WorkerHeartbeat.name == name))


def last() -> dt.datetime | None:
    """When any worker last gave a sign; None if none ever did. One statement."""
    return db.session.scalar(sa.select(sa.func.max(WorkerHeartbeat.at)))


def alive() -> bool:
    """Whether a worker runs."""
    at = last()
    return at is not None and clock.now() - at < SILENT_AFTER
