"""The blueprint of the goals' pages, and what their views share."""

from __future__ import annotations

import datetime as dt
from typing import Any

import marshmallow as ma
from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from selfcare import clock
from selfcare.edge.filters import date_words
from selfcare.edge.schemas import read_day
from selfcare.errors import Invalid, NotFound
from selfcare.goals.confidence import as_said
from selfcare.goals.page_schemas import DONT_KNOW
from selfcare.goals.plans import in_words
from selfcare.identity.views import own_path
from selfcare.people.access import Record
from selfcare.people.acting import for_query

bp = Blueprint("goals", __name__)
bp.add_app_template_filter(in_words, "plan_in_words")
bp.add_app_template_filter(as_said)


def today_of(record: Record) -> dt.date:
    """Today where the patient is."""
    return clock.today(record.person.time_zone)


def day_told(record: Record, day: dt.date) -> str:
    """``Tuesday 6 October``, with its year where that is not this one."""
    return date_words(day, "EEEE d MMMM" if day.year == today_of(record).year else "EEEE d MMMM y")


def still_to_come(record: Record, field: str, day: dt.date | None) -> None:
    """Today or later, where the patient is; no day at all is left to others.

    :raises Invalid: it is over.
    """
    if day is not None and day < today_of(record):
        raise Invalid({field: _("Enter a date that is still to come")})


def day_in_path(text: str) -> dt.date:
    """The date of a page's path.

    :raises NotFound: there is no such date, so there is no such page.
    """
    try:
        return read_day(text)
    except ma.ValidationError:
        raise NotFound from None


def monday_in_query() -> dt.date | None:
    """The week a link names with ``?week=``, if it names a Monday."""
    text = request.args.get("week")
    if not text:
        return None
    monday = day_in_path(text)
    if monday.weekday():
        raise NotFound
    return monday


def to(endpoint: str, **values: Any) -> str:
    """A path that stays with the person somebody writes for."""
    return url_for(f"goals.{endpoint}", **values, **for_query())


def back_to(path: str | None) -> str:
    """Where a small form came from, or Today."""
    return own_path(path) or url_for("home.today", **for_query())


def number(answer: str | None) -> int | None:
    """The number chosen on a ruler; None for "I do not know" and for no answer."""
    return None if answer in (None, "", DONT_KNOW) else int(str(answer))


def sure(answer: str | None) -> str | None:
    """How sure in words; None for "I do not know" and for no answer."""
    return None if answer in (None, "", DONT_KNOW) else str(answer)


def told(data: dict[str, Any]) -> dict[str, Any]:
    """What a form says of confidence, as services take it: a number, or words, or neither."""
    return {
        "confidence": number(data.get("confidence")),
        "confidence_words": sure(data.get("confidence_words")),
    }


def switching() -> bool:
    """Whether a form was sent to be asked in words, or with the ruler again: nothing of it is saved, and nothing typed is lost."""
    return "switch" in request.form


def asks_in_words(before: str | None = None) -> bool:
    """Whether a form asks for confidence in words: as was just chosen, else as it was asked, else as it was answered ``before``."""
    if switching():
        return request.form["switch"] == "words"
    return request.form.get("in_words") == "yes" if request.method == "POST" else before is not None
