"""A nurse with 60 seconds, a daughter who helps two people, a patient of 70 with text twice as large: tried as they would.

Their pictures stand in docs/screens with what was changed after looking (``SELFCARE_SCREENS=1`` takes them anew).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from selfcare.extensions import db
from selfcare.people.models import CarerLink
from tests.agendas import scenes
from tests.conftest import Caller
from tests.factories import PASSWORD
from tests.journeys.conftest import Live
from tests.results import telling

GOAL = "Walk to the shop and back"
WIDTH = 360  # px, a small phone


class Clicks:
    """What a hurried person counts: every press on a link or a button; typing is not in it."""

    def __init__(self, page: Page) -> None:
        self.page, self.number = page, 0

    def on(self, words: str) -> None:
        self.number += 1
        self.page.locator("a, main button, main label").filter(has_text=re.compile(words)).first.click()

    def within(self, most: int) -> None:
        assert self.number <= most, f"{self.number} clicks, {most} were promised"
        self.number = 0


def caller(live: Live, name: str) -> Caller:
    found = Caller.__new__(Caller)
    found.http, found.headers = live.app.test_client(), {"Origin": live.address}
    answer = found.post("/api/v1/session", {"email": f"{name}@test.example", "password": PASSWORD})
    found.headers["X-CSRF-Token"] = answer.json["csrf_token"]
    return found


def large(page: Page, percent: int) -> None:
    page.add_init_script(
        "addEventListener('DOMContentLoaded', () => {"
        f" document.documentElement.style.fontSize = '{percent}%'; }})"
    )


def broken_words(page: Page) -> list[str]:
    """Words that do not fit on a line of their own and are cut in the middle, and boxes that their text leaves."""
    return page.evaluate("""() => {
        const bad = [];
        const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        while (walk.nextNode()) {
            const node = walk.currentNode;
            if (!node.parentElement.checkVisibility()) continue;
            for (const word of node.data.matchAll(/\\p{L}{3,}/gu)) {
                const range = new Range();
                range.setStart(node, word.index);
                range.setEnd(node, word.index + word[0].length);
                const lines = new Set([...range.getClientRects()].map((box) => Math.round(box.top)));
                if (lines.size > 1) bad.push(word[0]);
            }
        }
        return bad;
    }""")


@pytest.fixture
def look(axe: Callable[..., None], screenshot: Callable[..., Path]) -> Callable[..., None]:
    """No violations, nothing wider than the screen; with a name a picture of what stands on it."""

    def see(page: Page, name: str | None = None) -> None:
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        axe(page)
        if name:
            screenshot(page, name, full_page=False)

    return see


@pytest.fixture
def grace_writes(live: Live) -> Caller:
    return caller(live, "grace")


def test_a_nurse_with_60_seconds(
    live: Live,
    enter: Callable[[BrowserContext, str], Page],
    desktop: BrowserContext,
    grace_writes: Caller,
    look: Callable[..., None],
) -> None:
    """From one patient's page: the goal that was agreed, the day to look again, and the next patient; results from the panel."""
    with live.scene():
        scenes.visit(live.world, days=0)
    telling.write(grace_writes, live.world.ayse)
    ayse = caller(live, "ayse")
    assert ayse.put(f"/api/v1/goals/{uuid.uuid4()}", {"statement": GOAL}).status_code == 201
    page = enter(desktop, "grace")
    clicks = Clicks(page)
    clicks.on(r"^\s*Release")
    expect(page.get_by_text("1 result is released")).to_be_visible()
    clicks.within(1)

    page.goto(f"{live.address}/patients/{live.world.ayse}/agenda")
    clicks.on("Record agreed goals")
    clicks.on(GOAL)
    look(page)
    clicks.on("Save agreed goal")
    expect(page.get_by_text("The agreed goal is saved")).to_be_visible()
    clicks.within(3)
    clicks.on("Set follow-up date")
    page.wait_for_url("**/follow-up")
    clicks.on("Save follow-up")
    expect(page.get_by_text("The follow-up on")).to_be_visible()
    clicks.within(2)
    clicks.on("Next patient")
    expect(page.get_by_text("That was the last visit of the day")).to_be_visible()
    clicks.within(1)

    follow_up = str(uuid.uuid4())
    grace_writes.put(f"/api/v1/follow-ups/{follow_up}", {"patient_id": str(live.world.ayse)})
    page.goto(f"{live.address}/patients/{live.world.ayse}/follow-ups/{follow_up}")
    expect(page.get_by_text("below 7 or if not reached").first).to_be_visible()
    assert "Ayşe" not in page.title()
    look(page, "32-sixty-seconds")
    clicks.on("Went to plan")
    clicks.on("Save follow-up")
    expect(page.get_by_text("The next follow-up is on")).to_be_visible()
    clicks.within(2)


def test_a_daughter_who_helps_two_people_with_large_text(
    live: Live,
    enter: Callable[[BrowserContext, str], Page],
    phone: BrowserContext,
    look: Callable[..., None],
    faults: Any,
) -> None:
    faults.allow("404")  # nothing of the people somebody helps is kept on the helper's phone
    with live.scene():
        db.session.add(
            CarerLink(patient_id=live.world.peter, carer_id=live.world.elif_, relation="neighbour")
        )
    goal = {"statement": "Walk to the shop and back after lunch with Amina"}
    assert caller(live, "ayse").put(f"/api/v1/goals/{uuid.uuid4()}", goal).status_code == 201
    page = enter(phone, "elif")
    page.set_viewport_size({"width": WIDTH, "height": 740})
    large(page, 150)
    page.goto(f"{live.address}/helping")
    look(page)
    assert broken_words(page) == []
    page.get_by_role("link", name="Ayşe Kaya").first.click()
    expect(page.get_by_text("You are writing for Ayşe Kaya")).to_be_visible()
    assert broken_words(page) == []
    look(page, "33-helping-large-text")
    page.get_by_role("link", name="Switch").click()
    page.get_by_role("link", name="Peter Whitlock").first.click()
    expect(page.get_by_text("You are looking in on Peter Whitlock")).to_be_visible()
    assert page.get_by_role("link", name="Log today").count() == 0


def test_results_with_text_twice_as_large(
    live: Live,
    enter: Callable[[BrowserContext, str], Page],
    phone: BrowserContext,
    grace_writes: Caller,
    look: Callable[..., None],
) -> None:
    wrong = telling.write(grace_writes, live.world.ayse, value=85)
    telling.release(grace_writes, wrong)
    telling.write(grace_writes, live.world.ayse, corrects=wrong, reason="The number was typed wrong")
    telling.write(grace_writes, live.world.ayse, measure="ldl", value=2.2)
    telling.release_all(grace_writes, live.world.ayse)
    page = enter(phone, "ayse")
    page.set_viewport_size({"width": WIDTH, "height": 740})
    large(page, 200)
    for path in ("/results", "/carers/new", "/sharing", "/"):
        page.goto(live.address + path)
        assert broken_words(page) == [], path
        look(page)
    page.goto(f"{live.address}/results")
    page.locator(".sc-result__fixed").scroll_into_view_if_needed()
    text = page.locator(".sc-result__fixed p").first.bounding_box()
    box = page.locator(".sc-result__fixed").bounding_box()
    assert text is not None
    assert box is not None
    assert text["x"] + text["width"] <= box["x"] + box["width"]
    page.evaluate("scrollTo(0, document.querySelector('.sc-result').offsetTop - 8)")
    look(page, "34-results-large-text")
