"""Scores by the published rules, at their edges."""

from __future__ import annotations

from typing import Any

import pytest

from selfcare.questionnaires import scoring
from selfcare.questionnaires.packs import catalogue

ALL = catalogue()


def given(*values: int | None) -> dict[str, int | None]:
    return {str(place): value for place, value in enumerate(values, 1)}


@pytest.mark.parametrize(
    ("code", "answers", "score"),
    [
        ("phq9", given(0, 0, 0, 0, 0, 0, 0, 0, 0), 0),
        ("phq9", given(3, 3, 3, 3, 3, 3, 3, 3, 3), 27),
        ("phq9", given(1, 2, 3, 0, 1, 2, 3, 0, 1), 13),
        ("phq9", given(1, 2, 3, 0, 1, 2, 3, 0, None), None),  # a missing item is never scored as 0
        ("phq2", given(3, 2), 5),
        ("gad7", given(1, 1, 1, 1, 1, 1, 1), 7),
        ("semcd6", given(10, 9, 8, 7, 6, 5), 7.5),
        ("semcd6", given(10, 9, 8, 7, None, None), 8.5),  # two may be missing
        ("semcd6", given(10, 9, 8, None, None, None), None),
        ("peg", given(7, 5, 6), 6),
        ("peg", given(7, 5, None), None),
        ("who5", given(5, 5, 5, 5, 5), 100),
        ("who5", given(1, 2, 3, 4, 2), 48),
        ("phq9", given(None, None), None),
        ("phq9", {}, None),
    ],
)
def test_scores(code: str, answers: dict[str, Any], score: float | None) -> None:
    assert scoring.score(ALL[code], answers) == score


@pytest.mark.parametrize(
    ("code", "score", "word"),
    [
        ("phq9", 4, "none to minimal"),
        ("phq9", 5, "mild"),
        ("phq9", 9, "mild"),
        ("phq9", 10, "moderate"),
        ("phq9", 15, "moderately severe"),
        ("phq9", 20, "severe"),
        ("phq9", 27, "severe"),
        ("phq2", 2, "below 3"),
        ("phq2", 3, "positive"),
        ("gad7", 4, "minimal"),
        ("gad7", 15, "severe"),
        ("who5", 48, "poor well-being"),
        ("who5", 52, ""),
        ("semcd6", 2, ""),
    ],
)
def test_the_word_for_a_score(app: Any, code: str, score: float, word: str) -> None:
    with app.test_request_context():
        assert scoring.band(ALL[code], score) == word


@pytest.mark.parametrize(
    ("code", "now", "before", "more"),
    [
        ("phq9", 9, 14, False),
        ("phq9", 9, 15, True),
        ("phq9", 15, 9, True),  # for worse as well
        ("gad7", 6, 10, True),
        ("peg", 4.9, 7, True),  # a fall by 30%
        ("peg", 5, 7, False),
        ("peg", 7, 5, False),
        ("semcd6", 9, 2, None),  # nothing is published
    ],
)
def test_more_than_chance(code: str, now: float, before: float, more: bool | None) -> None:
    assert scoring.is_more_than_chance(ALL[code], now, before) is more


@pytest.mark.parametrize("value", [1, 2, 3])
def test_any_answer_to_the_question_about_harm_brings_the_card_whatever_the_total(value: int) -> None:
    assert scoring.is_crisis(ALL["phq9"], given(0, 0, 0, 0, 0, 0, 0, 0, value))
    assert scoring.is_crisis(ALL["phq9"], {"9": value})


def test_no_other_answer_brings_it() -> None:
    assert not scoring.is_crisis(ALL["phq9"], given(3, 3, 3, 3, 3, 3, 3, 3, 0))
    assert not scoring.is_crisis(ALL["phq9"], given(3, 3, 3, 3, 3, 3, 3, 3, None))
    assert not scoring.is_crisis(ALL["gad7"], given(3, 3, 3, 3, 3, 3, 3))
