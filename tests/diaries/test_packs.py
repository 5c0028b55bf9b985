"""The catalogue is data: complete, checked, and nothing unreviewed in production."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path
from typing import Any

import pytest

from selfcare.diaries import care_cards, forms, packs

SOON = dt.date(2026, 10, 6)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the packs, to spoil."""
    shutil.copytree(packs.PACKS, tmp_path / "packs")
    return tmp_path / "packs"


def spoil(folder: Path, pack: str, old: str, new: str) -> list[str]:
    source = folder / f"{pack}.toml"
    text = source.read_text("utf-8")
    assert old in text
    source.write_text(text.replace(old, new, 1), "utf-8")
    return packs.check_packs(SOON, folder)


def test_the_packs_that_ship_are_in_order() -> None:
    assert packs.check_packs(SOON) == []


def test_what_the_contract_names_is_there_with_its_ranges() -> None:
    known = packs.catalogue()
    assert known["pain"].possible == (0.0, 10.0)
    assert known["glucose"].possible == (1.0, 40.0)
    assert known["glucose"].decimals == 1
    assert known["glucose"].other_units[0].divide_by == 18.0
    assert known["peak_flow"].possible == (60.0, 900.0)
    assert {"mood", "sleep", "energy", "steps", "weight"} <= known.keys()
    assert [code for code, measure in known.items() if measure.mood] == ["mood"]
    assert known["pain"].loinc == "72514-3"


def test_no_code_collides_with_a_field_of_the_form() -> None:
    for code in packs.catalogue():
        assert code not in forms.FIELDS
        assert not code.endswith((forms.UNIT, forms.TAG))


@pytest.mark.parametrize(
    "field", ["owner", "licence", "version", "review_date", "clinical_reviewer", "languages"]
)
def test_a_pack_without_one_of_its_facts_fails(folder: Path, field: str) -> None:
    source = folder / "asthma.toml"
    kept = [line for line in source.read_text("utf-8").splitlines() if not line.startswith(f"{field} =")]
    source.write_text("\n".join(kept), "utf-8")
    assert packs.check_packs(SOON, folder) == [f"asthma.toml: has no {field}"]


@pytest.mark.parametrize(
    ("pack", "old", "new", "said"),
    [
        (
            "asthma",
            "likely = [100, 650]",
            "likely = [50, 650]",
            "likely range should lie inside the possible",
        ),
        ("asthma", 'unit = "L/min"', 'unit = ""', "a number needs its unit"),
        ("asthma", 'conditions = ["asthma"]', 'conditions = ["gout"]', "there is no condition 'gout'"),
        ("asthma", 'code = "peak_flow"', 'code = "pain"', "is in asthma.toml as well"),
        ("asthma", 'code = "peak_flow"', 'code = "Peak Flow"', "its code should be small letters"),
        ("asthma", 'kind = "number"', 'kind = "slider"', "there is no kind 'slider'"),
        ("asthma", 'id = "asthma"', 'id = "asma"', "is not its file's name"),
        ("asthma", "hint =", "hnit =", "no such field: hnit"),
        ("asthma", "[[measures]]", "[[measures", "asthma.toml:"),
        ("shared", 'low_words = "no pain"', 'low_words = ""', "a ruler needs words at both ends"),
        ("copd", "review_date = 2027-09-30", "review_date = 2026-10-05", "review date 2026-10-05 has passed"),
        ("copd", "review_date = 2027-09-30", 'review_date = "soon"', "review_date should be a date"),
    ],
)
def test_a_spoiled_pack_is_told_in_a_sentence(folder: Path, pack: str, old: str, new: str, said: str) -> None:
    problems = spoil(folder, pack, old, new)
    assert problems
    assert any(said in problem for problem in problems), problems


def test_every_condition_with_a_card_has_a_reviewer_field_and_lines(story: Any) -> None:
    with story():
        for cards in care_cards.all_cards().values():
            for card in cards:
                assert card.pack.clinical_reviewer == ""  # a named person enters theirs, nobody else does
                assert card.title
                assert "%(" not in card.title + "".join(card.steps)


def test_a_card_past_its_review_date_fails(tmp_path: Path) -> None:
    shutil.copytree(care_cards.FOLDER, tmp_path / "help")
    source = tmp_path / "help" / "copd.toml"
    source.write_text(source.read_text("utf-8").replace("2027-09-30", "2026-01-01"), "utf-8")
    assert care_cards.check_cards(SOON, tmp_path / "help") == [
        "help/copd.toml: its review date 2026-01-01 has passed"
    ]


def test_production_shows_no_unreviewed_card_and_offers_no_unreviewed_measure(
    app: Any, world: Any, ayse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = app.config["SETTINGS"].model_copy(update={"env": "production"})
    monkeypatch.setitem(app.config, "SETTINGS", settings)
    with app.test_request_context():
        assert care_cards.cards_for(["type_2_diabetes", "copd"]) == []
    assert ayse.get("/api/v1/measures").json["items"] == []
    sent = {"experienced_at": dt.datetime.now(dt.UTC).isoformat(), "values": {"pain": 4}}
    refused = ayse.put("/api/v1/diary-entries/7b0f7a60-3d2f-4f3e-8f58-6b8f6a5c0d11", sent)
    assert refused.json["errors"] == {"pain": ["There is no measure called pain"]}


def test_emergencies_stand_first_and_mood_brings_the_card_for_hard_times(story: Any) -> None:
    with story():
        kinds = [card.kind for card in care_cards.cards_for(["type_2_diabetes"])]
        assert kinds == ["emergency", "urgent"]
        with_mood = care_cards.cards_for(["type_2_diabetes"], mood=True)
        assert any("116 123" in step for card in with_mood for step in card.steps)


def test_every_word_of_a_pack_reaches_the_translators() -> None:
    with (packs.PACKS / "type_2_diabetes.toml").open("rb") as source:
        words = {said for _line, _kind, said, _comments in packs.extract_words(source, None, None, None)}
    assert {"Blood sugar", "mmol/L", "When did you check it?", "Before eating"} <= words
