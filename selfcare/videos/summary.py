"""What the library adds to the clinician's page: part 7, what changed since the last consultation."""

from __future__ import annotations

import datetime as dt
from typing import Any

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
    titles = {video.id: video.title for video in packs.catalogue()}
    zone = record.person.time_zone
    start, _next = clock.day_bounds(since, zone)
    finished = VideoProgress.completed_at
    rows = db.session.scalars(record.owned(VideoProgress).where(finished >= start).order_by(finished))
    return [
        {"title": titles[row.video_id], "completed_on": clock.local(row.completed_at, zone).date()}
        for row in rows
        if row.completed_at and row.video_id in titles
    ]


section = watched_since
