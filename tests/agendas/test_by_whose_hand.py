"""Grace's page says which entries of the diary Elif wrote: on the screen, as plain text, by API; and where it is withheld, nowhere."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.people.models import CarerLink, SharingChoice
from tests.agendas import scenes
from tests.agendas.test_preview import Sections
from tests.agendas.test_summary import Ours, api, asked, page

LINE = "3 of 24 entries written with Elif Kaya (daughter)"


@pytest.fixture
def visit(world: Any, story: Any) -> uuid.UUID:
    with story():
        booked = scenes.full_page(world)  # 21 entries of Ayşe's
        for days_ago in (4, 8, 12):
            scenes.entry(world.ayse, days_ago=days_ago, by=world.elif_, pain=5)
        return booked


def test_which_entries_she_wrote_is_said_once_where_the_diary_is(
    world: Any, ayse: Any, grace: Any, visit: uuid.UUID
) -> None:
    html = page(grace, world.ayse)
    texts = Sections(html).texts
    assert [LINE in text for text in texts].count(True) == 1
    assert LINE in next(text for text in texts if text.startswith("Diary"))
    plain = html[html.index('id="record-text"') : html.index("</textarea>")]
    assert plain.count(LINE) == 1
    assert {tuple(each["written_with"]) for each in api(grace, world.ayse)["diary"]} == {(LINE,)}
    assert LINE in ayse.get("/agenda/preview").get_data(as_text=True)


def test_she_is_named_still_after_she_stopped_helping(
    world: Any, grace: Any, visit: uuid.UUID, story: Any
) -> None:
    with story():
        db.session.execute(sa.update(CarerLink).values(ended_at=scenes.clock.now()))
    assert LINE in page(grace, world.ayse)


def test_it_is_not_said_where_ayse_wrote_all_or_shares_no_diary(
    world: Any, grace: Any, visit: uuid.UUID, story: Any
) -> None:
    with story():
        db.session.execute(
            sa.update(SharingChoice).where(SharingChoice.item == "diary").values(current=False)
        )
    assert "Elif" not in page(grace, world.ayse)


def test_it_costs_no_statement_and_few_words(
    world: Any, grace: Any, visit: uuid.UUID, statements: Any
) -> None:
    html = page(grace, world.ayse)
    with statements() as seen:
        page(grace, world.ayse)
    assert len(asked(seen)) <= 6 + 1, "6, and 1 for the session"
    ours = Ours()
    ours.feed(html[html.index('<article class="sc-a4') : html.index("</article>")])
    assert len(ours.words) <= 250
