"""The main job in Firefox and WebKit: what is said to work in Chromium works in the other two engines.

These run against the demonstration as ``make demo`` starts it, so nothing stands between them and a real phone.
"""

from __future__ import annotations

import re

import pytest

pytestmark = pytest.mark.browsers


def test_a_wrong_password_is_said_in_words_and_nothing_is_lost(journey, demonstration):
    journey.open(f"{demonstration}/sign-in")
    journey.fill("[name=email]", "patient@demo.example")
    journey.fill("[name=password]", "not the password at all")
    journey.press("Sign in")
    assert journey.path == "/sign-in"
    assert "There is a problem" in journey.text()
    assert journey.engine.run("() => document.querySelector('[name=email]').value") == "patient@demo.example"


@pytest.mark.parametrize(
    "path", ["/", "/diary", "/diary/new", "/goals", "/learn", "/more", "/agenda", "/reminders"]
)
def test_every_main_page_fits_the_phone_and_keeps_to_its_policy(signed_in, demonstration, path):
    signed_in.open(demonstration + path)
    assert signed_in.heading()
    facts = signed_in.engine.run(
        "() => ({wide: document.documentElement.scrollWidth - document.documentElement.clientWidth,"
        " styled: getComputedStyle(document.body).marginTop,"
        " foreign: performance.getEntriesByType('resource').map((e) => new URL(e.name).host)"
        ".filter((host) => host !== location.host)})"
    )
    assert facts == {"wide": 0, "styled": "0px", "foreign": []}


def test_an_entry_is_saved_and_found_again(signed_in, demonstration):
    note = f"Slept well in {signed_in.engine.name}"
    signed_in.open(f"{demonstration}/diary/new")
    signed_in.engine.run(
        "() => { for (const name of new Set([...document.querySelectorAll('main [type=radio]')].map((r) => r.name)))"
        ' { const tiles = document.querySelectorAll(`[type=radio][name="${name}"]`); tiles[3 % tiles.length].click() } }'
    )
    signed_in.fill("main textarea", note)
    signed_in.press("Save")
    assert "There is a problem" not in signed_in.text(), signed_in.text()
    signed_in.open(f"{demonstration}/diary")
    signed_in.press("Change a past day")
    assert note in signed_in.text()


def test_a_goal_day_is_ticked_and_the_tick_taken_back(signed_in):
    assert "Done today" in signed_in.text()
    signed_in.press("Done today")
    assert re.search(r"\bUndo\b", signed_in.text())
    signed_in.press("Undo")
    assert "Done today" in signed_in.text()


def test_the_service_worker_is_understood(signed_in):
    """WebKitGTK has no push and Firefox here no push service, but both must be able to run the worker."""
    active = signed_in.engine.run(
        "() => navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)"
        ".then((registration) => Boolean(registration.active))"
    )
    assert active is True
