"""What is a person's own is in no cache: not in the worker's, and not in the browser's."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page

from tests.journeys.conftest import Live
from tests.journeys.signal import go, goal, ready

__all__ = ["goal"]

PAGES = (
    "/",
    "/diary",
    "/diary/new",
    "/goals",
    "/agenda",
    "/learn",
    "/more",
    "/sharing",
    "/visits",
    "/reminders",
    "/notes",
)
KEPT = re.compile(r"^/(offline|static/dist/[\w./-]+)$")
ALL_CACHED = """
(async () => {
  const found = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) {
      found.push([new URL(request.url).pathname, await (await cache.match(request)).text()]);
    }
  }
  return found;
})()
"""


def test_the_worker_keeps_nobodys_page(
    live: Live, goal: object, push_phone: BrowserContext, by_keyboard: Callable[[BrowserContext, str], Page]
) -> None:
    page = by_keyboard(push_phone, "ayse")
    ready(page)
    for path in PAGES:
        go(page, live.address + path)
    cached = page.evaluate(ALL_CACHED)
    assert [path for path, _text in cached if path == "/offline"], "the offline page is not there"
    assert [path for path, _text in cached if not KEPT.match(path)] == []
    [shell] = [text for path, text in cached if path == "/offline"]
    person = page.locator("meta[name=person]").get_attribute("content")
    for word in ("Ayşe", "Kaya", "Walk to the park", "csrf-token", "Hornsey", str(person)):
        assert word not in shell


def test_what_a_person_is_shown_is_stored_nowhere(
    live: Live, goal: object, phone: BrowserContext, by_keyboard: Callable[[BrowserContext, str], Page]
) -> None:
    answers: dict[str, str] = {}
    page = by_keyboard(phone, "ayse")
    phone.on(
        "response",
        lambda answer: answers.__setitem__(answer.url, answer.headers.get("cache-control", "")),
    )
    for path in PAGES:
        go(page, live.address + path)
    page.wait_for_timeout(500)
    personal = {
        url: how
        for url, how in answers.items()
        if "/static/" not in url and not url.endswith(("/sw.js", "/manifest.webmanifest", "/offline"))
    }
    assert len(personal) > len(PAGES)
    assert set(personal.values()) == {"no-store"}
