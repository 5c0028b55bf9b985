"""Ayşe takes her list along on paper: her words in large letters, room to write, and nothing cut off on a small phone either."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest

from tests.agendas import scenes
from tests.agendas.test_pages import Phone


@pytest.fixture
def listed(world: Any, story: Any) -> uuid.UUID:
    with story():
        booked = scenes.visit(world, days=2, place="Room 4, upstairs")
        agenda = scenes.shared_list(world.ayse, booked, world.hornsey, topics=0, shared=False)
        scenes.items(agenda, world.ayse, scenes.WORDS[:2])
        scenes.items(agenda, world.ayse, scenes.WORDS[2:], kind="question")
        return booked


def test_her_words_who_when_where_and_room_to_write(ayse: Any, listed: uuid.UUID) -> None:
    html = ayse.get("/agenda/large-print").get_data(as_text=True)
    sheet = html[html.index('<article class="sc-large"') : html.index("</article>")]
    places = [
        sheet.index(words)
        for words in (
            "My list for Grace Mensah",
            "Ayşe Kaya",
            "Room 4, upstairs",
            "What I want to talk about",
            scenes.WORDS[0],
            scenes.WORDS[1],
            "What I want to ask",
            scenes.WORDS[2],
            "What we agreed",
            "When we look at it again",
        )
    ]
    assert places == sorted(places)
    assert sheet.count("<i>&nbsp;</i>") >= 3 * 3 + 4, "lines to write on under each, and for what was agreed"
    assert "Ayşe" not in re.search(r"<title>(.*?)</title>", html)[1]  # type: ignore[index]  # it has a title


def test_an_empty_list_can_be_written_by_hand(ayse: Any, world: Any) -> None:
    html = ayse.get("/agenda/large-print").get_data(as_text=True)
    assert "My list for my next visit" in html
    assert html.count("Nothing written yet") == 4, "3 things to talk about and 1 to ask"


def test_every_page_on_the_way_leads_to_it(ayse: Any, listed: uuid.UUID) -> None:
    phone = Phone(ayse)
    for page in ("/agenda", "/agenda/preview", "/agenda/not-sure"):
        phone.go(page)
        assert "/agenda/large-print" in phone.html, page
    phone.go("/agenda/preview")
    phone.send("preview")
    assert "Your list is shared" in phone.html
    assert "/agenda/large-print" in phone.html


def test_elif_prints_it_and_is_named_and_nobody_else_may(
    world: Any, carer: Any, peter: Any, grace: Any, listed: uuid.UUID
) -> None:
    path = f"/agenda/large-print?for={world.ayse}"
    phone = Phone(carer, f"/agenda?for={world.ayse}")
    phone.add("She is dizzy in the mornings")
    html = carer.get(path).get_data(as_text=True)
    assert "written by daughter Elif" in html
    assert "Ayşe Kaya" in html
    for other in (peter, grace):
        answer = other.get(path)
        assert answer.status_code == 404
        assert "knee" not in answer.get_data(as_text=True)
