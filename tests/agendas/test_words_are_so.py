"""What the pages say of a list and its visit is so: shared or not, empty or not, cancelled or not, new or not."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from selfcare import clock
from selfcare.agendas.changes import changes
from tests.agendas import scenes

NOTHING_SHARED = "Nothing shared for this visit"


@pytest.fixture
def visit(world: Any, story: Any) -> uuid.UUID:
    with story():
        return scenes.visit(world, days=2)


def write(ayse: Any, text: str, **more: Any) -> str:
    item = f"/api/v1/agenda-items/{uuid.uuid4()}"
    assert ayse.put(item, {"text": text, **more}).status_code == 201
    return item


def share(ayse: Any) -> None:
    assert ayse.post("/api/v1/agenda/share", {"visit": None}).status_code == 200


def page(who: Any, path: str) -> str:
    answer = who.get(path)
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


def first_part(html: str) -> str:
    """What she wants to talk about, on the one page."""
    return html[html.index('id="a2"') : html.index('id="a3"')]


def test_only_questions_is_not_nothing(world: Any, ayse: Any, grace: Any, visit: uuid.UUID) -> None:
    here = f"/patients/{world.ayse}/agenda"
    write(ayse, "Is swimming OK?", kind="question")
    assert NOTHING_SHARED in page(grace, here), "not before she shares it"
    assert "Not shared yet" in first_part(page(grace, here))
    share(ayse)
    assert NOTHING_SHARED not in page(grace, here)
    assert "Is swimming OK?" in first_part(page(grace, here))


def test_a_shared_list_that_was_emptied_says_so(world: Any, ayse: Any, grace: Any, visit: uuid.UUID) -> None:
    here, item = f"/patients/{world.ayse}/agenda", write(ayse, "My knee")
    share(ayse)
    assert "Nothing yet" not in first_part(page(grace, here))
    assert ayse.delete(item).status_code == 204
    html = page(grace, here)
    assert "Nothing yet" in first_part(html)
    assert "unchanged):\nNothing yet" in html, "in the text for the record as well"


def test_what_is_added_to_a_shared_list_is_shared(ayse: Any, visit: uuid.UUID) -> None:
    def added(text: str) -> str:
        path = f"/agenda/items/{uuid.uuid4()}"
        return str(ayse.send(path, kind="topic", text=text).get_data(as_text=True))

    assert "Added. It is saved, not shared" in added("My knee")
    share(ayse)
    html = added("My sleep")
    assert "Added. It is shared with Grace" in html
    assert "not shared" not in html


def test_a_cancelled_visit_says_so_to_both(world: Any, ayse: Any, grace: Any, visit: uuid.UUID) -> None:
    hers, theirs = f"/agenda?visit={visit}", f"/patients/{world.ayse}/agenda?visit={visit}"
    for who, path in ((ayse, hers), (grace, theirs), (ayse, "/visits")):
        assert "ancelled" not in page(who, path), path
    grace.send(f"/patients/{world.ayse}/visits/{visit}/cancel")
    assert "This visit was cancelled" in page(ayse, hers)
    assert page(grace, theirs).count("This visit was cancelled") == 2, (
        "on the page, and in the text for the record"
    )
    html = page(ayse, "/visits")
    assert "Grace Mensah" in html[html.index(">Cancelled<") :]


def test_what_was_agreed_at_the_last_visit_is_not_new_at_the_next() -> None:
    visit = clock.today("Europe/London") - dt.timedelta(days=14)
    parts: dict[str, Any] = {"notes": [], "videos": []}
    for days, told in ((0, []), (1, ["1 goal"])):
        goal = {"agreed_on": visit + dt.timedelta(days=days), "started_on": None}
        assert [each["text"] for each in changes(parts | {"goals": [goal]}, visit)] == told
