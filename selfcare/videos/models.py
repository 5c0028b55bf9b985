"""How far a person has watched each video."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from selfcare.database import Stateful

# Names the rows: the same person and video always give the same id, so that two phones meet in one row.
_NAMESPACE = uuid.UUID("5f0c8f0e-6a34-4d0c-9b57-2f6b3a5f9d11")


class VideoProgress(Stateful):
    """One person and one video. ``seconds`` is where they stopped; ``completed`` never goes back to false."""

    __tablename__ = "video_progress"
    __table_args__ = (sa.UniqueConstraint("patient_id", "video_id"),)

    video_id: Mapped[str]
    seconds: Mapped[int] = mapped_column(default=0)
    completed: Mapped[bool] = mapped_column(default=False)
    first_watched_at: Mapped[dt.datetime]
    last_watched_at: Mapped[dt.datetime]
    completed_at: Mapped[dt.datetime | None]


def progress_id(patient_id: uuid.UUID, video_id: str) -> uuid.UUID:
    """The id of the one row for this person and video."""
    return uuid.uuid5(_NAMESPACE, f"{patient_id}/{video_id}")
