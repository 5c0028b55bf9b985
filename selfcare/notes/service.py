"""Keeping, changing, stopping and removing notes."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock, history
from selfcare.edge.paging import page
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.notes.models import MEDICINE, SelfCareNote
from selfcare.people.access import Part, Record


def kept(record: Record) -> sa.Select[SelfCareNote]:
    """The notes of this record that were not removed.

    :raises NotFound: the actor may not see them.
    """
    record.require(Part.NOTES)
    return record.owned(SelfCareNote).where(SelfCareNote.removed_at.is_(None))


def listed(record: Record, query: dict[str, Any]) -> dict[str, Any]:
    """A page of notes for the API, the newest first."""
    rows = kept(record)
    audit.record(record.actor, "notes.read", record.patient)
    return page(
        rows,
        by=SelfCareNote.received_at,
        key=SelfCareNote.id,
        limit=query.get("limit"),
        cursor=query.get("cursor"),
        dump=lambda row: row,
    )


def everything(record: Record) -> Sequence[SelfCareNote]:
    """All notes: medicines before notes, what still holds before what was stopped. One statement."""
    rows = kept(record).order_by(
        SelfCareNote.stopped_on.isnot(None),
        SelfCareNote.kind != MEDICINE,
        SelfCareNote.received_at,
        SelfCareNote.id,
    )
    audit.record(record.actor, "notes.read", record.patient)
    return db.session.scalars(rows).all()


def find(record: Record, note_id: uuid.UUID) -> SelfCareNote:
    """One note.

    :raises NotFound: there is none, it was removed, or the actor may not see it.
    """
    record.require(Part.NOTES)
    note = record.mine(SelfCareNote, note_id)
    if note is None or note.removed_at is not None:
        raise NotFound
    return note


def keep(
    record: Record,
    note_id: uuid.UUID,
    *,
    kind: str,
    text: str,
    since: dt.date | None = None,
    stopped_on: dt.date | None = None,
    stop_reason: str | None = None,
) -> tuple[SelfCareNote, bool]:
    """Write a note, or replace it; True when it is new. Sent twice, it changes nothing.

    :raises NotFound: the actor may not write notes, or the id is another patient's.
    :raises Invalid: it was stopped before it began, or a reason without a day.
    """
    record.require(Part.NOTES, write=True)
    note = record.mine(SelfCareNote, note_id)
    fields = {
        "kind": kind,
        "text": text,
        "since": since,
        "stopped_on": stopped_on,
        "stop_reason": stop_reason,
        "removed_at": None,
    }
    if note is not None and all(getattr(note, name) == value for name, value in fields.items()):
        return note, False
    if since and stopped_on and stopped_on < since:
        raise Invalid({"stopped_on": _("The day you stopped must be after the day you started")})
    if stop_reason and not stopped_on:
        raise Invalid({"stopped_on": _("Enter the day you stopped")})
    created = note is None
    if note is None:
        note = SelfCareNote(id=note_id, patient_id=record.patient.id, written_by=record.actor.id, **fields)
        db.session.add(note)
    else:
        history.keep(note, record.actor.id)
        note.written_by = record.actor.id
        for name, value in fields.items():
            setattr(note, name, value)
    audit.record(record.actor, "note.kept", record.patient, note, kind=kind)
    db.session.flush()
    return note, created


def stop(record: Record, note_id: uuid.UUID, stopped_on: dt.date, stop_reason: str | None) -> SelfCareNote:
    """Say that a medicine was stopped, and why, in the patient's words.

    :raises NotFound: no such note.
    :raises Invalid: the day lies before its beginning or after today.
    """
    note = find(record, note_id)
    if stopped_on > clock.today(record.person.time_zone):
        raise Invalid({"stopped_on": _("Enter today or a day before")})
    note, _created = keep(
        record,
        note_id,
        kind=note.kind,
        text=note.text,
        since=note.since,
        stopped_on=stopped_on,
        stop_reason=stop_reason,
    )
    return note


def remove(record: Record, note_id: uuid.UUID) -> None:
    """Take a note out of every list; its history stays. Asked twice, it changes nothing.

    :raises NotFound: no such note.
    """
    record.require(Part.NOTES, write=True)
    note = record.mine(SelfCareNote, note_id)
    if note is None:
        raise NotFound
    if note.removed_at is None:
        history.keep(note, record.actor.id)
        note.removed_at = clock.now()
        audit.record(record.actor, "note.removed", record.patient, note)
        db.session.flush()
