"""Getting ready with large letters: 320 pixels wide, text at 200%, and on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.agendas import scenes
from tests.journeys.conftest import Live

POINTS_18 = 24  # CSS pixels


@pytest.mark.parametrize(("width", "size"), [(320, "100%"), (640, "200%"), (1280, "100%")])
def test_the_letters_are_large_on_the_screen_and_on_paper(
    live: Live,
    enter: Callable[[BrowserContext, str], Page],
    phone: BrowserContext,
    width: int,
    size: str,
) -> None:
    with live.scene():
        booked = scenes.visit(live.world, days=2)
        agenda = scenes.shared_list(live.world.ayse, booked, live.world.hornsey, topics=0, shared=False)
        scenes.items(agenda, live.world.ayse, [*scenes.WORDS[:2], "Donaudampfschifffahrtsgesellschaft" * 3])
    page = enter(phone, "ayse")
    page.set_viewport_size({"width": width, "height": 800})
    for path in ("/agenda", "/agenda/not-sure", "/agenda/preview", "/agenda/large-print"):
        page.goto(live.address + path)
        page.evaluate("size => { document.documentElement.style.fontSize = size }", size)
        wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{path} is {wider} px too wide"
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        sizes = page.locator(".sc-large :is(h1, h2, p, dt, dd, blockquote, li)").evaluate_all(
            "all => all.map(one => [parseFloat(getComputedStyle(one).fontSize), getComputedStyle(one).color])"
        )
        assert len(sizes) > 10
        assert min(each for each, _colour in sizes) >= POINTS_18
        assert {colour for _size, colour in sizes} == {"rgb(0, 0, 0)"}
    assert not page.locator(".sc-tabs").is_visible(), "on paper there is nothing to tap"
    assert page.locator(".sc-large").is_visible()
