"""Scenes of the agenda's stories: visits, and who cares for whom."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from selfcare import clock
from selfcare.agendas.models import Agenda, AgendaItem
from selfcare.diaries.models import DiaryEntry, TrackerChoice, choice_id
from selfcare.extensions import db
from selfcare.goals.models import ConfidenceScore, Goal, GoalDay, WeeklyPlan
from selfcare.notes.models import SelfCareNote
from selfcare.people.models import CareRelationship, CarerLink, Person, SharingChoice, Team
from selfcare.questionnaires.models import QuestionnaireResponse, QuestionnaireText
from selfcare.questionnaires.packs import catalogue
from selfcare.videos import packs
from selfcare.videos.models import VideoProgress, progress_id
from selfcare.visits.models import Visit
from tests.factories import World, make_patient, share

UNSET = uuid.UUID(int=0)


def visit(
    world: World,
    *,
    days: int,
    patient: uuid.UUID | None = None,
    team: uuid.UUID | None = UNSET,
    clinician: uuid.UUID | None = UNSET,
    **more: Any,
) -> uuid.UUID:
    """A visit in so many days, by default Ayşe's with Grace at Hornsey Lane."""
    starts = clock.now() + dt.timedelta(days=days, minutes=5)
    row = Visit(
        id=uuid.uuid4(),
        patient_id=patient or world.ayse,
        written_by=world.grace,
        team_id=world.hornsey if team == UNSET else team,
        clinician_id=world.grace if clinician == UNSET else clinician,
        starts_at=starts,
        ends_at=starts + dt.timedelta(minutes=20),
        minutes=20,
        added_by="team",
        **more,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def move_visit(visit_id: uuid.UUID, *, hours: int = 0, to: dt.datetime | None = None) -> None:
    """Let the visit begin so many hours from now, or at ``to``."""
    row = db.session.get(Visit, visit_id)
    assert row is not None
    row.starts_at = to or clock.now() + dt.timedelta(hours=hours)
    row.ends_at = row.starts_at + dt.timedelta(minutes=row.minutes)


def care_for(patient: uuid.UUID, team: uuid.UUID, clinician: uuid.UUID | None = None) -> None:
    """The team cares for the patient from now on."""
    db.session.add(CareRelationship(patient_id=patient, team_id=team, clinician_id=clinician))
    db.session.flush()


def leave(patient: uuid.UUID) -> None:
    """The patient leaves every team."""
    db.session.execute(
        sa.update(CareRelationship).where(CareRelationship.patient_id == patient).values(ended_at=clock.now())
    )


def shared_list(
    patient: uuid.UUID,
    visit: uuid.UUID | None,
    team: uuid.UUID,
    *,
    topics: int = 3,
    questions: int = 0,
    shared: bool = True,
    text: str = "Something about my knee",
) -> uuid.UUID:
    """A list with so many topics and questions."""
    now = clock.now()
    agenda = Agenda(
        id=uuid.uuid4(),
        patient_id=patient,
        written_by=patient,
        visit_id=visit,
        team_id=team,
        shared_at=now if shared else None,
    )
    db.session.add(agenda)
    db.session.flush()
    for place in range(1, topics + questions + 1):
        db.session.add(
            AgendaItem(
                id=uuid.uuid4(),
                patient_id=patient,
                written_by=patient,
                raised_by=patient,
                agenda_id=agenda.id,
                position=place,
                kind="topic" if place <= topics else "question",
                text=text,
                most_important=place == 1,
            )
        )
    db.session.flush()
    return agenda.id


def score(patient: uuid.UUID, value: int, *, days_ago: int) -> None:
    """A confidence score about something."""
    db.session.add(
        ConfidenceScore(
            id=uuid.uuid4(),
            patient_id=patient,
            written_by=patient,
            topic="walking",
            score=value,
            recorded_at=clock.now() - dt.timedelta(days=days_ago),
        )
    )


def entry(patient: uuid.UUID, *, days_ago: int, by: uuid.UUID | None = None, **values: Any) -> None:
    """A diary entry, written ``by`` a carer if one is named."""
    when = clock.now() - dt.timedelta(days=days_ago)
    entry_id = uuid.uuid4()
    db.session.add(
        DiaryEntry(
            id=entry_id,
            patient_id=patient,
            written_by=by or patient,
            experienced_at=when,
            experienced_offset=0,
            experienced_on=clock.today("Europe/London") - dt.timedelta(days=days_ago),
            recorded_at=when,
            values=values or {"pain": 4},
            tags={},
            original_id=entry_id,
            revision=0,
            flags=[],
            body_hash="",
        )
    )


def crowd(world: World, number: int) -> None:
    """So many more patients of Hornsey Lane, each with a visit, a shared list, scores and entries."""
    team = db.session.get_one(Team, world.hornsey)
    grace = db.session.get_one(Person, world.grace)
    for _ in range(number):
        word = uuid.uuid4().hex[:10]
        person = Person(name=f"{word} Example", known_as=word, email=f"{word}@test.example")
        db.session.add(person)
        db.session.flush()
        make_patient(person, "asthma", team=team, clinician=grace)
        share(person, "goals", "diary")
        booked = visit(world, days=3, patient=person.id)
        shared_list(person.id, booked, world.hornsey)
        for days in (9, 2):
            score(person.id, 5, days_ago=days)
            entry(person.id, days_ago=days)
    db.session.flush()


def items(agenda_id: uuid.UUID, patient: uuid.UUID, texts: Sequence[str], kind: str = "topic") -> None:
    """These items at the end of a list."""
    for place, text in enumerate(texts, 1):
        db.session.add(
            AgendaItem(
                id=uuid.uuid4(),
                patient_id=patient,
                written_by=patient,
                raised_by=patient,
                agenda_id=agenda_id,
                position=place + (10 if kind == "question" else 0),
                kind=kind,
                text=text,
                most_important=False,
            )
        )


def goal(
    patient: uuid.UUID, statement: str, *, scores: Sequence[int] = (), barrier: str | None = None
) -> uuid.UUID:
    """A running goal with 3 weeks of plans, some days done, and these scores."""
    today = clock.today("Europe/London")
    row = Goal(
        id=uuid.uuid4(),
        patient_id=patient,
        written_by=patient,
        statement=statement,
        lifecycle_status="active",
        started_on=today - dt.timedelta(days=20),
    )
    db.session.add(row)
    db.session.flush()
    for week in range(3):
        monday = clock.monday_of(today) - dt.timedelta(days=7 * week)
        mine = {"patient_id": patient, "written_by": patient, "goal_id": row.id, "monday": monday}
        db.session.add(
            WeeklyPlan(id=uuid.uuid4(), what=statement, days=["mon", "wed"], barriers=barrier, **mine)
        )
        db.session.add(GoalDay(id=uuid.uuid4(), date=monday, outcome="done", **mine))
    for place, value in enumerate(scores):
        db.session.add(
            ConfidenceScore(
                id=uuid.uuid4(),
                patient_id=patient,
                written_by=patient,
                goal_id=row.id,
                score=value,
                recorded_at=clock.now() - dt.timedelta(days=20 - place),
            )
        )
    return row.id


def note(patient: uuid.UUID, text: str, **more: Any) -> uuid.UUID:
    """A medicine that the patient keeps in their notes; ``kind="note"`` for a note."""
    more.setdefault("kind", "medicine")
    row = SelfCareNote(id=uuid.uuid4(), patient_id=patient, written_by=patient, text=text, **more)
    db.session.add(row)
    db.session.flush()
    return row.id


def watched(patient: uuid.UUID, *, days_ago: int) -> str:
    """The patient watched the first video to its end; returns its title."""
    video = packs.catalogue()[0]
    then = clock.now() - dt.timedelta(days=days_ago)
    db.session.add(
        VideoProgress(
            id=progress_id(patient, video.id),
            patient_id=patient,
            written_by=patient,
            video_id=video.id,
            seconds=video.seconds,
            completed=True,
            first_watched_at=then,
            last_watched_at=then,
            completed_at=then,
        )
    )
    return video.title


def full_page(world: World, *, days: int = 2) -> uuid.UUID:
    """All that one page can hold of Ayşe, with a visit in 2 days and one 90 days ago; goals, diary, notes and videos shared."""
    booked = visit(world, days=days)
    visit(world, days=-90)
    listed = shared_list(world.ayse, booked, world.hornsey, topics=0)
    items(listed, world.ayse, WORDS)
    share(db.session.get_one(Person, world.ayse), "notes", "videos")
    goal(world.ayse, "Walk 15 minutes after lunch", scores=(4, 5, 6), barrier="When my knee is bad I stay in")
    goal(world.ayse, "Stretch my back before bed", scores=(7, 8))
    for days_ago in range(28):
        if days_ago % 4:
            entry(world.ayse, days_ago=days_ago, pain=3 + days_ago % 4, sleep=5, glucose=7.2)
    db.session.add(
        TrackerChoice(
            id=choice_id(world.ayse),
            patient_id=world.ayse,
            written_by=world.ayse,
            measures=["pain", "glucose", "sleep"],
        )
    )
    today = clock.today("Europe/London")
    note(world.ayse, "Metformin 1 g, twice a day")
    note(world.ayse, "Ibuprofen", stopped_on=today - dt.timedelta(days=18), stop_reason="upset my stomach")
    note(world.ayse, "I keep sweets in my bag now", kind="note")
    watched(world.ayse, days_ago=5)
    return booked


WORDS = (
    "My knee wakes me up at night. Is it the arthritis or my weight? The ibuprofen upset my stomach so I stopped it.",
    "I get shaky before lunch if I walk. Should I eat first?",
    "Is swimming OK for my knees? There is a women’s class on Fridays.",
)


def may_only_read(patient: uuid.UUID) -> None:
    """The patient's carers may look and not write."""
    db.session.execute(sa.update(CarerLink).where(CarerLink.patient_id == patient).values(may_write=False))


def load(person_id: uuid.UUID) -> Person:
    """A person with their roles, as a session has them."""
    return (
        db.session.scalars(
            sa.select(Person).where(Person.id == person_id).options(orm.joinedload(Person.role_rows))
        )
        .unique()
        .one()
    )


def questionnaires(patient: uuid.UUID) -> None:
    """Every questionnaire there is, answered twice, with an answer above the lowest about harm."""
    text = QuestionnaireText(
        questionnaire="phq9", stem="", items=[], answers=[], notice="", source="tests", text_hash=""
    )
    db.session.add_all(
        [text, SharingChoice(patient_id=patient, item="questionnaires", shared=True, chosen_by=patient)]
    )
    db.session.flush()
    for code in catalogue():
        for days, score in ((60, 18.0), (2, 9.0)):
            db.session.add(
                QuestionnaireResponse(
                    id=uuid.uuid4(),
                    patient_id=patient,
                    written_by=patient,
                    questionnaire=code,
                    text_id=text.id,
                    answers={},
                    score=score,
                    crisis_answer="Several days" if code == "phq9" else None,
                    recorded_at=clock.now() - dt.timedelta(days=days),
                    recorded_on=clock.today("Europe/London") - dt.timedelta(days=days),
                    body_hash="",
                )
            )
    db.session.flush()
