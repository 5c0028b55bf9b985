"""Every page, opened by those whom it is for: nothing axe objects to at A and AA, nothing wider than the screen.

And the keyboard alone, from the sign-in to a saved entry.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from selfcare.edge.roles import route_table
from tests import scene
from tests.conftest import Caller
from tests.factories import PASSWORD
from tests.journeys.conftest import Live
from tests.plugins.browser import AXE

# Answers that are no pages: files, other doors, and what only a program asks for.
NO_PAGES = ("/api/", "/healthz", "/readyz", "/sw.js", "/manifest.webmanifest")
# One question to the browser, since each costs as much as the answer.
LOOKS = """() => ({
  wider: document.documentElement.scrollWidth - document.documentElement.clientWidth,
  headings: [...document.querySelectorAll("h1")].filter(
    (each) => each.checkVisibility({visibilityProperty: true}) && each.getClientRects().length).length,
  title: document.title,
})"""
ROLE = {"ayse": "patient", "elif": "carer", "grace": "clinician", "ruth": "administrator"}


def pages(live: Live, name: str, written: scene.Scene) -> list[str]:
    """The paths of all pages for this person, with Ayşe's things in place of the parameters."""
    found = []
    for row in route_table(live.app):
        if "GET" not in row["methods"] or row["rule"].startswith(NO_PAGES) or row["rule"].endswith(".pdf"):
            continue
        if not {ROLE[name], "signed-in", "anyone"} & set(row["roles"]):
            continue
        own, for_her = [*written.paths(row["rule"]), ""][:2]
        found.append(for_her if name == "elif" and for_her else own)
    return found


def write_canaries(live: Live) -> scene.Scene:
    callers = []
    for name in ("ayse", "grace"):
        caller = Caller.__new__(Caller)
        caller.http = live.app.test_client()
        caller.headers = {"Origin": live.address}
        answer = caller.post("/api/v1/session", {"email": f"{name}@test.example", "password": PASSWORD})
        caller.headers["X-CSRF-Token"] = answer.json["csrf_token"]
        callers.append(caller)
    return scene.write_canaries(callers[0], callers[1], live.world)


@pytest.mark.parametrize("name", ["ayse", "elif", "grace", "ruth"])
def test_every_page_is_for_everybody(
    name: str,
    live: Live,
    enter: Callable[[BrowserContext, str], Page],
    phone: BrowserContext,
    desktop: BrowserContext,
    axe: Callable[[Page], None],
    faults: Any,
) -> None:
    faults.allow(
        "404|410|422"
    )  # some of Ayşe's things are not what a page is about; that page is looked at as well
    written = write_canaries(live)
    context = phone if name in ("ayse", "elif") else desktop
    context.add_init_script(path=AXE)  # half a megabyte, sent to the browser once
    page = enter(context, name)
    seen = 0
    for path in pages(live, name, written):
        answer = page.goto(live.address + path)
        assert answer is not None
        assert answer.status < 500, path
        looks = page.evaluate(LOOKS)
        if not looks["headings"]:  # a page that its script fills
            page.locator("h1:visible").first.wait_for()
            looks = page.evaluate(LOOKS)
        assert looks["wider"] <= 0, f"{path} is {looks['wider']} px too wide"
        assert looks["headings"] == 1, f"{path} has not one heading"
        axe(page)
        if (
            name != "ruth"
        ):  # a browser keeps titles in its history, on a phone or a practice's computer that may be shared
            assert not [word for word in (scene.CANARY, "Ayşe", "Kaya") if word in looks["title"]], looks[
                "title"
            ]
        seen += answer.status < 400
    assert seen >= {"ayse": 25, "elif": 20, "grace": 8, "ruth": 6}[name]


def test_keyboard_alone_from_sign_in_to_a_saved_entry(live: Live, desktop: BrowserContext) -> None:
    write_canaries(live)
    page = desktop.new_page()
    page.goto(f"{live.address}/sign-in")

    def tab_to(selector: str, most: int = 60) -> None:
        for _ in range(most):
            page.keyboard.press("Tab")
            focused = page.evaluate(f"document.activeElement.matches({selector!r})")
            if focused:
                # What has the focus is in sight, and not behind the bar at the bottom.
                box = page.evaluate(
                    "(() => { const r = document.activeElement.getBoundingClientRect();"
                    " return [r.top, r.bottom, innerHeight]; })()"
                )
                assert box[0] < box[2]
                assert box[1] > 0
                return
        pytest.fail(f"{selector} cannot be reached by Tab")

    tab_to("[name=email]")
    page.keyboard.type("ayse@test.example")
    tab_to("[name=password]")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live.address}/")
    tab_to("main a[href^='/diary/new']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{live.address}/diary/new")
    tab_to("[name=pain]")
    for _ in range(4):
        page.keyboard.press("ArrowRight")
    chosen = page.input_value("[name=pain]:checked")
    assert int(chosen) in (3, 4, 5)
    tab_to("[name=note]")
    page.keyboard.type("Only keys today")
    tab_to("main form button[type=submit]")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/diary/saved" in url)
    expect(page.locator("main")).to_contain_text("Nobody checks this between visits")
