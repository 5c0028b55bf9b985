"""A tap on the lock screen, all the way: the desktop says what was pressed, Chromium wakes the worker, a page opens.

Nothing of it is simulated but the finger (``lock_screen``) and Chromium's push service (``pushing``).
"""

from __future__ import annotations

import datetime as dt
import sys
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from selfcare import clock
from selfcare.extensions import db
from selfcare.goals.models import Goal, GoalDay, WeeklyPlan
from selfcare.identity.models import LoginSession
from selfcare.reminders import taps
from selfcare.reminders.models import Delivery, Occurrence
from tests.factories import PASSWORD
from tests.journeys.conftest import PATIENCE, Live
from tests.journeys.pushing import come_due, deliver, reached, stand_in
from tests.plugins.lock_screen import LockScreen, Shown
from tests.plugins.push_service import PushService

__all__ = ["reached"]

pytestmark = pytest.mark.skipif(
    sys.platform != "linux", reason="only a Linux desktop can be played by a test"
)

TITLE = "Time for your check-in"
TRACK = """fetch("/api/v1/trackers", {method: "PUT", body: JSON.stringify({measures: ["pain"]}), headers: {
  "Content-Type": "application/json", "X-CSRF-Token": document.querySelector("[name=csrf-token]").content}})"""


@dataclass
class Rung:
    """Ayşe's phone has just shown her reminder."""

    live: Live
    page: Page
    shown: Shown
    screen: LockScreen

    def tap(self, button: str | None = None) -> Page:
        """Tap it, or a button of it; the page that opens."""
        with self.page.context.expect_page(timeout=PATIENCE) as opened:
            self.screen.press(self.shown, button)
        opened.value.wait_for_load_state()
        return opened.value

    def forget(self) -> None:
        """She is signed out. On the server first: an answer still on its way would bring the cookie back."""
        with self.live.scene():
            db.session.query(LoginSession).update({"ended_at": clock.now()})
        self.page.context.clear_cookies()

    def leads_to(self, page: Page, path: str) -> None:
        """The tap opened this; a page that a worker opens is there before it knows where it goes."""
        expect(page).to_have_url(self.live.address + path, timeout=PATIENCE)


@pytest.fixture
def ring(
    reached: Live,
    push_phone: BrowserContext,
    push_service: PushService,
    enter: Callable[[BrowserContext, str], Page],
    lock_screen: LockScreen,
) -> Callable[..., Rung]:
    """``ring("diary")``: Ayşe said yes to reminders about this, and it is time."""

    def make(about: str = "diary") -> Rung:
        phone = push_service.phone()
        stand_in(push_phone, phone)
        page = enter(push_phone, "ayse")
        page.evaluate(TRACK)
        page.goto(f"{reached.address}/reminders/new?about={about}")
        page.locator("main form.sc-form button[type=submit]").click()
        page.get_by_role("button", name="Yes, on this phone").click()
        expect(page.get_by_role("heading", name="This phone shows your reminders")).to_be_visible()
        come_due(reached)
        deliver(page, phone.messages[-1].data)
        shown = lock_screen.wait_for(TITLE)
        seen = Delivery.shown_at.is_not(None)
        until(page, reached, lambda: db.session.query(Delivery).filter(seen).count() == 1, "it is told")
        return Rung(reached, page, shown, lock_screen)

    return make


@pytest.fixture
def walk(reached: Live) -> str:
    """Ayşe's goal, planned for every day; its id."""
    with reached.scene():
        mine: dict[str, Any] = {"patient_id": reached.world.ayse, "written_by": reached.world.ayse}
        goal = Goal(id=uuid.uuid4(), statement="Walk to the park", lifecycle_status="active", **mine)
        db.session.add(goal)
        db.session.flush()
        monday = clock.monday_of(clock.today("Europe/London"))
        db.session.add(
            WeeklyPlan(
                id=uuid.uuid4(),
                goal_id=goal.id,
                monday=monday,
                what="Walk",
                days=list(clock.WEEKDAYS),
                **mine,
            )
        )
        return f"goal:{goal.id}"


def until(page: Page, live: Live, true: Callable[[], bool], what: str) -> None:
    for _ in range(100):
        with live.scene():
            if true():
                return
        page.wait_for_timeout(100)
    pytest.fail(f"waited 10 s in vain: {what}")


def test_signed_in_she_lands_on_the_form(ring: Callable[..., Rung]) -> None:
    rung = ring("diary")
    assert set(rung.shown.buttons) >= {"Done", "Later"}
    opened = rung.tap()
    rung.leads_to(opened, "/diary/new")
    expect(opened.get_by_role("button", name="Save")).to_be_visible()
    until(
        opened,
        rung.live,
        lambda: db.session.query(Delivery).filter(Delivery.acted_at.is_not(None)).count() == 1,
        "the ledger knows of the tap",
    )


def test_signed_out_she_signs_in_and_lands_on_the_form(ring: Callable[..., Rung]) -> None:
    rung = ring("diary")
    rung.forget()
    opened = rung.tap()
    rung.leads_to(opened, "/sign-in?next=/diary/new")
    opened.fill("[name=email]", "ayse@test.example")
    opened.fill("[name=password]", PASSWORD)
    opened.click("main button[type=submit]")
    opened.wait_for_url(f"{rung.live.address}/diary/new")
    expect(opened.get_by_role("button", name="Save")).to_be_visible()


def test_on_a_locked_phone_her_password_is_enough_and_she_lands_on_the_form(
    ring: Callable[..., Rung],
) -> None:
    rung = ring("diary")
    rung.page.goto(f"{rung.live.address}/more")
    rung.page.get_by_role("button", name="Lock", exact=True).click()
    rung.page.wait_for_url("**/sign-in*")
    opened = rung.tap()
    rung.leads_to(opened, "/sign-in?next=/diary/new")
    assert opened.locator("[name=email]").count() == 0
    opened.fill("[name=password]", PASSWORD)
    opened.click("main button[type=submit]")
    opened.wait_for_url(f"{rung.live.address}/diary/new")


def test_a_form_that_is_open_comes_to_the_front_with_what_she_typed(ring: Callable[..., Rung]) -> None:
    rung = ring("diary")
    rung.page.goto(f"{rung.live.address}/diary/new")
    rung.page.fill("main textarea", "half a sent")
    pages = len(rung.page.context.pages)
    rung.screen.press(rung.shown)
    until(
        rung.page,
        rung.live,
        lambda: db.session.query(Delivery).filter(Delivery.acted_at.is_not(None)).count() == 1,
        "the tap is told",
    )
    assert len(rung.page.context.pages) == pages
    assert rung.page.input_value("main textarea") == "half a sent"


def test_done_ticks_her_walk_and_opens_nothing(ring: Callable[..., Rung], walk: str) -> None:
    rung = ring(walk)
    pages = len(rung.page.context.pages)
    rung.screen.press(rung.shown, "Done")
    until(rung.page, rung.live, lambda: db.session.query(GoalDay).count() == 1, "the day is ticked")
    with rung.live.scene():
        [day] = db.session.query(GoalDay)
        assert (day.outcome, day.date) == ("done", clock.today("Europe/London"))
    rung.page.wait_for_timeout(500)
    assert len(rung.page.context.pages) == pages


def test_done_without_an_entry_opens_the_diary(ring: Callable[..., Rung]) -> None:
    rung = ring("diary")
    rung.leads_to(rung.tap("Done"), "/diary/new")


def test_done_when_signed_out_is_not_lost_it_opens_the_goal(ring: Callable[..., Rung], walk: str) -> None:
    rung = ring(walk)
    rung.forget()
    opened = rung.tap("Done")
    rung.leads_to(opened, f"/sign-in?next=/goals/{walk.partition(':')[2]}")
    with rung.live.scene():
        assert db.session.query(GoalDay).count() == 0


def test_later_comes_again_in_an_hour_and_opens_nothing(ring: Callable[..., Rung]) -> None:
    rung = ring("diary")
    pages = len(rung.page.context.pages)
    rung.screen.press(rung.shown, "Later")
    soon = clock.now() + dt.timedelta(minutes=62)
    until(
        rung.page,
        rung.live,
        lambda: (
            db.session.query(Occurrence)
            .filter(Occurrence.state == "waiting", Occurrence.due_at > clock.now(), Occurrence.due_at < soon)
            .count()
            >= 1
        ),
        "it waits",
    )
    assert len(rung.page.context.pages) == pages


def test_later_that_the_server_does_not_take_opens_the_page_for_it(
    ring: Callable[..., Rung], monkeypatch: Any, faults: Any
) -> None:
    faults.allow("500")

    def away(*_given: Any) -> None:
        raise OSError("the database is away")

    rung = ring("diary")
    rung.page.goto(rung.live.address)
    monkeypatch.setattr(taps, "told", away)
    rung.leads_to(rung.tap("Later"), "/reminders")
