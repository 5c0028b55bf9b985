"""One tracker on a card: sentence, latest number, chart, table. For the diary page and the care team's one page."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from selfcare.clock import monday_of
from selfcare.diaries import charts, facts
from selfcare.diaries.charts import Period
from selfcare.diaries.days import Day, Days, days_of, each_day
from selfcare.diaries.measures import Measure
from selfcare.diaries.service import Entry
from selfcare.edge.filters import date_words, join_words

SPANS = (7, 28, 90)
USUAL_SPAN = 28


@dataclass(frozen=True)
class Trend:
    """Everything the page says about one measure in one period."""

    measure: Measure
    days: Days
    chart: dict[str, Any]
    fact: str
    latest: str | None
    latest_when: str
    numbers: dict[str, Any]
    flags: list[str]


def trends(measures: Iterable[Measure], entries: Iterable[Entry], period: Period) -> list[Trend]:
    """A trend for each measure, in their order."""
    entries = list(entries)
    return [trend(measure, days_of(entries, measure), period) for measure in measures]


def trend(measure: Measure, days: Days, period: Period) -> Trend:
    """One measure over a period that ends today."""
    last = list(days.values())[-1] if days else None
    note = facts.average_note(measure, days, by_week=period.by_week) if days else ""
    return Trend(
        measure=measure,
        days=days,
        chart=charts.chart(measure, days, period),
        fact=" ".join(filter(None, [facts.sentence(measure, days), note])),
        latest=measure.write(last.readings[-1].value) if last else None,
        latest_when=when(last.date, period.last) if last else "",
        numbers=numbers(measure, days, period),
        flags=facts.low_readings(measure, days),
    )


def when(day: dt.date, today: dt.date) -> str:
    """``today``, ``yesterday``, ``on 3 October``."""
    if day == today:
        return _("today")
    if day == today - dt.timedelta(days=1):
        return _("yesterday")
    return _("on %(days)s", days=facts.say_days([day]))


def numbers(measure: Measure, days: Days, period: Period) -> dict[str, Any]:
    """The table under a chart, newest first: ``{caption, day, value, rows: [(day, value)]}``."""
    if period.by_week:
        mondays = sorted({monday_of(day) for day in each_day(period.first, period.last)}, reverse=True)
        rows = [(_week_words(monday), _week(measure, days, monday, period)) for monday in mondays]
        return {
            "caption": _("%(name)s by week, newest first", name=measure.name),
            "day": _("Week of"),
            "value": measure.column,
            "rows": rows,
        }
    newest_first = reversed(list(each_day(period.first, period.last)))
    return {
        "caption": _("%(name)s, newest first", name=measure.name),
        "day": _("Day"),
        "value": measure.column,
        "rows": [
            (
                date_words(day, "E d MMM"),
                _cell(measure, days[day]) if day in days else _("no entry"),
            )
            for day in newest_first
        ],
    }


def _cell(measure: Measure, day: Day) -> str:
    """``5``; ``5, was 6``; ``7.2 before eating, 9.1 2 hours after; average 8.2``."""
    said = []
    for reading in day.readings:
        words = measure.write(reading.value)
        if reading.tag:
            words = _("%(number)s (%(tag)s)", number=words, tag=measure.write_tag(reading.tag).lower())
        if reading.was is not None:
            words = _("%(number)s, changed from %(before)s", number=words, before=measure.write(reading.was))
        said.append(words)
    if len(said) > 1 and measure.is_number:
        return _(
            "%(numbers)s: average %(average)s", numbers=join_words(said), average=measure.write(day.value)
        )
    return "; ".join(said)


def _week_words(monday: dt.date) -> str:
    return date_words(monday, "d MMM")


def _week(measure: Measure, days: Days, monday: dt.date, period: Period) -> str:
    week = [
        days[day]
        for day in each_day(max(monday, period.first), min(monday + dt.timedelta(days=6), period.last))
        if day in days
    ]
    if not week:
        return _("no entry")
    count = ngettext("%(num)s day", "%(num)s days", len(week))
    if measure.kind == "yes_no":
        yes = sum(1 for day in week if day.value is True)
        return _("yes on %(yes)s of %(days)s", yes=yes, days=count)
    if measure.kind == "choice":
        return join_words([measure.write(day.value) for day in week])
    return _("%(average)s (%(days)s)", average=measure.write(charts.in_one(measure, week)), days=count)
