"""Part 7: what changed since the last visit, in facts: new, stopped, attended, watched."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

MOST = 6  # lines; the page is one page


def changes(parts: dict[str, Any], since: dt.date) -> list[dict[str, Any]]:
    """``[{kind, label, text, on}]`` made of the other parts, so that nothing is said here that is withheld there.

    ``text`` of a medicine or video is as its writer wrote it; ``on`` is None where several days are meant.
    """
    found: list[dict[str, Any]] = []
    fresh = [  # after that day: what was agreed at the visit itself is no news at the next one
        goal
        for goal in parts["goals"]
        if (goal.get("started_on") or goal.get("agreed_on") or dt.date.min) > since
    ]
    if fresh:
        words = ngettext("%(num)s goal", "%(num)s goals", len(fresh))
        found.append({"kind": "new", "label": _("New"), "text": words, "on": None})
    for note in parts["notes"]:
        if note["stopped_on"] and note["stopped_on"] >= since:
            line = {"kind": "stopped", "label": _("Stopped"), "text": note["text"], "on": note["stopped_on"]}
            found.append(line)
        elif note["since"] and note["since"] >= since:
            found.append({"kind": "new", "label": _("New"), "text": note["text"], "on": note["since"]})
    for video in parts["videos"]:
        line = {"kind": "watched", "label": _("Watched"), "text": video["title"], "on": video["completed_on"]}
        found.append(line)
    return found[:MOST]
