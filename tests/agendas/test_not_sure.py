"""Ayşe does not know what to say: picks, prompts to read out and examples by her conditions, and somebody to ask."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.agendas import ideas
from selfcare.agendas.models import QUESTION, AgendaItem
from selfcare.extensions import db
from selfcare.people.conditions import CONDITIONS
from tests.agendas import scenes
from tests.agendas.test_pages import Phone


@pytest.fixture
def visit(world: Any, story: Any) -> uuid.UUID:
    with story():
        return scenes.visit(world, days=2)


@pytest.mark.parametrize("code", CONDITIONS)
def test_every_condition_has_picks_and_examples_of_its_own(app: Any, code: str) -> None:
    with app.test_request_context():
        always = set(map(str, ideas.ALWAYS))
        picks = ideas.ideas_for([code])
        assert len(set(picks) - always) >= 2, "or it is nothing but what everybody gets"
        assert len(picks) == len(set(picks)) <= ideas.MOST
        examples = ideas.examples_for([code])
        assert len(examples) == len(set(examples)) == ideas.MOST_EXAMPLES
        assert set(examples) & set(map(str, ideas.EXAMPLES[code]))


def test_every_one_of_several_conditions_has_its_turn(app: Any) -> None:
    with app.test_request_context():
        picks = ideas.ideas_for(list(CONDITIONS))
        assert len(picks) == ideas.MOST
        both = ideas.ideas_for(["type_2_diabetes", "msk_pain"])
        assert {"Food", "Pain", "Moving about"} <= set(both)
        assert ideas.ideas_for([]) == [str(each) for each in ideas.ALWAYS]
        assert len(ideas.examples_for([])) == len(ideas.EXAMPLES_FOR_ALL)


def test_nothing_we_offer_says_what_to_think_of_it(app: Any) -> None:
    """Facts and questions, no verdict and no advice."""
    with app.test_request_context():
        said = [str(each) for texts in ideas.EXAMPLES.values() for each in texts]
        said += [str(each) for each in ideas.EXAMPLES_FOR_ALL]
        said += [str(text) for prompt in ideas.PROMPTS for text in (prompt.asks, prompt.begins)]
        for text in said:
            assert len(text.split()) <= 12, f"too long to read out: {text}"
            assert not re.search(r"\b(must|should you|bad for|good for|fail|wrong|mg|dose)\b", text), text


def test_not_knowing_what_to_say_leads_to_help_and_back_to_the_list(
    ayse: Any, visit: uuid.UUID, story: Any
) -> None:
    phone = Phone(ayse)
    link = re.search(r'href="(/agenda/not-sure[^"]*)"[^>]*>I do not know what to say', phone.html)
    assert link
    phone.go(link[1].replace("&amp;", "&"))
    for words in (
        "What has been hardest since last time?",
        "What would you like to be able to do?",
        "Is there something you have been putting off asking?",
        "What other people write",
        "People who help me",
        "020 7946 0123",
    ):
        assert words in phone.html, words
    begun = re.search(r'href="(/agenda\?start=hardest[^"]*)#text"', phone.html)
    assert begun
    phone.go(begun[1].replace("&amp;", "&"))
    assert ">The hardest thing has been </textarea>" in phone.html
    assert phone.status == 200
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AgendaItem)) == 0, "only begun"
    phone.add("The hardest thing has been the stairs")
    assert phone.topics == ["The hardest thing has been the stairs"]


def test_what_she_puts_off_asking_becomes_a_question(ayse: Any, visit: uuid.UUID, story: Any) -> None:
    phone = Phone(ayse, "/agenda?start=ask")
    assert ">I have been meaning to ask </textarea>" in phone.html
    phone.add("I have been meaning to ask about driving", kind="question")
    with story():
        assert db.session.scalars(sa.select(AgendaItem.kind)).all() == [QUESTION]


def test_a_full_list_offers_no_beginning_that_leads_nowhere(ayse: Any, visit: uuid.UUID) -> None:
    phone = Phone(ayse)
    for text in scenes.WORDS:
        phone.add(text)
    phone.go("/agenda/not-sure")
    assert "start=hardest" not in phone.html
    assert "start=ask" in phone.html
    phone.go("/agenda?start=hardest")
    assert "The hardest thing" not in phone.html
    phone.go("/agenda?start=nonsense")
    assert phone.status == 200


def test_elif_is_told_to_read_them_out(carer: Any, world: Any, visit: uuid.UUID) -> None:
    html = Phone(carer, f"/agenda/not-sure?for={world.ayse}").html
    assert "Read these out loud to the person you help" in html
    assert "People who help me" not in html, "that page is Ayşe's own"
    assert f"for={world.ayse}" in html
