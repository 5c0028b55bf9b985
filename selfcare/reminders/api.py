"""``/api/v1/reminders`` and ``/api/v1/quiet-hours``."""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import uuid
from collections.abc import Iterator
from itertools import islice
from typing import Any

from flask_babel import gettext as _

from selfcare import clock
from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, NotFound
from selfcare.people.acting import acting
from selfcare.reminders import plan, service, taps
from selfcare.reminders.models import QuietHours, Reminder
from selfcare.reminders.occurrences import Instant
from selfcare.reminders.schemas import (
    OccurrenceListSchema,
    OccurrenceQuery,
    QuietHoursSchema,
    ReminderListSchema,
    ReminderSchema,
    SnoozeAnswerSchema,
    SnoozeSchema,
    ToldAnswerSchema,
    ToldSchema,
)

blp = ApiBlueprint("reminders_api", __name__, description="Reminders and quiet hours")


@blp.route("/reminders", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, ReminderListSchema)
def get_reminders() -> dict[str, Any]:
    """All reminders of this person."""
    return {"items": [_shown(row) for row in service.everything(acting())], "next_cursor": None}


@blp.route("/reminders/<uuid:reminder_id>", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, ReminderSchema)
def get_reminder(reminder_id: uuid.UUID) -> Reminder:
    """One reminder."""
    row = service.read(acting(), reminder_id)
    etag.send(row)
    return _shown(row)


@blp.route("/reminders/<uuid:reminder_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(ReminderSchema)
@blp.response(200, ReminderSchema)
@blp.alt_response(201, schema=ReminderSchema)
def put_reminder(body: dict[str, Any], reminder_id: uuid.UUID) -> tuple[Reminder, int]:
    """Make or replace a reminder. Push may be chosen before any phone takes it."""
    record = acting()
    before = service.find(record, reminder_id, write=True)
    row, status = etag.put(
        before,
        lambda: ReminderSchema().dump(_shown(before)) if before else None,
        lambda: service.put(record, reminder_id, **body),
    )
    return _shown(row), status


@blp.route("/reminders/<uuid:reminder_id>", methods=["DELETE"])
@roles("patient", "carer")
@blp.response(204)
def delete_reminder(reminder_id: uuid.UUID) -> None:
    """Forget a reminder."""
    record = acting()
    row = service.one(record, reminder_id, write=True)
    etag.check(row, ReminderSchema().dump(_shown(row)), None)
    service.delete(record, row)


@blp.route("/reminders/<uuid:reminder_id>/occurrences", methods=["GET"])
@roles("patient", "carer")
@blp.arguments(OccurrenceQuery, location="query")
@blp.response(200, OccurrenceListSchema)
def get_occurrences(query: dict[str, Any], reminder_id: uuid.UUID) -> dict[str, Any]:
    """The wish's own instants, from ≤ t < to: before quiet hours, merging and caps."""
    record = acting()
    row = service.one(record, reminder_id)
    after = _read(query["cursor"]) if query["cursor"] else None
    found = service.instants(record, row, after.due_at if after else query["start"], query["end"])
    return _page(row, found, query["limit"] or 50, after)


@blp.route("/reminders/<uuid:reminder_id>/snooze", methods=["POST"])
@roles("patient", "carer")
@blp.arguments(SnoozeSchema)
@blp.response(200, SnoozeAnswerSchema)
def post_snooze(body: dict[str, Any], reminder_id: uuid.UUID) -> dict[str, Any]:
    """Come again later."""
    record = acting()
    row = service.one(record, reminder_id, write=True)
    found = service.snooze(record, row, body["until"] or "1_hour")
    return {"id": plan.occurrence_id(row.id, found.day, found.time), "due_at": found.due_at}


@blp.route("/deliveries/<string:tag>", methods=["POST"])
@roles("patient", "carer")
@blp.arguments(ToldSchema)
@blp.response(200, ToldAnswerSchema)
def post_told(body: dict[str, Any], tag: str) -> taps.Reply:
    """A phone says what became of a message: shown, tapped, done, later. Said twice, the first holds."""
    if not tag.isprintable():  # none of ours, and PostgreSQL takes no NUL
        raise NotFound
    return taps.told(acting(), tag, body["event"])


@blp.route("/quiet-hours", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, QuietHoursSchema)
def get_quiet_hours() -> QuietHours:
    """When the app adds nothing of its own."""
    row = service.read_quiet(acting())
    etag.send(row)
    return row


@blp.route("/quiet-hours", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(QuietHoursSchema)
@blp.response(200, QuietHoursSchema)
@blp.alt_response(201, schema=QuietHoursSchema)
def put_quiet_hours(body: dict[str, Any]) -> tuple[QuietHours, int]:
    """Choose quiet hours. Times that a person chose for a reminder are kept all the same."""
    record = acting()
    before = service.quiet(record)
    return etag.put(
        before, lambda: QuietHoursSchema().dump(before), lambda: service.put_quiet(record, **body)
    )


def _shown(row: Reminder) -> Reminder:
    row.next_due_at = service.next_due(row)
    return row


def _page(row: Reminder, found: Iterator[Instant], limit: int, after: Instant | None) -> dict[str, Any]:
    """A page of instants. They are computed, not stored, so the cursor is the last one itself."""
    page = list(islice((instant for instant in found if after is None or instant > after), limit + 1))
    items = [
        {
            "id": plan.occurrence_id(row.id, instant.day, instant.time),
            "due_at": instant.due_at,
            "local_date": instant.day,
            "local_time": instant.time,
        }
        for instant in page[:limit]
    ]
    return {"items": items, "next_cursor": _write(page[limit - 1]) if len(page) > limit else None}


def _write(last: Instant) -> str:
    text = f"{last.due_at.isoformat()} {last.day.isoformat()} {last.time}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> Instant:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        due_at, day, time = text.split(" ")
        instant = dt.datetime.fromisoformat(due_at)
        if instant.tzinfo is None or not clock.FIRST_YEAR < instant.year < clock.LAST_YEAR:
            raise ValueError(cursor)
        return Instant(instant, dt.date.fromisoformat(day), time)
    except (ValueError, binascii.Error):
        raise Invalid({"cursor": _("Use the next_cursor of the page before")}) from None
