"""Ayşe does not know what to say; a prompt begins her sentence, she goes on with it, and what she wrote is what is kept."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page, expect

from tests.agendas import scenes
from tests.journeys.conftest import Live


def test_from_not_knowing_to_a_line_on_the_list(
    live: Live, enter: Callable[[BrowserContext, str], Page], phone: BrowserContext
) -> None:
    with live.scene():
        scenes.visit(live.world, days=2)
    page = enter(phone, "ayse")
    page.goto(f"{live.address}/agenda")
    page.get_by_role("link", name="I do not know what to say").click()
    page.get_by_role("link", name="What would you like to be able to do?").click()
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("dance at my son's wedding")  # goes on where the sentence ends
    words = "I would like to be able to dance at my son's wedding"
    expect(page.locator("#text")).to_have_value(words)
    page.get_by_role("button", name="Add", exact=True).first.click()
    expect(page.locator(".sc-topics .sc-words")).to_have_text([words])
    expect(page.locator("textarea").first).to_have_value("")
    page.goto(f"{live.address}/agenda")
    expect(page.locator(".sc-topics .sc-words")).to_have_text([words])
