"""The app on Ayşe's phone: what lets it be installed, when it asks, and how a new version arrives."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from selfcare import clock
from selfcare.home import shell
from tests.journeys.conftest import Live
from tests.plugins.browser import PHONE

Enter = Callable[[BrowserContext, str], Page]

IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)"
    " Version/17.5 Mobile/15E148 Safari/604.1"
)
CARD = "[data-install]"

# Chromium without a screen installs nothing, so its question is put by hand: the very event, with a person's answer.
QUESTION = """(answer) => {
  const event = new Event("beforeinstallprompt", { cancelable: true });
  window.asked = [];
  event.prompt = () => { window.asked.push(navigator.userActivation.isActive); return Promise.resolve(); };
  event.userChoice = Promise.resolve({ outcome: answer });
  window.dispatchEvent(event);
  return event.defaultPrevented;
}"""


def writes(page: Page, *, times: int) -> str:
    """Ayşe writes so many entries; the address of what she sees after the last one."""
    for _ in range(times):
        entry = str(uuid.uuid4())
        status = page.evaluate(
            """async ([path, body]) => (await fetch(path, {method: "PUT", body: JSON.stringify(body), headers: {
                "Content-Type": "application/json",
                "X-CSRF-Token": document.querySelector("meta[name=csrf-token]").content}})).status""",
            [
                f"/api/v1/diary-entries/{entry}",
                {"experienced_at": clock.now().isoformat(), "values": {"pain": 4}},
            ],
        )
        assert status == 201
    return f"/diary/saved?entry={entry}"


def days_pass(page: Page, days: int) -> None:
    """What the phone remembers is so many days older."""
    page.evaluate(
        "(days) => localStorage.setItem('selfcare-install', Number(localStorage.getItem('selfcare-install')) - days * 864e5)",
        days,
    )


def test_nothing_keeps_a_phone_from_installing_us(
    live: Live, push_phone: BrowserContext, enter: Enter
) -> None:
    page = enter(push_phone, "ayse")
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    session = push_phone.new_cdp_session(page)
    manifest = session.send("Page.getAppManifest")
    assert manifest["errors"] == []
    assert manifest["url"] == f"{live.address}/manifest.webmanifest"
    assert json.loads(manifest["data"])["short_name"] == "Selfcare"
    assert session.send("Page.getInstallabilityErrors") == {"installabilityErrors": []}


def test_after_the_second_entry_her_tap_asks_the_phone_itself(
    live: Live, phone: BrowserContext, enter: Enter, axe: Callable[..., None]
) -> None:
    page = enter(phone, "ayse")
    page.goto(live.address + writes(page, times=1))
    expect(page.locator(CARD)).to_have_count(0)
    page.goto(live.address + writes(page, times=1))
    card = page.locator(CARD)
    expect(card).to_be_hidden()
    assert page.evaluate(QUESTION, "accepted"), "the browser's own bar would show as well"
    expect(card).to_be_visible()
    axe(page)
    assert page.evaluate("window.asked") == []
    card.get_by_role("button", name="Put it on this phone").click()
    assert page.evaluate("window.asked") == [True], "once, and within the tap"
    expect(card.get_by_role("status")).to_have_text(
        "Selfcare is on this phone. Look for the sun among your apps."
    )
    expect(card.get_by_role("status")).to_be_focused()
    axe(page)


def test_not_now_means_not_for_two_months(live: Live, phone: BrowserContext, enter: Enter) -> None:
    page = enter(phone, "ayse")
    saved = live.address + writes(page, times=2)
    page.goto(saved)
    page.evaluate(QUESTION, "dismissed")
    card = page.locator(CARD)
    card.get_by_role("button", name="Not now").click()
    expect(card.get_by_role("status")).to_have_text("You can do it later. It is under More.")
    assert page.evaluate("localStorage.getItem('selfcare-install')").isdigit(), "when, and nothing about her"
    for days, shown in ((59, False), (2, True)):
        days_pass(page, days)
        page.goto(saved)
        page.evaluate(QUESTION, "dismissed")
        expect(card).to_be_visible(visible=shown)
    # The browser's own "no" counts as ours.
    card.get_by_role("button", name="Put it on this phone").click()
    expect(card.get_by_role("status")).to_have_text("You can do it later. It is under More.")


def test_under_more_it_can_always_be_found(
    live: Live, phone: BrowserContext, enter: Enter, axe: Callable[..., None]
) -> None:
    page = enter(phone, "ayse")
    page.goto(f"{live.address}/more")
    page.get_by_role("link", name="Put Selfcare on this phone").click()
    expect(page.get_by_text("Open your browser’s menu.")).to_be_visible()
    expect(page.get_by_text("Tap Share.")).to_be_hidden()
    page.evaluate(QUESTION, "dismissed")
    expect(page.get_by_text("Open your browser’s menu.")).to_be_hidden()
    page.get_by_role("button", name="Put it on this phone").click()
    assert page.evaluate("window.asked") == [True]
    axe(page)


def test_without_script_every_way_stands_there(
    live: Live, open_context: Callable[..., BrowserContext], enter: Enter
) -> None:
    page = enter(open_context(**PHONE, java_script_enabled=False), "ayse")
    page.goto(f"{live.address}/install")
    expect(page.get_by_text("Tap Share.")).to_be_visible()
    expect(page.get_by_text("Open your browser’s menu.")).to_be_visible()
    expect(page.get_by_role("button", name="Put it on this phone")).to_be_hidden()


@pytest.mark.parametrize("look", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}], ids=str)
def test_an_iphone_shows_three_pictures(
    live: Live,
    open_context: Callable[..., BrowserContext],
    enter: Enter,
    axe: Callable[..., None],
    look: dict[str, Any],
) -> None:
    page = enter(open_context(**PHONE, user_agent=IPHONE, **look), "ayse")
    page.goto(live.address + writes(page, times=2))
    card = page.locator(CARD)
    expect(card.locator("li svg")).to_have_count(3)
    for words in ("Tap Share.", "Add to Home Screen.", "Tap Add."):
        expect(card.get_by_text(words)).to_be_visible()
    expect(card.get_by_role("button", name="Put it on this phone")).to_be_hidden()
    axe(page)
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_opened_from_the_home_screen_it_does_not_ask(
    live: Live, open_context: Callable[..., BrowserContext], enter: Enter
) -> None:
    context = open_context(**PHONE, user_agent=IPHONE)
    context.add_init_script("Object.defineProperty(navigator, 'standalone', {get: () => true})")
    page = enter(context, "ayse")
    page.goto(live.address + writes(page, times=2))
    expect(page.locator(CARD)).to_be_hidden()
    page.goto(f"{live.address}/install")
    expect(page.get_by_text("Selfcare is on this phone.")).to_be_visible()
    expect(page.get_by_text("Tap Share.")).to_be_hidden()


@pytest.fixture
def release(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """``release("2")``: from now on the server has this version of the worker."""
    built = shell.WORKER.read_text(encoding="utf-8")
    path = tmp_path / "sw.js"
    monkeypatch.setattr(shell, "WORKER", path)

    def put(version: str) -> None:
        path.write_text(
            f'{built}\nself.addEventListener("message", (e) => e.data === "version" && e.ports[0].postMessage("{version}"));'
        )

    put("1")
    return put


VERSION = """() => new Promise((resolve) => {
  const channel = new MessageChannel();
  channel.port1.onmessage = (event) => resolve(event.data);
  navigator.serviceWorker.controller.postMessage("version", [channel.port2]);
})"""


def comes_back(page: Page) -> None:
    """She puts the phone away, and takes it out again two hours later."""
    page.evaluate("""() => {
        const now = Date.now;
        Date.now = () => now() + 7200_000;
        document.dispatchEvent(new Event("visibilitychange"));
        Date.now = now;
    }""")


def settled(live: Live, page: Page, path: str) -> None:
    """The page is served by the worker."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.goto(live.address + path)
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")


def test_a_new_version_waits_until_she_says_so(
    live: Live,
    phone: BrowserContext,
    enter: Enter,
    release: Callable[[str], None],
    axe: Callable[..., None],
) -> None:
    page = enter(phone, "ayse")
    settled(live, page, "/diary/setup")
    page.check("input[value=pain]")
    page.get_by_role("button", name="Continue").click()
    page.wait_for_url("**/diary/new")
    offer, note = page.locator(".sc-update"), page.locator("textarea")
    note.fill("Slept badly, my knee")
    expect(offer).to_have_count(0)

    release("2")
    comes_back(page)
    expect(offer.get_by_role("status")).to_have_text("New version ready")
    expect(note).to_have_value("Slept badly, my knee")
    assert page.evaluate(VERSION) == "1"
    axe(page)

    # Tapped with words on the page that are nowhere else: it says so, and they stay.
    page.evaluate("window.same = true")
    offer.get_by_role("button", name="Refresh").click()
    expect(offer.get_by_role("status")).to_have_text(
        "What you wrote here is not saved yet. Save it first, or tap again."
    )
    expect(note).to_have_value("Slept badly, my knee")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Saved", exact=True)).to_be_visible()
    assert page.evaluate(VERSION) == "1"

    page.evaluate("window.same = true")
    offer.get_by_role("button", name="Refresh").click()
    page.wait_for_function("() => window.same === undefined && navigator.serviceWorker.controller !== null")
    assert page.evaluate(VERSION) == "2"
    expect(page.get_by_role("heading", name="Saved", exact=True)).to_be_visible()
    expect(offer).to_have_count(0)


def test_a_refresh_in_one_tab_leaves_the_other_as_it_is(
    live: Live, phone: BrowserContext, enter: Enter, release: Callable[[str], None]
) -> None:
    page = enter(phone, "ayse")
    settled(live, page, "/help")
    other = phone.new_page()
    other.goto(f"{live.address}/more")
    other.evaluate("window.same = true")
    release("2")
    comes_back(page)
    page.evaluate("window.same = true")
    page.get_by_role("button", name="Refresh").click()
    page.wait_for_function("() => window.same === undefined")
    assert page.evaluate(VERSION) == "2"
    assert other.evaluate("window.same") is True
    # Its own tap then has nothing to wait for.
    other.get_by_role("button", name="Refresh").click()
    other.wait_for_function("() => window.same === undefined")


def test_an_open_page_looks_for_a_new_version_once_an_hour(
    live: Live, phone: BrowserContext, enter: Enter, release: Callable[[str], None]
) -> None:
    page = enter(phone, "ayse")
    settled(live, page, "/help")
    page.wait_for_timeout(500)
    page.evaluate("""() => {
        window.looked = 0;
        ServiceWorkerRegistration.prototype.update = async () => { window.looked += 1; };
    }""")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    assert page.evaluate("window.looked") == 0
    comes_back(page)
    assert page.evaluate("window.looked") == 1
