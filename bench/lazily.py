"""The panel and the one page as an ORM gives them when nobody thinks about statements: objects, and a question for each of them.

What it asks is kind to the ORM: the newest entry by one statement with a limit, not by loading a patient's whole diary. It leaves
out what our own pages do besides (charts, words, who may see what), which is in its favour.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa

from selfcare import clock
from selfcare.agendas.models import Agenda, AgendaItem
from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from selfcare.goals.models import ConfidenceScore, FollowUp, Goal, GoalDay, WeeklyPlan, WeeklyReview
from selfcare.notes.models import SelfCareNote
from selfcare.people.models import CareRelationship, Patient, Person, SharingChoice, TeamMembership
from selfcare.results.models import Result
from selfcare.videos.models import VideoProgress
from selfcare.visits.models import PLANNED, Visit

DAYS = 28


def panel(clinician_id: uuid.UUID) -> dict[uuid.UUID, dict[str, Any]]:
    """Each patient of the clinician's teams: name, next visit, list, topics, confidence, last entry, held results."""
    now = clock.now()
    found = {}
    for membership in _all(TeamMembership, TeamMembership.person_id == clinician_id):
        for link in _all(CareRelationship, CareRelationship.team_id == membership.team_id):
            patient_id = link.patient_id
            shared = _shared(patient_id)
            visits = _all(
                Visit, Visit.patient_id == patient_id, Visit.status == PLANNED, Visit.starts_at >= now
            )
            visit = min(visits, key=lambda each: each.starts_at, default=None)
            agenda = _first(Agenda, Agenda.patient_id == patient_id, Agenda.shared_at.is_not(None))
            scores = (
                _all(ConfidenceScore, ConfidenceScore.patient_id == patient_id) if "goals" in shared else []
            )
            found[patient_id] = {
                "name": db.session.get_one(Person, patient_id).name,
                "conditions": db.session.get_one(Patient, patient_id).conditions,
                "visit": visit and visit.starts_at,
                "topics": len(_all(AgendaItem, AgendaItem.agenda_id == agenda.id)) if agenda else None,
                "confidence": max(scores, key=lambda each: each.said_at, default=None),
                "last_entry": _last_entry(patient_id) if "diary" in shared else None,
                "follow_ups": _all(FollowUp, FollowUp.patient_id == patient_id),
                "held": len(_all(Result, Result.patient_id == patient_id)),
            }
    return found


def summary(patient_id: uuid.UUID) -> dict[str, Any]:
    """One patient's page: who, visit and list, goals with their weeks, days and scores, the diary, notes, videos."""
    today = clock.now().date()
    since = today - dt.timedelta(days=DAYS)
    agenda = _first(Agenda, Agenda.patient_id == patient_id, Agenda.shared_at.is_not(None))
    return {
        "person": (db.session.get_one(Person, patient_id), db.session.get_one(Patient, patient_id)),
        "shared": _shared(patient_id),
        "visits": _all(Visit, Visit.patient_id == patient_id),
        "items": _all(AgendaItem, AgendaItem.agenda_id == agenda.id) if agenda else [],
        "goals": [
            (
                goal,
                _all(WeeklyPlan, WeeklyPlan.goal_id == goal.id),
                _all(GoalDay, GoalDay.goal_id == goal.id, GoalDay.date >= since),
                _all(WeeklyReview, WeeklyReview.goal_id == goal.id),
                _all(ConfidenceScore, ConfidenceScore.goal_id == goal.id),
            )
            for goal in _all(Goal, Goal.patient_id == patient_id)
        ],
        "diary": _all(
            DiaryEntry,
            DiaryEntry.patient_id == patient_id,
            DiaryEntry.experienced_at >= clock.now() - dt.timedelta(days=DAYS),
        ),
        "follow_ups": _all(FollowUp, FollowUp.patient_id == patient_id),
        "notes": _all(SelfCareNote, SelfCareNote.patient_id == patient_id),
        "videos": _all(VideoProgress, VideoProgress.patient_id == patient_id),
    }


def _all(kind: type[Any], *conditions: Any) -> list[Any]:
    return list(db.session.scalars(sa.select(kind).where(*conditions)))


def _first(kind: type[Any], *conditions: Any) -> Any:
    return db.session.scalars(sa.select(kind).where(*conditions).limit(1)).first()


def _shared(patient_id: uuid.UUID) -> set[str]:
    choices = _all(SharingChoice, SharingChoice.patient_id == patient_id, SharingChoice.current)
    return {each.item for each in choices if each.shared}


def _last_entry(patient_id: uuid.UUID) -> dt.date | None:
    newest = db.session.scalars(
        sa.select(DiaryEntry)
        .where(DiaryEntry.patient_id == patient_id)
        .order_by(DiaryEntry.experienced_at.desc())
        .limit(1)
    ).first()
    return newest.experienced_on if newest else None
