"""One bar of signal: what is typed is kept, what waits goes later, and what cannot be sent says why and what to do."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import BrowserContext, Page, expect

from selfcare import clock
from selfcare.agendas import service as agendas
from selfcare.agendas.models import AgendaItem
from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from selfcare.goals import days
from selfcare.goals.models import GoalDay
from selfcare.people.access import Record, own_record
from selfcare.people.models import Person
from tests.journeys.conftest import Live
from tests.journeys.signal import NO_SIGNAL, arrived, go, goal, ready, save

__all__ = ["goal"]

SLOW = """
const ask = window.fetch;
window.fetch = async (path, how) => {
  const ms = String(path).includes("/days/") ? 1500 : String(path).includes("/phone/key") ? 600 : 0;
  await new Promise((resume) => setTimeout(resume, ms));
  return ask(path, how);
};
"""


@pytest.fixture
def ayse(
    live: Live,
    phone: BrowserContext,
    enter: Callable[[BrowserContext, str], Page],
    goal: Any,
    faults: Any,
) -> Page:
    """Ayşe's phone, which has what it needs."""
    faults.allow(NO_SIGNAL)
    page = enter(phone, "ayse")
    ready(page)
    return page


def own(live: Live) -> Record:
    """Her record in her own hands, on another phone of hers."""
    return own_record(
        db.session.get_one(Person, live.world.ayse, options=[sa.orm.selectinload(Person.role_rows)])
    )


def test_the_signal_goes_while_she_writes(live: Live, ayse: Page) -> None:
    go(ayse, live.address + "/diary/new")
    ayse.locator("[name=pain][value='3']").check()
    ayse.fill("[name=note]", "On the bus")
    ayse.context.set_offline(True)
    ayse.get_by_role("button", name="Save", exact=True).click()
    expect(ayse.get_by_text("Saved on this phone.")).to_be_visible()
    expect(ayse.get_by_text("1 thing is waiting to be sent.", exact=False)).to_be_visible()
    ayse.context.set_offline(False)
    go(ayse, live.address + "/")
    [entry] = arrived(live, ayse, DiaryEntry)
    assert (entry.values, entry.note) == ({"pain": 3}, "On the bus")


def test_with_signal_a_save_leads_to_the_usual_page(live: Live, ayse: Page) -> None:
    go(ayse, live.address + "/diary/new")
    ayse.locator("[name=pain][value='3']").check()
    ayse.get_by_role("button", name="Save", exact=True).click()
    ayse.wait_for_url("**/diary/saved?entry=*")
    expect(ayse.get_by_role("heading", name="Saved")).to_be_visible()
    go(ayse, live.address + "/")
    ayse.get_by_role("button", name="Done today").click()
    expect(ayse.get_by_text("Well done. Today is ticked.")).to_be_visible()
    ayse.get_by_role("button", name="Undo").click()
    expect(ayse.get_by_text("Undone. The day has no answer now.")).to_be_visible()
    ayse.get_by_role("button", name="Done today").click()
    expect(ayse.get_by_text("Well done. Today is ticked.")).to_be_visible()
    [day] = arrived(live, ayse, GoalDay)
    assert day.outcome == "done"


def test_what_the_server_asks_is_asked_on_its_own_page(live: Live, ayse: Page, faults: Any) -> None:
    faults.allow("422")
    go(ayse, live.address + "/diary/new")
    ayse.fill("[name=glucose]", "33")
    ayse.get_by_role("button", name="Save", exact=True).click()
    expect(ayse.get_by_text("33", exact=False).first).to_be_visible()
    ayse.get_by_role("button", name="Yes").click()
    ayse.wait_for_url("**/diary/saved?entry=*")
    [entry] = arrived(live, ayse, DiaryEntry)
    assert entry.values == {"glucose": 33}


def test_what_the_page_shows_is_what_she_changes(live: Live, ayse: Page, goal: uuid.UUID) -> None:
    go(ayse, live.address + "/")
    ayse.get_by_role("button", name="Done today").click()
    expect(ayse.get_by_text("Well done. Today is ticked.")).to_be_visible()
    ayse.wait_for_timeout(700)  # her phone has its facts anew
    with live.scene():  # meanwhile, on her tablet
        days.set_day(own(live), goal, clock.today("Europe/London"), outcome="skipped", reason="unwell")
    go(ayse, live.address + "/")
    expect(ayse.get_by_text("Skipped today")).to_be_visible()
    ayse.get_by_role("button", name="Undo").click()
    expect(ayse.get_by_text("Undone. The day has no answer now.")).to_be_visible()
    with live.scene():
        assert db.session.query(GoalDay).count() == 0


def test_a_tap_while_the_page_is_still_at_work_is_answered_as_any_other(live: Live, ayse: Page) -> None:
    ayse.add_init_script(SLOW)
    ayse.clock.set_system_time(
        clock.now() + dt.timedelta(days=2)
    )  # so long ago that the phone asks for its key
    go(ayse, live.address + "/")
    ayse.get_by_role("button", name="Done today").click()
    expect(ayse.get_by_text("Well done. Today is ticked.")).to_be_visible()
    ayse.wait_for_timeout(700)  # and it stays, whatever the page still had to do
    expect(ayse.get_by_text("Well done. Today is ticked.")).to_be_visible()


def test_what_she_was_typing_is_there_again(live: Live, ayse: Page) -> None:
    go(ayse, live.address + "/diary/new")
    ayse.fill("[name=note]", "A long night, and then")
    ayse.wait_for_timeout(1000)
    context = ayse.context
    ayse.close()  # the battery is dead
    page = context.new_page()
    go(page, live.address + "/diary/new")
    expect(page.get_by_text("What you were writing is here again.")).to_be_visible()
    expect(page.locator("[name=note]")).to_have_value("A long night, and then")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_url("**/diary/saved?entry=*")
    go(page, live.address + "/diary/new")
    page.wait_for_timeout(500)
    expect(page.locator("[name=note]")).to_have_value("")


def test_a_form_that_is_posted_plainly_loses_nothing_either(live: Live, ayse: Page, faults: Any) -> None:
    faults.allow("ERR_|404")
    go(ayse, live.address + "/goals/new")
    ayse.wait_for_timeout(700)
    field = ayse.locator("main form textarea, main form input[type=text]").first
    field.fill("Dance at my daughter's wedding")
    ayse.wait_for_timeout(1000)
    ayse.route(
        "**/goals/new*", lambda route: route.abort() if route.request.method == "POST" else route.fallback()
    )
    ayse.locator("main form button[type=submit]").last.click()
    ayse.wait_for_timeout(700)
    ayse.unroute("**/goals/new*")
    go(ayse, live.address + "/goals/new")
    expect(ayse.get_by_text("What you were writing is here again.")).to_be_visible()
    expect(field).to_have_value("Dance at my daughter's wedding")
    ayse.locator("main form button[type=submit]").last.click()
    ayse.wait_for_url(lambda url: "/goals/new" not in url)
    ayse.wait_for_timeout(500)
    go(ayse, live.address + "/goals/new")
    ayse.wait_for_timeout(700)
    expect(field).to_have_value("")


def test_a_topic_that_saves_itself_is_not_sent_again_by_its_draft(live: Live, ayse: Page) -> None:
    for _visit in range(3):
        go(ayse, live.address + "/agenda")
        ayse.wait_for_timeout(500)
        if not _visit:
            ayse.fill("#text", "My knee wakes me up")
            expect(ayse.get_by_text("Saved at", exact=False).first).to_be_visible()
        ayse.wait_for_timeout(2500)
    with live.scene():
        assert db.session.query(AgendaItem).count() == 1


def test_both_versions_are_shown_where_two_phones_disagree(
    live: Live, ayse: Page, goal: uuid.UUID, faults: Any, axe: Any, screenshot: Any
) -> None:
    faults.allow("412")
    ayse.context.set_offline(True)
    go(ayse, live.address + "/")
    ayse.get_by_role("button", name="Done today").click()
    expect(ayse.get_by_text("1 thing is waiting to be sent.", exact=False)).to_be_visible()
    with live.scene():  # meanwhile, on her tablet
        days.set_day(own(live), goal, clock.today("Europe/London"), outcome="skipped", reason="unwell")
    ayse.context.set_offline(False)
    go(ayse, live.address + "/")
    expect(ayse.get_by_text("1 thing could not be sent.")).to_be_visible(timeout=20_000)
    ayse.get_by_role("link", name="See what and why").click()
    expect(ayse.get_by_role("heading", name="Done: Walk to the park")).to_be_visible()
    expect(ayse.get_by_text("This was changed somewhere else", exact=False)).to_be_visible()
    expect(ayse.get_by_text("Skipped: Walk to the park")).to_be_visible()
    screenshot(ayse, "31-two-versions")
    axe(ayse)
    ayse.get_by_role("button", name="Keep mine").click()
    expect(ayse.get_by_text("Nothing is waiting.", exact=False)).to_be_visible()
    with live.scene():
        [day] = db.session.query(GoalDay).all()
        assert day.outcome == "done"


def test_what_is_refused_is_set_aside_and_holds_up_nothing(live: Live, ayse: Page, faults: Any) -> None:
    faults.allow("422")
    with live.scene():
        for text in ("My knee", "My sleep", "My tablets"):
            agendas.put_item(own(live), uuid.uuid4(), text=text)
    ayse.context.set_offline(True)
    go(ayse, live.address + "/agenda")
    ayse.fill("[name=text]:visible", "And my feet")
    save(ayse)
    go(ayse, live.address + "/diary/new")
    ayse.locator("[name=pain][value='3']").check()
    save(ayse)
    ayse.context.set_offline(False)
    go(ayse, live.address + "/")
    assert len(arrived(live, ayse, DiaryEntry)) == 1
    go(ayse, live.address + "/offline")
    expect(ayse.get_by_role("heading", name="For your visit")).to_be_visible()
    expect(ayse.get_by_text("And my feet")).to_be_visible()
    expect(ayse.locator("[data-reason]")).not_to_be_empty()
    ayse.get_by_role("button", name="Remove").click()
    ayse.get_by_role("button", name="Remove for good?").click()
    expect(ayse.get_by_text("Nothing is waiting.", exact=False)).to_be_visible()


def test_unusual_numbers_are_asked_about_without_signal_too(live: Live, ayse: Page) -> None:
    ayse.context.set_offline(True)
    go(ayse, live.address + "/diary/new")
    ayse.fill("[name=glucose]", "seven")
    ayse.get_by_role("button", name="Save on this phone").click()
    expect(ayse.get_by_text("Blood sugar must be a number")).to_be_visible()
    ayse.fill("[name=glucose]", "33")
    ayse.get_by_role("button", name="Save on this phone").click()
    expect(ayse.get_by_text("Blood sugar: is 33 right?")).to_be_visible()
    save(ayse)
    ayse.context.set_offline(False)
    go(ayse, live.address + "/")
    [entry] = arrived(live, ayse, DiaryEntry)
    assert entry.values == {"glucose": 33}


@pytest.mark.parametrize(("off", "flag"), [(-21, "late"), (730, "clock_skewed"), (-730, "late")])
def test_a_wrong_clock_or_three_weeks_without_signal(live: Live, ayse: Page, off: int, flag: str) -> None:
    ayse.context.set_offline(True)
    ayse.clock.set_system_time(dt.datetime.now(dt.UTC) + dt.timedelta(days=off))
    go(ayse, live.address + "/diary/new")
    ayse.locator("[name=pain]:visible").nth(4).check()
    save(ayse)
    context = ayse.context
    ayse.close()  # a page with the right clock
    page = context.new_page()
    context.set_offline(False)
    go(page, live.address + "/")
    [entry] = arrived(live, page, DiaryEntry)
    assert flag in entry.flags
    assert entry.values == {"pain": 4}
    go(page, live.address + "/diary")  # and its page still opens
    expect(page.get_by_role("heading", name="Your diary")).to_be_visible()
