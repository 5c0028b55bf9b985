"""Agenda and AgendaItem."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from selfcare.database import Stateful
from selfcare.people.models import Person, Team
from selfcare.visits.models import Visit

TOPIC, QUESTION = "topic", "question"
KINDS = (TOPIC, QUESTION)

# method.md: up to three topics, questions beside them. Five questions still fit the page.
MOST = {TOPIC: 3, QUESTION: 5}
LONGEST = 2000  # characters of one item; docs/decisions/0048


class Agenda(Stateful):
    """The list for one visit, read by one team; without ``visit_id`` a list for a visit that is still to be booked.

    ``shared_at`` opens it to the team, later changes included. ``opened_at`` is when somebody of the team first read it.
    """

    __tablename__ = "agendas"
    __table_args__ = (
        # One list for a visit, and one in waiting for each team.
        sa.Index(
            "uq_agendas_visit_id",
            "visit_id",
            unique=True,
            sqlite_where=sa.text("visit_id IS NOT NULL"),
            postgresql_where=sa.text("visit_id IS NOT NULL"),
        ),
        sa.Index("ix_agendas_patient_team", "patient_id", "team_id"),
    )

    visit_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("visits.id"))
    team_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("teams.id"))
    shared_at: Mapped[dt.datetime | None]
    shared_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    opened_at: Mapped[dt.datetime | None]
    opened_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    left_out: Mapped[list[str] | None]  # goals from last time that the patient took out, by id

    visit: Mapped[Visit | None] = relationship(lazy="raise")
    team: Mapped[Team | None] = relationship(lazy="raise")


class AgendaItem(Stateful):
    """One topic or question. ``text`` is kept byte for byte.

    ``position`` runs from 1 without a gap over the items that are not removed; topics and questions are numbered together.
    ``raised_by`` is who first wrote it, ``written_by`` who wrote it last; ``relation`` is a carer's relation in the patient's
    word ("daughter") and None when the patient wrote it.
    """

    __tablename__ = "agenda_items"

    agenda_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("agendas.id"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(default=TOPIC)
    text: Mapped[str]
    most_important: Mapped[bool] = mapped_column(default=False)
    raised_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    relation: Mapped[str | None]
    removed_at: Mapped[dt.datetime | None]

    writer: Mapped[Person] = relationship(lazy="raise", foreign_keys="AgendaItem.written_by", viewonly=True)

    @property
    def written_with(self) -> str | None:
        """ "daughter Elif" when a carer wrote it, else None; needs ``writer`` loaded."""
        return f"{self.relation} {self.writer.known_as}" if self.relation else None
