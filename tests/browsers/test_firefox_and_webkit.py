"""The main job in Firefox and WebKit: what is said to work in Chromium works in the other two engines.

These run against the demonstration as ``make demo`` starts it, so nothing stands between them and a real phone.
"""

from __future__ import annotations

import base64
import os
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from tests.plugins.engines import Journey, end, free_port

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery demo"
START_SECONDS = 120

pytestmark = pytest.mark.browsers


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration with a database of its own."""
    folder = tmp_path_factory.mktemp("demonstration")
    address = f"http://127.0.0.1:{(port := free_port())}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SELFCARE_")} | {
        "PORT": str(port),
        "SELFCARE_DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "SELFCARE_SECRET_KEY": secrets.token_urlsafe(48),
        "SELFCARE_VAPID_PRIVATE_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode(),
    }
    log = folder / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-c", "from selfcare.cli import main; main()", "demo", "start"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                if requests.get(f"{address}/healthz", timeout=2).ok:
                    break
            except requests.ConnectionError:
                pass
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(f"The demonstration did not start:\n{log.read_text()[-3000:]}", pytrace=False)
            time.sleep(0.2)
        yield address
    finally:
        end(server)


@pytest.fixture
def signed_in(journey: Journey, demonstration: str) -> Journey:
    """The demonstration's first patient, signed in, on Today."""
    journey.open(f"{demonstration}/sign-in")
    if journey.path == "/sign-in":
        journey.fill("[name=email]", "patient@demo.example")
        journey.fill("[name=password]", PASSWORD)
        journey.press("Sign in")
    journey.open(f"{demonstration}/")
    assert journey.path == "/"
    return journey


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
