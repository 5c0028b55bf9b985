"""Planning: wishes become occurrences, 36 hours ahead, many at a time."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from selfcare import clock
from selfcare.extensions import db
from selfcare.reminders import quiet_hours
from selfcare.reminders.models import Occurrence, QuietHours, Reminder, State
from selfcare.reminders.occurrences import Instant, between

AHEAD = dt.timedelta(hours=36)

# A reminder is planned again when less than this is left, so about twice a day; and so that after an hour without a
# worker nothing is behind.
ENOUGH = dt.timedelta(hours=24)

MOST_AT_ONCE = 1000  # reminders

_occurrences = cast(sa.Table, Occurrence.__table__)
_reminders = cast(sa.Table, Reminder.__table__)


def occurrence_id(reminder_id: uuid.UUID, day: dt.date, time: str) -> uuid.UUID:
    """The id of an occurrence: the same instant of the same wish has the same id everywhere."""
    return uuid.uuid5(reminder_id, f"{day.isoformat()}T{time}")


def instants(reminder: Reminder, start: dt.datetime, end: dt.datetime) -> list[Instant]:
    """The wish's own instants, ``start`` ≤ t < ``end``: none while it rests, none before a pause ends."""
    if not reminder.active:
        return []
    if reminder.paused_until_at is not None:
        start = max(start, reminder.paused_until_at)
    return between(reminder.times, reminder.days, reminder.time_zone, start, end)


def afresh(reminder: Reminder) -> None:
    """After a wish was made or changed: cancel what waits, and plan from now on. What was due before is never sent again."""
    now = clock.now()
    db.session.flush()  # the reminder's own row first: it is the lock that a planning worker waits for, too
    cancel(reminder.id)
    if reminder.active:
        reminder.planned_until = now
        _plan([reminder], now + AHEAD)
        reminder.planned_until = now + AHEAD
    else:
        reminder.planned_until = None
    db.session.flush()


def cancel(reminder_id: uuid.UUID) -> None:
    """Nothing of this wish that still waits is sent."""
    db.session.execute(
        sa.update(_occurrences)
        .where(_occurrences.c.reminder_id == reminder_id, _occurrences.c.state == State.WAITING)
        .values(state=State.CANCELLED, next_at=None, settled_at=clock.now())
    )


def _snoozes(reminder: Reminder, day: dt.date) -> tuple[sa.ColumnElement[bool], ...]:
    """What waits of a wish and is none of its own times: it was put off."""
    return (
        _occurrences.c.reminder_id == reminder.id,
        _occurrences.c.local_date == day,
        _occurrences.c.local_time.not_in(reminder.times),
        _occurrences.c.state == State.WAITING,
    )


def cancel_snoozes(reminder: Reminder, day: dt.date) -> None:
    """What was put off on this day is not sent any more. One statement."""
    db.session.execute(
        sa.update(_occurrences)
        .where(*_snoozes(reminder, day))
        .values(state=State.CANCELLED, next_at=None, settled_at=clock.now())
    )


def next_snooze(reminder: Reminder, day: dt.date, now: dt.datetime) -> dt.datetime | None:
    """When it comes again, if it was put off on this day and that is still to come. One statement."""
    return db.session.scalar(
        sa.select(sa.func.min(_occurrences.c.due_at)).where(
            *_snoozes(reminder, day), _occurrences.c.due_at > now
        )
    )


def add_one(reminder: Reminder, instant: Instant) -> uuid.UUID:
    """Plan one more instant (a snooze); its id. If the wish has that instant anyway, that one serves."""
    insert([_row(reminder, instant, None)])
    return occurrence_id(reminder.id, instant.day, instant.time)


def ahead() -> int:
    """Plan every wish that has less than a day planned; how many there were. In a transaction of its own for each 1,000."""
    planned = 0
    while True:
        found = _some()
        planned += found
        if found < MOST_AT_ONCE:
            return planned


def _some() -> int:
    now = clock.now()
    needy = (
        sa.select(Reminder)
        .where(Reminder.planned_until < now + ENOUGH)
        .order_by(Reminder.planned_until)
        .limit(MOST_AT_ONCE)
    )
    with db.scope():
        db.reading(only=True)  # most looks find nothing, and must not take SQLite's write lock for it
        if db.session.scalars(needy.with_only_columns(Reminder.id).limit(1)).first() is None:
            return 0
    with db.scope(), db.transaction():
        found = db.session.scalars(needy.with_for_update(skip_locked=True)).all()
        _plan(found, now + AHEAD)
        db.session.execute(
            sa.update(_reminders)
            .where(_reminders.c.id.in_([reminder.id for reminder in found]))
            .values(planned_until=now + AHEAD)
        )
        return len(found)


def _plan(reminders: Sequence[Reminder], until: dt.datetime) -> None:
    quiet = quiet_hours_of({r.patient_id for r in reminders if not r.chosen})
    rows: list[dict[str, Any]] = []
    for reminder in reminders:
        assert reminder.planned_until is not None
        for instant in instants(reminder, reminder.planned_until, until):
            held = None
            if not reminder.chosen:
                begin, end = quiet.get(reminder.patient_id, DEFAULT)
                held = quiet_hours.hold(instant.due_at, reminder.time_zone, begin, end)
            rows.append(_row(reminder, instant, held))
    insert(rows)


DEFAULT = (quiet_hours.DEFAULT_FROM, quiet_hours.DEFAULT_TO)


def quiet_hours_of(patient_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, tuple[str, str]]:
    """When the quiet hours of these patients begin and end; ``DEFAULT`` holds for whoever is not in it. One statement."""
    ids = list(patient_ids)
    if not ids:
        return {}
    rows = db.session.execute(
        sa.select(QuietHours.patient_id, QuietHours.begin, QuietHours.end).where(
            QuietHours.patient_id.in_(ids)
        )
    )
    return {row.patient_id: (row.begin, row.end) for row in rows}


def _row(reminder: Reminder, instant: Instant, held: dt.datetime | None) -> dict[str, Any]:
    return {
        "id": occurrence_id(reminder.id, instant.day, instant.time),
        "reminder_id": reminder.id,
        "patient_id": reminder.patient_id,
        "about": reminder.about,
        "local_date": instant.day,
        "local_time": instant.time,
        "time_zone": reminder.time_zone,
        "due_at": instant.due_at,
        "held_until": held if held is not None and held > instant.due_at else None,
        "state": State.WAITING,
        "next_at": held or instant.due_at,
        "attempts": 0,
    }


def insert(rows: list[dict[str, Any]], *, over: Sequence[State] = (State.CANCELLED,)) -> None:
    """Add these; one that is there already comes back from ``over`` (it was cancelled), and else stays as it is."""
    if not rows:
        return
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    insert: Any = dialect.insert(_occurrences)
    again = ("about", "time_zone", "due_at", "held_until", "state", "next_at", "attempts")
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=["reminder_id", "local_date", "local_time"],
            set_={name: insert.excluded[name] for name in again} | {"reason": None, "settled_at": None},
            where=sa.or_(*(_occurrences.c.state == state for state in over)),  # no IN: many rows go at once
        ),
        rows,
    )
