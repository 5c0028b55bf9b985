"""The whole main job, as people do it: from an invitation to a visit, and home again with what was agreed.

Each page on the way is checked with axe and photographed (``SELFCARE_SCREENS=1`` writes to docs/screens/).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from tests.journeys.conftest import Live

# A Tuesday evening in October, as in the drawings: late enough for a diary, early enough in the week for a goal.
TUESDAY = dt.datetime(2026, 10, 6, 18, 40, tzinfo=dt.UTC)
TOPIC = "My knee wakes me up at night. Is it the arthritis or my weight? My mother said: ağrı < 3 days is <b>nothing</b>"
SECOND = "I get shaky before lunch if I walk. Should I eat first?"


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(TUESDAY, tick=True):
        yield


@pytest.fixture
def seen(axe: Callable[..., None], screenshot: Callable[..., Path]) -> Callable[[Page, str], None]:
    """Look at a page: no violations, nothing wider than the screen, and a picture of it."""

    def look(page: Page, name: str) -> None:
        page.wait_for_load_state("load")  # a page that a button led to may be there in name only
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{name} is {wider} px too wide"
        axe(page)
        # As tall as the page, so that the bar at the bottom of a phone does not lie across the picture.
        size = page.viewport_size or {"width": 360, "height": 740}
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(size["height"], tall)})
        screenshot(page, name, full_page=False)
        page.set_viewport_size(size)

    return look


def go_on(page: Page, words: str = "Continue") -> None:
    page.locator("main").get_by_role("button", name=words, exact=True).click()


def press(page: Page, words: str) -> None:
    """A link, or a link that looks like a button."""
    page.locator("main a, main button").filter(has_text=words).first.click()


def tile(page: Page, name: str, value: int | str) -> None:
    page.locator(f"input[name={name}][value='{value}']").check()


def box(page: Page, name: str, value: str) -> None:
    page.locator(f"input[name={name}][value='{value}']").check()


def test_from_invitation_to_the_visit_and_home_again(
    live: Live,
    by_keyboard: Callable[[BrowserContext, str], Page],
    phone: BrowserContext,
    desktop: BrowserContext,
    seen: Callable[[Page, str], None],
    faults: Any,
) -> None:
    faults.allow("422")  # a browser's console notes every form that comes back with an error

    # Given that Grace, a nurse, invites Nadia
    grace = by_keyboard(desktop, "grace")
    expect(grace).to_have_url(f"{live.address}/panel")
    press(grace, "Invite a patient")
    grace.fill("[name=name]", "Nadia Haddad")
    grace.fill("[name=born_on]", "1971-05-09")
    box(grace, "conditions", "type_2_diabetes")
    box(grace, "conditions", "msk_pain")
    go_on(grace, "Make the invitation")
    expect(grace.get_by_role("img", name="QR code of the link")).to_be_visible()
    seen(grace, "01-invitation")
    link = grace.locator("#link").inner_text()

    # When Nadia opens it on her phone, chooses a password and who sees what
    nadia = phone.new_page()
    nadia.goto(live.address + link.partition(live.address.split("//")[1])[2] if "//" not in link else link)
    seen(nadia, "02-invited")
    nadia.fill("[name=year]", "1971")
    go_on(nadia)
    nadia.fill("[name=email]", "nadia@test.example")
    nadia.fill("[name=password]", "short")
    go_on(nadia)
    expect(nadia.get_by_role("alert")).to_contain_text("There is a problem")
    assert nadia.input_value("[name=email]") == "nadia@test.example"
    seen(nadia, "03-password-too-short")
    nadia.fill("[name=password]", "canal path green heron")
    go_on(nadia)
    box(nadia, "shared", "goals")
    box(nadia, "shared", "diary")
    seen(nadia, "04-who-sees-what")
    nadia.locator("input[name=adult]").check()
    nadia.locator("input[name=agree]").check()
    go_on(nadia, "Agree and start")
    expect(nadia.get_by_role("heading", level=1)).to_contain_text("Nadia")
    seen(nadia, "05-today-new")

    # And logs her first diary entry
    press(nadia, "Choose")
    box(nadia, "measures", "pain")
    box(nadia, "measures", "glucose")
    seen(nadia, "06-choose-trackers")
    go_on(nadia)
    nadia.goto(f"{live.address}/diary/new")
    expect(nadia.get_by_role("heading", name="Nobody checks this between visits")).to_be_visible()
    tile(nadia, "pain", 6)
    nadia.fill("[name=glucose]", "72")
    go_on(nadia, "Save")
    expect(nadia.locator(".nhsuk-error-summary")).to_contain_text("mmol/L")
    assert nadia.locator("input[name=pain]:checked").count() in (0, 1)
    seen(nadia, "07-number-not-possible")
    nadia.fill("[name=glucose]", "7.2")
    nadia.fill("[name=note]", "Shaky before lunch")
    go_on(nadia, "Save")
    nadia.wait_for_url(lambda url: "/diary/saved" in url)
    expect(nadia.locator("main")).to_contain_text("Nobody checks this between visits")
    seen(nadia, "08-saved")

    # And sets a goal: five pages, confidence 5, and a plan for what gets in the way
    nadia.goto(f"{live.address}/goals/new")
    nadia.fill("[name=statement]", "I want to have the energy to play with my grandson")
    seen(nadia, "09-goal-what-i-want")
    go_on(nadia)
    nadia.fill("[name=what]", "Walk")
    nadia.fill("[name=how_much]", "15 minutes")
    seen(nadia, "10-goal-this-week")
    go_on(nadia)
    nadia.fill("[name=when_text]", "after lunch")
    for day in ("mon", "tue", "thu", "sat"):
        box(nadia, "days", day)
    seen(nadia, "11-goal-when")
    go_on(nadia)
    seen(nadia, "12-goal-confidence")
    tile(nadia, "confidence", 5)
    nadia.fill("[name=why_not_lower]", "The path by the canal is flat, and I like being outside")
    assert "why not 10" not in nadia.content().lower()
    seen(nadia, "13-goal-why-not-lower")
    go_on(nadia)
    seen(nadia, "14-goal-what-could-help")
    nadia.fill("[name=barriers]", "When my knee is bad I stay in")
    nadia.fill("[name=plan_for_barriers]", "Do half of it")
    go_on(nadia, "Save and rate it again")
    tile(nadia, "confidence", 7)
    go_on(nadia)
    expect(nadia.get_by_role("heading", level=1)).to_contain_text("Your goal is set")
    seen(nadia, "15-goal-set")

    # And ticks today with one tap, undoes it, and ticks again
    press(nadia, "Go to Today")
    nadia.get_by_role("button", name="Done today").click()
    expect(nadia.get_by_text("Well done. Today is ticked.")).to_be_visible()
    nadia.get_by_role("button", name="Undo").first.click()
    expect(nadia.get_by_text("Undone. The day has no answer now.")).to_be_visible()
    nadia.get_by_role("button", name="Done today").click()
    expect(nadia.get_by_text("Well done. Today is ticked.")).to_be_visible()
    seen(nadia, "16-today")

    # And watches a video
    nadia.goto(f"{live.address}/learn")
    seen(nadia, "17-learn")
    nadia.locator("main a[href*='/learn/videos/']").first.click()
    expect(nadia.locator("video")).to_be_visible()
    seen(nadia, "18-video")

    # Given that Grace books a visit
    grace.goto(f"{live.address}/panel")
    press(grace, "Nadia Haddad")
    press(grace, "Nadia Haddad")  # from the one page to the person
    expect(grace.get_by_role("heading", level=1)).to_contain_text("Nadia Haddad")
    seen(grace, "19-patient")
    press(grace, "Book a visit")
    grace.fill("[name=day]", "2026-10-08")
    grace.fill("[name=time]", "10:20")
    grace.select_option("[name=clinician_id]", label="Grace Mensah, nurse")
    go_on(grace, "Save")

    # When Nadia writes down what she wants to talk about, in her own order, and shares it
    nadia.goto(f"{live.address}/")
    press(nadia, "Get ready")
    nadia.locator("textarea[name=text]").first.fill(SECOND)
    go_on(nadia, "Add")
    expect(nadia.locator("blockquote")).to_have_count(1)
    nadia.locator("textarea[name=text]").first.fill(TOPIC)
    go_on(nadia, "Add")
    expect(nadia.locator("blockquote")).to_have_count(2)
    nadia.get_by_role("button", name="Up").last.click()
    nadia.get_by_role("button", name="Most important").first.click()
    expect(nadia.locator("blockquote").first).to_have_text(TOPIC)
    seen(nadia, "20-get-ready")
    go_on(nadia, "See what Grace will see")
    seen(nadia, "21-preview")
    go_on(nadia, "Share with Grace")
    expect(nadia.locator("main")).to_contain_text("they may not read it before your visit", ignore_case=True)
    seen(nadia, "22-shared")

    # Then Grace sees on her panel that it is there, and Nadia's words first and unchanged on the page
    grace.goto(f"{live.address}/panel")
    expect(grace.get_by_role("row", name="Nadia Haddad")).to_contain_text("Shared")
    seen(grace, "23-panel")
    press(grace, "Nadia Haddad")
    expect(grace.get_by_text(TOPIC, exact=True).first).to_be_visible()
    seen(grace, "24-summary")
    words = grace.locator("main").inner_text()
    assert words.index(TOPIC) < words.index(SECOND) < words.index("Diary")

    # And records what they agree, and when to look again
    press(grace, "Record agreed goals")
    grace.fill("[name=statement]", "Swim on Fridays with Amina")
    tile(grace, "confidence", 8)
    grace.fill("[name=who_does_what]", "Nadia asks Amina. Grace sends the times of the pool")
    seen(grace, "25-agree")
    go_on(grace, "Save agreed goal")
    press(grace, "Set follow-up date")
    assert grace.input_value("[name=due_on]") == "2026-10-20"
    seen(grace, "26-follow-up")
    go_on(grace, "Save follow-up")

    # Then Nadia finds both on Today, and who looked under Sharing
    nadia.goto(f"{live.address}/")
    expect(nadia.locator("main")).to_contain_text("Swim on Fridays with Amina")
    expect(nadia.locator("main")).to_contain_text("Tuesday 20 October")
    seen(nadia, "27-today-after-the-visit")
    nadia.goto(f"{live.address}/sharing")
    expect(nadia.locator("main")).to_contain_text("Grace Mensah")
    seen(nadia, "28-sharing-and-who-looked")
