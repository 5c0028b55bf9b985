"""What the library adds to the clinician's page: part 7, what changed since the last consultation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.videos import packs
from selfcare.videos.models import VideoProgress


def watched_since(record: Record, since: dt.date) -> list[dict[str, Any]]:
    """What this person watched to the end on or after that day, oldest first: ``[{title, completed_on}]``.

    Days are in the patient's own zone. One statement; none, and an empty list, where the record does not show
    this part. The page that shows it audits the read as a whole.
    """
    if not record.sees(Part.VIDEOS):
        return []
    rows = db.session.scalars(query(record, since))
    return shaped(record, ((row.video_id, row.completed_at) for row in rows))


def query(record: Record, since: dt.date) -> sa.Select[VideoProgress]:
    """The rows of the section, in any order."""
    start, _next = clock.day_bounds(since, record.person.time_zone)
    return record.owned(VideoProgress).where(VideoProgress.completed_at >= start)


def shaped(record: Record, finished: Iterable[tuple[str, dt.datetime | None]]) -> list[dict[str, Any]]:
    """The section made of ids of videos and when each was watched to the end."""
    titles = {video.id: video.title for video in packs.catalogue()}
    known = [(when, video_id) for video_id, when in finished if when is not None and video_id in titles]
    zone = record.person.time_zone
    return [
        {"title": titles[video_id], "completed_on": clock.local(when, zone).date()}
        for when, video_id in sorted(known)
    ]


section = watched_since
