"""The plain sentences above a chart: facts, never a verdict.

"Pain was 4 to 6 on most days. It was highest, at 8, on 22 and 23 September." The days are those of the phone's calendar.
"""

from __future__ import annotations

import datetime as dt
import math
import statistics
from itertools import groupby

from flask_babel import gettext as _
from flask_babel import ngettext

from selfcare.diaries.days import Days, Reading, numbers
from selfcare.diaries.measures import Measure
from selfcare.edge.filters import date_words, join_words

ENOUGH = 3  # entries before there is a pattern to speak of
MOST_NAMED = 3  # days that a sentence names; more are counted
FEW = 5  # below it, "most" of the days would leave out 1 or 2
MOST = 2 / 3  # "most days" is at least two thirds of those written


def say_days(days: list[dt.date]) -> str:
    """``22 and 23 September``; ``30 September, 1 and 2 October``."""
    words: list[str] = []
    for _month, group in groupby(days, key=lambda day: (day.year, day.month)):
        of_month = list(group)
        words += [str(day.day) for day in of_month[:-1]]
        words.append(date_words(of_month[-1], "d MMMM"))
    return join_words(words)


def on_days(days: list[dt.date]) -> str:
    """``on 22 and 23 September``, or ``on 5 days`` where naming them would be a list."""
    if len(days) > MOST_NAMED:
        return ngettext("on %(num)s day", "on %(num)s days", len(days))
    return _("on %(days)s", days=say_days(days))


def most_days(values: list[float]) -> tuple[float, float]:
    """The narrowest range that holds at least two thirds of the values; of equally narrow ones the lowest.

    With fewer than 5 values, the range of all.
    """
    ordered = sorted(values)
    if len(ordered) < FEW:
        return ordered[0], ordered[-1]
    size = math.ceil(len(ordered) * MOST)
    spans = [(ordered[at], ordered[at + size - 1]) for at in range(len(ordered) - size + 1)]
    return min(spans, key=lambda span: (round(span[1] - span[0], 6), span[0]))


def typical(measure: Measure, days: Days) -> float | None:
    """The median of the days' numbers: half of the days were at or below it. None where averages make no sense."""
    if not measure.is_number or not days:
        return None
    return statistics.median(number for _day, number in numbers(days))


def sentence(measure: Measure, days: Days) -> str:
    """What the period was like. Words and numbers that the person wrote, nothing about what they mean."""
    if not days:
        return _("Nothing written in these days.")
    if len(days) < ENOUGH:
        return _("Add 3 entries to see a pattern.")
    if measure.kind == "yes_no":
        return _yes_no(days)
    if measure.kind == "choice":
        return _choice(measure, days)
    if measure.worth_saying == "change":
        return _change(measure, days)
    return " ".join([_usual(measure, days), *_ends(measure, days)])


def short_fact(measure: Measure, days: Days) -> str:
    """One line for the care team's page: the ends worth saying, or what was usual."""
    if not days:
        return ""
    if measure.kind in ("yes_no", "choice") or measure.worth_saying == "change" or len(days) < ENOUGH:
        return sentence(measure, days) if len(days) >= ENOUGH else ""
    ends = [
        _("%(number)s %(on_days)s", number=measure.write(value), on_days=on_days(when))
        for value, when in _extremes(measure, days)
    ]
    return "; ".join(ends) if ends else _usual(measure, days)


def low_readings(measure: Measure, days: Days) -> list[str]:
    """A sentence for each number that is marked as low: "Low: 3.8 on 3 October. You wrote “shaky”."""
    return [_low(measure, reading) for reading in _lows(measure, days)]


def _lows(measure: Measure, days: Days) -> list[Reading]:
    if measure.low_below is None:
        return []
    return [
        reading
        for day in days.values()
        for reading in day.readings
        if isinstance(reading.value, int | float) and reading.value < measure.low_below
    ]


def _low(measure: Measure, reading: Reading) -> str:
    said = _(
        "Low: %(number)s on %(day)s.",
        number=measure.write_with_unit(reading.value),
        day=say_days([reading.at.date()]),
    )
    words = " ".join((reading.note or "").split())
    if words and len(words) <= 60:
        said += " " + _("You wrote “%(words)s”.", words=words)
    return said


def average_note(measure: Measure, days: Days, *, by_week: bool) -> str:
    """What a dot is, where it is not simply what was written."""
    if by_week:
        if measure.kind == "yes_no":
            return _("Each dot is the number of days with a yes in a week.")
        return (
            _("Each dot is the average of a week.")
            if measure.is_number
            else _("Each dot is the usual answer of a week.")
        )
    if measure.is_number and any(len(day.readings) > 1 for day in days.values()):
        return _("On days with more than 1 number, the line shows their average.")
    return ""


def _usual(measure: Measure, days: Days) -> str:
    values = [round(number, max(measure.decimals, 1)) for _day, number in numbers(days)]
    low, high = most_days(values)
    everywhere = low == min(values) and high == max(values)
    # "Number of steps was 3,000": its name says the unit already.
    said_low, said_high = (
        measure.write(low),
        measure.write(high) if measure.spoken_ else measure.write_with_unit(high),
    )
    words = {"name": measure.spoken, "low": said_low, "high": said_high}
    if low == high or said_low == measure.write(high):
        if everywhere:
            return _("%(name)s was %(high)s on every day you wrote.", **words)
        return _("%(name)s was %(high)s on most days.", **words)
    if everywhere:
        return _("%(name)s was %(low)s to %(high)s on every day you wrote.", **words)
    return _("%(name)s was %(low)s to %(high)s on most days.", **words)


def _extremes(measure: Measure, days: Days) -> list[tuple[float, list[dt.date]]]:
    """The highest or lowest values outside the usual range, with their days, as far as this measure says them."""
    values = numbers(days)
    low, high = most_days([number for _day, number in values])
    top, bottom = max(number for _day, number in values), min(number for _day, number in values)
    found = []
    if measure.worth_saying in ("highest", "both") and top > high:
        found.append((top, [day for day, number in values if number == top]))
    if measure.worth_saying in ("lowest", "both") and bottom < low:
        found.append((bottom, [day for day, number in values if number == bottom]))
    return found


def _ends(measure: Measure, days: Days) -> list[str]:
    said = []
    top = max(number for _day, number in numbers(days))
    for value, when in _extremes(measure, days):
        words = {"number": measure.write(value), "on_days": on_days(when)}
        if value == top:
            said.append(_("It was highest, at %(number)s, %(on_days)s.", **words))
        else:
            said.append(_("It was lowest, at %(number)s, %(on_days)s.", **words))
    return said


def _change(measure: Measure, days: Days) -> str:
    (first_day, first), (last_day, last) = numbers(days)[0], numbers(days)[-1]
    return _(
        "%(name)s was %(first)s on %(first_day)s and %(last)s on %(last_day)s.",
        name=measure.spoken,
        first=measure.write_with_unit(first),
        first_day=say_days([first_day]),
        last=measure.write_with_unit(last),
        last_day=say_days([last_day]),
    )


def _yes_no(days: Days) -> str:
    yes = [day.date for day in days.values() if day.value is True]
    if not yes:
        return _("No on all %(all)s days you wrote.", all=len(days))
    if len(yes) == len(days):
        return _("Yes on all %(all)s days you wrote.", all=len(days))
    if len(yes) > MOST_NAMED:
        return _("Yes on %(yes)s of %(all)s days you wrote.", yes=len(yes), all=len(days))
    return _("Yes on %(days)s. No on the other days you wrote.", days=say_days(yes))


def _choice(measure: Measure, days: Days) -> str:
    said = []
    for code, words in measure.choices:
        count = sum(1 for day in days.values() if day.value == code)
        if count:
            said.append(
                ngettext("%(words)s on %(num)s day.", "%(words)s on %(num)s days.", count, words=words)
            )
    return " ".join(said)
