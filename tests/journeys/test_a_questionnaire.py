"""Ayşe answers the PHQ-9 on her phone: with signal, without, and with help next where she needs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

import config
from selfcare.extensions import db
from selfcare.people.models import SharingChoice
from selfcare.questionnaires import texts
from selfcare.questionnaires.models import CrisisAcknowledgement, QuestionnaireReader, QuestionnaireResponse
from tests.journeys.conftest import Live
from tests.journeys.signal import NO_SIGNAL, arrived, go, ready

CARD = "You do not have to cope with this alone"


@pytest.fixture
def ayse(
    live: Live, phone: BrowserContext, enter: Callable[[BrowserContext, str], Page], faults: Any
) -> Page:
    """Her phone, ready; Grace reads what she answers."""
    faults.allow(NO_SIGNAL)
    with live.scene():
        texts.install_published(config.ROOT / "build" / "texts")
        ayse, grace = live.world.ayse, live.world.grace
        db.session.add(SharingChoice(patient_id=ayse, item="questionnaires", shared=True, chosen_by=ayse))
        db.session.add(
            QuestionnaireReader(
                team_id=live.world.hornsey,
                questionnaire="phq9",
                clinician_id=grace,
                within_days=3,
                set_by=grace,
            )
        )
    page = enter(phone, "ayse")
    ready(page)
    return page


def answer(page: Page, live: Live, *, harm: str) -> None:
    go(page, live.address + "/questionnaires/phq9")
    for item in range(1, 9):
        page.locator(f"[name=q{item}][value='0']").check()
    page.locator(f"[name=q9][value='{harm}']").check()


def save(page: Page) -> None:
    page.get_by_role("button", name="Save", exact=True).click()


def test_with_signal_the_score_comes_next(live: Live, ayse: Page) -> None:
    answer(ayse, live, harm="0")
    save(ayse)
    ayse.wait_for_url("**/questionnaires/answers/*")
    expect(ayse.get_by_text("0 of 27")).to_be_visible()
    expect(ayse.get_by_text(CARD)).to_have_count(0)
    [row] = arrived(live, ayse, QuestionnaireResponse)
    assert (row.score, row.crisis_answer) == (0, None)


@pytest.mark.parametrize("signal", [True, False], ids=["signal", "no signal"])
def test_the_card_stands_next_at_once_and_nothing_is_lost(
    live: Live, ayse: Page, signal: bool, axe: Callable[[Page], None], screenshot: Any
) -> None:
    answer(ayse, live, harm="1")
    if not signal:
        ayse.context.set_offline(True)
    save(ayse)
    card = ayse.get_by_role("region", name="Help for you now")
    expect(card.get_by_role("heading", name=CARD)).to_be_visible()
    expect(card.get_by_role("link", name="Samaritans")).to_be_visible()
    expect(card).to_be_focused()
    expect(ayse.locator("[data-asks]")).to_be_hidden()
    axe(ayse)
    screenshot(ayse, "35-help-first", full_page=False)  # without the questions: their words are not ours
    card.get_by_role("button", name="I have read this").click()
    if not signal:
        expect(ayse.get_by_text("2 things are waiting to be sent.", exact=False)).to_be_visible()
        ayse.context.set_offline(False)
        go(ayse, live.address + "/")
    else:
        expect(ayse.get_by_text("1 of 27")).to_be_visible()
    [response] = arrived(live, ayse, QuestionnaireResponse)
    [read] = arrived(live, ayse, CrisisAcknowledgement)
    assert (response.score, response.crisis_answer) == (1, "Several days")
    assert read.response_id == response.id


def test_the_card_comes_back_when_the_page_is_loaded_again(live: Live, ayse: Page) -> None:
    answer(ayse, live, harm="2")
    save(ayse)
    ayse.wait_for_url("**/questionnaires/answers/*")
    expect(ayse.get_by_text(CARD)).to_be_visible()
    ayse.reload()
    expect(ayse.get_by_text(CARD)).to_be_visible()
    ayse.get_by_role("button", name="I have read this").click()
    expect(ayse.get_by_text("2 of 27")).to_be_visible()
    assert len(arrived(live, ayse, CrisisAcknowledgement)) == 1


def test_a_question_without_an_answer_is_said_by_the_server_also_with_script(
    live: Live, ayse: Page, faults: Any
) -> None:
    faults.allow("422")
    go(ayse, live.address + "/questionnaires/phq9")
    ayse.locator("[name=q1][value='2']").check()
    save(ayse)
    expect(ayse.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(ayse.get_by_role("link", name="Question 9: choose an answer", exact=False)).to_be_visible()
    expect(ayse.locator("[name=q1][value='2']")).to_be_checked()


def test_grace_finds_it_on_her_list_and_reads_it(
    live: Live,
    ayse: Page,
    desktop: BrowserContext,
    enter: Callable[[BrowserContext, str], Page],
    screenshot: Any,
) -> None:
    answer(ayse, live, harm="2")
    save(ayse)
    arrived(live, ayse, QuestionnaireResponse)
    grace = enter(desktop, "grace")
    go(grace, live.address + "/panel")
    grace.get_by_role("link", name="Questionnaires, 1 to read").click()
    screenshot(grace, "36-answers-to-read")
    grace.get_by_role("link", name="Ayşe Kaya").click()
    expect(grace.get_by_text("Question 9: “More than half the days”")).to_be_visible()
    go(grace, live.address + "/panel/questionnaires")
    expect(grace.get_by_text("Nothing waits for you.")).to_be_visible()
