"""``load``: everybody and everything of the demonstration, from one seed, inside the caller's transaction."""

from __future__ import annotations

import random
from collections.abc import Callable

from selfcare import audit
from selfcare.demo import accounts, carers, hand_overs, words
from selfcare.demo.follow_ups import FollowUpMaker
from selfcare.demo.patient import PatientMaker
from selfcare.demo.questionnaires import QuestionnaireMaker
from selfcare.extensions import db
from selfcare.identity import passwords
from selfcare.identity.models import Credential
from selfcare.people.models import Person, PersonRole, Team, TeamMembership

STAFF = (
    ("clinician@demo.example", "Grace Mensah", "clinician", "nurse"),
    ("clinician2@demo.example", "Samuel Okoro", "clinician", "GP"),
    ("clinician3@demo.example", "Nadia Rahman", "clinician", "GP"),
    ("facilitator@demo.example", "Ines Duarte", "facilitator", "lay tutor"),
    ("programme@demo.example", "Marcus Bell", "programme_lead", "programme lead"),
    ("admin@demo.example", "Ruth Adler", "administrator", "practice manager"),
)
CONDITIONS = ("type_2_diabetes", "msk_pain", "copd", "asthma", "depression")


def load(*, patients: int, weeks: int, seed: int, step: Callable[[], None]) -> None:
    """Fill an empty database.

    :param patients: how many patients, the two with accounts included.
    :param weeks: how many weeks of diary and goals lie behind them.
    :param seed: the same seed on the same day makes the same people.
    :param step: called once a patient, for a progress bar.
    """
    rng = random.Random(seed)
    people = _staff()
    hornsey = Team(name="Hornsey Lane Surgery", phone="020 7946 0123")
    archway = Team(name="Archway Practice", phone="020 7946 0456")
    db.session.add_all([hornsey, archway])
    db.session.flush()
    grace, samuel = people["clinician@demo.example"], people["clinician2@demo.example"]
    db.session.add_all(
        [
            TeamMembership(team_id=hornsey.id, person_id=grace.id),
            TeamMembership(team_id=archway.id, person_id=samuel.id),
            TeamMembership(team_id=hornsey.id, person_id=people["clinician3@demo.example"].id),
        ]
    )
    make = PatientMaker(rng, weeks)
    ayse = make.ayse(hornsey, grace, email="patient@demo.example")
    asked = QuestionnaireMaker(seed)
    asked.read_by(hornsey, grace)
    asked.over_the_weeks(ayse, grace, (11, 9, 7), last=9)
    agreed = FollowUpMaker(seed, make.today)
    agreed.of_the_demonstration(ayse, grace)
    step()
    peter = make.peter(archway, samuel, email="patient2@demo.example")
    step()
    elif_ = _person("carer@demo.example", "Elif Kaya", "carer", None)
    carers.daughter(random.Random(seed), ayse, elif_, grace)
    for account in (ayse, peter, elif_):
        _password(account)
    for number in range(patients - 2):
        ours = rng.random() < 0.72
        team, clinician = (hornsey, grace) if ours else (archway, samuel)
        name, pronoun, languages, interpreter = words.NAMES[number % len(words.NAMES)]
        if number >= len(words.NAMES):
            name = f"{name} {number // len(words.NAMES) + 1}"
        several = rng.choices((1, 2, 3), (0.5, 0.38, 0.12))[0]
        conditions = sorted(rng.sample(CONDITIONS, several), key=CONDITIONS.index)
        person = make.anybody(name, pronoun, languages, interpreter, conditions, team, clinician)
        if number == 0:
            carers.neighbour(random.Random(seed + 1), person, elif_)
        if "depression" in conditions:
            asked.somebody(person, clinician)
        if number % 3 == 0:
            agreed.somebody(person, clinician)
        if number % 20 == 0:
            db.session.flush()
        step()
    hand_overs.load(random.Random(seed + 2), ayse, grace, people["clinician3@demo.example"])
    audit.record(audit.SYSTEM, "demo.loaded", None, patients=patients, weeks=weeks, seed=seed)
    db.session.flush()


def _staff() -> dict[str, Person]:
    people = {}
    for email, name, role, job in STAFF:
        people[email] = _person(email, name, role, job)
        _password(people[email])
    return people


def _person(email: str, name: str, role: str, job: str | None) -> Person:
    person = Person(email=email, name=name, known_as=name.split()[0], job_title=job)
    db.session.add(person)
    db.session.flush()
    db.session.add(PersonRole(person_id=person.id, role=role))
    return person


def _password(person: Person) -> None:
    db.session.add(Credential(person_id=person.id, password_hash=passwords.hash_of(accounts.PASSWORD)))
