"""A link of 300 letters, pasted where words belong, makes no page wider than a small phone: hers or the team's."""

from __future__ import annotations

import uuid
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page

from tests.agendas import scenes
from tests.journeys.conftest import Live
from tests.journeys.test_three_people import WIDTH, caller

LINK = "https://example.org/" + "abcdefghij" * 28
WIDER = "document.documentElement.scrollWidth - innerWidth"


@pytest.mark.slow
def test_a_pasted_link_widens_no_page(
    live: Live, enter: Callable[[BrowserContext, str], Page], phone: BrowserContext, desktop: BrowserContext
) -> None:
    ayse, grace, patient = caller(live, "ayse"), caller(live, "grace"), live.world.ayse
    with live.scene():
        visit = scenes.visit(live.world, days=2)
    goal, row, done = (str(uuid.uuid4()) for _each in range(3))
    assert ayse.put(f"/api/v1/goals/{goal}", {"statement": LINK}).status_code == 201
    topic = {"text": LINK, "visit": str(visit)}
    assert ayse.put(f"/api/v1/agenda-items/{uuid.uuid4()}", topic).status_code == 201
    ayse.post("/api/v1/agenda/share", {"visit": str(visit)})
    body = {"patient_id": str(patient), "goal_id": goal}
    agreed = body | {"statement": LINK, "who_does_what": LINK}
    assert grace.put(f"/api/v1/agreed-goals/{goal}", agreed).status_code in (200, 201)
    for each in (row, done):
        assert grace.put(f"/api/v1/follow-ups/{each}", body).status_code == 201
    said = {"result": "not_done", "went": LINK, "in_the_way": LINK, "team_note": LINK, "next": "none"}
    grace.send(f"/patients/{patient}/follow-ups/{done}", answer_id=str(uuid.uuid4()), **said)

    here = f"/patients/{patient}"
    places = {
        "ayse": ("/", "/goals", f"/goals/{goal}", "/agenda", "/agenda/preview", "/visits"),
        "grace": (
            *("/panel", "/follow-ups", here, f"{here}/agenda", f"{here}/agree", f"{here}/follow-up"),
            *(f"{here}/follow-ups/{row}", f"{here}/follow-ups/{row}/help", f"{here}/goals/{goal}/thread"),
        ),
    }
    wide = []
    for name, device in (("ayse", phone), ("grace", desktop)):
        page = enter(device, name)
        page.set_viewport_size({"width": WIDTH, "height": 740})
        for path in places[name]:
            answer = page.goto(live.address + path)
            assert answer is not None
            assert answer.status == 200, path
            if more := page.evaluate(WIDER):
                wide.append((path.replace(str(patient), "…"), more))
    assert wide == []
