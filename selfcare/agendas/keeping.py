"""Notes and videos for the one page, in one statement: the page may run six in all (performance.md, goal 7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.notes import summary as notes
from selfcare.notes.models import SelfCareNote
from selfcare.people import hands
from selfcare.people.access import Part, Record
from selfcare.videos import summary as videos
from selfcare.videos.models import VideoProgress


def notes_and_videos(record: Record, since: dt.date) -> dict[str, list[dict[str, Any]]]:
    """What the sections ``notes`` and ``videos`` say, each only where the record shows it. One statement, or none."""
    asked: list[Any] = []
    if record.sees(Part.NOTES):
        asked.append(_notes(record, since))
    if record.sees(Part.VIDEOS):
        asked.append(_videos(record, since))
    rows = list(db.session.execute(sa.union_all(*asked))) if asked else []
    return {
        "notes": notes.shaped(row for row in rows if row.what == "note"),
        "videos": videos.shaped(record, ((row.text, row.received_at) for row in rows if row.what == "video")),
    }


def _notes(record: Record, since: dt.date) -> Any:
    note = SelfCareNote
    return notes.query(record, since).with_only_columns(
        sa.literal("note").label("what"),
        note.id.label("id"),
        note.kind.label("kind"),
        note.text.label("text"),
        note.since.label("since"),
        note.stopped_on.label("stopped_on"),
        note.stop_reason.label("stop_reason"),
        note.received_at.label("received_at"),
        *hands.columns(note),
    )


def _videos(record: Record, since: dt.date) -> Any:
    nothing, no_day = sa.cast(sa.null(), sa.Text), sa.cast(sa.null(), sa.Date)
    return videos.query(record, since).with_only_columns(
        sa.literal("video").label("what"),
        VideoProgress.id.label("id"),
        nothing.label("kind"),
        VideoProgress.video_id.label("text"),
        no_day.label("since"),
        no_day.label("stopped_on"),
        nothing.label("stop_reason"),
        VideoProgress.completed_at.label("received_at"),
        nothing.label("writer_name"),
        nothing.label("writer_relation"),
    )
