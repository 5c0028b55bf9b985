"""Grace prints the page: one A4 sheet, however much Ayşe wrote, and never without Ayşe's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, Page

from selfcare.agendas.models import Agenda, AgendaItem
from selfcare.extensions import db
from tests.agendas import scenes

ROOT = Path(__file__).resolve().parents[2]
LONG = (
    "My knee wakes me up at night and I wonder whether it is the arthritis, or my weight, or both of them. "
    * 3
)

SHAPES = {
    "as designed": (scenes.WORDS, (), 2, 3),
    "three of 200 characters": ([LONG[:200]] * 3, (), 2, 3),
    "three of 290 characters": ([LONG[:290]] * 3, (), 2, 3),
    "three of 300 and five questions": ([LONG[:300]] * 3, ["May I swim?"] * 5, 2, 3),
    "everything at its longest": ([LONG[:300]] * 3, [LONG[:300]] * 5, 2, 3),
    "four goals, six trackers": (scenes.WORDS, (), 4, 6),
    "everything at its longest, four goals, six trackers": ([LONG[:300]] * 3, [LONG[:300]] * 5, 4, 6),
    "nothing but line breaks": (["a\n" * 149] * 3, (), 2, 3),
}


@pytest.fixture
def sheet(browser: Browser) -> Iterator[Page]:
    """An empty page: what is printed is what the server rendered, with its own style."""
    context = browser.new_context()
    yield context.new_page()
    context.close()


def on_paper(html: str) -> str:
    """The page with the sheet for paper inside, without script: what a browser prints."""
    found = re.search(r'<link rel="stylesheet" href="/(static/dist/a4[^"]*\.css)" media="print">', html)
    assert found
    style = (ROOT / found[1]).read_text("utf-8")
    without = re.sub(r"<script.*?</script>|<link[^>]*>", "", html, flags=re.S)
    return without.replace("</head>", f"<style>{style}</style></head>")


@pytest.mark.parametrize("shape", SHAPES)
def test_it_is_one_a4_page(world: Any, grace: Any, story: Any, sheet: Page, shape: str) -> None:
    topics, questions, goals, trackers = SHAPES[shape]
    with story():
        scenes.full_page(world)
        db.session.execute(sa.delete(AgendaItem))
        agenda = db.session.scalars(sa.select(Agenda)).one()
        scenes.items(agenda.id, world.ayse, topics)
        scenes.items(agenda.id, world.ayse, questions, kind="question")
        for number in range(goals - 2):
            scenes.goal(world.ayse, f"Another goal {number}", scores=(3, 4, 5, 6), barrier="When it rains")
        if trackers > 3:
            for days_ago in range(20):
                scenes.entry(world.ayse, days_ago=days_ago, mood=5, energy=4, steps=4000)
        scenes.entry(world.ayse, days_ago=2, by=world.elif_, pain=4)
    html = grace.get(f"/patients/{world.ayse}/agenda").get_data(as_text=True)
    assert html.count('class="sc-spark"') == trackers
    assert html.count('class="sc-goal"') == goals
    sheet.set_content(on_paper(html))
    paper = sheet.pdf(prefer_css_page_size=True, print_background=True)
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", paper)) == 1
    sheet.emulate_media(media="print")
    assert sheet.locator(".sc-src", has_text="written with Elif Kaya (daughter)").is_visible()
    for words in sheet.locator(".sc-part--words blockquote").all():
        assert words.is_visible()
