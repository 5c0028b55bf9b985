"""What became of a day: done, not done, or skipped. A day without an answer is none of these."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask_babel import gettext as _

from selfcare import audit, clock, history
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.goals.finding import goal_of, hold, replace
from selfcare.goals.models import GoalDay, day_id
from selfcare.people.access import Record


def day_of(record: Record, goal_id: uuid.UUID, date: dt.date) -> GoalDay | None:
    """What was said about this day, or None when it is not answered.

    :raises NotFound: the goal is not theirs.
    """
    goal = goal_of(record, goal_id)
    return db.session.scalars(
        record.owned(GoalDay).where(GoalDay.goal_id == goal.id, GoalDay.date == date)
    ).first()


def set_day(record: Record, goal_id: uuid.UUID, date: dt.date, **values: Any) -> tuple[GoalDay, bool]:
    """Say what became of a day: outcome, amount, reason, note. Returns it and whether it is new.

    A day to come may be skipped ahead (away on Thursday), but not be done; a day's grace, for phones in another zone.

    :raises Invalid: done or not done on a day that is still to come.
    """
    goal = goal_of(record, goal_id, write=True)
    tomorrow = clock.today(record.person.time_zone) + dt.timedelta(days=1)
    if date > tomorrow and values["outcome"] != "skipped":
        raise Invalid({"outcome": _("This day is still to come. You can skip it, or answer on the day")})
    values = {name: values.get(name) for name in ("outcome", "amount", "reason", "note")}
    if values["outcome"] != "skipped":
        values["reason"] = None
    row = hold(day_of(record, goal_id, date))
    created = row is None
    if row is None:
        row_id = day_id(goal.id, date)
        row = GoalDay(
            id=row_id,
            version=history.first_version(GoalDay, row_id),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            goal_id=goal.id,
            date=date,
            monday=clock.monday_of(date),
            **values,
        )
        db.session.add(row)
    elif replace(row, record.actor.id, values):
        row.written_by = record.actor.id
    audit.record(record.actor, "goal_day.set", record.patient, row, outcome=values["outcome"])
    db.session.flush()
    return row, created


def clear_day(record: Record, goal_id: uuid.UUID, date: dt.date) -> None:
    """Take the answer back: the day is not answered again. What it said is kept in the history.

    :raises NotFound: there is none.
    """
    goal_of(record, goal_id, write=True)
    row = hold(day_of(record, goal_id, date))
    if row is None:
        raise NotFound
    history.keep(row, record.actor.id)
    audit.record(record.actor, "goal_day.cleared", record.patient, row)
    db.session.flush()
    db.session.delete(row)
    db.session.flush()
