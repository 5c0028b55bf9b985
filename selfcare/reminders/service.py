"""Wishes to be reminded: set, change, snooze, delete; and quiet hours."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock, history
from selfcare.edge.schemas import read_day
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.reminders import news, plan, quiet_hours, sources
from selfcare.reminders.models import Occurrence, QuietHours, Reminder
from selfcare.reminders.occurrences import DAY, Instant, upcoming

MOST_REMINDERS = 50  # a person's

CHANNELS = ("push",)

EVENING = "19:00"


def find(record: Record, reminder_id: uuid.UUID, *, write: bool = False) -> Reminder | None:
    """The reminder with this id, if there is one.

    :raises NotFound: it is another patient's, or the actor may not.
    """
    record.require(Part.REMINDERS, write=write)
    return record.mine(Reminder, reminder_id)


def one(record: Record, reminder_id: uuid.UUID, *, write: bool = False) -> Reminder:
    """The reminder with this id.

    :raises NotFound: there is none, or it is not the actor's to see or write.
    """
    row = find(record, reminder_id, write=write)
    if row is None:
        raise NotFound
    return row


def read(record: Record, reminder_id: uuid.UUID) -> Reminder:
    """One reminder, to show it.

    :raises NotFound: as ``one``.
    """
    row = one(record, reminder_id)
    audit.record(record.actor, "reminder.read", record.patient, row)
    return row


def everything(record: Record) -> Sequence[Reminder]:
    """This patient's reminders, in the order in which they were made. One statement."""
    record.require(Part.REMINDERS)
    audit.record(record.actor, "reminders.read", record.patient)
    made = Reminder.received_at
    return db.session.scalars(record.owned(Reminder).order_by(made, Reminder.id)).all()


def put(
    record: Record,
    reminder_id: uuid.UUID,
    *,
    about: str,
    times: list[str],
    days: list[str] | None = None,
    time_zone: str | None = None,
    channels: list[str] | None = None,
    active: bool | None = None,
    paused_until: str | None = None,
) -> tuple[Reminder, bool]:
    """Make or replace a reminder; whether it is new. What waits is planned afresh; what was due before is never sent again.

    :raises Invalid: nothing like ``about`` in this record, a channel that we cannot send on, or too many reminders.
    :raises NotFound: the id is another patient's.
    """
    record.require(Part.REMINDERS, write=True)
    row = record.mine(Reminder, reminder_id)
    zone = time_zone or (row.time_zone if row else record.person.time_zone)
    wish: dict[str, Any] = {
        "about": about,
        "times": sorted(set(times)),
        "days": None if days is None else [day for day in clock.WEEKDAYS if day in days],
        "time_zone": zone,
        "channels": list(dict.fromkeys(channels or CHANNELS)),
        "active": active is not False,
        "paused_until": paused_until,
        "paused_until_at": _instant_of(paused_until, zone) if paused_until else None,
    }
    _check(record, row, about, wish["channels"])
    created = row is None
    if row is None:
        row = Reminder(
            id=reminder_id,
            version=history.first_version(Reminder, reminder_id),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            chosen=True,
            **wish,
        )
        db.session.add(row)
    else:
        if all(getattr(row, name) == value for name, value in wish.items()):
            return row, False
        history.keep(row, record.actor.id)
        row.written_by, row.chosen = record.actor.id, True
        for name, value in wish.items():
            setattr(row, name, value)
    plan.afresh(row)
    audit.record(record.actor, "reminder.set", record.patient, row, active=row.active)
    return row, created


def _check(record: Record, row: Reminder | None, about: str, channels: list[str]) -> None:
    errors: dict[str, str] = {}
    for channel in channels:
        if channel == "email":
            errors["channels"] = _("We cannot send email yet. Choose push")
        elif channel in ("text", "sms"):
            errors["channels"] = _("We cannot send text messages yet. Choose push")
        elif channel not in CHANNELS:
            errors["channels"] = _("Choose push")
    # What it is about may be gone since; then it may still be paused or given another time.
    if (row is None or row.about != about) and not sources.exists(record, about):
        errors["about"] = _("There is nothing like this to be reminded about")
    if row is None and not errors:
        count = db.session.scalar(sa.select(sa.func.count()).select_from(record.owned(Reminder).subquery()))
        if (count or 0) >= MOST_REMINDERS:
            errors["about"] = _("You have %(most)s reminders. Delete 1 first", most=MOST_REMINDERS)
    if errors:
        raise Invalid(errors)


def delete(record: Record, row: Reminder) -> None:
    """Forget a reminder; nothing of it is sent any more. Its ledger and its earlier versions stay."""
    record.require(Part.REMINDERS, write=True)
    history.keep(row, record.actor.id)
    plan.cancel(row.id)
    audit.record(record.actor, "reminder.removed", record.patient, row)
    db.session.delete(row)
    db.session.flush()


def pause(record: Record, row: Reminder, *, active: bool) -> None:
    """Let it rest, or start it again."""
    record.require(Part.REMINDERS, write=True)
    if row.active == active and (row.paused_until is None or not active):
        return
    history.keep(row, record.actor.id)
    row.written_by, row.active = record.actor.id, active
    if active:
        row.paused_until = row.paused_until_at = None
    plan.afresh(row)
    audit.record(record.actor, "reminder.set", record.patient, row, active=active)


def instants(
    record: Record,
    row: Reminder,
    start: dt.datetime | dt.date | None,
    end: dt.datetime | dt.date | None,
) -> Iterator[Instant]:
    """The wish's own instants, ``start`` ≤ t < ``end``, in order: before quiet hours and merging. By default the next 7 days."""
    record.require(Part.REMINDERS)
    audit.record(record.actor, "reminder.read", record.patient, row)
    first = _first_instant(start, row.time_zone) or clock.now()
    last = _first_instant(end, row.time_zone) or first + 7 * DAY
    if row.paused_until_at is not None:
        first = max(first, row.paused_until_at)
    return upcoming(row.times, row.days, row.time_zone, first, last) if row.active else iter(())


def next_due(row: Reminder) -> dt.datetime | None:
    """When it comes next, within a year; None while it rests."""
    if not row.active:
        return None
    start = max(clock.now(), row.paused_until_at or clock.now())
    found = next(upcoming(row.times, row.days, row.time_zone, start), None)
    return found.due_at if found else None


def snooze(record: Record, row: Reminder, until: str, *, day: dt.date | None = None) -> Instant:
    """Come again in 1 hour, this evening at 7pm, or tomorrow at the reminder's own time. Kept in quiet hours: it was chosen.

    :param until: ``1_hour``, ``this_evening`` or ``tomorrow``.
    :param day: the local day that ``1_hour`` still asks about; today by default. An hour after 11:30pm is ``24:30`` of it.
    :raises Invalid: it is evening already.
    """
    record.require(Part.REMINDERS, write=True)
    now = clock.now()
    local = clock.local(now, row.time_zone)
    if until == "1_hour":
        # Up to the next whole minute, as all times are, so that it merges with what is due then.
        due = (now + dt.timedelta(hours=1, minutes=1, microseconds=-1)).replace(second=0, microsecond=0)
        found = _of_day(due, day or local.date(), row.time_zone)
    elif until == "this_evening":
        found = _at(local.date(), EVENING, row.time_zone)
        if found.due_at <= now:
            raise Invalid({"until": _("It is evening already. Choose 1 hour or tomorrow")})
    else:
        found = _at(local.date() + DAY, _last_time(row, local), row.time_zone)
    plan.add_one(row, found)
    audit.record(record.actor, "reminder.snoozed", record.patient, row, until=until)
    db.session.flush()
    return found


def _of_day(due: dt.datetime, day: dt.date, zone: str) -> Instant:
    """An instant that asks about ``day``: its wall time is counted on past midnight, so that it is no other's."""
    wall = clock.local(due, zone)
    hours = wall.hour + 24 * (wall.date() - day).days
    return Instant(due, day, f"{hours:02}:{wall:%M}")


def _at(day: dt.date, time: str, zone: str) -> Instant:
    return next(upcoming([time], None, zone, clock.day_bounds(day, zone)[0]))


def _last_time(row: Reminder, local: dt.datetime) -> str:
    """The wall time that came last today, else the first of the day."""
    past = [time for time in row.times if time <= local.strftime("%H:%M")]
    return past[-1] if past else row.times[0]


def quiet(record: Record) -> QuietHours:
    """The patient's quiet hours; 9pm to 8am (version 0, not stored) until they choose. One statement."""
    record.require(Part.REMINDERS)
    return _quiet_row(record) or QuietHours(
        begin=quiet_hours.DEFAULT_FROM, end=quiet_hours.DEFAULT_TO, tells_news=True, version=0
    )


def read_quiet(record: Record) -> QuietHours:
    """The patient's quiet hours, to show them."""
    audit.record(record.actor, "quiet_hours.read", record.patient)
    return quiet(record)


def put_quiet(
    record: Record, *, begin: str, end: str, tells_news: bool | None = None
) -> tuple[QuietHours, bool]:
    """Set quiet hours; whether they are the first of this patient's own.

    :param tells_news: whether the system tells of something new by itself; None leaves it as it is.
    :raises Invalid: they begin when they end.
    """
    record.require(Part.REMINDERS, write=True)
    if begin == end:
        raise Invalid({"to": _("Choose 2 different times")})
    row = _quiet_row(record)
    created = row is None
    if row is None:
        row = QuietHours(
            id=uuid.uuid5(record.patient.id, "quiet-hours"),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            begin=begin,
            end=end,
            tells_news=True if tells_news is None else tells_news,
        )
        db.session.add(row)
    elif (row.begin, row.end, row.tells_news) == (
        begin,
        end,
        row.tells_news if tells_news is None else tells_news,
    ):
        return row, False
    else:
        history.keep(row, record.actor.id)
        row.written_by, row.begin, row.end = record.actor.id, begin, end
        row.tells_news = row.tells_news if tells_news is None else tells_news
    audit.record(record.actor, "quiet_hours.set", record.patient, row)
    db.session.flush()
    for reminder in db.session.scalars(record.owned(Reminder).where(Reminder.chosen.is_(False))).all():
        plan.afresh(reminder)  # the only ones that quiet hours bind
    if row.tells_news:
        news.hold_again(record, begin, end)  # … and what the system tells of by itself
    else:
        news.take_back(record)
    return row, created


def _quiet_row(record: Record) -> QuietHours | None:
    return db.session.scalars(record.owned(QuietHours)).first()


def in_quiet_hours(hours: QuietHours, times: Sequence[str]) -> list[str]:
    """Which of these wall times lie in quiet hours; asked about once, when they are saved (screens.md)."""
    return [time for time in times if quiet_hours.cover(time, hours.begin, hours.end)]


def last_of_each(record: Record) -> dict[uuid.UUID, Occurrence]:
    """The newest settled occurrence of each reminder of the last 8 days. One statement."""
    record.require(Part.REMINDERS)
    rows = db.session.scalars(
        sa.select(Occurrence)
        .where(
            Occurrence.patient_id == record.patient.id,
            Occurrence.due_at > clock.now() - 8 * DAY,
            Occurrence.due_at <= clock.now(),
            Occurrence.state.in_(("sent", "missed", "done_already")),
        )
        .order_by(Occurrence.due_at)
    )
    return {row.reminder_id: row for row in rows}


def _first_instant(moment: dt.datetime | dt.date | None, zone: str) -> dt.datetime | None:
    if moment is None or isinstance(moment, dt.datetime):
        return moment
    return clock.day_bounds(moment, zone)[0]


def _instant_of(text: str, zone: str) -> dt.datetime:
    if len(text) == 10:
        return clock.day_bounds(read_day(text), zone)[0]
    return dt.datetime.fromisoformat(text.upper()).astimezone(dt.UTC)
