"""Whose a result is, and which patients a clinician means: only among those whose record they may open."""

from __future__ import annotations

import uuid
from collections.abc import Collection

import sqlalchemy as sa

from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people.access import patients_of
from selfcare.people.models import Patient, Person
from selfcare.results.models import Result


def patient_of(clinician: Person, result_id: uuid.UUID) -> uuid.UUID:
    """The id of the patient whose result this is. One statement.

    :raises NotFound: there is no such result of a patient of this clinician's teams.
    """
    found = db.session.scalar(
        patients_of(clinician)
        .join(Result, Result.patient_id == Patient.id)
        .where(Result.id == result_id)
        .with_only_columns(Patient.id)
    )
    if found is None:
        raise NotFound
    return found


def patients_named(clinician: Person, names: Collection[str]) -> dict[str, uuid.UUID]:
    """Which of these numbers and email addresses, in small letters, are patients of this clinician's teams. One statement.

    The number of a patient is their id, which no other place gives to another person.
    """
    numbers = {}
    for name in names:
        try:
            numbers[uuid.UUID(name)] = name
        except ValueError:
            continue
    emails = [name for name in names if "@" in name]
    rows = db.session.execute(
        patients_of(clinician)
        .join(Person, Person.id == Patient.id)
        .where(
            Person.disabled_at.is_(None),
            sa.or_(Patient.id.in_(list(numbers)), sa.func.lower(Person.email).in_(emails)),
        )
        .with_only_columns(Patient.id, Person.email)
    )
    found: dict[str, uuid.UUID] = {}
    for patient_id, email in rows:
        if patient_id in numbers:
            found[numbers[patient_id]] = patient_id
        if email and email.lower() in emails:
            found[email.lower()] = patient_id
    return found
