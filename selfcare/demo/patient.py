"""One demonstration patient: person, relationship, sharing, diary, goals, visits, agenda, notes."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

from selfcare import clock
from selfcare.agendas.models import Agenda, AgendaItem
from selfcare.demo import words
from selfcare.demo.goals import GoalMaker
from selfcare.demo.life import MOST_TRACKERS, TRACKERS, Life
from selfcare.demo.results import ResultMaker
from selfcare.diaries.models import DiaryEntry, TrackerChoice, choice_id
from selfcare.extensions import db
from selfcare.notes.models import SelfCareNote
from selfcare.people.access import SHAREABLE
from selfcare.people.models import CareRelationship, Patient, Person, PersonRole, SharingChoice, Team
from selfcare.visits.models import Visit

ZONE = "Europe/London"


class PatientMaker:
    """Makes patients from one stream of random numbers."""

    def __init__(self, rng: random.Random, weeks: int) -> None:
        self.rng, self.weeks = rng, weeks
        self.today = clock.today(ZONE)
        self.days = [self.today - dt.timedelta(days=back) for back in range(weeks * 7, 0, -1)]
        self.goals = GoalMaker(rng, self.today, weeks)
        self.results = ResultMaker(rng, self.today)
        self.visit_slots = self._slots()

    def ayse(self, team: Team, clinician: Person, email: str) -> Person:
        """The patient of the demonstration: a visit in 2 days, an empty agenda, one active goal."""
        person = self._person(
            "Ayşe Kaya", "she", ["en", "tr"], None, ["type_2_diabetes", "msk_pain"], team, clinician
        )
        person.email = email
        db.session.get_one(Patient, person.id).access_needs = "Large print. Daughter Elif comes too"
        self._share(person, "goals", "diary", "questionnaires", "notes")
        self._diary(person, ("pain", "glucose", "sleep"))
        self.goals.make(
            person,
            ("Walk", "15 minutes", "after lunch", "I want to have the energy to play with my grandson"),
            4,
        )
        self._notes(person, ["type_2_diabetes", "msk_pain"])
        self._visit(person, team, clinician, self._at(self.today + dt.timedelta(days=2), 10, 20))
        self._visit(person, team, clinician, self._at(self.today - dt.timedelta(days=88), 10, 0), past=True)
        self.results.ayse(person, clinician)
        return person

    def peter(self, team: Team, clinician: Person, email: str) -> Person:
        """The second patient: COPD, another practice."""
        person = self._person("Peter Whitlock", "he", ["en"], None, ["copd"], team, clinician)
        person.email = email
        self._share(person, "diary")
        self._diary(person, TRACKERS["copd"])
        self.goals.make(person, words.GOALS["copd"][0], 5)
        self._visit(person, team, clinician, self._at(self.today + dt.timedelta(days=5), 9, 40))
        return person

    def anybody(
        self,
        name: str,
        pronoun: str,
        languages: list[str],
        interpreter: str | None,
        conditions: list[str],
        team: Team,
        clinician: Person,
    ) -> Person:
        """Anyone else; some share little, some have not begun, most are in the middle of it."""
        rng = self.rng
        person = self._person(name, pronoun, languages, interpreter, conditions, team, clinician)
        items = [part.value for part in SHAREABLE if rng.random() < 0.7]
        self._share(person, *items)
        if rng.random() < 0.92:
            trackers: list[str] = []
            for condition in conditions:
                trackers += [code for code in TRACKERS[condition] if code not in trackers]
            self._diary(person, tuple(trackers[:MOST_TRACKERS]))
        for condition in conditions[:2]:
            if rng.random() < 0.8:
                self.goals.make(person, rng.choice(words.GOALS[condition]), rng.randint(3, 8))
        if rng.random() < 0.6:
            self._notes(person, conditions)
        if self.visit_slots and rng.random() < 0.6:
            visit = self._visit(person, team, clinician, self.visit_slots.pop(0))
            if rng.random() < 0.65:
                self._agenda(person, visit, conditions)
        if rng.random() < 0.7:
            past = self.today - dt.timedelta(days=rng.randint(20, max(21, self.weeks * 7)))
            self._visit(person, team, clinician, self._at(past, 9, 0), past=True)
        self.results.anybody(person, conditions, clinician)
        return person

    def new_id(self) -> uuid.UUID:
        """A UUID from the seed, so that the same seed makes the same ids."""
        return uuid.UUID(int=self.rng.getrandbits(128), version=4)

    def _slots(self) -> list[dt.datetime]:
        """Visits to come: six today, then a few a day, weekdays only."""
        slots: list[dt.datetime] = []
        day = self.today
        while len(slots) < 40:
            if day.weekday() < 5:
                for hour, minute in ((9, 40), (10, 20), (11, 0), (11, 40), (14, 0), (14, 40)):
                    at = self._at(day, hour, minute)
                    if at > clock.now() + dt.timedelta(minutes=5):
                        slots.append(at)
            day += dt.timedelta(days=1)
        return slots

    def _at(self, day: dt.date, hour: int, minute: int) -> dt.datetime:
        return dt.datetime.combine(day, dt.time(hour, minute), clock.zone(ZONE))

    def _person(
        self,
        name: str,
        pronoun: str,
        languages: list[str],
        interpreter: str | None,
        conditions: list[str],
        team: Team,
        clinician: Person,
    ) -> Person:
        began = clock.now() - dt.timedelta(weeks=self.weeks, days=3)
        person = Person(id=self.new_id(), name=name, known_as=name.split()[0], created_at=began)
        db.session.add(person)
        db.session.flush()
        born = dt.date(
            self.today.year - self.rng.randint(34, 82), self.rng.randint(1, 12), self.rng.randint(1, 28)
        )
        db.session.add(PersonRole(person_id=person.id, role="patient", granted_at=began))
        db.session.add(
            Patient(
                id=person.id,
                born_on=dt.date(1968, 3, 14) if name == "Ayşe Kaya" else born,
                conditions=conditions,
                languages=languages,
                interpreter=interpreter,
                pronoun=pronoun,
                consented_at=began,
            )
        )
        db.session.flush()
        db.session.add(
            CareRelationship(
                patient_id=person.id, team_id=team.id, clinician_id=clinician.id, started_at=began
            )
        )
        return person

    def _share(self, person: Person, *items: str) -> None:
        for item in items:
            db.session.add(
                SharingChoice(patient_id=person.id, item=item, shared=True, chosen_by=person.id, current=True)
            )

    def _owned(self, person: Person, at: dt.datetime, **values: Any) -> dict[str, Any]:
        return {
            "id": self.new_id(),
            "patient_id": person.id,
            "written_by": person.id,
            "received_at": at,
        } | values

    def _diary(self, person: Person, trackers: tuple[str, ...]) -> None:
        choice = self._owned(person, clock.now(), measures=list(trackers))
        db.session.add(TrackerChoice(**choice | {"id": choice_id(person.id)}))
        life = Life(self.rng, trackers, self.days)
        rows = []
        for index, day in enumerate(self.days):
            if not life.writes_on(index):
                continue
            values = life.values_on(index)
            note = self.rng.choice(words.NOTES) if self.rng.random() < 0.12 else None
            if not values and not note:
                continue
            at = self._at(day, 19, 0) + dt.timedelta(minutes=self.rng.randint(-90, 150))
            offset = at.utcoffset() or dt.timedelta()
            row = self._owned(
                person,
                at + dt.timedelta(seconds=3),
                experienced_at=at,
                experienced_offset=int(offset.total_seconds() // 60),
                experienced_on=day,
                recorded_at=at,
                values=values,
                tags={"glucose": self.rng.choice(("before", "after_2h"))} if "glucose" in values else {},
                note=note,
                corrects=None,
                revision=0,
                flags=[],
                body_hash=f"demo-{index}",
            )
            rows.append(row | {"original_id": row["id"]})
        if rows:
            db.session.bulk_insert_mappings(DiaryEntry.__mapper__, rows)

    def _notes(self, person: Person, conditions: list[str]) -> None:
        for condition in conditions:
            for text in words.MEDICINES[condition]:
                since = self.today - dt.timedelta(days=self.rng.randint(40, 900))
                row = self._owned(person, clock.now(), kind="medicine", text=text, since=since)
                if "Ibuprofen" in text:
                    row |= {
                        "stopped_on": self.today - dt.timedelta(days=18),
                        "stop_reason": "Upset my stomach",
                    }
                db.session.add(SelfCareNote(**row))

    def _visit(
        self, person: Person, team: Team, clinician: Person, at: dt.datetime, past: bool = False
    ) -> Visit:
        row = self._owned(
            person,
            min(at, clock.now()) - dt.timedelta(days=14),
            team_id=team.id,
            clinician_id=clinician.id,
            starts_at=at,
            ends_at=at + dt.timedelta(minutes=20),
            minutes=20,
            place=team.name,
            status="done" if past else "planned",
            added_by="team",
        )
        visit = Visit(**row | {"written_by": clinician.id})
        db.session.add(visit)
        return visit

    def _agenda(self, person: Person, visit: Visit, conditions: list[str]) -> None:
        shared = clock.now() - dt.timedelta(hours=self.rng.randint(2, 40))
        db.session.flush()
        agenda = Agenda(
            **self._owned(
                person,
                shared,
                visit_id=visit.id,
                team_id=visit.team_id,
                shared_at=shared,
                shared_by=person.id,
            )
        )
        db.session.add(agenda)
        db.session.flush()
        texts = [text for condition in conditions for text in words.TOPICS[condition]]
        for position, text in enumerate(self.rng.sample(texts, min(len(texts), self.rng.randint(1, 3))), 1):
            db.session.add(
                AgendaItem(
                    **self._owned(
                        person,
                        shared,
                        agenda_id=agenda.id,
                        position=position,
                        kind="topic",
                        text=text,
                        most_important=position == 1,
                        raised_by=person.id,
                    )
                )
            )
