"""The audit trail's rows, and the two ways to add one."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock
from selfcare.database import Base
from selfcare.extensions import db


class HasId(Protocol):
    """A person, a patient or a row."""

    id: Any


class AuditEvent(Base):
    """One act. Holds ids and codes, never what somebody wrote. ``sequence`` and the hashes are set by the sealer."""

    __tablename__ = "audit_events"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    at: Mapped[dt.datetime] = mapped_column(index=True)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    action: Mapped[str]
    subject_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    thing: Mapped[str | None]
    thing_id: Mapped[uuid.UUID | None]
    details: Mapped[dict[str, Any] | None]
    sequence: Mapped[int | None] = mapped_column(sa.BigInteger, unique=True)
    previous_hash: Mapped[str | None]
    hash: Mapped[str | None]


# Of the table, not the class, and made once: every request writes one of these.
_INSERT = sa.insert(cast(sa.Table, AuditEvent.__table__))


class _System:
    """The actor of what the service does by itself (reminders, retention)."""

    id: uuid.UUID | None = None


SYSTEM = _System()


def _row(
    actor: HasId | None,
    action: str,
    subject: HasId | None,
    thing: HasId | None,
    details: dict[str, Any] | None,
) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "at": clock.now(),
        "actor_id": actor.id if actor else None,
        "action": action,
        "subject_id": subject.id if subject else None,
        "thing": getattr(thing, "__tablename__", type(thing).__name__) if thing is not None else None,
        "thing_id": thing.id if thing is not None else None,
        "details": details,
    }


def record(
    actor: HasId | None,
    action: str,
    subject: HasId | None,
    thing: HasId | None = None,
    **details: Any,
) -> None:
    """Note an act, in the same transaction as the act itself (or, for a read, just before the answer leaves).

    :param actor: the person who acts; ``SYSTEM`` for the service itself.
    :param action: a code such as ``diary_entry.recorded`` or ``diary.read``.
    :param subject: whose record it is.
    :param thing: the row it concerns.
    :param details: codes and numbers only, never words that somebody wrote.
    """
    db.later(_INSERT, _row(actor, action, subject, thing, details or None))


def is_noted() -> bool:
    """Whether anything of this transaction is noted yet."""
    return db.waits(_INSERT)


def record_apart(actor: HasId | None, action: str, subject: HasId | None = None, **details: Any) -> None:
    """Note a security event (failed sign-in, denied access): it stays although the request is rolled back.

    On SQLite a second writer would wait for the request's own transaction, so that is given up first: what is refused
    stores nothing anyway.
    """
    row = _row(
        actor, action, subject, None, details or None
    )  # before the rollback, which forgets what was loaded
    db.rollback()
    with db.apart() as session:
        session.execute(_INSERT, row)
