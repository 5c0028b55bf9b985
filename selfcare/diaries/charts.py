"""From days to the geometry of a chart: fixed y-range, shared time axis, gaps for missing days.

The unit of x and y is the viewBox's: 280 wide, 100 high, y downwards. ``templates/components/chart.html`` draws it.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from selfcare.clock import monday_of
from selfcare.diaries.days import Day, Days, each_day, readings
from selfcare.diaries.measures import Axis, Measure, Value
from selfcare.edge.filters import date_words, short_day, weekday_name

WIDTH, HEIGHT = 280.0, 100.0
WEEKLY_FROM = 60  # days; above it a dot is a week

# How many words stand under the time axis, evenly from its left end.
X_TICKS = {7: 7, 28: 4, 90: 3}


@dataclass(frozen=True)
class Period:
    """The days a page looks at, both ends included."""

    first: dt.date
    last: dt.date

    @property
    def days(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    @property
    def by_week(self) -> bool:
        """Whether a dot is a calendar week, not a day."""
        return self.days >= WEEKLY_FROM

    @classmethod
    def until(cls, last: dt.date, days: int) -> Period:
        """The ``days`` days that end with ``last``."""
        return cls(last - dt.timedelta(days=days - 1), last)


@dataclass(frozen=True)
class Point:
    """One dot of the line. ``place``: days from the period's first, in halves for weeks; ``step`` tells neighbours from gaps."""

    place: float
    step: int
    value: float


def chart(measure: Measure, days: Days, period: Period, *, name: str = "") -> dict[str, Any]:
    """The chart of one measure over a period.

    :param name: what the chart is called on the page; its id begins with the measure's code.
    :returns: ``{id, title, description, width, height, y_min, y_max, y_ticks: [{y, label}], x_ticks: [{x, label}],
        lines: [[(x, y), …], …], dots: [{x, y, flag}], latest: {x, y} | None, band: None}``
    """
    points = _weeks(measure, days, period) if period.by_week else _days(measure, days, period)
    low, high, y_ticks = _y_axis(measure, days, period)

    def x(place: float) -> float:
        return round((place + 0.5) * WIDTH / period.days, 1)

    def y(value: float) -> float:
        return round((1 - (value - low) / (high - low)) * HEIGHT, 1)

    flagged = _flagged(measure, days, period)
    dots = [{"x": x(p.place), "y": y(p.value), "flag": (p.place, p.value) in flagged} for p in points]
    there = {(p.place, p.value) for p in points}
    dots += [
        {"x": x(place), "y": y(value), "flag": True}
        for place, value in flagged
        if (place, value) not in there
    ]
    joins = measure.is_number or (measure.kind == "yes_no" and period.by_week)
    return {
        "id": f"chart-{measure.code}",
        "title": title(name or measure.name, period),
        "description": describe(measure, days, period),
        "width": int(WIDTH),
        "height": int(HEIGHT),
        "y_min": low,
        "y_max": high,
        "y_ticks": [{"y": y(value), "label": label} for value, label in y_ticks],
        "x_ticks": _x_ticks(period),
        "lines": [[(x(p.place), y(p.value)) for p in run] for run in _runs(points)] if joins else [],
        "dots": dots,
        "latest": {"x": x(points[-1].place), "y": y(points[-1].value)} if points else None,
        "band": None,
    }


def title(name: str, period: Period) -> str:
    """``Pain, 9 September to 6 October``."""
    first, last = (date_words(day, "d MMMM") for day in (period.first, period.last))
    return _("%(name)s, %(first)s to %(last)s", name=name, first=first, last=last)


def describe(measure: Measure, days: Days, period: Period) -> str:
    """What the picture shows, for those who do not see it."""
    said = [_("%(there)s of %(all)s days.", there=len(days), all=period.days)]
    written = readings(days)
    if measure.is_number and written:
        last = list(days.values())[-1]
        said.append(
            _(
                "Lowest %(low)s, highest %(high)s, %(last)s on the last day you wrote.",
                low=measure.write(min(written)),
                high=measure.write(max(written)),
                last=measure.write(last.value),
            )
        )
    elif measure.kind == "yes_no" and days:
        yes = sum(1 for day in days.values() if day.value is True)
        said.append(ngettext("Yes on %(num)s day.", "Yes on %(num)s days.", yes))
    said.append(
        _("All numbers are in the table below.")
        if measure.is_number
        else _("All answers are in the table below.")
    )
    return " ".join(said)


def level(measure: Measure, value: Value) -> float:
    """Where a value stands on the y-axis: numbers at themselves, yes at 1, choices at their place in the order."""
    if isinstance(value, str):
        codes = [code for code, _words in measure.choices]
        return float(codes.index(value)) if value in codes else 0.0
    return float(value)


def _days(measure: Measure, days: Days, period: Period) -> list[Point]:
    places = {day: place for place, day in enumerate(each_day(period.first, period.last))}
    return [
        Point(places[day.date], places[day.date], level(measure, day.value))
        for day in days.values()
        if day.date in places
    ]


def _weeks(measure: Measure, days: Days, period: Period) -> list[Point]:
    """One point a calendar week, in the middle of its days inside the period."""
    weeks: dict[dt.date, list[Day]] = {}
    for day in days.values():
        if period.first <= day.date <= period.last:
            weeks.setdefault(monday_of(day.date), []).append(day)
    points = []
    for monday in sorted(weeks):
        start, end = max(monday, period.first), min(monday + dt.timedelta(days=6), period.last)
        middle = ((start - period.first).days + (end - period.first).days) / 2
        step = (monday - monday_of(period.first)).days // 7
        points.append(Point(middle, step, in_one(measure, weeks[monday])))
    return points


def in_one(measure: Measure, week: Iterable[Day]) -> float:
    """A week in one number: the average of its days; for yes / no the days with a yes; of choices the most frequent."""
    values = [day.value for day in week]
    if measure.kind == "yes_no":
        return float(sum(1 for value in values if value is True))
    levels = [level(measure, value) for value in values]
    return statistics.mode(levels) if measure.kind == "choice" else statistics.fmean(levels)


def _runs(points: list[Point]) -> list[list[Point]]:
    """Stretches without a gap; a single point is a dot, not a line."""
    runs: list[list[Point]] = []
    for point in points:
        if runs and point.step == runs[-1][-1].step + 1:
            runs[-1].append(point)
        else:
            runs.append([point])
    return [run for run in runs if len(run) > 1]


def _flagged(measure: Measure, days: Days, period: Period) -> list[tuple[float, float]]:
    """(place, value) of numbers below ``low_below``, each once; on the line or, where the line shows an average, beside it."""
    if measure.low_below is None:
        return []
    return sorted(
        {
            (float((day.date - period.first).days), float(reading.value))
            for day in days.values()
            for reading in day.readings
            if isinstance(reading.value, int | float) and reading.value < measure.low_below
        }
    )


def _y_axis(measure: Measure, days: Days, period: Period) -> tuple[float, float, list[tuple[float, str]]]:
    """Lowest and highest of the axis, and its words from low to high, evenly spread."""
    if measure.kind == "yes_no":
        if period.by_week:
            return 0.0, 7.0, [(0.0, "0"), (7.0, "7")]
        return 0.0, 1.0, [(0.0, _("No")), (1.0, _("Yes"))]
    if measure.kind == "choice":
        words = [short for _code, short in measure.short_choices]
        return 0.0, float(len(words) - 1), [(float(place), word) for place, word in enumerate(words)]
    low, high = _range(measure.axis, readings(days))
    middle = (low + high) / 2
    return low, high, [(value, _axis_word(value)) for value in (low, middle, high)]


def _range(axis: Axis, written: list[float]) -> tuple[float, float]:
    if axis.around is None:
        high = axis.high
        if written and max(written) > high:
            high += math.ceil((max(written) - high) / axis.grow) * axis.grow
        low = min(axis.low, math.floor(min(written))) if written else axis.low
        return float(low), float(high)
    # Weight: a window of whole tens, at least ``around`` wide, so that a kilogram looks like a kilogram.
    if not written:
        return 0.0, axis.around
    low = math.floor((min(written) - axis.around / 4) / 10) * 10
    high = math.ceil((max(written) + axis.around / 4) / 10) * 10
    return float(max(low, 0)), float(max(high, low + axis.around))


def _axis_word(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"


def _x_ticks(period: Period) -> list[dict[str, Any]]:
    count = X_TICKS.get(period.days, 4)
    ticks = []
    for place in range(count):
        day = period.first + dt.timedelta(days=round(place * period.days / count))
        label = weekday_name(day, "abbreviated") if period.days <= 7 else short_day(day)
        ticks.append({"x": round(place * WIDTH / count, 1), "label": label})
    return ticks
