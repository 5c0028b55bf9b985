"""Invitations: how a person gets in for the first time, or again after a forgotten password."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from selfcare import clock
from selfcare.database import Base
from selfcare.people.models import Person, Team

# A patient who is new here: nothing of theirs exists until they accept. An account: somebody who is known and sets a password.
PATIENT, ACCOUNT = "patient", "account"


class Invitation(Base):
    """A link that lets one person in once. Only its hash is stored.

    For a patient it carries what the care team typed, and forgets it once the person row exists or the link is taken back.
    ``staged_*`` keep the e-mail and the hashed password between two pages, so that an account and its consent are stored together.
    """

    __tablename__ = "invitations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    token_hash: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    team_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("teams.id"), index=True)
    invited_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    person_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)

    name: Mapped[str | None]
    known_as: Mapped[str | None]
    email: Mapped[str | None]
    born_on: Mapped[dt.date | None]
    conditions: Mapped[list[str] | None]
    languages: Mapped[list[str] | None]
    interpreter: Mapped[str | None]
    access_needs: Mapped[str | None]

    staged_email: Mapped[str | None]
    staged_hash: Mapped[str | None]

    team: Mapped[Team | None] = relationship(lazy="raise")
    inviter: Mapped[Person] = relationship(foreign_keys=[invited_by], lazy="raise")
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id], lazy="raise")

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.used_at is None and self.revoked_at is None and self.expires_at > clock.now()

    def forget(self) -> None:
        """Drop what was typed about the person: it lives on with the person, or not at all."""
        self.name = self.known_as = self.email = self.born_on = self.conditions = self.languages = None
        self.interpreter = self.access_needs = self.staged_email = self.staged_hash = None
