"""What sign-in needs to remember."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from selfcare import clock
from selfcare.database import Base
from selfcare.people.models import Person


class Credential(Base):
    """A person's password, as an argon2id hash."""

    __tablename__ = "credentials"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    password_hash: Mapped[str]
    changed_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


class LoginSession(Base):
    """One signed-in browser. The cookie names the row by a secret; ending the row ends the session at once.

    While it is locked it opens nothing, but the browser still knows whose password brings it back.
    """

    __tablename__ = "login_sessions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    secret_hash: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    started_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    seen_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[dt.datetime | None]
    locked_at: Mapped[dt.datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class SignInTry(Base):
    """One try that was not right, kept an hour for the throttle only.

    ``account`` is a keyed hash of the e-mail, ``lane`` of the device, ``address`` of where a stranger's try came from.
    """

    __tablename__ = "sign_in_tries"
    __table_args__ = (
        sa.Index("ix_sign_in_tries_account_at", "account", "lane", "at"),
        sa.Index("ix_sign_in_tries_address_at", "address", "at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    account: Mapped[str]
    lane: Mapped[str]
    address: Mapped[str | None]
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)
