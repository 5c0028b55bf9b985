"""What the template of the one page needs: the same for the care team, and for the patient who looks at it beforehand."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_babel import get_locale

from selfcare import clock
from selfcare.agendas import paper
from selfcare.agendas.ages import age_of
from selfcare.agendas.paper import Paper
from selfcare.agendas.summary import Summary
from selfcare.diaries.summary import DAYS
from selfcare.edge.filters import as_day
from selfcare.people.access import Part, Record
from selfcare.people.conditions import condition_names


def of(
    page: Summary, *, level: int = 1, unseen: Collection[Part] = (), drawn: Paper | None = None
) -> dict[str, Any]:
    """What ``agendas/_sheet.html`` shows.

    :param level: of the heading that is the patient's name; 2 where the page around it has a heading of its own.
    :param unseen: parts that the team sees and the reader may not: a carer who looks beforehand.
    :param drawn: what of it goes on paper, where that was measured; else as much as it is likely to hold.
    """
    last = clock.today(page.record.person.time_zone)
    return {
        "page": page,
        "level": level,
        "unseen": {part.value for part in unseen},
        "paper": drawn or paper.of(page),
        "limits": paper,
        "as_day": as_day,
        "diary_days": (last - dt.timedelta(days=DAYS - 1), last),
        **about(page.record),
    }


def about(record: Record) -> dict[str, Any]:
    """Who the patient is, in words, and which parts the reader sees."""
    patient = record.patient
    return {
        "record": record,
        "age": age_of(patient.born_on, clock.today(record.person.time_zone)),
        "conditions": condition_names(patient.conditions),
        "languages": [language_name(code) for code in patient.languages],
        "sees": {part.value: record.sees(part) for part in Part},
    }


def language_name(code: str) -> str:
    """``Turkish`` for ``tr``, in the reader's language; what is no code stays as it is."""
    try:
        known = Locale.parse(code) if re.fullmatch("[a-z]{2,3}", code) else None
    except (UnknownLocaleError, ValueError):
        known = None
    return (known.get_display_name(get_locale()) if known else None) or code
