"""What the notes add to the clinician's page: part 6."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.notes.models import MEDICINE, SelfCareNote
from selfcare.people import hands
from selfcare.people.access import Part, Record


def section(record: Record, since: dt.date) -> list[dict[str, Any]]:
    """What the patient takes and notes, and what they stopped since that day: medicines first, in the order written.

    ``[{id, kind, text, since, stopped_on, stop_reason, hand}]``, words unchanged; ``hand`` names a carer who wrote it. One
    statement; none, and an empty list, where the record does not show this part. The page that shows it audits the read as a whole.
    """
    if not record.sees(Part.NOTES):
        return []
    note = SelfCareNote
    columns = [column.label(column.key) for column in sa.inspect(note).columns]
    return shaped(db.session.execute(query(record, since).with_only_columns(*columns, *hands.columns(note))))


def query(record: Record, since: dt.date) -> sa.Select[SelfCareNote]:
    """The rows of the section, in any order."""
    return record.owned(SelfCareNote).where(
        SelfCareNote.removed_at.is_(None),
        sa.or_(SelfCareNote.stopped_on.is_(None), SelfCareNote.stopped_on >= since),
    )


def shaped(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The section made of these rows, which have the columns of :class:`SelfCareNote` and of ``hands.columns``."""
    in_order = sorted(rows, key=lambda note: (note.kind != MEDICINE, note.received_at, note.id))
    return [
        {
            "id": str(note.id),
            "kind": note.kind,
            "text": note.text,
            "since": note.since,
            "stopped_on": note.stopped_on,
            "stop_reason": note.stop_reason,
            "hand": hands.words(note.writer_name, note.writer_relation),
        }
        for note in in_order
    ]
