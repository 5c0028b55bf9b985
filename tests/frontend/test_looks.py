"""Every macro in every state, as it stands on a phone and on a desk: accessible, never wider than the screen."""

from __future__ import annotations

from typing import Any

import pytest

LOOKS: dict[str, dict[str, Any]] = {
    "a small phone": {"viewport": {"width": 320, "height": 800}},
    "a desk": {"viewport": {"width": 1280, "height": 800}},
    "a phone in the dark": {"viewport": {"width": 360, "height": 800}, "color_scheme": "dark"},
    "colours of one's own": {"viewport": {"width": 360, "height": 800}, "forced_colors": "active"},
}


def goes_sideways(page):
    """Parts that reach beyond the screen, or an empty list."""
    return page.evaluate("""() => document.documentElement.scrollWidth <= document.documentElement.clientWidth ? [] :
        [...document.querySelectorAll("body *")].filter((e) => e.getBoundingClientRect().right > innerWidth + 1)
            .map((e) => e.className || e.tagName)""")


@pytest.mark.parametrize("look", LOOKS)
def test_everybody_can_use_every_part(open_context, visit, previews, axe, look):
    context = open_context(**LOOKS[look])
    for path in previews:
        page = visit(context, path)
        axe(page)
        assert goes_sideways(page) == [], path
        page.close()


@pytest.mark.parametrize("width", [320, 768])
def test_text_twice_as_large_still_fits(open_context, visit, previews, width):
    context = open_context(viewport={"width": width, "height": 800})
    for path in previews:
        page = visit(context, path)
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert goes_sideways(page) == [], path
        page.close()


def test_every_tile_of_a_ruler_is_large_enough_for_a_thumb(open_context, visit, previews):
    page = visit(open_context(viewport={"width": 320, "height": 800}), "/preview/diary-carer")
    sizes = page.evaluate("""() => [...document.querySelectorAll(".sc-ruler .nhsuk-radios__item")].map((tile) => {
        const box = tile.getBoundingClientRect();
        return [box.width, box.height];
    })""")
    assert len(sizes) == 24
    # screens.md: 45 by 48 px at 320 px wide.
    assert min(width for width, _height in sizes) >= 45
    assert min(height for _width, height in sizes) >= 48


def test_a_finger_hits_what_it_aims_at(open_context, visit, previews):
    context = open_context(viewport={"width": 360, "height": 800}, has_touch=True)
    for path in previews:
        if path.endswith("staff"):
            continue
        page = visit(context, path)
        small = page.evaluate("""() => [...document.querySelectorAll("a, button, summary, select, input:not([type=hidden])")]
            .filter((e) => e.checkVisibility() && !e.closest("p, .nhsuk-skip-link") && !e.matches(".nhsuk-skip-link"))
            .filter((e) => { const box = e.getBoundingClientRect(); return box.height < 43.5 || box.width < 43.5; })
            .map((e) => `${e.tagName} ${e.className} ${e.textContent.trim().slice(0, 30)}`)""")
        assert small == [], path
        page.close()


def test_the_focus_is_never_under_the_tab_bar(open_context, visit, previews):
    page = visit(open_context(viewport={"width": 360, "height": 640}), "/preview/diary-carer")
    bar = page.locator(".sc-tabs").bounding_box()
    for _ in range(60):
        page.keyboard.press("Tab")
        hidden = page.evaluate(
            """(top) => {
            const now = document.activeElement;
            if (!now || now === document.body || now.closest(".sc-tabs")) return null;
            const box = now.getBoundingClientRect();
            return box.top >= top ? `${now.tagName} ${now.id} ${box.top}` : null;
        }""",
            bar["y"],
        )
        assert hidden is None
