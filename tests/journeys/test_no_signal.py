"""A day without signal: everything is written on the phone, nothing is lost, and it all arrives once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from selfcare.agendas.models import AgendaItem
from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from selfcare.goals.models import ConfidenceScore, GoalDay, WeeklyReview
from tests.journeys.conftest import Live
from tests.journeys.signal import arrived, go, goal, ready, save

__all__ = ["goal"]

NO_SYNC = "if (self.ServiceWorkerRegistration) delete ServiceWorkerRegistration.prototype.sync; delete self.SyncManager;"


def write_everything(page: Page, live: Live, goal: uuid.UUID) -> None:
    """Entry, tick, skip, confidence, topic, review, on a phone without signal."""
    go(page, live.address + "/")
    expect(page.get_by_text("You are offline.", exact=False)).to_be_visible()
    expect(page.get_by_role("heading", name="Walk to the park")).to_be_visible()
    page.reload()
    page.get_by_role("button", name="Log today").click()
    page.locator("[name=pain][value='6']").check()
    page.fill("[name=glucose]", "7,2")
    page.fill("[name=note]", "Stiff after the bus 🚌")
    save(page)
    expect(page.get_by_text("1 thing is waiting to be sent.", exact=False)).to_be_visible()
    page.get_by_role("button", name="Done today").click()
    expect(page.get_by_text("2 things are waiting to be sent.", exact=False)).to_be_visible()
    expect(page.locator(".sc-done")).to_have_text("Done today")
    page.get_by_role("button", name="Undo").click()
    page.get_by_role("link", name="Skip", exact=True).click()
    page.get_by_label("I was unwell").check()
    page.get_by_role("button", name="Skip this day").click()
    expect(page.locator(".sc-done")).to_have_text("Skipped today")
    page.get_by_role("link", name="How confident are you?").click()
    page.locator("[name=confidence][value='5']:visible").check()
    page.fill("[name=why_not_lower]:visible", "I like the park")
    save(page)
    page.get_by_role("link", name="Weekly review").click()
    page.fill("[name=went_well]:visible", "My daughter came along")
    page.locator("[name=next][value=repeat]").check()
    save(page)
    go(page, live.address + "/agenda")
    page.fill("[name=text]:visible", "My knee wakes me up")
    save(page)
    expect(page.get_by_text("7 things are waiting to be sent.", exact=False)).to_be_visible()


def all_arrived(live: Live, goal: uuid.UUID) -> None:
    """Everything is there, once, under Ayşe's name, with the phone's time and ours."""
    with live.scene():
        [entry] = db.session.query(DiaryEntry).all()
        assert entry.values == {"pain": 6, "glucose": 7.2}
        assert entry.note == "Stiff after the bus 🚌"
        assert entry.patient_id == entry.written_by == live.world.ayse
        assert entry.recorded_at < entry.received_at
        [day] = db.session.query(GoalDay).all()
        assert (day.outcome, day.reason, day.goal_id) == ("skipped", "unwell", goal)
        [score] = [row for row in db.session.query(ConfidenceScore) if row.why_not_lower]
        assert (score.score, score.why_not_lower) == (5, "I like the park")
        [review] = db.session.query(WeeklyReview).all()
        assert (review.went_well, review.next) == ("My daughter came along", "repeat")
        [topic] = db.session.query(AgendaItem).all()
        assert topic.text == "My knee wakes me up"


@pytest.mark.parametrize("sync", ["background sync", "no background sync"])
def test_a_day_without_signal_arrives_once(
    live: Live,
    goal: uuid.UUID,
    push_phone: BrowserContext,
    enter: Callable[[BrowserContext, str], Page],
    faults,
    axe: Callable[[Page], None],
    screenshot: Callable[..., Path],
    sync: str,
) -> None:
    faults.allow("ERR_INTERNET_DISCONNECTED|ERR_CONNECTION|ERR_FAILED|Failed to fetch|ERR_FAILED")
    if sync == "no background sync":
        push_phone.add_init_script(NO_SYNC)
    page = enter(push_phone, "ayse")
    ready(page)
    push_phone.set_offline(True)
    write_everything(page, live, goal)
    go(page, live.address + "/")
    expect(page.locator(".sc-done")).to_have_text("Skipped today")
    screenshot(page, "29-no-signal")
    axe(page)
    go(page, live.address + "/offline")
    expect(page.get_by_role("heading", name="Diary entry")).to_be_visible()
    expect(page.get_by_text("Pain 6, Blood sugar 7.2 mmol/L")).to_be_visible()
    screenshot(page, "30-waiting-to-be-sent")
    axe(page)
    page.close()  # the tab is closed, the battery is dead
    live.stop()
    push_phone.set_offline(False)
    page = push_phone.new_page()
    go(page, live.address + "/")  # there is signal, but the server is being restarted
    expect(page.get_by_text("7 things are waiting to be sent.", exact=False)).to_be_visible()
    live.start()
    go(page, live.address + "/")
    expect(page.get_by_text("What was waiting has been sent.")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Skipped today")).to_be_visible()
    all_arrived(live, goal)


def test_the_worker_sends_when_every_page_is_closed(
    live: Live,
    goal: uuid.UUID,
    push_phone: BrowserContext,
    enter: Callable[[BrowserContext, str], Page],
    faults,
) -> None:
    faults.allow("ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch")
    page = enter(push_phone, "ayse")
    ready(page)
    push_phone.set_offline(True)
    write_everything(page, live, goal)
    go(page, "about:blank")
    push_phone.set_offline(False)
    arrived(live, page, AgendaItem)  # the last of all
    all_arrived(live, goal)
