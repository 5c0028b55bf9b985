"""The library for one person: what there is, how far they came, what they finished."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext as _

from selfcare import audit, clock, history
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.videos import packs
from selfcare.videos.models import VideoProgress, progress_id
from selfcare.videos.packs import Video


@dataclass(frozen=True)
class Shown:
    """A video and how far this person came; ``progress`` is None before they begin."""

    video: Video
    progress: VideoProgress | None

    @property
    def resume_at(self) -> int:
        """The second to carry on from: 0 before the start and after the end."""
        if self.progress is None or self.progress.seconds >= self.video.seconds - 2:
            return 0
        return self.progress.seconds

    @property
    def state(self) -> str:
        """``new``, ``started`` or ``completed``."""
        if self.progress is None:
            return "new"
        return "completed" if self.progress.completed else "started"


def on_show() -> tuple[Video, ...]:
    """Every video that may be shown here: in production only what a named reviewer approved."""
    videos = packs.catalogue()
    if current_app.config["SETTINGS"].env != "production":
        return videos
    return tuple(kept for video in videos if (kept := packs.approved(video)))


def library(
    record: Record,
    *,
    condition: str | None = None,
    language: str | None = None,
    longest: int | None = None,
    q: str | None = None,
) -> list[Shown]:
    """The videos that match, newest first, each with this person's progress. One statement.

    :param condition: a condition's code; videos for everyone match as well.
    :param language: spoken or in the captions.
    :param longest: in minutes.
    :param q: words that must all stand in the title, the summary or the transcript.
    :raises NotFound: the actor may not see this part.
    """
    record.require(Part.VIDEOS)
    watched = {row.video_id: row for row in db.session.scalars(record.owned(VideoProgress))}
    found = on_show()
    if condition:
        found = tuple(video for video in found if video.is_about(condition))
    if language:
        found = tuple(video for video in found if language in video.languages)
    if longest:
        found = tuple(video for video in found if video.seconds <= longest * 60)
    if q:
        found = tuple(_matching(found, q))
    audit.record(record.actor, "videos.read", record.patient)
    return [Shown(video, watched.get(video.id)) for video in found]


def _matching(videos: Iterable[Video], q: str) -> Iterable[Video]:
    words = q.casefold().split()
    for video in videos:
        text = " ".join((video.title, video.summary, video.about, *video.transcript)).casefold()
        if all(word in text for word in words):
            yield video


def find(video_id: str) -> Video:
    """The video with this id.

    :raises NotFound: there is none on show.
    """
    video = next((video for video in on_show() if video.id == video_id), None)
    if video is None:
        raise NotFound
    return video


def watch(record: Record, video_id: str) -> Shown:
    """One video with this person's progress. One statement.

    :raises NotFound: no such video, or the actor may not see this part.
    """
    record.require(Part.VIDEOS)
    shown = Shown(find(video_id), _progress(record, video_id))
    audit.record(record.actor, "video.read", record.patient, shown.progress, video=video_id)
    return shown


def _progress(record: Record, video_id: str) -> VideoProgress | None:
    return record.mine(VideoProgress, progress_id(record.patient.id, video_id))


def keep_progress(
    record: Record, video_id: str, *, seconds: int, completed: bool | None = None
) -> tuple[VideoProgress, bool]:
    """Keep where this person stopped, and whether that is the first time they watch it.

    What was completed stays completed, also when it is watched again. Sent twice, it changes nothing.

    :param seconds: from the start of the video, 0 to its length.
    :raises NotFound: no such video, or the actor may not write this part.
    :raises Invalid: ``seconds`` lie after the end.
    """
    record.require(Part.VIDEOS, write=True)
    video = find(video_id)
    if seconds > video.seconds:
        sentence = _("Enter a whole number from %(least)s to %(most)s", least=0, most=video.seconds)
        raise Invalid({"seconds": sentence})
    now = clock.now()
    row = _progress(record, video_id)
    created = row is None
    if row is None:
        row = VideoProgress(
            id=progress_id(record.patient.id, video_id),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            video_id=video_id,
            seconds=seconds,
            completed=bool(completed),
            first_watched_at=now,
            last_watched_at=now,
            completed_at=now if completed else None,
        )
        db.session.add(row)
    else:
        completed = row.completed or bool(completed)
        if (row.seconds, row.completed) == (seconds, completed):
            return row, False
        history.keep(row, record.actor.id)
        row.written_by = record.actor.id
        row.completed_at = row.completed_at or (now if completed else None)
        row.seconds, row.completed, row.last_watched_at = seconds, completed, now
    audit.record(record.actor, "video_progress.kept", record.patient, row, completed=row.completed)
    db.session.flush()
    return row, created


def mark_watched(record: Record, video_id: str) -> VideoProgress:
    """ "I have watched this": completed, wherever the player stopped.

    :raises NotFound: no such video, or the actor may not write this part.
    """
    row, _created = keep_progress(record, video_id, seconds=find(video_id).seconds, completed=True)
    return row


def progress_before(record: Record, video_id: str) -> VideoProgress | None:
    """The progress as it stands, for ``If-Match``.

    :raises NotFound: no such video, or the actor may not see this part.
    """
    record.require(Part.VIDEOS)
    return _progress(record, find(video_id).id)
