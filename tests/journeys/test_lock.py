"""A phone that is put down: locked with one tap, opened with the password, left with a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, expect

from tests.factories import PASSWORD
from tests.journeys.conftest import Live


def test_she_locks_her_phone_and_comes_back_to_where_she_was_going(
    live: Live,
    by_keyboard: Callable[[BrowserContext, str], Page],
    phone: BrowserContext,
    axe: Callable[[Page], None],
    faults: Any,
) -> None:
    faults.allow("422")
    page = by_keyboard(phone, "ayse")
    page.goto(f"{live.address}/more")
    page.get_by_role("button", name="Lock").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Locked")
    expect(page.locator("body")).not_to_contain_text("Ayşe")
    expect(page.locator("[name=email]")).to_have_count(0)
    axe(page)
    # Back does not show what was there.
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("Ayşe")
    page.goto(f"{live.address}/goals")
    page.fill("[name=password]", "not hers at all")
    page.get_by_role("button", name="Open").click()
    expect(page.get_by_role("alert")).to_contain_text("This is not your password")
    axe(page)
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Open").click()
    page.wait_for_url(f"{live.address}/goals")


def test_she_is_told_what_log_out_does_and_may_still_turn_back(
    live: Live, by_keyboard: Callable[[BrowserContext, str], Page], phone: BrowserContext
) -> None:
    page = by_keyboard(phone, "ayse")
    page.goto(f"{live.address}/more")
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Log out and remove from this phone?")
    page.get_by_role("link", name="Back").click()
    page.wait_for_url(f"{live.address}/more")
    page.goto(f"{live.address}/sign-out")
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(f"{live.address}/sign-in")
    expect(page.locator("[name=email]")).to_be_visible()
