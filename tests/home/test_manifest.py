"""What a phone reads before it installs us: whole, true, and no larger than it needs to be."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import Any

import pytest

from selfcare.edge import assets

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def manifest(nobody: Any) -> dict[str, Any]:
    answer = nobody.get("/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    return dict(answer.get_json(force=True))


def pictures(manifest: dict[str, Any]) -> list[dict[str, str]]:
    return [
        *manifest["icons"],
        *(icon for shortcut in manifest["shortcuts"] for icon in shortcut["icons"]),
        *manifest["screenshots"],
    ]


def size_of(data: bytes) -> str:
    """Width and height, from the file itself."""
    if data.startswith(b"\x89PNG"):
        return "{}x{}".format(*struct.unpack(">II", data[16:24]))
    assert data[:4] + data[8:16] == b"RIFFWEBPVP8X"
    return f"{int.from_bytes(data[24:27], 'little') + 1}x{int.from_bytes(data[27:30], 'little') + 1}"


def test_it_says_who_we_are(manifest):
    assert manifest["id"] == manifest["scope"] == manifest["start_url"] == "/"
    assert manifest["display"] == "standalone"
    assert (manifest["lang"], manifest["dir"]) == ("en", "ltr")
    assert 0 < len(manifest["short_name"]) <= 12
    assert manifest["description"]
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}


def test_a_long_name_is_cut_where_it_must_be(app, nobody):
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = settings.model_copy(update={"brand_name": "Hornsey Lane and friends"})
    try:
        found = nobody.get("/manifest.webmanifest").get_json(force=True)
    finally:
        app.config["SETTINGS"] = settings
    assert (found["name"], found["short_name"]) == ("Hornsey Lane and friends", "Hornsey Lane")


def test_shortcuts_lead_to_pages_of_hers(manifest, ayse):
    ayse.put("/api/v1/diary/trackers", {"measures": ["pain"]})
    for shortcut in manifest["shortcuts"]:
        assert ayse.get(shortcut["url"]).status_code in (200, 303), shortcut["name"]


def test_every_picture_is_what_it_says_and_may_be_kept_for_ever(manifest, app):
    client = app.test_client()
    for picture in pictures(manifest):
        assert picture["src"].startswith(assets.URL)
        with client.get(picture["src"]) as answer:
            assert answer.status_code == 200, picture["src"]
            assert "immutable" in answer.headers["Cache-Control"]
            assert answer.headers["Content-Type"] == picture["type"]
            assert size_of(answer.data) == picture["sizes"], picture["src"]
            assert len(answer.data) <= 60 * 1024, picture["src"]


def test_pictures_of_ourselves_fit_what_browsers_ask_for(manifest):
    for form in ("narrow", "wide"):
        shown = [each for each in manifest["screenshots"] if each["form_factor"] == form]
        assert 1 <= len(shown) <= 8
        assert all(each["label"] for each in shown)
        assert len({each["sizes"] for each in shown}) == 1, "browsers leave out those of another shape"
        for each in shown:
            short, long = sorted(map(int, each["sizes"].split("x")))
            assert short >= 320
            assert long <= min(3840, 2.3 * short)
