"""The real loop: Firefox subscribes, Selfcare encrypts and posts, the push service forwards, the worker shows it."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from tests.browsers.conftest import enter, running_demonstration
from tests.plugins.autopush import Autopush, autopush
from tests.plugins.engines import Firefox, Journey

__all__ = ["autopush"]

pytestmark = pytest.mark.browsers

SHOWN = """() => navigator.serviceWorker.ready.then((r) => r.getNotifications()).then((all) =>
  all.map((n) => ({title: n.title, body: n.body, tag: n.tag, lang: n.lang, dir: n.dir, data: n.data,
    actions: n.actions.map((one) => one.action)})))"""
HELD = """() => navigator.serviceWorker.ready.then((r) => r.pushManager.getSubscription()).then((s) => s && s.endpoint)"""
ROWS = """(before) => fetch("/api/v1/push-subscriptions").then((answer) => answer.json())
  .then(({items}) => items.length > 0 && items.every((one) => one.endpoint !== before))"""
PUT = """(path, body) => fetch(path, {method: "PUT", body: JSON.stringify(body), headers: {
  "Content-Type": "application/json", "X-CSRF-Token": document.querySelector("[name=csrf-token]").content}})
  .then((answer) => answer.status)"""


@pytest.fixture(scope="module")
def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demonstration")


@pytest.fixture(scope="module")
def address(autopush: Autopush, demo_folder: Path) -> Iterator[str]:
    """A demonstration that may send to this machine's push service."""
    with running_demonstration(demo_folder, SELFCARE_PUSH_ALLOWED_ORIGINS=autopush.origin) as address:
        yield address


@pytest.fixture
def firefox(autopush: Autopush, tmp_path: Path, address: str) -> Iterator[Journey]:
    """A phone with Firefox, allowed to show notifications; its owner is signed in."""
    engine = Firefox(tmp_path, autopush.preferences)
    journey = Journey(engine)
    enter(journey, address)
    yield journey
    engine.close()


def shown(firefox: Journey, title: str, seconds: float = 15) -> dict[str, Any]:
    """The notification with this title, once the worker has shown it."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for one in firefox.engine.run(SHOWN):
            if one["title"] == title:
                return dict(one)
        time.sleep(0.1)
    pytest.fail(f"Firefox does not show {title!r} but {firefox.engine.run(SHOWN)}\n{firefox.text()[:500]}")


def subscribe(firefox: Journey, address: str) -> None:
    firefox.open(f"{address}/reminders")
    firefox.engine.run("() => document.querySelector('[data-push-yes]').requestSubmit()")
    firefox.until(
        "() => document.readyState === 'complete' && !document.querySelector('[data-push-part=on]').hidden",
        "this phone shows reminders",
    )


def test_a_test_message_goes_the_whole_way(firefox: Journey, autopush: Autopush, address: str) -> None:
    subscribe(firefox, address)
    before = len(autopush.posted)
    firefox.engine.run("() => document.querySelector('[data-push-test]').click()")
    one = shown(firefox, "This is a test")
    assert (one["tag"], one["lang"], one["dir"]) == ("test", "en", "ltr")
    assert one["data"]["navigate"] == f"{address}/reminders"
    assert len(autopush.posted) == before + 1
    assert int(autopush.posted[-1]["TTL"]) >= 60
    firefox.until(
        "() => document.querySelector('[data-push-said]').textContent.includes('message service has it')",
        "the page says that it is there",
    )
    firefox.open(f"{address}/reminders")
    assert "Last delivered" in firefox.text()


def test_a_reminder_comes_in_its_minute_and_the_ledger_knows_that_it_was_shown(
    firefox: Journey, autopush: Autopush, address: str, demo_folder: Path
) -> None:
    """Sent by the demonstration's own scheduler, as at home."""
    subscribe(firefox, address)
    due = dt.datetime.now(ZoneInfo("Europe/London")) + dt.timedelta(seconds=63)
    body = {"about": "review", "times": [f"{due:%H:%M}"], "time_zone": "Europe/London"}
    assert firefox.engine.run(PUT, f"/api/v1/reminders/{uuid.uuid4()}", body) == 201
    one = shown(firefox, "Time for your check-in", seconds=75)
    assert one["data"]["navigate"] == f"{address}/goals/review"
    assert one["actions"] == ["done", "later"]
    with sqlite3.connect(demo_folder / "demo.db") as database:
        look = (
            "SELECT count(*) FROM deliveries WHERE tag = ? AND outcome = 'accepted' AND shown_at IS NOT NULL"
        )
        until = time.monotonic() + 20
        while database.execute(look, [one["tag"]]).fetchone() != (1,):
            assert time.monotonic() < until, "the ledger does not know that it was shown"
            time.sleep(0.2)


def test_stopped_on_this_phone_its_address_is_gone(
    firefox: Journey, autopush: Autopush, address: str
) -> None:
    subscribe(firefox, address)
    held = firefox.engine.run(HELD)
    assert held.startswith(autopush.origin)
    firefox.engine.run("() => document.querySelector('[data-push-stop]').click()")
    firefox.until(
        "() => document.readyState === 'complete' && !document.querySelector('[data-push-part=ask]').hidden"
        " && document.querySelector('[data-push-part=on]').hidden",
        "it asks again",
    )
    assert firefox.engine.run(HELD) is None
    assert requests.post(held, data=b"x", headers={"TTL": "60"}, timeout=5).status_code == 404


def test_a_push_service_that_forgot_her_phone_is_subscribed_at_anew_without_her(
    firefox: Journey, autopush: Autopush, address: str
) -> None:
    subscribe(firefox, address)
    before = firefox.engine.run(HELD)
    autopush.forget_everybody()
    firefox.until(f"() => ({ROWS})({json.dumps(before)})", "the server knows another address of this phone")
    assert firefox.engine.run(HELD) not in (None, before)
    firefox.engine.run("() => document.querySelector('[data-push-test]').click()")
    assert shown(firefox, "This is a test")["tag"] == "test"


def test_an_address_that_the_browser_lost_is_made_anew_at_the_next_launch(
    firefox: Journey, autopush: Autopush, address: str
) -> None:
    subscribe(firefox, address)
    before = firefox.engine.run(HELD)
    lost = "() => navigator.serviceWorker.ready.then((r) => r.pushManager.getSubscription()).then((s) => s.unsubscribe())"
    assert firefox.engine.run(lost) is True
    firefox.engine.run("() => sessionStorage.clear()")  # the app was closed, and is opened again
    firefox.open(f"{address}/")
    firefox.until(f"() => ({ROWS})({json.dumps(before)})", "the server knows another address of this phone")
    assert firefox.engine.run(HELD).startswith(autopush.origin)
