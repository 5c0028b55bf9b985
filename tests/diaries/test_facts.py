"""The sentences above the charts say what was written, and nothing about what it means."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfcare.diaries import facts, packs, trends
from selfcare.diaries.charts import Period
from selfcare.diaries.days import Day, Reading, each_day
from tests.diaries.test_charts import MONTH, TODAY, at, october, wrote

KNOWN = packs.catalogue()

# The picture in design/: 23 of 28 days, 9 September to 6 October.
AYSES_PAIN = "5 6 5 - 6 7 6 6 5 - - 5 6 8 8 7 6 5 5 - 4 5 4 5 - 4 5 4"


@pytest.fixture(autouse=True)
def words(story: Any) -> Any:
    with story():
        yield


def days(text: str) -> dict[dt.date, Day]:
    """One word a day from 9 September: a number, or - for none."""
    there = zip(each_day(MONTH.first, MONTH.last), text.split(), strict=False)
    return wrote({day: float(word) if "." in word else int(word) for day, word in there if word != "-"})


def test_pain_of_a_month_in_two_sentences() -> None:
    said = facts.sentence(KNOWN["pain"], days(AYSES_PAIN))
    assert said == "Pain was 4 to 6 on most days. It was highest, at 8, on 22 and 23 September."


def test_for_sleep_the_lowest_is_worth_saying() -> None:
    said = facts.sentence(KNOWN["sleep"], days("6 6 7 6 6 3 6 7 6 10"))
    assert said == "Sleep was 6 to 7 on most days. It was lowest, at 3, on 14 September."


def test_the_same_on_every_day() -> None:
    assert facts.sentence(KNOWN["pain"], days("5 5 5")) == "Pain was 5 on every day you wrote."
    assert facts.sentence(KNOWN["pain"], days("4 5 5 4")) == "Pain was 4 to 5 on every day you wrote."
    assert facts.sentence(KNOWN["pain"], days("5 5 5 5 9 2")).startswith("Pain was 5 on most days.")


def test_many_days_are_counted_and_not_listed() -> None:
    said = facts.sentence(KNOWN["pain"], days("4 4 4 4 4 4 4 4 8 8 8 8"))
    assert said == "Pain was 4 on most days. It was highest, at 8, on 4 days."


def test_days_of_two_months() -> None:
    assert facts.say_days([dt.date(2026, 9, 30), dt.date(2026, 10, 1), dt.date(2026, 10, 2)]) == (
        "30 September, 1 and 2 October"
    )


def test_units_are_said() -> None:
    said = facts.sentence(KNOWN["glucose"], days("7.2 8.0 7.5 7.8 11.4 7.2"))
    assert said == "Blood sugar was 7.2 to 7.8 mmol/L on most days. It was highest, at 11.4, on 13 September."
    assert facts.sentence(KNOWN["weight"], days("78.5 - 78.0 77.9")) == (
        "Weight was 78.5 kg on 9 September and 77.9 kg on 12 September."
    )
    assert facts.sentence(KNOWN["steps"], days("3000 4000 3500")) == (
        "Number of steps was 3,000 to 4,000 on every day you wrote."
    )


def test_below_3_entries_there_is_no_pattern_to_speak_of() -> None:
    assert facts.sentence(KNOWN["pain"], days("5 6")) == "Add 3 entries to see a pattern."
    assert facts.sentence(KNOWN["pain"], {}) == "Nothing written in these days."
    assert facts.short_fact(KNOWN["pain"], days("5 6")) == ""


def test_yes_and_no() -> None:
    assert facts.sentence(KNOWN["hypo"], october(_1=False, _3=True, _6=True)) == (
        "Yes on 3 and 6 October. No on the other days you wrote."
    )
    assert (
        facts.sentence(KNOWN["hypo"], october(_1=False, _2=False, _3=False)) == "No on all 3 days you wrote."
    )
    assert facts.sentence(KNOWN["hypo"], october(_1=True, _2=True, _3=True)) == "Yes on all 3 days you wrote."


def test_one_yes_makes_the_day_a_yes() -> None:
    said = facts.sentence(KNOWN["hypo"], october(_1=[False, True, False], _2=False, _3=False))
    assert said == "Yes on 1 October. No on the other days you wrote."


def test_choices_are_counted() -> None:
    said = facts.sentence(KNOWN["cough"], october(_1="usual", _2="usual", _3="more"))
    assert said == "As usual on 2 days. More than usual on 1 day."


def test_a_low_number_is_told_with_the_persons_own_word() -> None:
    day = dt.date(2026, 10, 3)
    low = {day: Day(day, (Reading(at(day), 3.8, note="shaky"), Reading(at(day, 20), 4.0)))}
    assert facts.low_readings(KNOWN["glucose"], low) == ["Low: 3.8 mmol/L on 3 October. You wrote “shaky”."]
    assert facts.low_readings(KNOWN["pain"], october(_3=0)) == []


def test_the_care_team_gets_one_line() -> None:
    assert facts.short_fact(KNOWN["pain"], days(AYSES_PAIN)) == "8 on 22 and 23 September"
    assert facts.short_fact(KNOWN["pain"], days("5 5 5")) == "Pain was 5 on every day you wrote."


def test_typical_is_the_median_of_the_days() -> None:
    assert facts.typical(KNOWN["pain"], days(AYSES_PAIN)) == 5
    assert facts.typical(KNOWN["pain"], october(_1=[2, 4], _2=9)) == 6
    assert facts.typical(KNOWN["hypo"], october(_1=True)) is None


def test_the_table_is_newest_first_with_gaps_averages_and_corrections_told() -> None:
    period = Period.until(TODAY, 7)
    first, second = dt.date(2026, 10, 4), dt.date(2026, 10, 6)
    glucose = KNOWN["glucose"]
    table = trends.numbers(
        glucose,
        {
            first: Day(
                first, (Reading(at(first), 7.2, tag="before"), Reading(at(first, 20), 9.2, tag="after_2h"))
            ),
            second: Day(second, (Reading(at(second), 8.0, was=80.0),)),
        },
        period,
    )
    assert table["value"] == "mmol/L"
    assert table["rows"][:3] == [
        ("Tue 6 Oct", "8.0, changed from 80.0"),
        ("Mon 5 Oct", "no entry"),
        ("Sun 4 Oct", "7.2 (before eating) and 9.2 (2 hours after): average 8.2"),
    ]
    assert len(table["rows"]) == 7


def test_the_table_of_90_days_is_by_week() -> None:
    table = trends.numbers(KNOWN["pain"], october(_5=4, _6=6), Period.until(TODAY, 90))
    assert table["rows"][0] == ("5 Oct", "5 (2 days)")
    assert table["rows"][1] == ("28 Sep", "no entry")
    assert len(table["rows"]) == 14


def test_what_a_dot_is_is_said_where_it_is_not_what_was_written() -> None:
    note = "On days with more than 1 number, the line shows their average."
    assert facts.average_note(KNOWN["pain"], october(_1=[2, 4]), by_week=False) == note
    assert facts.average_note(KNOWN["pain"], october(_1=2), by_week=False) == ""
    assert (
        facts.average_note(KNOWN["pain"], october(_1=2), by_week=True) == "Each dot is the average of a week."
    )


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 10), min_size=3, max_size=90))
def test_most_days_is_never_less_than_two_thirds(values: list[int]) -> None:
    low, high = facts.most_days([float(value) for value in values])
    if len(values) < facts.FEW:
        assert (low, high) == (min(values), max(values))
        return
    inside = sum(1 for value in values if low <= value <= high)
    assert inside >= len(values) * 2 / 3
    narrower = [
        (a, b)
        for a in values
        for b in values
        if a <= b and b - a < high - low and sum(a <= v <= b for v in values) >= len(values) * 2 / 3
    ]
    assert narrower == []
