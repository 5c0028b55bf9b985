"""From "Yes" on the reminders page to the words on the lock screen, in a real browser (see ``pushing``)."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from selfcare.extensions import db
from selfcare.reminders.models import Delivery
from tests.journeys.conftest import Live
from tests.journeys.pushing import come_due, deliver, on_screen, reached, stand_in
from tests.plugins.lock_screen import LockScreen
from tests.plugins.push_service import PushService

__all__ = ["reached"]


def test_yes_at_seven_and_a_push_comes(
    reached: Live,
    push_phone: BrowserContext,
    push_service: PushService,
    enter: Callable[[BrowserContext, str], Page],
    lock_screen: LockScreen,
    axe: Callable[[Page], None],
) -> None:
    phone = push_service.phone()
    stand_in(push_phone, phone)
    page = enter(push_phone, "ayse")
    page.goto(f"{reached.address}/reminders")
    expect(page.get_by_role("heading", name="Get a reminder on this phone at 7pm?")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Yes, at 7pm").click()
    expect(page.get_by_text("Reminder set")).to_be_visible()
    expect(page.get_by_role("heading", name="This phone shows your reminders")).to_be_visible()
    axe(page)

    page.locator("[data-push-test]").click()
    expect(page.locator("[data-push-said]")).to_contain_text("message service has it")
    assert phone.messages[0].notification["title"] == "This is a test"

    come_due(reached)  # 7pm has come
    message = phone.messages[-1]
    deliver(page, message.data)
    [shown] = on_screen(page, lock_screen, "Time for your check-in")
    assert shown["title"] == "Time for your check-in"
    assert shown["tag"] == message.notification["tag"]
    assert (shown["lang"], shown["dir"]) == ("en", "ltr")
    for _ in range(50):  # and the phone tells the ledger that it was shown
        with reached.scene():
            if db.session.query(Delivery).filter(Delivery.shown_at.is_not(None)).count() == 1:
                break
        page.wait_for_timeout(100)
    else:
        pytest.fail("the ledger does not know that it was shown")


def test_what_cannot_be_read_is_shown_neutrally_and_leads_nowhere_else(
    reached: Live,
    push_phone: BrowserContext,
    push_service: PushService,
    enter: Callable[[BrowserContext, str], Page],
    lock_screen: LockScreen,
) -> None:
    phone = push_service.phone()
    stand_in(push_phone, phone)
    page = enter(push_phone, "ayse")
    page.goto(f"{reached.address}/reminders")
    page.get_by_role("button", name="Yes, at 7pm").click()
    expect(page.get_by_role("heading", name="This phone shows your reminders")).to_be_visible()
    for data in (b"not json", b'{"web_push": 1, "notification": {"title": "x"}}', b"null"):
        deliver(page, data)
    assert {one["title"] for one in on_screen(page, lock_screen, "Time for your check-in", 3)} == {
        "Time for your check-in"
    }


def test_a_push_service_that_never_answers_is_said_after_ten_seconds(
    reached: Live, push_phone: BrowserContext, enter: Callable[[BrowserContext, str], Page]
) -> None:
    push_phone.add_init_script("PushManager.prototype.subscribe = () => new Promise(() => {});")
    page = enter(push_phone, "ayse")
    page.goto(f"{reached.address}/reminders/new?about=diary")
    page.locator("main form.sc-form button[type=submit]").click()
    page.get_by_role("button", name="Yes, on this phone").click()
    expect(page.get_by_text("Its message service did not answer")).to_be_visible(timeout=14_000)


def test_where_she_said_no_the_page_says_how_to_undo_it(
    reached: Live,
    phone: BrowserContext,
    enter: Callable[[BrowserContext, str], Page],
    axe: Callable[[Page], None],
) -> None:
    phone.add_init_script("Object.defineProperty(Notification, 'permission', {get: () => 'denied'});")
    page = enter(phone, "ayse")
    page.goto(f"{reached.address}/reminders")
    expect(page.get_by_role("heading", name="This phone blocks our messages")).to_be_visible()
    axe(page)


def test_on_a_shared_phone_the_next_person_is_asked_anew_and_nothing_of_hers_is_touched(
    reached: Live,
    push_phone: BrowserContext,
    push_service: PushService,
    enter: Callable[[BrowserContext, str], Page],
    faults: Any,
) -> None:
    faults.allow("404")  # her row answers Peter as if it were not there
    phone = push_service.phone()
    stand_in(push_phone, phone)
    page = enter(push_phone, "ayse")
    page.goto(f"{reached.address}/reminders")
    page.get_by_role("button", name="Yes, at 7pm").click()
    expect(page.get_by_role("heading", name="This phone shows your reminders")).to_be_visible()
    push_phone.clear_cookies()
    page.close()
    page = enter(push_phone, "peter")
    page.goto(f"{reached.address}/reminders")
    expect(page.get_by_role("heading", name="Get a reminder on this phone at 7pm?")).to_be_visible()
    assert str(uuid.UUID(page.evaluate("localStorage.getItem('selfcare-push')")))
    stored = page.evaluate("JSON.stringify({...localStorage, ...sessionStorage})")
    for word in ("Ay", "Kaya", "diary", "pain"):
        assert word not in stored
