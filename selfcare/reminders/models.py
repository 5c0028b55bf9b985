"""The wish, its instants, and the attempts: the reminder ledger."""

from __future__ import annotations

import datetime as dt
import uuid
from enum import StrEnum
from typing import cast

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock
from selfcare.database import Base, Stateful


class Reminder(Stateful):
    """A wish to be reminded: what about, when, how.

    ``about`` is a source's kind, with ``:key`` where it has several ("diary", "goal:<id>"). ``days`` is None for every day.
    ``paused_until`` is kept as it was given (a date or an instant), ``paused_until_at`` is that instant. ``chosen``: the person
    asked for it; False where the system did, and only then quiet hours bind. Occurrences exist up to ``planned_until``; None
    while it rests.
    """

    __tablename__ = "reminders"

    about: Mapped[str]
    times: Mapped[list[str]]
    days: Mapped[list[str] | None] = mapped_column(sa.JSON(none_as_null=True))
    time_zone: Mapped[str]
    channels: Mapped[list[str]]
    active: Mapped[bool] = mapped_column(default=True)
    paused_until: Mapped[str | None]
    paused_until_at: Mapped[dt.datetime | None]
    chosen: Mapped[bool] = mapped_column(default=True)
    planned_until: Mapped[dt.datetime | None] = mapped_column(index=True)

    # Not a column: computed for whoever is shown the reminder.
    next_due_at = cast("dt.datetime | None", None)


class QuietHours(Stateful):
    """Between these wall times the system adds nothing of its own. One row a patient; without one 9pm to 8am.

    ``tells_news``: whether the system may tell of something new by itself at all.
    """

    __tablename__ = "quiet_hours"
    __table_args__ = (sa.UniqueConstraint("patient_id"),)

    begin: Mapped[str]
    end: Mapped[str]
    tells_news: Mapped[bool] = mapped_column(default=True, server_default=sa.true())


class State(StrEnum):
    """Where an occurrence stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"  # a worker has it, until its lease ends
    SENT = "sent"  # at least one channel accepted it
    DONE_ALREADY = "done_already"  # nothing to be reminded of any more
    MISSED = "missed"  # not sent, and ``reason`` says why
    CANCELLED = "cancelled"  # the wish changed before it came due


class Occurrence(Base):
    """One instant of a wish: unique by reminder, local date and wall time, so that nothing is ever planned or sent twice.

    ``local_date`` is the day it asks about; put off past midnight, its ``local_time`` counts on ("24:30").
    ``next_at`` is when a worker has to look at it: when due, when a lease ends, when to try again; None when it is settled.
    ``held_until``: quiet hours put it off until then. It outlives its reminder, so ``reminder_id`` is no foreign key.
    """

    __tablename__ = "occurrences"
    __table_args__ = (
        sa.UniqueConstraint("reminder_id", "local_date", "local_time"),
        # Only what is still open: the idle look costs the same with 10 thousand rows and with 10 million.
        sa.Index(
            "ix_occurrences_next_at",
            "next_at",
            sqlite_where=sa.text("next_at IS NOT NULL"),
            postgresql_where=sa.text("next_at IS NOT NULL"),
        ),
        sa.Index("ix_occurrences_patient_due", "patient_id", "due_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    reminder_id: Mapped[uuid.UUID]
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"))
    about: Mapped[str]
    local_date: Mapped[dt.date]
    local_time: Mapped[str]
    time_zone: Mapped[str]
    due_at: Mapped[dt.datetime]
    held_until: Mapped[dt.datetime | None]
    state: Mapped[str] = mapped_column(default=State.WAITING)
    reason: Mapped[str | None]  # late | no_phone | gone | refused | not_taken | account_closed
    next_at: Mapped[dt.datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    settled_at: Mapped[dt.datetime | None]


class Delivery(Base):
    """One attempt to reach the person on one channel. ``outcome`` is ``push.sender.Outcome``'s word.

    Several occurrences of one minute share a message, and so a ``tag``. ``shown_at`` and ``acted_at`` are what the phone says.
    """

    __tablename__ = "deliveries"
    __table_args__ = (sa.Index("ix_deliveries_patient_tag", "patient_id", "tag"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    occurrence_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("occurrences.id"), index=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"))
    channel: Mapped[str]
    subscription_id: Mapped[uuid.UUID | None]
    tag: Mapped[str]
    outcome: Mapped[str]
    status: Mapped[int]
    sent_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    shown_at: Mapped[dt.datetime | None]
    acted_at: Mapped[dt.datetime | None]


class WorkerHeartbeat(Base):
    """A running worker's last sign of life; for ``/readyz``."""

    __tablename__ = "worker_heartbeats"

    name: Mapped[str] = mapped_column(primary_key=True)
    started_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    at: Mapped[dt.datetime] = mapped_column(default=clock.now)
