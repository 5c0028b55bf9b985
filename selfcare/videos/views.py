"""Learn: the library and one video."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from selfcare.edge.roles import roles
from selfcare.people.acting import acting, for_query
from selfcare.videos import service, shelves

bp = Blueprint("videos", __name__)


@bp.route("/learn")
@roles("patient", "carer")
def library() -> ResponseReturnValue:
    """The library: for this person first; by condition, language and length as links and a GET form."""
    record = acting()
    choice = shelves.read_choice(request.args)
    found = service.library(record, language=choice.language, longest=choice.length)
    page = shelves.arrange(found, choice, record.patient.conditions, service.on_show())
    return render_template("videos/library.html", page=page)


@bp.route("/learn/videos/<string:video_id>")
@roles("patient", "carer")
def watch(video_id: str) -> ResponseReturnValue:
    """One video, from where this person stopped."""
    record = acting()
    shown = service.watch(record, video_id)
    return render_template("videos/watch.html", shown=shown, video=shown.video)


@bp.route("/learn/videos/<string:video_id>/watched", methods=["POST"])
@roles("patient", "carer")
def watched(video_id: str) -> ResponseReturnValue:
    """ "I have watched this": for a browser that cannot tell us itself."""
    record = acting()
    service.mark_watched(record, video_id)
    return redirect(url_for("videos.watch", video_id=video_id, **for_query()) + "#watched", 303)
