"""Grace agrees a goal with Ayşe, whom numbers do not suit; her session ends before she saves, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from selfcare.extensions import db
from tests.factories import PASSWORD
from tests.journeys.conftest import Live


def test_in_words_in_the_visit_and_back_after_a_session_that_ended(
    live: Live,
    enter: Callable[[BrowserContext, str], Page],
    desktop: BrowserContext,
    axe: Callable[[Page], None],
    faults: Any,
) -> None:
    faults.allow("401")
    page = enter(desktop, "grace")
    page.goto(f"{live.address}/patients/{live.world.ayse}/agree")
    page.fill("[name=statement]", "Swim on Fridays")
    page.get_by_role("button", name="Confidence in words, not numbers").click()
    expect(page.get_by_role("group", name="How sure is Ayşe?")).to_be_in_viewport()
    axe(page)
    page.get_by_label("Somewhat sure").check()
    # Half an hour later
    with live.scene():
        db.session.execute(
            sa.text("UPDATE login_sessions SET seen_at = :then"), {"then": "2020-01-01 00:00:00"}
        )
    page.get_by_role("button", name="Save agreed goal").click()
    page.fill("[name=email]", "grace@test.example")
    page.fill("[name=password]", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    expect(page.locator("h1:visible")).to_have_text("What you typed is back")
    axe(page)
    page.get_by_role("button", name="Show my form").click()
    expect(page.locator("[name=statement]")).to_have_value("Swim on Fridays")
    expect(page.get_by_label("Somewhat sure")).to_be_checked()
    page.get_by_role("button", name="Save agreed goal").click()
    expect(page.get_by_text("The agreed goal is saved")).to_be_visible()
    expect(page.locator(".sc-conf .is-last").first).to_have_text("Somewhat sure")
    page.goto(f"{live.address}/patients/{live.world.ayse}/follow-up")
    expect(page.get_by_text("7 days, since Ayşe said “Somewhat sure”.")).to_be_visible()
