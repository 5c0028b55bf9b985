"""The owner's wording comes from a file, is known by its hash, and is never typed here."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import config
from selfcare.cli import duties, main
from selfcare.questionnaires import packs, texts
from tests.questionnaires.conftest import PUBLISHED

PHQ9 = packs.catalogue()["phq9"]
FILE = PUBLISHED / PHQ9.published
pytestmark = pytest.mark.any_database


def changed(tmp_path: Path, change: Any) -> Path:
    given = json.loads(FILE.read_text("utf-8"))
    change(given)
    file = tmp_path / "changed.json"
    file.write_text(json.dumps(given), "utf-8")
    return file


def test_the_published_text_is_the_one_that_was_signed_off() -> None:
    wording = texts.read(FILE, PHQ9)
    assert wording.hash == PHQ9.text_hash
    assert (len(wording.items), len(wording.answers)) == (9, 4)
    assert "no permission is required" in wording.notice


def test_answers_count_by_their_place_whatever_weights_the_file_says() -> None:
    # The published copy weighs its last answer with 4: 9 of those would be 36 of 27.
    assert '"valueDecimal":4' in FILE.read_text("utf-8")
    assert list(PHQ9.numbers()) == [0, 1, 2, 3]


def test_no_word_of_a_questionnaire_stands_in_our_files() -> None:
    wording = texts.read(FILE, PHQ9)
    words = [*wording.items, wording.stem]
    for file in config.ROOT.glob("selfcare/**/*"):
        if file.suffix in (".py", ".toml"):
            ours = file.read_text("utf-8")
            assert not [each for each in words if each in ours], file


@pytest.mark.parametrize(
    "change",
    [
        lambda given: given["item"][0]["item"][0].update(text="Little joy?"),
        lambda given: given["item"][0].update(text="Lately"),
        lambda given: given["contained"][0]["compose"]["include"][0]["concept"][3].update(display="Often"),
    ],
)
def test_one_other_word_is_another_text(story: Any, tmp_path: Path, change: Any) -> None:
    file = changed(tmp_path, change)
    with story(), pytest.raises(texts.NotThisText, match="another one"):
        texts.bring_in(PHQ9, file, accepted=PHQ9.text_hash, source="a file")
    with story():
        assert texts.in_force() == {}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("{", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ("[]", "no FHIR Questionnaire"),
        ('{"resourceType": "Patient"}', "no FHIR Questionnaire"),
        ('{"resourceType": "Questionnaire", "item": []}', "0 items"),
        ('{"resourceType": "Questionnaire", "item": "x"}', "not as a FHIR"),
        ('{"resourceType": "Questionnaire", "item": [{"type": "choice"}]}', "not as a FHIR"),
    ],
)
def test_what_is_no_questionnaire_is_refused_in_words(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "file.json"
    file.write_text(content, "utf-8")
    with pytest.raises(texts.NotThisText, match=said):
        texts.read(file, PHQ9)


def test_installed_once_and_again_without_harm(story: Any, installed: None) -> None:
    with story():
        assert texts.install_published(PUBLISHED) == []
        assert set(texts.in_force()) == {"phq9"}


def test_without_the_file_nothing_is_installed_and_nothing_fails(story: Any, tmp_path: Path) -> None:
    with story():
        assert texts.install_published(tmp_path) == []


@pytest.fixture
def command(app: Any, monkeypatch: pytest.MonkeyPatch) -> Any:
    """``selfcare packs import …`` on the database of this test."""
    monkeypatch.setattr(duties, "create_app", lambda: app)
    return lambda *arguments: CliRunner().invoke(main, ["packs", "import", *map(str, arguments)])


def test_an_operator_brings_a_text_in(command: Any, story: Any) -> None:
    done = command(FILE, "--as", "phq9")
    assert done.exit_code == 0, done.output
    assert "in force" in done.output
    assert "already" in command(FILE, "--as", "phq9").output
    with story():
        assert texts.in_force()["phq9"].text_hash == PHQ9.text_hash


def test_another_wording_is_shown_and_wants_its_hash(command: Any, tmp_path: Path, story: Any) -> None:
    file = changed(tmp_path, lambda given: given["item"][0]["item"][0].update(text="Little joy in things?"))
    shown = command(file, "--as", "phq9")
    assert shown.exit_code == 1
    assert "Little joy in things?" in shown.output
    accepted = texts.read(file, PHQ9).hash
    assert f"--accept {accepted}" in shown.output
    assert command(file, "--as", "phq9", "--accept", accepted).exit_code == 0
    with story():
        assert texts.in_force()["phq9"].items[0] == "Little joy in things?"


def test_phq2_has_no_text_of_its_own(command: Any) -> None:
    done = command(FILE, "--as", "phq2", "--accept", "x")
    assert done.exit_code == 1
    assert "Nothing was imported" in done.output


def test_every_pack_is_complete_and_within_its_review_date() -> None:
    assert packs.check_packs() == []
    late = packs.check_packs(today=dt.date(2099, 1, 1))
    assert len(late) == len(packs.catalogue())


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('licence = "No', '#licence = "No', "has no licence"),
        ("items = 9", "items = 0", "needs items"),
        ("crisis_item = 9", "crisis_item = 10", "no such crisis item"),
        ("needs_reader = true", "needs_reader = false", "somebody who reads it"),
        ('instead = "phq2"', 'instead = "phq3"', "offered instead"),
        ('scoring = "sum"', 'scoring = "guess"', "no scoring"),
        ('[10, "moderate"]', '[4, "moderate"]', "one after another"),
        ("mood = true", "mood = true\nheart = 1", "no such field"),
    ],
)
def test_a_pack_that_is_not_whole_fails_the_check(tmp_path: Path, before: str, after: str, said: str) -> None:
    folder = tmp_path / "packs"
    shutil.copytree(packs.PACKS, folder)
    file = folder / "phq9.toml"
    text = file.read_text("utf-8")
    assert before in text
    file.write_text(text.replace(before, after), "utf-8")
    problems = packs.check_packs(folder=folder)
    assert any(said in problem for problem in problems), problems
