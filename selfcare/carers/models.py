"""The patient's invitation to somebody who is to help them."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock
from selfcare.database import Base


class CarerInvitation(Base):
    """A link that makes one person the patient's carer, once. Only its hash is stored.

    A table of its own, beside the care team's invitations: it is the patient's, so it is in their export and goes with their erasure,
    and no administrator's list shows that somebody is a patient. ``known_as`` is what the patient calls the person; ``staged_*`` is what
    the invited person typed and has not agreed to yet: theirs, so no export of the patient's holds it.
    """

    __tablename__ = "carer_invitations"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    known_as: Mapped[str | None]
    relation: Mapped[str]
    may_write: Mapped[bool]
    also_sees: Mapped[list[str]]
    ends_on: Mapped[dt.date | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    expires_at: Mapped[dt.datetime]
    used_at: Mapped[dt.datetime | None]
    declined_at: Mapped[dt.datetime | None]
    revoked_at: Mapped[dt.datetime | None]
    tries: Mapped[int] = mapped_column(default=0)

    staged_name: Mapped[str | None]
    staged_email: Mapped[str | None]
    staged_hash: Mapped[str | None]

    @property
    def is_waiting(self) -> bool:
        """Neither accepted, nor refused, nor taken back; the link may have run out."""
        return self.used_at is None and self.declined_at is None and self.revoked_at is None

    @property
    def is_open(self) -> bool:
        """Whether the link still works."""
        return self.is_waiting and self.expires_at > clock.now()

    def forget(self, *, name: bool = True) -> None:
        """Drop what was typed about the invited person; ``name=False`` keeps what the patient calls them."""
        self.staged_name = self.staged_email = self.staged_hash = None
        if name:
            self.known_as = None
