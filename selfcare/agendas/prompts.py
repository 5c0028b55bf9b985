"""Part 8: three prompts, one for each enabler (method.md). Questions to ask, never what to answer."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from selfcare.goals.confidence import LOW_WORDS


def prompts(goals: list[dict[str, Any]]) -> list[dict[str, str]]:
    """``[{enabler, label, text}]``; the middle one names the next step up from the lowest confidence, as in "What would make it
    a 7?" after a 6. Nobody is asked why it is not higher than 10, and nobody who answered in words is asked for a number.
    """
    words = {goal["confidence_words"] for goal in goals if goal.get("confidence_words")}
    scores = [
        goal["confidence"][-1]
        for goal in goals
        if goal.get("confidence") and not goal.get("confidence_words")
    ]
    if words & LOW_WORDS:
        step = _("What would help you to be more sure?")
    elif words and not scores:
        step = _("What helps you to be so sure?")
    elif not scores:
        step = _("What would you like to try?")
    elif min(scores) == 10:
        step = _("What keeps it at 10?")
    elif min(scores) == 7:
        step = _("What would make it an 8?")
    else:
        step = _("What would make it a %(score)s?", score=min(scores) + 1)
    return [
        {"enabler": "agenda", "label": _("Agenda"), "text": _("Which matters most today?")},
        {"enabler": "goals", "label": _("Goals"), "text": step},
        {"enabler": "follow_up", "label": _("Follow-up"), "text": _("When and how shall we check?")},
    ]
