"""Numbers do not suit Ayşe: in her review and at a follow-up she says how sure she is in words, and words they stay.

Grace writes them down as words too: ``test_in_words_for_the_team.py``.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.goals.confidence import WORDS
from selfcare.goals.models import ConfidenceScore, FollowUp, FollowUpAnswer, WeeklyReview
from tests.goals.conftest import LAST_MONDAY, new_id
from tests.goals.test_follow_ups import follow_up, page_of, say, stop_sharing_goals

SWITCH = re.compile(r'<button[^>]*name="switch" value="(words|numbers)"')


def ways(html: str) -> tuple[str, ...]:
    """What the button leads to, and whether the page asks in words now."""
    found = SWITCH.search(html)
    return (found[1] if found else "", "words" if 'name="confidence_words"' in html else "numbers")


def scores(story: Any) -> list[tuple[int | None, str | None]]:
    with story():
        rows = db.session.scalars(sa.select(ConfidenceScore).order_by(ConfidenceScore.received_at))
        return [(row.score, row.words) for row in rows]


def test_the_review_asks_in_words_and_loses_nothing_that_was_typed(
    ayse: Any, walking: str, now: Any, story: Any
) -> None:
    before = scores(story)
    page = f"/goals/{walking}/review?monday={LAST_MONDAY}"
    html = ayse.get(page).get_data(as_text=True)
    assert ways(html) == ("words", "numbers")
    assert html.index("Save my review") < html.index('name="switch"'), "Enter saves, and does not switch"
    typed = {"went_well": "The dry mornings", "got_in_the_way": "", "next": "repeat", "confidence": "6"}
    answer = ayse.send(page, **typed, switch="words")
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert ways(html) == ("numbers", "words")
    assert "The dry mornings" in html
    assert "<title>Error" not in html
    for words in ("Not at all sure", "Somewhat sure", "Very sure", "I do not know"):
        assert words in html
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(WeeklyReview)) == 0, "saved nothing"
    sent = {"went_well": "The dry mornings", "next": "repeat", "in_words": "yes"}
    assert ayse.send(page, **sent, confidence_words="somewhat").status_code == 200
    with story():
        review = db.session.scalars(sa.select(WeeklyReview)).one()
        assert (review.confidence, review.confidence_words) == (None, "somewhat")
    assert scores(story) == [*before, (None, "somewhat")]
    assert ways(ayse.get(page).get_data(as_text=True))[1] == "words", "asked as she answered"


def test_back_to_numbers_and_a_slip_keeps_the_way_of_asking(ayse: Any, walking: str, now: Any) -> None:
    page = f"/goals/{walking}/review?monday={LAST_MONDAY}"
    answer = ayse.send(page, in_words="yes", confidence_words="somewhat")  # what comes next is not said
    assert answer.status_code == 422
    assert ways(answer.get_data(as_text=True))[1] == "words"
    html = ayse.send(page, in_words="yes", switch="numbers").get_data(as_text=True)
    assert ways(html) == ("words", "numbers")


@pytest.mark.parametrize(
    ("words", "outcome", "leads_to"),
    [
        ("very sure", "went_to_plan", "/goals/"),
        ("somewhat", None, "help"),
        ("not at all", None, "help"),
        ("dont_know", "went_to_plan", "/goals/"),
    ],
)
def test_at_a_follow_up_words_count_as_words(
    ayse: Any,
    grace: Any,
    world: Any,
    walking: str,
    story: Any,
    words: str,
    outcome: str | None,
    leads_to: str,
) -> None:
    before = scores(story)
    follow_id = follow_up(grace, world, walking)
    page = f"/goals/how-it-went/{follow_id}"
    assert ways(ayse.get(page).get_data(as_text=True)) == ("words", "numbers")
    shown = ayse.send(page, answer_id=new_id(), went="Twice", switch="words").get_data(as_text=True)
    assert ways(shown) == ("numbers", "words")
    assert "Twice" in shown
    answer = say(ayse, follow_id, result="went_to_plan", in_words="yes", confidence_words=words)
    assert answer.status_code == 200
    assert leads_to in answer.request.path
    if leads_to == "help":
        assert f"You said “{WORDS[words]}”" in answer.get_data(as_text=True), "and not the 6 of her plan"
    said = [] if words == "dont_know" else [(None, words)]
    assert scores(story) == before + said
    with story():
        row = db.session.scalars(sa.select(FollowUp)).one()
        assert row.outcome == outcome
        kept = db.session.scalars(sa.select(FollowUpAnswer)).one()
        assert kept.confidence is None, "never a made-up number"
        assert kept.confidence_words == (None if words == "dont_know" else words)
    if said:
        story_page = grace.get(f"/patients/{world.ayse}/goals/{walking}/thread")
        if story_page.status_code == 200:
            assert words.split()[0] in story_page.get_data(as_text=True).lower()


@pytest.mark.parametrize("shares", [True, False])
def test_words_go_with_the_answer_whatever_it_is_about_and_whether_goals_are_shared_or_not(
    ayse: Any, grace: Any, world: Any, walking: str, shares: bool
) -> None:
    follow_id = follow_up(grace, world, None if shares else walking)
    if not shares:
        stop_sharing_goals(ayse)
    assert ways(ayse.get(f"/goals/how-it-went/{follow_id}").get_data(as_text=True)) == ("words", "numbers")
    say(ayse, follow_id, result="went_to_plan", in_words="yes", confidence_words="somewhat")
    assert "Somewhat sure" in grace.get("/follow-ups").get_data(as_text=True), "low: it waits for the team"
    assert "Somewhat sure" in grace.get(page_of(world, follow_id)).get_data(as_text=True)


def test_a_program_sends_words_or_a_number_and_never_both(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    follow_id = follow_up(grace, world, walking)
    path = f"/api/v1/follow-up-answers/{new_id()}"
    body = {"follow_up_id": follow_id, "result": "partly", "confidence_words": "not at all"}
    refused = ayse.put(path, body | {"confidence": 3})
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["confidence_words"])
    assert ayse.put(path, body | {"confidence_words": "rather"}).status_code == 422
    kept = ayse.put(path, body)
    assert (kept.status_code, kept.json["confidence"], kept.json["confidence_words"]) == (
        *(201, None, "not at all"),
    )
    assert ayse.put(path, body).status_code == 200
    assert ayse.put(path, body | {"confidence_words": "somewhat"}).status_code == 409


def test_her_own_page_shows_answers_as_they_were_given(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    body = {"goal_id": walking, "words": "somewhat", "recorded_at": "2026-10-06T09:30:00+01:00"}
    assert ayse.put(f"/api/v1/confidence-scores/{new_id()}", body).status_code == 201
    html = ayse.get(f"/goals/{walking}").get_data(as_text=True)
    over_time = html[html.index('class="sc-scores"') :]
    over_time = over_time[: over_time.index("</p>")]
    assert "Somewhat sure" in over_time
    assert ">6<" in over_time
