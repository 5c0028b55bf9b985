"""Charts: gaps for missing days, a fixed range, everything inside the box."""

from __future__ import annotations

import datetime as dt
import itertools
import re
from typing import Any

import pytest
from flask import render_template_string
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfcare.diaries import charts, packs
from selfcare.diaries.charts import HEIGHT, WIDTH, Period
from selfcare.diaries.days import Day, Reading, each_day
from selfcare.diaries.measures import Measure, Value

pytestmark = pytest.mark.any_database  # geometry

TODAY = dt.date(2026, 10, 6)
MONTH = Period.until(TODAY, 28)
KNOWN = packs.catalogue()


def at(day: dt.date, hour: int = 19) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour), dt.UTC)


def wrote(values: dict[dt.date, Any]) -> dict[dt.date, Day]:
    """Days from a value, or a list of values, each."""
    return {
        day: Day(day, tuple(Reading(at(day, hour), one) for hour, one in enumerate(some)))
        for day, some in sorted((day, v if isinstance(v, list) else [v]) for day, v in values.items())
    }


def october(**days: Any) -> dict[dt.date, Day]:
    """``october(_3=4, _5=[6, 8])``."""
    return wrote({dt.date(2026, 10, int(name[1:])): value for name, value in days.items()})


@pytest.fixture(autouse=True)
def words(story: Any) -> Any:
    with story():
        yield


def test_a_missing_day_is_a_gap_in_the_line() -> None:
    chart = charts.chart(KNOWN["pain"], october(_1=4, _2=5, _3=4, _5=6, _6=4), MONTH)
    assert [len(line) for line in chart["lines"]] == [3, 2]
    assert len(chart["dots"]) == 5


def test_a_day_between_two_gaps_is_a_dot_and_no_line() -> None:
    chart = charts.chart(KNOWN["pain"], october(_1=4, _3=5, _5=6), MONTH)
    assert chart["lines"] == []
    assert len(chart["dots"]) == 3


def test_the_axis_is_0_to_10_whatever_was_written_and_shared_by_all() -> None:
    low, high = (charts.chart(KNOWN["pain"], october(_6=value), MONTH) for value in (0, 10))
    assert (low["y_min"], low["y_max"]) == (high["y_min"], high["y_max"]) == (0, 10)
    assert low["dots"][0]["y"] == HEIGHT
    assert high["dots"][0]["y"] == 0
    assert low["dots"][0]["x"] == charts.chart(KNOWN["sleep"], october(_6=3), MONTH)["dots"][0]["x"]


def test_the_first_day_stands_at_the_left_and_today_at_the_right() -> None:
    chart = charts.chart(KNOWN["pain"], wrote({MONTH.first: 4, TODAY: 5}), MONTH)
    assert [dot["x"] for dot in chart["dots"]] == [5.0, 275.0]
    assert chart["latest"] == {"x": 275.0, "y": 50.0}
    assert [tick["label"] for tick in chart["x_ticks"]] == ["9 Sep", "16 Sep", "23 Sep", "30 Sep"]
    assert [tick["x"] for tick in chart["x_ticks"]] == [0, 70, 140, 210]


def test_several_values_of_a_day_are_one_dot_at_their_average() -> None:
    chart = charts.chart(KNOWN["pain"], october(_6=[2, 4, 9]), MONTH)
    assert [dot["y"] for dot in chart["dots"]] == [50.0]


def test_blood_sugar_above_the_usual_range_makes_the_axis_higher() -> None:
    glucose = KNOWN["glucose"]
    assert charts.chart(glucose, october(_6=16.0), MONTH)["y_max"] == 16
    assert charts.chart(glucose, october(_6=16.1), MONTH)["y_max"] == 24
    assert charts.chart(glucose, october(_6=39.9), MONTH)["y_max"] == 40


def test_a_low_blood_sugar_has_a_flag_even_where_the_days_average_is_not_low() -> None:
    alone = charts.chart(KNOWN["glucose"], october(_5=3.9, _6=4.0), MONTH)
    assert [dot["flag"] for dot in alone["dots"]] == [True, False]
    beside = charts.chart(KNOWN["glucose"], october(_6=[3.8, 8.2]), MONTH)
    assert [(dot["y"], dot["flag"]) for dot in beside["dots"]] == [(62.5, False), (76.2, True)]


def test_a_kilogram_looks_like_a_kilogram() -> None:
    chart = charts.chart(KNOWN["weight"], october(_5=78.5, _6=77.5), MONTH)
    assert chart["y_max"] - chart["y_min"] >= 20
    assert chart["y_min"] < 77.5
    assert chart["y_max"] > 78.5


def test_yes_and_no_are_dots_without_a_line() -> None:
    chart = charts.chart(KNOWN["hypo"], october(_5=True, _6=False), MONTH)
    assert chart["lines"] == []
    assert [dot["y"] for dot in chart["dots"]] == [0, HEIGHT]
    assert [tick["label"] for tick in chart["y_ticks"]] == ["No", "Yes"]


def test_a_choice_stands_in_its_order() -> None:
    chart = charts.chart(KNOWN["cough"], october(_4="less", _5="usual", _6="more"), MONTH)
    assert [dot["y"] for dot in chart["dots"]] == [100.0, 50.0, 0.0]
    assert [tick["label"] for tick in chart["y_ticks"]] == ["Less", "Usual", "More"]


def test_90_days_are_drawn_by_calendar_week() -> None:
    period = Period.until(TODAY, 90)
    days = wrote({day: 4 if day < dt.date(2026, 9, 28) else 8 for day in each_day(period.first, TODAY)})
    chart = charts.chart(KNOWN["pain"], days, period)
    assert len(chart["dots"]) == 14  # 9 July is a Thursday: 14 calendar weeks are touched
    assert {dot["y"] for dot in chart["dots"]} == {60.0, 20.0}
    assert len(chart["lines"]) == 1
    week_missing = {
        day: each for day, each in days.items() if not dt.date(2026, 8, 3) <= day <= dt.date(2026, 8, 9)
    }
    assert len(charts.chart(KNOWN["pain"], week_missing, period)["lines"]) == 2


def test_by_week_yes_is_counted() -> None:
    period = Period.until(TODAY, 90)
    chart = charts.chart(KNOWN["flare"], october(_1=True, _2=True, _3=False, _5=True), period)
    assert [dot["y"] for dot in chart["dots"]] == [round((1 - count / 7) * 100, 1) for count in (2, 1)]


def test_those_who_do_not_see_it_are_told_what_it_shows() -> None:
    chart = charts.chart(KNOWN["glucose"], october(_3=3.8, _5=11.4, _6=7.2), MONTH)
    assert chart["title"] == "Blood sugar, 9 September to 6 October"
    assert chart["description"] == (
        "3 of 28 days. Lowest 3.8, highest 11.4, 7.2 on the last day you wrote. All numbers are in the table below."
    )


def test_an_empty_chart_has_axes_and_nothing_else() -> None:
    chart = charts.chart(KNOWN["pain"], {}, MONTH)
    assert (chart["dots"], chart["lines"], chart["latest"]) == ([], [], None)
    assert [tick["y"] for tick in chart["y_ticks"]] == [100.0, 50.0, 0.0]


# --- whatever was written, for every measure and span ---


def values_for(measure: Measure) -> st.SearchStrategy[Value]:
    if measure.kind == "yes_no":
        return st.booleans()
    if measure.kind == "choice":
        return st.sampled_from([code for code, *_words in measure.choices_])
    assert measure.possible is not None
    low, high = measure.possible
    if measure.decimals:
        return st.integers(int(low * 10), int(high * 10)).map(lambda tenths: tenths / 10)
    return st.integers(int(low), int(high))


@st.composite
def written(draw: Any) -> tuple[Measure, Period, dict[dt.date, Day]]:
    measure = draw(st.sampled_from(list(KNOWN.values())))
    period = Period.until(
        draw(st.dates(dt.date(2026, 1, 1), dt.date(2028, 12, 31))), draw(st.sampled_from([7, 28, 90]))
    )
    there = draw(st.sets(st.sampled_from(list(each_day(period.first, period.last)))))
    values = st.lists(values_for(measure), min_size=1, max_size=4)
    return measure, period, wrote({day: draw(values) for day in there})


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written())
def test_every_point_is_inside_the_box_and_no_line_crosses_a_gap(
    case: tuple[Measure, Period, dict[dt.date, Day]],
) -> None:
    measure, period, days = case
    chart = charts.chart(measure, days, period)
    points = [(dot["x"], dot["y"]) for dot in chart["dots"]]
    points += [point for line in chart["lines"] for point in line]
    points += [(chart["latest"]["x"], chart["latest"]["y"])] if chart["latest"] else []
    assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in points)
    assert all(0 <= tick["y"] <= HEIGHT for tick in chart["y_ticks"])
    assert bool(chart["latest"]) == bool(days)
    width = WIDTH / period.days * (7 if period.by_week else 1)
    for line in chart["lines"]:
        steps = [after[0] - before[0] for before, after in itertools.pairwise(line)]
        assert len(line) > 1
        assert all(0 < step <= width + 0.11 for step in steps)
    if not period.by_week:
        assert len({dot["x"] for dot in chart["dots"]}) == len(days)
    drawn = render_template_string(
        '{% from "components/chart.html" import plot %}{{ plot(chart) }}', chart=chart
    )
    assert not re.search(r"nan|inf|None", drawn.split("<desc")[1].split("</desc>")[1])
