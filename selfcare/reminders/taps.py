"""What a phone says of a message: it was shown, or its owner tapped it, pressed "Done", pressed "Later" (decision 0032)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from selfcare import audit, clock
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.reminders import plan, service, sources
from selfcare.reminders.models import Delivery, Occurrence, Reminder

# A message that is older stays on a screen all the same; "Later" then means that day and no longer the message's own.
SAME_DAY = dt.timedelta(hours=12)

EVENTS = ("shown", "acted", "done", "later")


@dataclass(frozen=True)
class Reply:
    """``settled``: nothing is left to do on a page. ``comes_again_at``: when the message comes again, after "Later"."""

    settled: bool = True
    comes_again_at: dt.datetime | None = None


def told(record: Record, tag: str, event: str) -> Reply:
    """Take note of one of ``EVENTS``. Said again, it changes nothing more.

    :raises NotFound: no message of this patient's has this tag, or the actor may not.
    """
    record.require(Part.REMINDERS, write=event in ("done", "later"))
    first = Delivery.shown_at if event == "shown" else Delivery.acted_at
    noted = db.session.execute(
        sa.update(Delivery)
        .where(Delivery.patient_id == record.patient.id, Delivery.tag == tag)
        .values({first: sa.func.coalesce(first, sa.literal(clock.now(), first.type))})
        .execution_options(synchronize_session=False)
    )
    if noted.rowcount == 0:  # type: ignore[attr-defined]  # an UPDATE's result counts its rows
        raise NotFound
    audit.record(record.actor, f"reminder.{event}", record.patient)
    if event == "done":
        return _done(record, _occurrences(record, tag))
    if event == "later":
        return _later(record, _occurrences(record, tag))
    return Reply()


def _occurrences(record: Record, tag: str) -> Sequence[Occurrence]:
    mine = sa.select(Delivery.occurrence_id).where(
        Delivery.patient_id == record.patient.id, Delivery.tag == tag
    )
    return db.session.scalars(
        sa.select(Occurrence).where(Occurrence.id.in_(mine)).order_by(Occurrence.due_at, Occurrence.id)
    ).all()


def _reminders(record: Record, occurrences: Sequence[Occurrence]) -> dict[Occurrence, Reminder]:
    """Those whose wish still holds."""
    ids = {one.reminder_id for one in occurrences}
    found = db.session.scalars(record.owned(Reminder).where(Reminder.id.in_(ids), Reminder.active.is_(True)))
    by_id = {row.id: row for row in found}
    return {one: by_id[one.reminder_id] for one in occurrences if one.reminder_id in by_id}


def _done(record: Record, occurrences: Sequence[Occurrence]) -> Reply:
    """What had been put off is not sent again, and the thing itself is marked where a word is enough.

    A message about several things does not say which, so nothing is marked for it: its page shows all of them.
    """
    for one, reminder in _reminders(record, occurrences).items():
        plan.cancel_snoozes(reminder, one.local_date)
    if len({one.about for one in occurrences}) == 1:
        sources.mark_done(record, occurrences[0])
    open_ = [one for one in occurrences if not sources.is_done(one)]
    return Reply(settled=not open_)


def _later(record: Record, occurrences: Sequence[Occurrence]) -> Reply:
    """All of it comes again in an hour; while that waits, "Later" on another phone adds nothing."""
    again = [_put_off(record, one, reminder) for one, reminder in _reminders(record, occurrences).items()]
    return Reply(settled=bool(again), comes_again_at=min(again, default=None))


def _put_off(record: Record, occurrence: Occurrence, reminder: Reminder) -> dt.datetime:
    now = clock.now()
    fresh = now - occurrence.due_at < SAME_DAY
    day = occurrence.local_date if fresh else clock.local(now, reminder.time_zone).date()
    waiting = plan.next_snooze(reminder, day, now)
    return waiting or service.snooze(record, reminder, "1_hour", day=day).due_at
