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
from typing import Any

import sqlalchemy as sa
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy.orm import joinedload

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


def _store(*layers: list[Any]) -> None:
    """Rows, and those that name them, and those that name these: one round to the database a layer."""
    for layer in layers:
        db.session.add_all(layer)
        db.session.flush()


def _insert(*layers: list[Any]) -> None:
    """As ``_store``, without the unit of work: for rows that nobody looks at as objects afterwards. Every test begins with these."""
    for layer in layers:
        alike: dict[tuple[type, tuple[str, ...]], list[dict[str, Any]]] = {}
        for row in layer:
            values = {name: value for name, value in vars(row).items() if not name.startswith("_")}
            alike.setdefault((type(row), tuple(values)), []).append(values)
        for (kind, _names), rows in alike.items():
            db.session.connection().execute(sa.insert(kind.__table__), rows)


def person_with(email: str) -> Person:
    """The person whose address this is, with their roles; they may sign in."""
    found = sa.select(Person).options(joinedload(Person.role_rows)).where(Person.email == email)
    return db.session.scalars(found.where(Person.disabled_at.is_(None))).unique().one()


def _person(
    name: str, *roles: str, email: str | None = None, **more: object
) -> tuple[Person, list[PersonRole | Credential]]:
    known_as = name.split()[0]
    email = email or f"{known_as.lower()}@test.example"
    person = Person(id=uuid.uuid4(), name=name, known_as=known_as, email=email, **more)
    return person, [
        *(PersonRole(person_id=person.id, role=role) for role in roles),
        Credential(person_id=person.id, password_hash=_HASH),
    ]


def make_person(name: str, *roles: str, email: str | None = None, **more: object) -> Person:
    """A person with these roles and the usual password."""
    person, theirs = _person(name, *roles, email=email, **more)
    _store([person], theirs)
    return person


def _patient(
    person: Person, *conditions: str, team: Team, clinician: Person | None = None, **more: object
) -> tuple[Patient, CareRelationship]:
    more.setdefault("consented_at", clock.now())
    return Patient(id=person.id, conditions=list(conditions), **more), CareRelationship(
        patient_id=person.id, team_id=team.id, clinician_id=clinician.id if clinician else None
    )


def make_patient(
    person: Person, *conditions: str, team: Team, clinician: Person | None = None, **more: object
) -> Patient:
    """The person as a patient of this team."""
    patient, relation = _patient(person, *conditions, team=team, clinician=clinician, **more)
    _store([patient], [relation])
    return patient


def share(person: Person, *items: str) -> None:
    """The patient shares these items with the team."""
    db.session.add_all(_shared(person, *items))


def _shared(person: Person, *items: str) -> list[SharingChoice]:
    return [
        SharingChoice(patient_id=person.id, item=item, shared=True, chosen_by=person.id) for item in items
    ]


def make_world() -> World:
    """Everybody above."""
    hornsey = Team(id=uuid.uuid4(), name="Hornsey Lane Surgery", phone="020 7946 0123")
    archway = Team(id=uuid.uuid4(), name="Archway Practice")
    grace, of_grace = _person("Grace Mensah", "clinician", job_title="nurse")
    samuel, of_samuel = _person("Samuel Okoro", "clinician", job_title="GP")
    ruth, of_ruth = _person("Ruth Adler", "administrator")
    ayse, of_ayse = _person("Ayşe Kaya", "patient", email="ayse@test.example")
    peter, of_peter = _person("Peter Whitlock", "patient")
    elif_, of_elif = _person("Elif Kaya", "carer")
    ayse_patient, ayse_at_hornsey = _patient(
        ayse,
        "type_2_diabetes",
        "msk_pain",
        team=hornsey,
        clinician=grace,
        born_on=dt.date(1968, 3, 14),
        pronoun="she",
    )
    peter_patient, peter_at_archway = _patient(
        peter, "copd", team=archway, clinician=samuel, born_on=dt.date(1955, 5, 2)
    )
    _insert(
        [hornsey, archway, grace, samuel, ruth, ayse, peter, elif_],
        [
            *(row for rows in (of_grace, of_samuel, of_ruth, of_ayse, of_peter, of_elif) for row in rows),
            TeamMembership(team_id=hornsey.id, person_id=grace.id),
            TeamMembership(team_id=archway.id, person_id=samuel.id),
            ayse_patient,
            peter_patient,
        ],
    )
    link = CarerLink(
        patient_id=ayse.id,
        carer_id=elif_.id,
        relation="daughter",
        may_write=True,
        told_at=clock.now(),  # her mother knows
    )
    _insert([ayse_at_hornsey, peter_at_archway, link, *_shared(ayse, "goals", "diary")])
    return World(ayse.id, peter.id, elif_.id, grace.id, samuel.id, ruth.id, hornsey.id, archway.id)
