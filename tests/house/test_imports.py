"""The direction of imports, as docs/architecture.md draws it, holds for every room."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from importlinter.cli import lint_imports

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "selfcare"


def floors() -> list[list[str]]:
    """The floors of the contract, from the roof down; each a list of rooms."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["id"] == "floors")["layers"]
    return [re.findall(r"[a-z]+", layer) for layer in layers]


def test_imports_point_down_the_house(capsys):
    status = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == 0, capsys.readouterr().out


def test_the_contract_is_the_one_that_the_architecture_draws():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    drawn = re.search(r"Imports point down the list only.*?:\n((?:.*→.*\n)+)", text)
    assert drawn, "docs/architecture.md no longer says in which direction imports point"
    sentence = drawn[1].split(". Neighbours")[0]
    assert [re.findall(r"[a-z]+", floor) for floor in sentence.split("→")] == floors()


def test_every_room_stands_on_a_floor():
    rooms = {path.name for path in HOUSE.iterdir() if (path / "__init__.py").exists()}
    files = {path.stem for path in HOUSE.glob("*.py")} - {"__init__"}
    assert rooms | files <= {room for floor in floors() for room in floor}
