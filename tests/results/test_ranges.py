"""Units and plausible numbers: what cannot be is refused in words, what is unlikely is asked about, nothing is guessed."""

from __future__ import annotations

import math
import uuid
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfcare.errors import Invalid
from selfcare.results import packs, ranges
from selfcare.results.catalogue import CHOICE, NUMBER, PAIR
from tests.results.telling import API, put, read

NUMBERS = [code for code, measure in packs.catalogue().items() if measure.kind == NUMBER]
TRIES = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@TRIES
@given(code=st.sampled_from(NUMBERS), typed=st.floats(allow_nan=True) | st.integers())
def test_a_number_is_stored_as_sent_or_refused(app: Flask, code: str, typed: float) -> None:
    measure = packs.catalogue()[code]
    (part,) = measure.parts
    with app.test_request_context():
        try:
            found = ranges.read(measure, typed, measure.unit_)
        except Invalid as problem:
            inside = math.isfinite(typed) and part.possible[0] <= typed <= part.possible[1]
            assert not inside or round(typed, measure.decimals) != typed
            if math.isfinite(typed) and not inside:
                said = problem.errors["value"][0]
                assert f"{part.possible[0]:g}" in said
                assert measure.unit in said
            return
        assert found.values == {"value": typed}
        assert part.possible[0] <= typed <= part.possible[1]
        assert found.sent is None
        assert bool(found.question) == (not part.likely[0] <= typed <= part.likely[1])


CONVERTED = [
    (code, unit.unit)
    for code, measure in packs.catalogue().items()
    for unit in measure.other_units
    if unit.taken
]


@TRIES
@given(pair=st.sampled_from(CONVERTED), share=st.floats(0, 1))
def test_another_unit_is_converted_within_half_a_last_digit(
    app: Flask, pair: tuple[str, str], share: float
) -> None:
    measure = packs.catalogue()[pair[0]]
    unit = next(each for each in measure.other_units if each.unit == pair[1])
    low, high = measure.parts[0].possible
    ours = low + share * (high - low)
    typed = ours * unit.divide_by + unit.subtract
    with app.test_request_context():
        try:
            found = ranges.read(measure, typed, unit.unit)
        except Invalid:
            assert share < 1e-9 or share > 1 - 1e-9  # a hair outside, by the last digit of a float
            return
    assert abs(found.values["value"] - ours) <= 0.5 * 10**-measure.decimals + 1e-9
    assert low <= found.values["value"] <= high
    assert found.sent == {"value": typed, "unit": unit.unit}


@pytest.mark.slow
@TRIES
@given(code=st.sampled_from(sorted(packs.catalogue())), unit=st.text(max_size=12), value=st.integers(20, 30))
def test_no_unknown_unit_is_taken(app: Flask, code: str, unit: str, value: int) -> None:
    measure = packs.catalogue()[code]
    known = {measure.unit_, *(each.unit for each in measure.other_units if each.taken)}
    if ranges._alike(unit) in map(ranges._alike, known):
        return
    typed = {CHOICE: "low", PAIR: f"{value + 60}/{value}", NUMBER: value}[measure.kind]
    if measure.kind == CHOICE and not unit:
        return
    with app.test_request_context(), pytest.raises(Invalid) as caught:
        ranges.read(measure, typed, unit)
    assert set(caught.value.errors) == {"unit"}


@TRIES
@given(high=st.integers(-50, 400), low=st.integers(-50, 400))
def test_blood_pressure_is_two_numbers_in_order(app: Flask, high: int, low: int) -> None:
    measure = packs.catalogue()["blood_pressure"]
    with app.test_request_context():
        try:
            found = ranges.read(measure, f"{high}/{low}", "mmHg")
        except Invalid:
            assert not (50 <= high <= 300 and 20 <= low <= 200 and high > low)
            return
    assert found.values == {"systolic": high, "diastolic": low}
    assert 50 <= high <= 300
    assert 20 <= low <= 200
    assert high > low


@pytest.mark.parametrize(
    ("measure", "value", "unit", "said"),
    [
        (
            "hba1c",
            7.2,
            "mmol/mol",
            "between 20 and 200 mmol/mol. 7.2 looks like a percentage, which would be 55 mmol/mol",
        ),
        ("total_cholesterol", 193, "mmol/L", "193 looks like mg/dL, which would be 4.99 mmol/L"),
        ("ldl", 100, "mmol/L", "100 looks like mg/dL"),
        ("weight", 12.5, "kg", "12.5 looks like stones, which would be 79.4 kg"),
        ("blood_pressure", "18/12", "mmHg", "18 looks like kPa, which would be 135 mmHg"),
        ("hba1c", 690, "mmol/mol", "HbA1c must be between 20 and 200 mmol/mol"),
        ("hba1c", 58.5, "mmol/mol", "HbA1c must be a whole number"),
        ("hba1c", "58", "mmol/mol", "HbA1c must be a number"),
        ("blood_pressure", "80/120", "mmHg", "Systolic must be higher than diastolic"),
        ("blood_pressure", 120, "mmHg", "Blood pressure: enter both numbers"),
        ("foot_check", "purple", None, "Choose one of: low, moderate, high, active"),
        ("hba1c", 58, "mmol/L", "HbA1c must be in mmol/mol"),
        ("hba1c", 58, None, "Send the unit: mmol/mol"),
        ("weight", 70, "st", "Weight must be in kg"),
        ("foot_check", "low", "kg", "Foot check has no unit"),
    ],
)
def test_the_words_say_what_to_put_right(
    world: Any, grace: Any, measure: str, value: Any, unit: str | None, said: str
) -> None:
    body = {"measure": measure, "value": value, "unit": unit, "taken_on": "2026-01-05"}
    answer = grace.put(f"{API}/results/{uuid.uuid4()}", body | {"patient_id": str(world.ayse)})
    assert answer.status_code == 422
    assert said in str(answer.json["errors"])
    assert read(grace, f"{API}/patients/{world.ayse}/results") == []


def test_an_unlikely_number_is_asked_about_then_stored(world: Any, grace: Any) -> None:
    asked = put(grace, world.ayse, value=190)
    assert asked.status_code == 422
    assert asked.json["confirm"] == ["hba1c"]
    assert "Is 190 mmol/mol right?" in str(asked.json["errors"])
    kept = put(grace, world.ayse, value=190, confirmed=["hba1c"])
    assert kept.status_code == 201
    assert kept.json["confirmed"] is True
    assert put(grace, world.ayse, value=55, confirmed=["hba1c"]).json["confirmed"] is False


def test_a_percentage_is_converted_where_it_is_called_one(world: Any, grace: Any) -> None:
    kept = put(grace, world.ayse, value=7.2, unit="%")
    assert kept.status_code == 201
    assert (kept.json["value"], kept.json["unit"]) == (55, "mmol/mol")
    assert kept.json["sent"] == {"value": 7.2, "unit": "%"}
    assert put(grace, world.ayse, measure="weight", value=70, unit=" KG ").json["words"] == "70 kg"


@pytest.mark.parametrize(
    "more",
    [
        {"measure": "height"},
        {"taken_on": "2999-01-01"},
        {"taken_on": "1960-01-01"},  # before she was born
        {"taken_on": "yesterday"},
        {"value": None},
        {"value": True},
        {"value": "58 mmol/mol"},
        {"values": {"systolic": 120, "diastolic": 80}},
        {"reason": "no correction"},
        {"taken_back": True},
        {"corrects": str(uuid.uuid4()), "reason": "x"},
        {"streak": 9},
    ],
)
def test_what_makes_no_sense_is_refused(world: Any, grace: Any, more: dict[str, Any]) -> None:
    body = {
        "patient_id": str(world.ayse),
        "measure": "hba1c",
        "value": 58,
        "unit": "mmol/mol",
        "taken_on": "2026-01-05",
    }
    answer = grace.put(f"{API}/results/{uuid.uuid4()}", body | more)
    assert answer.status_code == 422
    assert answer.json["errors"]
    assert read(grace, f"{API}/patients/{world.ayse}/results") == []


def test_a_record_is_written_once(world: Any, grace: Any) -> None:
    result = uuid.uuid4()
    first = put(grace, world.ayse, result)
    assert first.status_code == 201
    assert put(grace, world.ayse, result).status_code == 200
    assert put(grace, world.ayse, result, value=58.0).json == first.json
    assert put(grace, world.ayse, result, value=59).status_code == 409
    both = put(
        grace, world.ayse, measure="blood_pressure", value=None, values={"systolic": 132, "diastolic": 84}
    )
    assert both.json["words"] == "132/84 mmHg"
    assert (
        put(grace, world.ayse, measure="blood_pressure", value="132/84").json["values"] == both.json["values"]
    )
