"""Shapes of the library's JSON."""

from __future__ import annotations

from marshmallow import fields

from selfcare.edge.paging import PageQuery
from selfcare.edge.schemas import Instant, Line, Schema, Whole, YesOrNo

LONGEST_VIDEO = 24 * 3600  # seconds; the service holds it to the video's own length


class VideoQuery(PageQuery):
    """``condition`` a code, ``language`` spoken or in captions, ``q`` words of the title or text."""

    condition = Line(longest=40, load_default=None)
    language = Line(longest=12, load_default=None)
    q = Line(longest=100, load_default=None)


class ProgressSchema(Schema):
    """Where a person stopped, in seconds from the start; ``completed`` never goes back to false."""

    seconds = Whole(least=0, most=LONGEST_VIDEO, required=True)
    completed = YesOrNo(load_default=None, allow_none=True)
    id = fields.String(attribute="video_id", dump_only=True)
    first_watched_at = Instant(dump_only=True)
    last_watched_at = Instant(dump_only=True)
    completed_at = Instant(dump_only=True)


class CaptionsSchema(Schema):
    """One caption track."""

    language = fields.String()
    name = fields.String()
    url = fields.String()
    reviewed_by = fields.String()


class VideoSchema(Schema):
    """One video, and how far this person came (null before they begin). ``seconds`` is its length."""

    id = fields.String(attribute="video.id")
    title = fields.String(attribute="video.title")
    summary = fields.String(attribute="video.summary")
    about = fields.String(attribute="video.about")
    conditions = fields.List(fields.String(), attribute="video.conditions")
    language = fields.String(attribute="video.language")
    languages = fields.List(fields.String(), attribute="video.languages")
    seconds = fields.Integer(attribute="video.seconds")
    minutes = fields.Integer(attribute="video.minutes")
    added = fields.Date(attribute="video.added")
    src = fields.String(attribute="video.src")
    poster = fields.String(attribute="video.poster")
    captions = fields.List(fields.Nested(CaptionsSchema), attribute="video.captions")
    transcript = fields.List(fields.String(), attribute="video.transcript")
    try_as_goal = fields.String(attribute="video.try_as_goal")
    owner = fields.String(attribute="video.owner")
    licence = fields.String(attribute="video.licence")
    version = fields.String(attribute="video.version")
    reviewed_by = fields.String(attribute="video.reviewed_by")
    review_date = fields.Date(attribute="video.review_date")
    progress = fields.Nested(ProgressSchema, allow_none=True)


class VideoListSchema(Schema):
    """A page of the library."""

    items = fields.List(fields.Nested(VideoSchema))
    next_cursor = fields.String(allow_none=True)
