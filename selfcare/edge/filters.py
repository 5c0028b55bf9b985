"""How dates and times are written for people: 5:30pm, midday, Tuesday 6 October, 6 October 2026.

Instants are shown in the zone of the person who reads (``flask_babel``'s time zone, set from their account).
"""

from __future__ import annotations

import datetime as dt
from functools import lru_cache
from typing import Literal

from babel import Locale
from babel.dates import format_date, get_day_names, get_month_names
from babel.numbers import format_decimal
from flask import Flask
from flask_babel import get_locale, get_timezone, ngettext
from flask_babel import gettext as _

from selfcare import clock

Width = Literal["abbreviated", "narrow", "wide"]


def here(instant: dt.datetime) -> dt.datetime:
    """The instant on the reader's wall clock."""
    return instant.astimezone(get_timezone())


def nhs_time(value: dt.datetime | dt.time | str) -> str:
    """``5:30pm``, ``9am``, ``midday``, ``midnight``; takes an instant, a wall-clock time or ``"17:30"``."""
    if isinstance(value, str):
        value = dt.time.fromisoformat(value)
    if isinstance(value, dt.datetime):
        value = here(value).time()
    if value.minute == 0 and value.hour in (0, 12):
        return _("midday") if value.hour else _("midnight")
    hour, half = value.hour % 12 or 12, "am" if value.hour < 12 else "pm"
    return f"{hour}:{value.minute:02d}{half}" if value.minute else f"{hour}{half}"


def as_day(value: dt.date | dt.datetime) -> dt.date:
    """The calendar day of a date, or of an instant where the reader is."""
    return here(value).date() if isinstance(value, dt.datetime) else value


def date_words(day: dt.date, pattern: str) -> str:
    """A day by a CLDR pattern (``d MMM``) in the reader's language. A page of charts asks for the same days again and again."""
    return _date_words(day, pattern, get_locale())


@lru_cache(maxsize=4096)
def _date_words(day: dt.date, pattern: str, locale: Locale | None) -> str:
    return str(format_date(day, pattern, locale=locale))


def number_words(value: float, pattern: str) -> str:
    """A number by a CLDR pattern (``#,##0.0``) in the reader's language."""
    return _number_words(value, pattern, get_locale())


@lru_cache(maxsize=4096)
def _number_words(value: float, pattern: str, locale: Locale | None) -> str:
    return str(format_decimal(value, format=pattern, locale=locale))


def nhs_date(value: dt.date | dt.datetime) -> str:
    """``6 October 2026``."""
    return date_words(as_day(value), "d MMMM y")


def nhs_day(value: dt.date | dt.datetime) -> str:
    """``Tuesday 6 October``."""
    return date_words(as_day(value), "EEEE d MMMM")


def short_day(value: dt.date | dt.datetime) -> str:
    """``6 Oct``, for axes and tables."""
    return date_words(as_day(value), "d MMM")


def weekday_name(value: int | str | dt.date, width: Width = "wide") -> str:
    """``Monday``, ``Mon`` (width ``abbreviated``) or ``M`` (``narrow``) from a date, 0 to 6, or ``"mon"``."""
    if isinstance(value, dt.date):
        value = value.weekday()
    if isinstance(value, str):
        value = clock.WEEKDAYS.index(value)
    return str(get_day_names(width, locale=get_locale())[value])


def month_name(value: dt.date, width: Width = "abbreviated") -> str:
    """``Oct``."""
    return str(get_month_names(width, locale=get_locale())[value.month])


def days_ago(value: dt.date | dt.datetime) -> str:
    """``Today``, ``Yesterday``, ``16 days ago``, seen from the reader's today."""
    days = (here(clock.now()).date() - as_day(value)).days
    if days <= 0:
        return _("Today")
    if days == 1:
        return _("Yesterday")
    return ngettext("%(num)s day ago", "%(num)s days ago", days)


def in_days(value: dt.date | dt.datetime) -> str:
    """``today``, ``tomorrow``, ``in 2 days``."""
    days = (as_day(value) - here(clock.now()).date()).days
    if days <= 0:
        return _("today")
    if days == 1:
        return _("tomorrow")
    return ngettext("in %(num)s day", "in %(num)s days", days)


def join_words(words: list[str]) -> str:
    """``Monday, Tuesday and Saturday``."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s and %(last)s", first=", ".join(words[:-1]), last=words[-1])


def plain_number(value: float | None) -> str:
    """``7.2``, ``8``: no trailing zero."""
    return "" if value is None else f"{value:g}"


FILTERS = (
    nhs_time,
    nhs_date,
    nhs_day,
    short_day,
    weekday_name,
    month_name,
    days_ago,
    in_days,
    join_words,
    plain_number,
)


def register(app: Flask) -> None:
    """Make every filter known to the templates under its own name."""
    for each in FILTERS:
        app.add_template_filter(each)
