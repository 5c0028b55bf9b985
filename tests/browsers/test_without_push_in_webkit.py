"""A browser without push is told so in plain words, and keeps everything else. WebKitGTK is such a browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browsers.conftest import enter
from tests.plugins.engines import Journey, WebKit

pytestmark = pytest.mark.browsers

VISIBLE = """() => [...document.querySelectorAll('[data-push-part]')].filter((part) => part.offsetParent)
  .map((part) => part.dataset.pushPart)"""


@pytest.fixture(scope="module")
def webkit(tmp_path_factory: pytest.TempPathFactory, demonstration: str) -> Iterator[Journey]:
    """WebKit, with the demonstration's first patient signed in."""
    engine = WebKit(tmp_path_factory.mktemp("webkit"))
    journey = Journey(engine)
    enter(journey, demonstration)
    yield journey
    engine.close()


def test_it_says_that_reminders_cannot_come_and_what_there_is_instead(
    webkit: Journey, demonstration: str
) -> None:
    webkit.open(f"{demonstration}/reminders")
    assert webkit.engine.run("() => 'PushManager' in window") is False
    webkit.until(
        "() => !document.querySelector('[data-push-part=unsupported]').hidden", "the page has looked"
    )
    assert webkit.engine.run(VISIBLE) == ["unsupported"]
    text = webkit.text()
    assert "Reminders cannot come to this browser" in text
    assert "Today always shows what there is to do" in text
    assert "add Selfcare to the Home Screen first" in text
    assert "email" not in text.lower()  # nothing is offered that is not there


def test_a_time_is_kept_there_all_the_same(webkit: Journey, demonstration: str) -> None:
    webkit.open(f"{demonstration}/reminders/new?about=diary")
    webkit.fill("[name=times]", "18:30")
    webkit.press("Save")
    assert "Reminder set" in webkit.text()
    assert "6:30pm" in webkit.text()
    assert webkit.engine.run(VISIBLE) == ["unsupported"]


def test_a_goal_is_ticked_there(webkit: Journey, demonstration: str) -> None:
    webkit.open(f"{demonstration}/")
    webkit.press("Done today")
    assert "Undo" in webkit.text()
    webkit.press("Undo")


def test_the_worker_runs_there_and_nothing_hangs_on_push(webkit: Journey, demonstration: str) -> None:
    webkit.open(f"{demonstration}/more")
    ready = webkit.engine.run(
        "() => navigator.serviceWorker.register('/sw.js').then(() => navigator.serviceWorker.ready)"
        ".then((registration) => [Boolean(registration.active), 'pushManager' in registration])"
    )
    assert ready == [True, False]


def test_an_iphone_is_told_of_the_home_screen(
    webkit: Journey, demonstration: str, tmp_path_factory: pytest.TempPathFactory, tmp_path: Path
) -> None:
    """Safari on an iPhone has no push before the app stands on the Home Screen; WebKit plays it by its name."""
    webkit.open(f"{demonstration}/reminders")
    webkit.engine.run(
        "() => { Object.defineProperty(navigator, 'userAgent', {get: () => 'iPhone'});"
        " const again = document.querySelector('script[type=module][src*=\"push\"]').src + '?again';"
        " return import(again).then(() => true) }"
    )
    webkit.until("() => !document.querySelector('[data-push-part=install]').hidden", "it has looked again")
    assert "Add to Home Screen" in webkit.text()
