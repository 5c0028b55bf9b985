"""Two people and one phone: nobody reads, sends or destroys what is another's, and nothing is left to be read after log-out."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Playwright, expect

from selfcare import clock
from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from tests.factories import PASSWORD
from tests.journeys.conftest import Live
from tests.journeys.signal import NO_SIGNAL, arrived, go, goal, ready, with_worker
from tests.plugins.browser import FLAGS, PHONE, WAIT_MS, Faults

__all__ = ["goal"]

NOTE = "kestrel-canary-9134 my back hurts"
CANARIES = ("kestrel-canary-9134", "Walk to the park", "Ayşe", "Kaya")
CONTROL = "control-word-551"


class OnePhone:
    """A phone with one profile on its disk, which can be switched off and on."""

    def __init__(self, driver: Playwright, executable: str, folder: Path, faults: Faults) -> None:
        self.driver, self.executable, self.folder, self.faults = driver, executable, folder, faults
        self.context: BrowserContext | None = None

    def on(self) -> BrowserContext:
        self.context = self.driver.chromium.launch_persistent_context(
            self.folder,
            executable_path=self.executable,
            args=list(FLAGS),
            permissions=["notifications", "background-sync"],
            **PHONE,
        )
        self.context.set_default_timeout(WAIT_MS)
        self.faults.watch(self.context)
        return self.context

    def off(self) -> None:
        if self.context:
            self.context.close()
            self.context = None

    def holds(self, word: str | bytes) -> list[str]:
        """Files of the whole profile in which a word stands, however it is written."""
        wanted = (
            [word]
            if isinstance(word, bytes)
            else [word.encode(), word.encode("utf-16-le"), word.encode("latin-1", "ignore")]
        )
        found = []
        for file in self.folder.rglob("*"):
            if file.is_file() and any(each in file.read_bytes() for each in wanted if each):
                found.append(str(file.relative_to(self.folder)))
        return found


@pytest.fixture
def one_phone(
    playwright_driver: Playwright, chromium_executable: str, tmp_path: Path, faults: Faults
) -> Iterator[OnePhone]:
    phone = OnePhone(playwright_driver, chromium_executable, tmp_path / "profile", faults)
    yield phone
    phone.off()


@pytest.fixture
def hers(
    goal: uuid.UUID, one_phone: OnePhone, by_keyboard: Callable[[BrowserContext, str], Page], faults: Faults
) -> Page:
    """The phone in Ayşe's hands, ready; 401 is what a locked one is told."""
    faults.allow(f"{NO_SIGNAL}|401")
    page = by_keyboard(one_phone.on(), "ayse")
    ready(page)
    return page


def write_unsent(page: Page, live: Live) -> None:
    """An entry on a phone that has no signal."""
    page.context.set_offline(True)
    go(page, live.address + "/diary/new")
    page.fill("[name=note]", NOTE)
    page.locator("[name=pain][value='6']").check()
    page.get_by_role("button", name="Save on this phone").click()
    expect(page.get_by_text("1 thing is waiting to be sent.", exact=False)).to_be_visible()
    page.context.route("**/api/v1/diary-entries/*", lambda route: route.abort())
    page.context.set_offline(False)


def write_unsent_quietly(page: Page, live: Live) -> None:
    """Something that waits, kept by another tab of the same phone."""
    tab = page.context.new_page()
    write_unsent(tab, live)
    tab.close()


def log_out(page: Page, live: Live) -> None:
    go(page, live.address + "/sign-out")
    page.locator("form[data-leave] button").click()
    page.wait_for_url(re.compile("/sign-in"))


def test_after_log_out_nothing_can_be_read_and_what_was_not_sent_goes_under_its_own_name(
    live: Live,
    goal: uuid.UUID,
    one_phone: OnePhone,
    by_keyboard: Callable[[BrowserContext, str], Page],
    faults: Faults,
) -> None:
    faults.allow(NO_SIGNAL)
    context = one_phone.on()
    page = by_keyboard(context, "ayse")
    ready(page)
    page.evaluate(f"localStorage.setItem('control', '{CONTROL}')")
    monday = clock.monday_of(clock.today("Europe/London")) - dt.timedelta(days=7)
    for path in ("/goals", f"/goals/{goal}", f"/goals/{goal}/review?monday={monday}"):
        go(page, live.address + path)
    context.set_offline(True)
    for path in ("/", f"/goals/{goal}/confidence", f"/goals/{goal}/review?monday={monday}"):
        go(page, live.address + path)
    write_unsent(page, live)

    go(page, live.address + "/sign-out")
    expect(page.locator("[data-unsent]")).to_contain_text("1 thing")
    log_out(page, live)
    page.wait_for_timeout(500)
    one_phone.off()
    assert one_phone.holds(CONTROL), "the search finds nothing at all"
    for canary in CANARIES:
        assert one_phone.holds(canary) == [], canary

    context = one_phone.on()  # Peter, on the same phone
    page = by_keyboard(context, "peter")
    ready(page)
    go(page, live.address + "/")
    expect(page.locator("[data-waiting-banner]")).to_be_hidden()
    go(page, live.address + "/offline")
    expect(page.get_by_text("Nothing is waiting.")).to_be_visible()
    log_out(page, live)
    with live.scene():
        assert db.session.query(DiaryEntry).count() == 0

    page = by_keyboard(context, "ayse")  # and Ayşe again
    [entry] = arrived(live, page, DiaryEntry)
    assert entry.note == NOTE
    assert entry.patient_id == entry.written_by == live.world.ayse


def test_without_signal_too_a_phone_can_be_locked(live: Live, hers: Page) -> None:
    page, context = hers, hers.context
    context.set_offline(True)
    go(page, live.address + "/more")
    page.get_by_role("button", name="Lock").click()
    expect(page.locator("[data-state-words]")).to_contain_text("This phone is locked.")
    context.set_offline(False)
    go(page, live.address + "/goals")  # whoever has the phone when the signal comes back
    expect(page.locator("[name=password]")).to_be_visible()
    assert "Walk to the park" not in page.content()


def test_lock_on_a_page_from_the_server_holds_when_the_signal_goes(live: Live, hers: Page) -> None:
    page, context = hers, hers.context
    go(page, live.address + "/more")
    page.wait_for_timeout(500)
    write_unsent_quietly(page, live)
    context.set_offline(True)
    page.get_by_role("button", name="Lock").click()
    expect(page.locator("[data-state-words]")).to_contain_text("This phone is locked.")
    context.set_offline(False)  # the signal comes back: what waits must not bring the key back with it
    page.wait_for_timeout(1500)
    go(page, live.address + "/goals")
    expect(page.locator("[name=password]")).to_be_visible()
    context.set_offline(True)
    go(page, live.address + "/")
    expect(page.locator("[data-state-words]")).to_contain_text("This phone is locked.")
    assert "Walk to the park" not in page.content()


def test_log_out_without_signal_locks_the_session_before_the_next_page(live: Live, hers: Page) -> None:
    page, context = hers, hers.context
    go(page, live.address + "/sign-out")
    page.wait_for_timeout(500)
    context.set_offline(True)
    page.locator("form[data-leave] button").click()
    expect(page.get_by_role("heading", name="You have no signal")).to_be_visible(timeout=20_000)
    context.set_offline(False)
    go(page, live.address + "/")
    expect(page.locator("[name=password]")).to_be_visible()


def test_a_carer_without_signal_writes_nothing_into_the_wrong_diary(
    live: Live,
    goal: uuid.UUID,
    one_phone: OnePhone,
    by_keyboard: Callable[[BrowserContext, str], Page],
    faults: Faults,
) -> None:
    faults.allow(f"{NO_SIGNAL}|404")
    context = one_phone.on()
    page = by_keyboard(context, "elif")
    with_worker(page)
    context.set_offline(True)
    go(page, f"{live.address}/diary/new?for={live.world.ayse}")
    expect(page.get_by_role("heading", name="This page needs signal")).to_be_visible()
    assert page.locator("form[data-keep]:visible").count() == 0


def test_a_locked_phone_can_write_and_nobody_can_read(live: Live, hers: Page) -> None:
    page, context = hers, hers.context
    go(page, live.address + "/more")
    page.get_by_role("button", name="Lock").click()
    page.wait_for_url(re.compile("/sign-in"))
    page.wait_for_timeout(300)
    context.set_offline(True)
    go(page, live.address + "/")
    expect(page.locator("[data-state-words]")).to_contain_text("This phone is locked.")
    assert "Walk to the park" not in page.content()
    go(page, live.address + "/diary/new")
    page.fill("[name=note]", NOTE)
    page.get_by_role("button", name="Save on this phone").click()
    expect(page.get_by_text("1 thing is waiting to be sent.", exact=False)).to_be_visible()
    go(page, live.address + "/offline")
    expect(page.get_by_text("Sign in to see what is waiting", exact=False)).to_be_visible()
    assert NOTE not in page.content()
    context.set_offline(False)
    go(page, live.address + "/")
    page.fill("[name=password]", PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url(lambda url: "/sign-in" not in url)
    [entry] = arrived(live, page, DiaryEntry)
    assert (entry.note, entry.patient_id) == (NOTE, live.world.ayse)
