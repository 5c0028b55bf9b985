"""Texts of questionnaires, who reads the answers, and the answers."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock
from selfcare.database import Base, Owned


class QuestionnaireText(Base):
    """The owner's wording as it was imported; the newest of a questionnaire is in force, older ones stay with their answers.

    ``answers``: the words of the answers from the lowest up; empty where the answers are bare numbers. ``notice``: the owner's
    notice of rights, shown wherever the items are.
    """

    __tablename__ = "questionnaire_texts"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    questionnaire: Mapped[str]
    stem: Mapped[str]
    items: Mapped[list[str]]
    answers: Mapped[list[str]]
    notice: Mapped[str]
    source: Mapped[str]
    text_hash: Mapped[str]
    imported_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


class QuestionnaireReader(Base):
    """Who of a team reads the answers to a questionnaire, and within how many days. One runs at a time."""

    __tablename__ = "questionnaire_readers"
    __table_args__ = (
        sa.Index(
            "uq_questionnaire_readers_team_id_questionnaire",
            *("team_id", "questionnaire"),
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    team_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("teams.id"))
    questionnaire: Mapped[str]
    clinician_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    within_days: Mapped[int]
    set_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    set_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[dt.datetime | None]


class QuestionnaireResponse(Owned):
    """One filled-in questionnaire: written once. A correction is another one that names this in ``corrects``; both stay.

    ``answers``: item number → whole number, or None for an item that was left out. ``score``: None where too many are missing.
    ``recorded_on``: the day on the patient's calendar. ``crisis_answer``: the words of an answer above the lowest to the item
    about harming oneself, as they stood on the page.
    """

    __tablename__ = "questionnaire_responses"
    __table_args__ = (
        sa.Index("ix_questionnaire_responses_when", "patient_id", "questionnaire", "recorded_at"),
    )

    questionnaire: Mapped[str]
    text_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("questionnaire_texts.id"))
    answers: Mapped[dict[str, Any]]
    score: Mapped[float | None]
    crisis_answer: Mapped[str | None]
    recorded_at: Mapped[dt.datetime]
    recorded_on: Mapped[dt.date]
    corrects: Mapped[uuid.UUID | None] = mapped_column(
        sa.ForeignKey("questionnaire_responses.id"), index=True
    )
    body_hash: Mapped[str]


class CrisisAcknowledgement(Owned):
    """That the crisis card after an answer was read: a record of its own, never a condition for keeping the answer."""

    __tablename__ = "crisis_acknowledgements"

    response_id: Mapped[uuid.UUID] = mapped_column(
        sa.ForeignKey("questionnaire_responses.id", name="fk_crisis_acknowledgements_response"), index=True
    )
    recorded_at: Mapped[dt.datetime]
