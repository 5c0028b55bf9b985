"""Notes that the team keeps for itself about an agreed goal, a follow-up or a hand-over: apart from everything that the patient sees.

No patient and no carer has ``Part.TEAM_NOTES``, so nothing here answers them (docs/decisions/0033).
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable

from selfcare import audit
from selfcare.extensions import db
from selfcare.goals.finding import hold, replace
from selfcare.goals.models import TeamNote
from selfcare.people.access import Part, Record
from selfcare.people.models import Person


def save_note(record: Record, subject_id: uuid.UUID, text: str | None) -> None:
    """Keep the note about this agreed goal or follow-up; empty text leaves an empty note, its words before stay in its history.

    :param subject_id: a row of this record, which the caller has found there.
    """
    record.require(Part.TEAM_NOTES, write=True)
    note = hold(db.session.scalars(record.owned(TeamNote).where(TeamNote.subject_id == subject_id)).first())
    words = text or ""
    if note is None:
        if not words:
            return
        note = TeamNote(
            id=uuid.uuid4(),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            subject_id=subject_id,
            text=words,
        )
        db.session.add(note)
    elif replace(note, record.actor.id, {"text": words}):
        note.written_by = record.actor.id
    else:
        return
    db.session.flush()
    audit.record(record.actor, "team_note.set", record.patient, note)


def add_to_note(record: Record, subject_id: uuid.UUID, text: str | None) -> None:
    """Put these words below what the note says already, so that nobody's are lost; empty text, or words it has, change nothing.

    :param subject_id: a row of this record, which the caller has found there and holds.
    """
    record.require(Part.TEAM_NOTES, write=True)
    there, words = notes_about(record, [subject_id]).get(subject_id, ""), (text or "").strip()
    if not words or words in there:
        return
    save_note(record, subject_id, words if there in words else f"{there}\n\n{words}")


def note_for_each(actor: Person, subjects: Iterable[tuple[uuid.UUID, uuid.UUID]], text: str) -> None:
    """The same new note for several patients: the patient's id, and that of the new row it is about.

    It asks nobody's leave: for a hand-over, which has asked.
    """
    for patient_id, subject_id in subjects:
        note = TeamNote(
            id=uuid.uuid4(),
            patient_id=patient_id,
            written_by=actor.id,
            subject_id=subject_id,
            text=text,
        )
        db.session.add(note)
        audit.record(actor, "team_note.set", _Patient(patient_id), note)


class _Patient:
    """Whose record an event is about, where only the id is at hand."""

    def __init__(self, patient_id: uuid.UUID) -> None:
        self.id = patient_id


def notes_about(record: Record, subject_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The notes about these, without empty ones; nothing for whom they are not meant. One statement, or none."""
    if not record.sees(Part.TEAM_NOTES) or not subject_ids:
        return {}
    rows = db.session.scalars(record.owned(TeamNote).where(TeamNote.subject_id.in_(subject_ids)))
    return {note.subject_id: note.text for note in rows if note.text}
