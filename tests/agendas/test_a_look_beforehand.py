"""What is ticked beside the list is shared with the list, and not by looking at what the team will see."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from tests.agendas import scenes

TABLETS = "Sertraline 50 mg"


@pytest.fixture
def her_list(world: Any, story: Any, ayse: Any) -> None:
    with story():
        scenes.visit(world, days=2)
        scenes.note(world.ayse, TABLETS)
    ayse.put(f"/api/v1/agenda-items/{uuid.uuid4()}", {"text": "Knee"})


def looks(ayse: Any, *items: str, shown: tuple[str, ...] = ("goals", "diary")) -> str:
    return str(ayse.send("/agenda/sharing", items=list(items), shown=list(shown)).get_data(as_text=True))


def reads(team: Any, world: Any) -> str:
    return str(team.get(f"/patients/{world.ayse}/agenda").get_data(as_text=True))


def test_a_look_shares_nothing_and_share_shares_what_was_looked_at(
    world: Any, ayse: Any, grace: Any, her_list: None
) -> None:
    looked = looks(ayse, "goals", "diary", "notes")
    assert "What Grace will see" in looked
    assert TABLETS in looked
    assert TABLETS not in reads(grace, world)
    assert 'value="notes" checked' in ayse.get("/agenda").text, "she may change something first"
    assert TABLETS in ayse.get("/agenda/preview").text, "the page loaded again is the same"
    ayse.send("/agenda/preview", items=["notes"])
    assert TABLETS in reads(grace, world)
    assert 'name="items" value="notes"' not in ayse.get("/agenda/preview").text


def test_share_shares_no_more_than_stood_on_its_page(
    world: Any, ayse: Any, grace: Any, her_list: None
) -> None:
    """Ticked in another tab meanwhile."""
    looks(ayse, "goals", "diary", "notes")
    ayse.send("/agenda/preview")
    assert TABLETS not in reads(grace, world)


def test_where_it_was_shared_elsewhere_meanwhile_the_page_shows_what_is_so(
    world: Any, ayse: Any, grace: Any, her_list: None
) -> None:
    """Ticked here, and the list shared on her other phone: the tick was not on that page."""
    looks(ayse, "goals", "diary", "notes")
    ayse.post("/api/v1/agenda/share", {})
    page = ayse.get("/agenda/preview").text
    assert "What Grace sees" in page
    assert TABLETS not in page
    assert 'value="notes" checked' not in ayse.get("/agenda").text


def test_what_is_ticked_no_more_is_taken_back_at_once(
    world: Any, ayse: Any, grace: Any, her_list: None
) -> None:
    ayse.put("/api/v1/sharing", {"notes": True})
    assert TABLETS in reads(grace, world)
    looks(ayse, "goals", "diary", shown=("goals", "diary", "notes"))
    assert TABLETS not in reads(grace, world)


def test_a_page_from_before_shares_nothing_again(world: Any, ayse: Any, grace: Any, her_list: None) -> None:
    ayse.put("/api/v1/sharing", {"notes": True})
    ayse.put("/api/v1/sharing", {"notes": False})
    looked = looks(ayse, "goals", "diary", "notes", shown=("goals", "diary", "notes"))
    assert TABLETS not in looked
    ayse.send("/agenda/preview")
    assert TABLETS not in reads(grace, world)


def test_on_a_shared_list_a_tick_holds_at_once(world: Any, ayse: Any, grace: Any, her_list: None) -> None:
    ayse.post("/api/v1/agenda/share", {})
    assert "What Grace sees" in looks(ayse, "goals", "diary", "notes")
    assert TABLETS in reads(grace, world)
