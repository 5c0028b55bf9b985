"""What journeys with and without signal share: a goal to tick, a phone that is ready, and waiting for what arrives."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from selfcare import clock
from selfcare.diaries.models import TrackerChoice, choice_id
from selfcare.extensions import db
from selfcare.goals.models import Goal, WeeklyPlan
from tests.journeys.conftest import Live

NO_SIGNAL = "ERR_INTERNET_DISCONNECTED|ERR_FAILED|Failed to fetch"  # what a browser says of it


@pytest.fixture
def goal(live: Live) -> uuid.UUID:
    """Ayşe walks every day, since last week; last week waits for its review."""
    ayse, goal_id = live.world.ayse, uuid.uuid4()
    monday = clock.monday_of(clock.today("Europe/London"))
    with live.scene():
        common = {"patient_id": ayse, "written_by": ayse}
        db.session.add(
            TrackerChoice(id=choice_id(ayse), measures=["pain", "sleep", "glucose"], version=1, **common)
        )
        db.session.add(
            Goal(
                id=goal_id,
                statement="Walk to the park",
                lifecycle_status="active",
                started_on=monday - dt.timedelta(days=7),
                **common,
            )
        )
        db.session.flush()
        for week in (monday - dt.timedelta(days=7), monday):
            db.session.add(
                WeeklyPlan(
                    id=uuid.uuid4(),
                    goal_id=goal_id,
                    monday=week,
                    what="Walk to the park",
                    days=list(clock.WEEKDAYS),
                    confidence=8,
                    **common,
                )
            )
    return goal_id


def with_worker(page: Page) -> None:
    """Wait until the worker is there; a page registers it only when it is at rest."""
    page.evaluate(
        "(async () => { await navigator.serviceWorker.register('/sw.js'); await navigator.serviceWorker.ready; })()"
    )


def ready(page: Page) -> None:
    """Wait until the phone has what it needs: the worker, its page, the person's key and facts."""
    with_worker(page)
    for _ in range(100):
        if page.evaluate("sessionStorage.getItem('selfcare-facts')"):
            return
        page.wait_for_timeout(100)
    pytest.fail("the phone did not get its facts")


def go(page: Page, address: str) -> None:
    """Open a page; without signal the worker answers."""
    page.goto(address)
    page.wait_for_load_state("load")


def save(page: Page) -> None:
    page.get_by_role("button", name="Save on this phone").click()
    expect(page.get_by_text("Saved on this phone.")).to_be_visible()


def arrived(live: Live, page: Page, table: Any) -> list[Any]:
    """Ayşe's rows of a table, once there are any."""
    for _ in range(150):
        with live.scene():
            rows = db.session.query(table).filter_by(patient_id=live.world.ayse).all()
            if rows:
                return list(rows)
        page.wait_for_timeout(100)
    pytest.fail("nothing arrived")
