"""``/api/v1/videos``: the library, and progress."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.errors import Invalid
from selfcare.people.acting import acting
from selfcare.videos import service
from selfcare.videos.schemas import ProgressSchema, VideoListSchema, VideoQuery

blp = ApiBlueprint("videos_api", __name__, description="The video library and its progress")


@blp.route("/videos", methods=["GET"])
@roles("patient", "carer")
@blp.arguments(VideoQuery, location="query")
@blp.response(200, VideoListSchema)
def get_videos(query: dict[str, Any]) -> dict[str, Any]:
    """The library for this person, newest first."""
    record = acting()
    found = service.library(record, condition=query["condition"], language=query["language"], q=query["q"])
    return _page(found, query["limit"] or 50, query["cursor"])


@blp.route("/videos/<string:video_id>/progress", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(ProgressSchema)
@blp.response(200, ProgressSchema)
@blp.alt_response(201, schema=ProgressSchema)
def put_progress(body: dict[str, Any], video_id: str) -> tuple[Any, int]:
    """Where this person stopped. A video once completed stays completed."""
    record = acting()
    before = service.progress_before(record, video_id)
    return etag.put(
        before,
        lambda: ProgressSchema().dump(before),
        lambda: service.keep_progress(record, video_id, **body),
    )


def _page(found: list[service.Shown], limit: int, cursor: str | None) -> dict[str, Any]:
    """The catalogue is in memory, so its cursor is the id of the last video of the page before."""
    start = 0
    if cursor:
        ids = [shown.video.id for shown in found]
        if cursor not in ids:
            raise Invalid({"cursor": _("Use the next_cursor of the page before")})
        start = ids.index(cursor) + 1
    page = found[start : start + limit]
    more = start + limit < len(found)
    return {"items": page, "next_cursor": page[-1].video.id if more else None}
