"""Something new to read: the one message that the system adds by itself, when nobody chose a time for it.

So it keeps to what binds the system (screens.md): quiet hours hold it, one a day at the most whatever there is to tell, and
none where it has been read meanwhile, which its source says (``reminders.sources``).
"""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.access import Record
from selfcare.reminders import plan, quiet_hours
from selfcare.reminders.models import Occurrence, QuietHours, State
from selfcare.reminders.occurrences import DAY, due_at

# What is released one by one makes one message, and a slip of the hand can be put right.
WAIT = dt.timedelta(minutes=10)

# In place of a wall time: so a day has room for one.
ONE_A_DAY = "news"

# Where today's has gone out already: the next morning.
NEXT_DAY_AT = "09:00"

# Of these nothing reached a phone, so the day's place is free again.
FREE = (State.CANCELLED, State.DONE_ALREADY, State.MISSED)


def news_id(patient_id: uuid.UUID) -> uuid.UUID:
    """What stands in the ledger in place of a reminder's id: nobody made a wish of it."""
    return uuid.uuid5(patient_id, "news")


def tell(record: Record, about: str) -> None:
    """Let the patient know that there is something new to read, once they may be told; said again it is one message.

    Nothing where they want no such messages. Three statements.
    """
    zone, owner = record.person.time_zone, news_id(record.patient.id)
    quiet = db.session.scalars(record.owned(QuietHours)).first()
    if quiet is not None and not quiet.tells_news:
        return
    begin, end = (quiet.begin, quiet.end) if quiet is not None else plan.DEFAULT
    when = clock.now() + WAIT
    taken = _taken(owner, clock.local(when, zone).date())
    while True:
        held = quiet_hours.hold(when, zone, begin, end)
        day = clock.local(held, zone).date()
        state = taken.get(day)
        if state == State.WAITING:
            return
        if state is None or state in FREE:
            break
        when = due_at(day + DAY, NEXT_DAY_AT, zone)
    row = {
        "id": plan.occurrence_id(owner, day, ONE_A_DAY),
        "reminder_id": owner,
        "patient_id": record.patient.id,
        "about": about,
        "local_date": day,
        "local_time": ONE_A_DAY,
        "time_zone": zone,
        "due_at": when,
        "held_until": held if held > when else None,
        "state": State.WAITING,
        "next_at": held,
        "attempts": 0,
    }
    plan.insert([row], over=FREE)


def _taken(owner: uuid.UUID, first: dt.date) -> dict[dt.date, str]:
    rows = db.session.execute(
        sa.select(Occurrence.local_date, Occurrence.state).where(
            Occurrence.reminder_id == owner, Occurrence.local_date >= first
        )
    )
    return {row.local_date: row.state for row in rows}


def hold_again(record: Record, begin: str, end: str) -> None:
    """After quiet hours changed: what waits keeps to the new ones. One statement, and one for each that waits."""
    for row in _waiting(record):
        held = quiet_hours.hold(row.due_at, row.time_zone, begin, end)
        row.held_until, row.next_at = held if held > row.due_at else None, held


def take_back(record: Record) -> None:
    """The patient wants no such messages any more: what waits is not sent. One statement, and one for each that waits."""
    for row in _waiting(record):
        row.state, row.next_at = State.CANCELLED, None


def _waiting(record: Record) -> sa.ScalarResult[Occurrence]:
    return db.session.scalars(
        sa.select(Occurrence).where(
            Occurrence.reminder_id == news_id(record.patient.id), Occurrence.state == State.WAITING
        )
    )
