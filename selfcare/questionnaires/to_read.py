"""Answers that wait to be read by whoever said that they read them: oldest first, with the day by which they promised it.

Nothing is ranked and no answer is shown here: what is due first stands first, whatever it says. Read means that the reader opened the
patient's questionnaires or their one page after the answers had come in.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from selfcare import audit, clock
from selfcare.extensions import db
from selfcare.people.access import Part
from selfcare.people.looked import RecordView
from selfcare.people.models import CareRelationship, Person, SharingChoice, Team
from selfcare.people.teams import works_here
from selfcare.questionnaires.models import QuestionnaireReader, QuestionnaireResponse
from selfcare.questionnaires.reading import stands

LOOKED_AT = ("questionnaires", "summary", "pdf")  # kinds of looks at which the answers are seen
LONGEST = dt.timedelta(
    days=56
)  # older ones are history: whoever begins to read today is not sent back for years


@dataclass(frozen=True)
class Waiting:
    """One patient's answers that nobody read yet, the oldest of that questionnaire; ``days_over`` counts on the reader's calendar."""

    patient_id: uuid.UUID
    name: str
    team: str
    questionnaire: str
    answered_on: dt.date
    read_by: dt.date
    days_over: int


def since() -> dt.datetime:
    """From when answers are told of."""
    return clock.now() - LONGEST


def count(reader_id: Any, after: Any) -> sa.ScalarSelect[int]:
    """For how many patients answers wait: a column of the panel's statement.

    :param reader_id: the clinician, or the statement's parameter for them.
    :param after: the statement's parameter for :func:`since`.
    """
    response = QuestionnaireResponse
    return (
        _unread(reader_id, after)
        .with_only_columns(sa.func.count(sa.distinct(response.patient_id)))
        .scalar_subquery()
    )


def waiting(reader: Person) -> list[Waiting]:
    """What waits for this reader, the earliest day first. One statement."""
    response = QuestionnaireResponse
    rows = db.session.execute(
        _unread(reader.id, since())
        .join(Person, Person.id == response.patient_id)
        .join(Team, Team.id == QuestionnaireReader.team_id)
        .with_only_columns(
            response.patient_id,
            Person.name,
            Team.name.label("team"),
            response.questionnaire,
            response.recorded_on,
            response.received_at,
            QuestionnaireReader.within_days,
        )
    )
    today = clock.today(reader.time_zone)
    oldest: dict[tuple[uuid.UUID, str], Waiting] = {}
    for row in sorted(rows, key=lambda row: row.received_at):
        day = clock.local(row.received_at, reader.time_zone).date() + dt.timedelta(days=row.within_days)
        found = Waiting(
            *(row.patient_id, row.name, row.team, row.questionnaire, row.recorded_on, day),
            days_over=max(0, (today - day).days),
        )
        oldest.setdefault((row.patient_id, row.questionnaire), found)
    named = sorted({str(each.patient_id) for each in oldest.values()})
    audit.record(reader, "questionnaires.waiting.read", None, patients=named)
    return sorted(oldest.values(), key=lambda each: (each.read_by, each.name))


def _unread(reader_id: Any, after: Any) -> sa.Select[Any]:
    """Standing responses to what this person reads, of patients who share them with the team, and at which they have not looked since."""
    response, reader = QuestionnaireResponse, QuestionnaireReader
    withheld = aliased(SharingChoice)
    part = Part.QUESTIONNAIRES.value
    looked = sa.exists().where(
        RecordView.patient_id == response.patient_id,
        RecordView.viewer_id == reader.clinician_id,
        RecordView.what.in_(LOOKED_AT),
        RecordView.acting_as == "clinician",
        RecordView.at >= response.received_at,
    )
    return (
        sa.select(response)
        .select_from(reader)
        .join(
            CareRelationship,
            sa.and_(CareRelationship.team_id == reader.team_id, CareRelationship.ended_at.is_(None)),
        )
        .join(
            response,
            sa.and_(
                response.patient_id == CareRelationship.patient_id,
                response.questionnaire == reader.questionnaire,
            ),
        )
        .join(
            SharingChoice,
            sa.and_(
                SharingChoice.patient_id == response.patient_id,
                SharingChoice.item == part,
                SharingChoice.current.is_(True),
                SharingChoice.shared.is_(True),
            ),
        )
        .where(
            reader.clinician_id == reader_id,
            reader.ended_at.is_(None),
            works_here(reader.clinician_id, reader.team_id),
            response.received_at > after,
            stands(),
            ~looked,
            ~sa.exists().where(
                withheld.patient_id == response.patient_id,
                withheld.item == sa.literal(f"{part}:") + response.questionnaire,
                withheld.current.is_(True),
                withheld.shared.is_(False),
            ),
        )
    )
