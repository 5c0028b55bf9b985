"""The PDF of the page: one A4 sheet, tagged for screen readers, with Ayşe's words."""

from __future__ import annotations

import io
import re
import unicodedata
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa

from selfcare.agendas.models import Agenda, AgendaItem
from selfcare.extensions import db
from tests.agendas import scenes
from tests.agendas.test_print import LONG, SHAPES

pytestmark = [pytest.mark.slow, pytest.mark.any_database]  # how the sheet is set; test_summary has both


def pdf_of(caller: Any, patient: Any) -> pypdf.PdfReader:
    answer = caller.get(f"/patients/{patient}/agenda.pdf")
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    return pypdf.PdfReader(io.BytesIO(answer.get_data()))


def letters(text: str) -> str:
    """Without the spaces and line ends that a line of type puts elsewhere."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


@pytest.fixture
def rewrite(world: Any, story: Any) -> Any:
    """``rewrite(topics, questions, goals, trackers)``: Ayşe's page holds just this."""

    def write(topics: Any, questions: Any = (), goals: int = 2, trackers: int = 3) -> None:
        with story():
            scenes.full_page(world)
            db.session.execute(sa.delete(AgendaItem))
            agenda = db.session.scalars(sa.select(Agenda)).one()
            scenes.items(agenda.id, world.ayse, topics)
            scenes.items(agenda.id, world.ayse, questions, kind="question")
            for number in range(goals - 2):
                scenes.goal(
                    world.ayse, f"Another goal {number}", scores=(3, 4, 5, 6), barrier="When it rains"
                )
            if trackers > 3:
                for days_ago in range(20):
                    scenes.entry(world.ayse, days_ago=days_ago, mood=5, energy=4, steps=4000)

    return write


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_one_a4_sheet_with_every_word_of_hers(world: Any, grace: Any, rewrite: Any, shape: str) -> None:
    topics, questions, goals, trackers = SHAPES[shape]
    rewrite(topics, questions, goals, trackers)
    reader = pdf_of(grace, world.ayse)
    assert len(reader.pages) == 1
    width, height = reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)
    printed = letters(reader.pages[0].extract_text())
    for words in (*topics, *questions):
        assert letters(words) in printed


def test_what_did_not_fit_is_said_to_be_online(world: Any, grace: Any, rewrite: Any) -> None:
    rewrite([LONG[:300]] * 3, [LONG[:300]] * 5, 6, 6)
    text = " ".join(pdf_of(grace, world.ayse).pages[0].extract_text().split())
    assert "More online: 2 goals, 3 charts, what changed and medicines and notes" in text
    assert "Metformin" not in text
    online = grace.get(f"/patients/{world.ayse}/agenda").get_data(as_text=True)
    assert "Metformin" in online
    assert online.count('class="sc-goal') == 6


def test_where_everything_fits_nothing_is_said(world: Any, grace: Any, rewrite: Any) -> None:
    rewrite(scenes.WORDS)
    assert "More online" not in pdf_of(grace, world.ayse).pages[0].extract_text()


def test_a_screen_reader_finds_its_way(world: Any, grace: Any, rewrite: Any) -> None:
    rewrite(scenes.WORDS)
    root = pdf_of(grace, world.ayse).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"].startswith("en")
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    found = list(elements(root["/StructTreeRoot"]))
    headings = [kind for kind, _alt in found if kind in ("/H1", "/H2", "/H3")]
    assert headings[:2] == ["/H1", "/H2"]
    assert headings.count("/H2") == 6
    figures = [alt for kind, alt in found if kind == "/Figure"]
    assert len(figures) == 3
    assert all(figures)


def elements(node: Any, says: str = "/Alt") -> Any:
    """Kind and alternative text (or what else it ``says``) of every element under one, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for each in node:
            yield from elements(each, says)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node["/S"], node.get(says)
        if "/K" in node:
            yield from elements(node["/K"], says)


def test_the_address_of_nobody_else_is_fetched(world: Any, grace: Any, rewrite: Any, caplog: Any) -> None:
    rewrite(['<img src="http://169.254.169.254/">', "url(file:///etc/passwd)"])
    text = letters(pdf_of(grace, world.ayse).pages[0].extract_text())
    assert letters('<img src="http://169.254.169.254/">') in text
    assert "root:" not in text


def test_letters_that_no_font_of_the_server_has_are_said_to_be_online_and_stay_out_of_the_log(
    grace: Any, world: Any, rewrite: Any, caplog: Any
) -> None:
    nobody_draws_this = "\U000143ff"
    rewrite([f"My knee {nobody_draws_this}"])
    page = pdf_of(grace, world.ayse).pages[0].extract_text()
    assert "letters that are boxes here" in " ".join(page.split())
    assert nobody_draws_this not in caplog.text
    assert "143FF" not in caplog.text


def test_a_list_that_fills_two_sheets_has_them_to_itself_and_says_so(
    grace: Any, world: Any, rewrite: Any
) -> None:
    rewrite([LONG * 6] * 3, [LONG * 6] * 5)
    reader = pdf_of(grace, world.ayse)
    assert len(reader.pages) == 3
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert text.count("arthritis") == (LONG * 6).count("arthritis") * 8
    assert "More online: their words in larger type, line by line, 2 goals, 3 charts" in text
    assert "3 / 3" in text


@pytest.mark.parametrize("end", ["\x85", "\u2028", "\u2029"])
def test_rare_line_ends_do_not_stop_it(grace: Any, world: Any, rewrite: Any, end: str) -> None:
    rewrite([f"My knee {end}hurts at night"] * 3, [f"{LONG[:280]} {end}"] * 5)
    assert letters("hurts at night") in letters(pdf_of(grace, world.ayse).pages[0].extract_text())
