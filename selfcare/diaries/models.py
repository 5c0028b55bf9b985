"""What a person keeps track of, and what they wrote."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from selfcare.database import Owned, Stateful

# Names the row: a person has one choice, so two phones meet in one row.
_NAMESPACE = uuid.UUID("0e1b5a52-6a0f-4a0c-9f3e-7d1f6f9f2b84")


class TrackerChoice(Stateful):
    """What one person keeps track of: codes of measures, in their own order."""

    __tablename__ = "tracker_choices"

    measures: Mapped[list[str]] = mapped_column(default=list)


def choice_id(patient_id: uuid.UUID) -> uuid.UUID:
    """The id of the one row of this person."""
    return uuid.uuid5(_NAMESPACE, str(patient_id))


class DiaryEntry(Owned):
    """One entry: written once. A correction is a new entry that names the old one in ``corrects``; both stay.

    ``values``: measure code → number, true / false, or a choice's code. ``tags``: measure code → code of its tag.
    ``experienced_offset``: minutes that the phone's clock was ahead of UTC; ``experienced_on``: the day on the phone's calendar.
    ``original_id``: the first entry of a chain of corrections (an entry's own id where it corrects nothing), and ``revision``
    how far down the chain this one stands: the newest of the highest revision holds. ``body_hash`` tells a replay from another body.
    """

    __tablename__ = "diary_entries"
    __table_args__ = (sa.Index("ix_diary_entries_when", "patient_id", "experienced_at"),)

    experienced_at: Mapped[dt.datetime]
    experienced_offset: Mapped[int]
    experienced_on: Mapped[dt.date]
    recorded_at: Mapped[dt.datetime]
    values: Mapped[dict[str, Any]]
    tags: Mapped[dict[str, Any]]
    note: Mapped[str | None]
    corrects: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("diary_entries.id"), index=True)
    original_id: Mapped[uuid.UUID] = mapped_column(index=True)
    revision: Mapped[int]
    flags: Mapped[list[str]]
    body_hash: Mapped[str]

    @property
    def felt_at(self) -> dt.datetime:
        """When it was felt, on the phone's own clock."""
        return self.experienced_at.astimezone(dt.timezone(dt.timedelta(minutes=self.experienced_offset)))
