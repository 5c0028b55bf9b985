"""What the team will see, and what not, in the patient's words for it: before anything is shared."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from selfcare import clock
from selfcare.agendas import sections
from selfcare.people.access import SHAREABLE, Part, Record, shared_parts

# The ticks of "What else can Grace see?", in the order of the page.
NAMES = {
    Part.GOALS: _l("My goals, and how confident I am"),
    Part.DIARY: _l("My diary, last 28 days"),
    Part.QUESTIONNAIRES: _l("My questionnaire answers"),
    Part.NOTES: _l("My medicines and notes"),
    Part.VIDEOS: _l("Videos I watched"),
}
NOT_SHARED = {
    Part.GOALS: _l("my goals"),
    Part.DIARY: _l("my diary"),
    Part.QUESTIONNAIRES: _l("my questionnaire answers"),
    Part.NOTES: _l("my medicines and notes"),
    Part.VIDEOS: _l("videos I watched"),
}


@dataclass(frozen=True)
class Choice:
    """One tick."""

    part: str
    name: str
    shared: bool


def choices(record: Record) -> list[Choice]:
    """Everything that can be shared here, and whether it is. One statement."""
    shared = shared_parts(record.patient.id)
    return [Choice(part.value, str(NAMES[part]), part in shared) for part in _offered()]


def _offered() -> list[Part]:
    return [part for part in SHAREABLE if sections.has(part.value)]


def shown_and_not(record: Record) -> tuple[list[str], list[str]]:
    """What else the team will see, counted, and what it will not."""
    shared = shared_parts(record.patient.id)
    since = clock.today(record.person.time_zone) - dt.timedelta(days=28)
    # A carer may not see a part that the patient shares with the team: then it is named, not counted.
    seen = [part for part in _offered() if part in shared and record.sees(part)]
    data = sections.collect(record, since, *(part.value for part in seen)) if seen else {}
    shown = [
        _counted(part, data[part.value]) if part in seen else str(NAMES[part])
        for part in _offered()
        if part in shared
    ]
    return shown, [str(NOT_SHARED[part]) for part in _offered() if part not in shared]


def _counted(part: Part, data: list[dict[str, Any]]) -> str:
    if part is Part.GOALS and data:
        return ngettext(
            "%(num)s goal, and how confident I am", "%(num)s goals, and how confident I am", len(data)
        )
    if part is Part.DIARY and data:
        return _("Diary, last 28 days: %(what)s", what=", ".join(str(each["title"]) for each in data))
    if part is Part.NOTES and data:
        medicines = sum(note["kind"] == "medicine" for note in data)
        notes = len(data) - medicines
        words = [
            ngettext("%(num)s medicine", "%(num)s medicines", medicines) if medicines else "",
            ngettext("%(num)s note", "%(num)s notes", notes) if notes else "",
        ]
        return _(" and ").join(word for word in words if word)
    if part is Part.VIDEOS and data:
        return ngettext("%(num)s video I watched", "%(num)s videos I watched", len(data))
    return _("%(what)s: nothing there yet", what=str(NAMES[part]))
