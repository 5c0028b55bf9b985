"""A person's rights over their data: a copy of everything, and erasure.

Both go over the tables themselves (every table with a ``patient_id``), so that a new room is covered from its first day.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.audit.events import HasId
from selfcare.database import Base
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.people.models import Patient, Person
from selfcare.results.models import Result
from selfcare.results.reading import exported

# Columns that are a key to something, not something about the person.
SECRETS = frozenset(
    {
        *("token_hash", "secret_hash", "password_hash", "staged_hash"),
        *("staged_name", "staged_email"),  # somebody else's, who was invited to help and has not agreed yet
        *("auth", "p256dh"),  # of a push subscription
        *("public_key", "private_key"),  # of what waits on a phone
    }
)

# Tables of which not every row is the patient's to see yet: the room gives what may leave.
BY_THE_ROOM: dict[str, Callable[[uuid.UUID], list[dict[str, Any]]]] = {Result.__tablename__: exported}
# What the team notes for itself. A copy within a click holds no word of it: before it is given out, a health professional has to
# look whether it could do serious harm or tells of somebody else (docs/decisions/0033). The copy says that there is something.
TEAM_ONLY = frozenset({"team_notes"})

STAYS = {
    "audit_events": "Who did what and when, by number and without your words. Kept to be able to answer for it.",
    "people": "An empty line with your number, so that the rest of the record of events still makes sense.",
}


def own_tables() -> list[sa.Table]:
    """Tables that hold rows of a patient, parents first."""
    return [table for table in Base.metadata.sorted_tables if "patient_id" in table.c]


def export_of(record: Record) -> dict[str, Any]:
    """Everything there is about the patient.

    :raises NotFound: the actor is not the patient.
    """
    record.require(Part.SHARING)  # the patient's own: no carer and no clinician has it
    audit.record(record.actor, "data.exported", record.patient)
    return collect(record.patient.id, team_only=False)


def collect(patient_id: uuid.UUID, *, team_only: bool = True) -> dict[str, Any]:
    """Every row of the patient, table by table; results as far as they are released.

    :param team_only: with what the team noted for itself; without, ``withheld`` says how many such notes there are and how to
        ask for them.
    """
    found: dict[str, Any] = {"exported_at": clock.now().isoformat()}
    about: list[tuple[sa.Table, sa.Column[Any]]] = [
        (Person.__table__, Person.__table__.c.id),  # type: ignore[list-item]  # declarative tables are Tables
        (Patient.__table__, Patient.__table__.c.id),  # type: ignore[list-item]  # the same
    ]
    # What is kept of them as a person: roles, sign-ins, invitations, requests.
    about += [(table, table.c.person_id) for table in Base.metadata.sorted_tables if "person_id" in table.c]
    about += [(table, table.c.patient_id) for table in own_tables()]
    for table, owner in about:
        if table.name in BY_THE_ROOM:
            continue
        columns = [column for column in table.c if column.name not in SECRETS]
        rows = db.session.execute(sa.select(*columns).where(owner == patient_id)).mappings()
        found[table.name] = [{key: _without_secrets(value) for key, value in row.items()} for row in rows]
    for name, rows_of in BY_THE_ROOM.items():
        found[name] = [
            {key: _without_secrets(value) for key, value in row.items()} for row in rows_of(patient_id)
        ]
    return found if team_only else _without_team_notes(found)


def _without_team_notes(found: dict[str, Any]) -> dict[str, Any]:
    notes = [row for name in TEAM_ONLY for row in found.pop(name, [])]
    found["earlier_versions"] = [
        row for row in found["earlier_versions"] if row["table_name"] not in TEAM_ONLY
    ]
    found["withheld"] = {
        "team_notes": len(notes),
        "why": _(
            "Notes that your care team keep for themselves are not in this copy. You have the right to ask for them: ask your care team. "
            "A health professional reads them first."
        ),
    }
    return found


def erase(actor: HasId | None, patient_id: uuid.UUID) -> dict[str, str]:
    """Delete everything the patient wrote and everything written about them; returns what stays, and why.

    :raises LookupError: there is no such patient.
    """
    person = db.session.get(Person, patient_id)
    if person is None or db.session.get(Patient, patient_id) is None:
        raise LookupError(patient_id)
    for table in reversed(own_tables()):
        own = table.c.patient_id == patient_id
        for column in table.c:  # rows that name one another, such as a correction and what it corrects
            if any(key.column.table is table for key in column.foreign_keys):
                db.session.execute(sa.update(table).where(own).values({column.name: None}))
        db.session.execute(sa.delete(table).where(own))
    db.session.execute(sa.delete(Patient).where(Patient.id == patient_id))
    for table in reversed(Base.metadata.sorted_tables):
        if "person_id" in table.c and table.name != "team_memberships":
            db.session.execute(sa.delete(table).where(table.c.person_id == patient_id))
    person.name = person.known_as = ""
    person.email = person.job_title = None
    person.disabled_at = clock.now()
    audit.record(actor, "data.erased", person)
    db.session.flush()
    return STAYS


def _without_secrets(value: Any) -> Any:
    """As JSON takes it; an earlier version of a row holds the same columns as the row, and the same keys among them."""
    if isinstance(value, dict):
        return {key: each for key, each in value.items() if key not in SECRETS}
    return plain(value)


def plain(value: Any) -> Any:
    """A value as JSON takes it."""
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    return value
