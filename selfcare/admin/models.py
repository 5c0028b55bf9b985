"""What an administrator may not do alone."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from selfcare import clock
from selfcare.database import Base
from selfcare.people.models import Person, Team

# A team of one's own for a patient · oneself into a team · a role for oneself.
CARE, MEMBERSHIP, ROLE = "care", "membership", "role"


class GrantRequest(Base):
    """Something that would open a record to the administrator who asks for it: another administrator decides.

    ``person_id`` is the patient of a care relationship, else the administrator who asks.
    """

    __tablename__ = "grant_requests"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    kind: Mapped[str]
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    team_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("teams.id"))
    role: Mapped[str | None]
    requested_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    requested_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    decided_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    decided_at: Mapped[dt.datetime | None]
    granted: Mapped[bool | None]

    person: Mapped[Person] = relationship(foreign_keys=[person_id], lazy="raise")
    requester: Mapped[Person] = relationship(foreign_keys=[requested_by], lazy="raise")
    team: Mapped[Team | None] = relationship(lazy="raise")
