"""Whose record this request is about: the signed-in person's own, or with ``?for=`` that of somebody they care for."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import g, request
from flask_babel import gettext as _
from flask_login import current_user

from selfcare import audit
from selfcare.errors import Invalid, NotFound, NotHelping
from selfcare.people import looked
from selfcare.people.access import Record, carers_record, own_record, team_record
from selfcare.people.models import Person


@dataclass(frozen=True)
class ActingFor:
    """For whom a carer reads or writes, in plain values (``identity.sessions.Reader`` says why)."""

    patient_id: uuid.UUID
    name: str
    writes_anything: bool


def current_person() -> Person:
    """Who is signed in. Only called where the roles table let somebody through."""
    person: Person = current_user.person
    return person


def acting() -> Record:
    """The record of this request for a patient or a carer.

    :raises NotFound: it is not theirs.
    :raises Invalid: ``?for=`` is no id.
    """
    wanted = request.args.get("for")
    actor = current_person()
    if not wanted or wanted == str(actor.id):
        record = own_record(actor)
    else:
        try:
            patient_id = uuid.UUID(wanted)
        except ValueError:
            raise Invalid({"for": _("Send the id of the person you care for")}) from None
        try:
            record = carers_record(actor, patient_id)
        except NotFound:
            raise (NotHelping if "carer" in actor.roles else NotFound) from None
        looked.note(record, looked.what_of(request.endpoint, request.method))
        g.acting_for = ActingFor(patient_id, record.person.name, record.writes_anything)
    g.record = record
    return record


def record_of(patient_id: uuid.UUID) -> Record:
    """The record of a patient for the signed-in clinician.

    :raises NotFound: no running care relationship.
    """
    record = team_record(current_person(), patient_id)
    looked.note(record, looked.what_of(request.endpoint, request.method))
    g.record = record
    return record


def note_reading() -> None:
    """Before a page or an answer leaves: whoever opened a record and left no event is noted here, so no door can forget it."""
    record: Record | None = g.get("record")
    if record is not None and not audit.is_noted():
        audit.record(record.actor, "record.read", record.patient, page=request.endpoint)


def acting_for() -> ActingFor | None:
    """Whom the actor helps with this page; None where the record is their own, or they are of the care team. For the templates."""
    helped: ActingFor | None = g.get("acting_for")
    return helped


def for_query() -> dict[str, Any]:
    """What a link has to carry on so that the carer stays with the same person: ``url_for(…, **for_query())``."""
    helped = acting_for()
    return {"for": str(helped.patient_id)} if helped else {}


__all__ = ["NotFound", "acting", "acting_for", "current_person", "for_query", "note_reading", "record_of"]
