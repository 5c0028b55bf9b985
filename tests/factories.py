"""The people of the stories.

========  =================================================================================================
Ayşe      patient, 58, type 2 diabetes and joint pain; cared for by Hornsey Lane practice; shares goals and diary
Peter     patient, 71, COPD; another practice, Archway; shares nothing
Elif      Ayşe's daughter and carer: sees and writes, without mood, questionnaires and notes
Grace     nurse at Hornsey Lane
Samuel    GP at Archway: no relation to Ayşe
Ruth      administrator
========  =================================================================================================
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from selfcare import clock
from selfcare.extensions import db
from selfcare.identity.models import Credential
from selfcare.people.models import (
    CareRelationship,
    CarerLink,
    Patient,
    Person,
    PersonRole,
    SharingChoice,
    Team,
    TeamMembership,
)

PASSWORD = "correct horse battery demo"
# Real argon2, at a cost that a thousand sign-ins of the tests can pay.
_HASH = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1),)).hash(PASSWORD)


@dataclass(frozen=True)
class World:
    """Ids of everybody, for tests that look from outside."""

    ayse: uuid.UUID
    peter: uuid.UUID
    elif_: uuid.UUID
    grace: uuid.UUID
    samuel: uuid.UUID
    ruth: uuid.UUID
    hornsey: uuid.UUID
    archway: uuid.UUID


def make_person(name: str, *roles: str, email: str | None = None, **more: object) -> Person:
    """A person with these roles and the usual password."""
    known_as = name.split()[0]
    person = Person(name=name, known_as=known_as, email=email or f"{known_as.lower()}@test.example", **more)
    db.session.add(person)
    db.session.flush()
    for role in roles:
        db.session.add(PersonRole(person_id=person.id, role=role))
    db.session.add(Credential(person_id=person.id, password_hash=_HASH))
    db.session.flush()
    return person


def make_patient(
    person: Person, *conditions: str, team: Team, clinician: Person | None = None, **more: object
) -> Patient:
    """The person as a patient of this team."""
    more.setdefault("consented_at", clock.now())
    patient = Patient(id=person.id, conditions=list(conditions), **more)
    db.session.add(patient)
    db.session.flush()
    db.session.add(
        CareRelationship(
            patient_id=person.id, team_id=team.id, clinician_id=clinician.id if clinician else None
        )
    )
    db.session.flush()
    return patient


def share(person: Person, *items: str) -> None:
    """The patient shares these items with the team."""
    for item in items:
        db.session.add(SharingChoice(patient_id=person.id, item=item, shared=True, chosen_by=person.id))


def make_world() -> World:
    """Everybody above."""
    hornsey, archway = Team(name="Hornsey Lane Surgery", phone="020 7946 0123"), Team(name="Archway Practice")
    db.session.add_all([hornsey, archway])
    db.session.flush()
    grace = make_person("Grace Mensah", "clinician", job_title="nurse")
    samuel = make_person("Samuel Okoro", "clinician", job_title="GP")
    ruth = make_person("Ruth Adler", "administrator")
    db.session.add_all(
        [
            TeamMembership(team_id=hornsey.id, person_id=grace.id),
            TeamMembership(team_id=archway.id, person_id=samuel.id),
        ]
    )
    ayse = make_person("Ayşe Kaya", "patient", email="ayse@test.example")
    make_patient(
        ayse,
        "type_2_diabetes",
        "msk_pain",
        team=hornsey,
        clinician=grace,
        born_on=dt.date(1968, 3, 14),
        pronoun="she",
    )
    share(ayse, "goals", "diary")
    peter = make_person("Peter Whitlock", "patient")
    make_patient(peter, "copd", team=archway, clinician=samuel, born_on=dt.date(1955, 5, 2))
    elif_ = make_person("Elif Kaya", "carer")
    db.session.add(
        CarerLink(
            patient_id=ayse.id,
            carer_id=elif_.id,
            relation="daughter",
            may_write=True,
            told_at=clock.now(),  # her mother knows
        )
    )
    db.session.flush()
    return World(ayse.id, peter.id, elif_.id, grace.id, samuel.id, ruth.id, hornsey.id, archway.id)
