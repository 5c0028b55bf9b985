"""The whole thread, twice around: topic, visit, goal, weeks, follow-up in the app, next visit, and once more. Every link for both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import time_machine
from playwright.sync_api import BrowserContext, Page, expect

from tests.agendas import scenes
from tests.journeys.conftest import Live
from tests.journeys.test_the_loop import go_on, press, tile

FIRST = dt.datetime(2026, 10, 6, 8, 0, tzinfo=dt.UTC)  # Tuesday morning, a visit at 10:20
TOPIC = "My knee wakes me at night 🦵 <b>every</b> night"
SECOND_TOPIC = "My sleep is better. What next?"
GOAL = "Swim on Fridays with Amina"


@pytest.fixture(autouse=True)
def now() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(FIRST, tick=True) as traveller:
        yield traveller


def write_and_share(page: Page, topic: str) -> None:
    """On the page that gets ready for a visit."""
    page.locator("textarea[name=text]").first.fill(topic)
    go_on(page, "Add")
    expect(page.locator(".sc-topics blockquote").last).to_have_text(topic)
    go_on(page, "See what Grace will see")
    go_on(page, "Share with Grace")
    page.wait_for_url(lambda url: "/agenda/shared" in url)


def plan_the_week(page: Page, live: Live, days: tuple[str, ...]) -> None:
    """From Today to a plan, in the goal's own pages."""
    page.goto(f"{live.address}/")
    press(page, GOAL)
    press(page, "Plan this week")
    page.fill("[name=what]", "Swim")
    page.fill("[name=how_much]", "20 minutes")
    go_on(page)
    page.fill("[name=when_text]", "after work")
    for day in days:
        page.locator(f"input[name=days][value='{day}']").check()
    go_on(page)
    tile(page, "confidence", 7)
    page.fill("[name=why_not_lower]", "Amina comes along")
    go_on(page)


def test_the_thread_goes_round_twice(
    live: Live,
    enter: Callable[[BrowserContext, str], Page],
    phone: BrowserContext,
    desktop: BrowserContext,
    axe: Callable[[Page], None],
    now: time_machine.Traveller,
    faults: Any,
) -> None:
    faults.allow("401|422")
    with live.scene():
        for days in (0, 14, 28):
            scenes.visit(live.world, days=days)
    patient = f"{live.address}/patients/{live.world.ayse}"

    # Given that Ayşe writes what she wants to talk about, and shares it
    ayse = enter(phone, "ayse")
    ayse.goto(f"{live.address}/agenda")
    assert "From last time" not in ayse.content()
    write_and_share(ayse, TOPIC)

    # When Grace agrees a goal from that topic with one click, and sets a follow-up: in 7 days, since confidence is 6
    grace = enter(desktop, "grace")
    grace.goto(f"{patient}/agree")
    grace.fill("[name=statement]", GOAL)
    tile(grace, "confidence", 6)
    grace.get_by_label(TOPIC).check()
    grace.fill("[name=team_note]", "Her brother is ill. Do not mention it")
    go_on(grace, "Save agreed goal")
    press(grace, "Set follow-up date")
    assert grace.input_value("[name=due_on]") == "2026-10-13"
    grace.fill("[name=due_on]", "2026-10-20")
    grace.locator("input[name=channel][value=app]").check()
    go_on(grace, "Save follow-up")

    # And Ayşe plans her week and swims
    plan_the_week(ayse, live, ("tue", "fri"))
    ayse.goto(f"{live.address}/")
    ayse.get_by_role("button", name="Done today").first.click()
    expect(ayse.get_by_text("Well done. Today is ticked.")).to_be_visible()

    # Then, 14 days later, Today asks her, and she answers in her words
    now.move_to(FIRST + dt.timedelta(days=14))
    ayse.goto(f"{live.address}/")
    expect(ayse.locator("main")).to_contain_text("How did it go with")
    press(ayse, "Say how it went")
    ayse.wait_for_url(lambda url: "/how-it-went/" in url)
    axe(ayse)
    ayse.locator("input[name=result][value=partly]").check()
    ayse.fill("[name=went]", "The first Friday. Then the pool was shut")
    tile(ayse, "confidence", 5)
    assert "why not 10" not in ayse.content().lower()
    go_on(ayse, "Send to my care team")

    # And the goal nobody has looked back on is item 1 of her next list, and of Grace's page
    ayse.goto(f"{live.address}/agenda")
    expect(ayse.locator(".sc-topics > li").first).to_contain_text("From last time")
    expect(ayse.locator(".sc-topics > li").first).to_contain_text(GOAL)
    axe(ayse)
    write_and_share(ayse, SECOND_TOPIC)
    grace.close()
    desktop.clear_cookies()
    grace = enter(desktop, "grace")
    grace.goto(f"{patient}/agenda")
    words = grace.locator(".sc-part--words li")
    expect(words.nth(0)).to_contain_text("From last time")
    expect(words.nth(0)).to_contain_text(GOAL)
    expect(words.nth(1)).to_contain_text(SECOND_TOPIC)

    # When Grace opens her worklist, Ayşe's answer is there; she settles it with the result chosen already
    press_nav = grace.get_by_role("link", name="Follow-ups")
    press_nav.click()
    expect(grace.get_by_role("row", name="Ayşe Kaya")).to_contain_text("Partly")
    axe(grace)
    press(grace, "Ayşe Kaya")
    expect(grace.locator("main")).to_contain_text("Then the pool was shut")
    expect(grace.locator("input[name=result][value=partly]")).to_be_checked()
    axe(grace)
    go_on(grace, "Save follow-up")

    # Then help is offered below 7: the seven steps, a smaller plan, or the plan as it is
    expect(grace.get_by_role("heading", level=1)).to_contain_text("What could help Ayşe?")
    axe(grace)
    grace.locator("input[name=step][value=choose]").check()
    grace.fill("[name=idea]", "The other pool, by bus")
    go_on(grace, "Save this step")
    expect(grace.get_by_role("row", name="Ayşe Kaya")).to_contain_text("27 Oct")

    # And she agrees the goal once more, from the second topic
    press(grace, "Ayşe Kaya")
    press(grace, "The story so far")
    axe(grace)
    press(grace, "Agree it again")
    tile(grace, "confidence", 8)
    grace.get_by_label(SECOND_TOPIC).check()
    go_on(grace, "Save agreed goal")

    # When the second 14 days are over, Ayşe says that it went to plan: that settles it
    plan_the_week(ayse, live, ("tue", "fri"))
    now.move_to(FIRST + dt.timedelta(days=28))
    ayse.goto(f"{live.address}/")
    press(ayse, "Say how it went")
    ayse.wait_for_url(lambda url: "/how-it-went/" in url)
    ayse.locator("input[name=result][value=went_to_plan]").check()
    tile(ayse, "confidence", 9)
    go_on(ayse, "Send to my care team")
    ayse.goto(f"{live.address}/agenda")
    assert "From last time" not in ayse.content(), "she has looked back herself"

    # Then the whole thread stands in order on both sides, each with what they may see
    press_goal(ayse, live)
    desktop.clear_cookies()
    grace = enter(desktop, "grace")
    grace.goto(patient)
    press(grace, "The story so far")
    for page in (ayse, grace):
        story = page.locator(".sc-story").inner_text()
        parts = (
            *(TOPIC, GOAL, "1 of 2 days done", "Confidence 6, then 7", "Amina comes along", SECOND_TOPIC),
            *("pool was shut", "The other pool, by bus", "Confidence 7, then 9"),
        )
        assert [part for part in parts if part not in story] == [], story
        places = [story.index(part) for part in parts]
        assert places == sorted(places), (places, story)
        axe(page)
    assert "Her brother is ill" in grace.locator(".sc-story").inner_text()
    assert "Her brother is ill" not in ayse.content()


def press_goal(page: Page, live: Live) -> None:
    """The goal's page, with its story opened."""
    page.goto(f"{live.address}/goals")
    page.locator("main a[href*='/goals/']").filter(has_text="Swim").first.click()
    page.get_by_text("See how it went from the start").click()
