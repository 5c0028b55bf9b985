"""The catalogue as data: complete, honest about who approved it, and its slips hide no real number."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from selfcare.results import packs

SOON = dt.date(2026, 11, 1)


def changed(tmp_path: Path, old: str, new: str) -> list[str]:
    text = (packs.PACKS / "results.toml").read_text("utf-8")
    assert old in text
    (tmp_path / "results.toml").write_text(text.replace(old, new, 1), "utf-8")
    return packs.check_packs(SOON, tmp_path)


def test_ours_are_complete() -> None:
    assert packs.check_packs(SOON) == []
    assert all(measure.question_ and measure.topic_ for measure in packs.catalogue().values())


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("review_date = 2027-09-30", "review_date = 2026-01-01", "its review date 2026-01-01 has passed"),
        ('owner = "Selfcare project"', 'owner = ""', "owner should be words"),
        ("slip = [3, 19.9]", "slip = [3, 30]", "hides a real number"),
        ("likely = [25, 130]", "likely = [10, 130]", "inside the possible one"),
        ('kind = "number"', 'kind = "vibe"', "there is no kind 'vibe'"),
        ('code = "ldl"', 'code = "hba1c"', "hba1c is there twice"),
        ('loinc = "59261-8"', 'colour = "red"', "no such field: colour"),
        ('unit = "mmol/mol"', "", "a number needs its unit"),
        ('id = "results"', 'id = "other"', "is not its file's name"),
        ('licence = "MIT"', "", "has no licence"),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert [problem for problem in changed(tmp_path, old, new) if said in problem]


def test_no_packs_at_all(tmp_path: Path) -> None:
    assert packs.check_packs(SOON, tmp_path) == ["results: there are no packs"]


def test_words_are_for_the_patient(app: object) -> None:
    """Sentences of up to 20 words (screens.md)."""
    for measure in packs.catalogue().values():
        for said in (*measure.means_, *(choice.means_ for choice in measure.choices)):
            for sentence in said.rstrip(".").split(". "):
                assert len(sentence.split()) <= 20, sentence
