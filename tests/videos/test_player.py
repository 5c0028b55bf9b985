"""The player in a real browser: it keeps where somebody stopped, and offers to carry on from there."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from selfcare.videos import packs

PLAYING = "() => { const v = document.querySelector('video'); return !v.paused && v.currentTime > %s }"
FORWARDED = ("content-type", "x-csrf-token", "origin", "range")


@pytest.fixture
def her_phone(phone: BrowserContext, ayse: Any) -> BrowserContext:
    """Ayşe's phone: everything that it asks for is answered by the application, in her session."""

    def answer(route: Route) -> None:
        asked = route.request
        parts = urlsplit(asked.url)
        with ayse.http.open(
            f"{parts.path}?{parts.query}",
            method=asked.method,
            data=asked.post_data_buffer,
            headers={name: value for name, value in asked.headers.items() if name in FORWARDED},
        ) as given:
            route.fulfill(status=given.status_code, headers=dict(given.headers), body=given.data)

    phone.route("http://localhost/**", answer)
    return phone


def pacing(ayse: Any) -> dict[str, Any]:
    items = {item["id"]: item["progress"] for item in ayse.get("/api/v1/videos").json["items"]}
    return items["pacing"] or {"seconds": None, "completed": False}


def play(page: Page, start: float) -> None:
    page.evaluate(
        "at => { const v = document.querySelector('video'); v.muted = true; v.currentTime = at; return v.play() }",
        start,
    )


def test_it_keeps_her_place_when_she_pauses_and_when_she_leaves(her_phone: BrowserContext, ayse: Any) -> None:
    page = her_phone.new_page()
    page.goto("http://localhost/learn/videos/pacing")
    play(page, 8)
    page.wait_for_function(PLAYING % 8.5)
    page.evaluate("document.querySelector('video').pause()")
    page.wait_for_timeout(300)
    assert pacing(ayse)["seconds"] in (8, 9, 10)
    play(page, 30)
    page.wait_for_function(PLAYING % 30.2)
    page.goto("http://localhost/learn")
    page.wait_for_timeout(300)
    assert pacing(ayse)["seconds"] in (30, 31, 32)
    assert pacing(ayse)["completed"] is False


def test_it_carries_on_with_captions_and_notes_the_end(her_phone: BrowserContext, ayse: Any) -> None:
    ayse.put("/api/v1/videos/pacing/progress", {"seconds": 38})
    page = her_phone.new_page()
    page.goto("http://localhost/learn/videos/pacing")
    button = page.get_by_role("button", name="Carry on from 0:38")
    expect(button).to_be_visible()
    page.evaluate("document.querySelector('video').muted = true")
    button.click()
    page.wait_for_function(PLAYING % 38.1)
    expect(button).to_be_hidden()
    captions = page.evaluate(
        "() => { const t = document.querySelector('video').textTracks[0]; return [t.mode, t.activeCues[0].text] }"
    )
    video = next(video for video in packs.catalogue() if video.id == "pacing")
    assert captions[0] == "showing"
    assert captions[1] in video.captions[0].lines
    expect(page.get_by_text("You have watched this", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="I have watched this")).to_be_hidden()
    assert pacing(ayse)["completed"] is True
    assert pacing(ayse)["seconds"] == 42
