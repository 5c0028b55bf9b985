"""Visit."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from selfcare.database import Stateful
from selfcare.people.models import Person, Team

PLANNED, DONE, CANCELLED = "planned", "done", "cancelled"


class Visit(Stateful):
    """One visit. ``team_id`` is None when the patient sees somebody who is on no team here; nobody here reads its agenda then.

    ``ends_at`` is ``starts_at`` plus ``minutes``: kept, because a question such as "what comes next" is asked of the database.
    """

    __tablename__ = "visits"
    __table_args__ = (sa.Index("ix_visits_patient_starts", "patient_id", "starts_at"),)

    team_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("teams.id"), index=True)
    clinician_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    starts_at: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime]
    minutes: Mapped[int] = mapped_column(default=20)
    place: Mapped[str | None]
    with_whom: Mapped[str | None]  # in the patient's words, for a visit of their own
    join_link: Mapped[str | None]
    status: Mapped[str] = mapped_column(default=PLANNED)
    added_by: Mapped[str]  # team | patient

    team: Mapped[Team | None] = relationship(lazy="raise")
    clinician: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[clinician_id])

    @property
    def with_name(self) -> str:
        """With whom, for people: the clinician, else what the patient wrote, else the team; may be empty."""
        if self.clinician is not None:
            return self.clinician.name
        return self.with_whom or (self.team.name if self.team is not None else "")

    @property
    def short_name(self) -> str:
        """The same in a word or two, for a heading or a button: "Grace"."""
        return self.clinician.known_as if self.clinician is not None else self.with_name
