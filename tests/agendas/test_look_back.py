"""An unreviewed goal is the first item of the next agenda (method.md): in words the team may read, marked, and hers to take out."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from selfcare.goals.looking_back import waits_since
from tests.agendas import scenes

DAY = dt.date


@pytest.mark.parametrize(
    ("agreed", "looked", "due", "since"),
    [
        (DAY(2026, 10, 6), None, None, DAY(2026, 10, 6)),
        (DAY(2026, 10, 20), None, None, None),  # agreed at this very visit
        (DAY(2026, 10, 6), DAY(2026, 10, 20), None, None),
        (DAY(2026, 10, 6), DAY(2026, 10, 6), None, DAY(2026, 10, 6)),  # looked back on what came before
        (DAY(2026, 10, 6), None, DAY(2026, 11, 3), DAY(2026, 10, 6)),
        (DAY(2026, 10, 6), DAY(2026, 10, 13), DAY(2026, 11, 3), None),
        (DAY(2026, 10, 6), DAY(2026, 10, 13), DAY(2026, 10, 20), DAY(2026, 10, 20)),
        (None, None, DAY(2026, 10, 20), DAY(2026, 10, 20)),
        (None, None, DAY(2026, 10, 21), None),
        (None, None, None, None),
    ],
)
def test_what_waits_on_20_october(
    agreed: dt.date | None, looked: dt.date | None, due: dt.date | None, since: dt.date | None
) -> None:
    assert waits_since(agreed, looked, due, DAY(2026, 10, 20)) == since


@pytest.fixture
def goal(world: Any, grace: Any, story: Any) -> str:
    """Agreed 14 days ago; a visit is in 2 days."""
    with story():
        scenes.visit(world, days=2)
    agreed_id = str(uuid.uuid4())
    body = {"patient_id": str(world.ayse), "statement": "Swim <b>on</b> Fridays", "confidence": 5}
    body["agreed_on"] = (dt.datetime.now(dt.UTC).date() - dt.timedelta(days=14)).isoformat()
    assert grace.put(f"/api/v1/agreed-goals/{agreed_id}", body).status_code == 201
    return agreed_id


def write(ayse: Any, text: str = "My knee wakes me") -> None:
    body = {"text": text, "kind": "topic"}
    assert ayse.put(f"/api/v1/agenda-items/{uuid.uuid4()}", body).status_code == 201


def sheet(grace: Any, world: Any) -> str:
    return str(grace.get(f"/patients/{world.ayse}/agenda").get_data(as_text=True))


def texts(caller: Any) -> list[str]:
    return [each["text"] for each in caller.get("/api/v1/agenda").json["look_back"]]


def test_it_is_item_1_on_her_page_her_preview_and_the_teams_page_and_text(
    ayse: Any, grace: Any, world: Any, goal: str
) -> None:
    write(ayse)
    ayse.post("/api/v1/agenda/share")
    for html in (
        ayse.get("/agenda").get_data(as_text=True),
        ayse.get("/agenda/preview").get_data(as_text=True),
        sheet(grace, world),
    ):
        words, hers = html.index("Swim &lt;b&gt;on&lt;/b&gt; Fridays"), html.index("My knee wakes me")
        assert html.index("From last time") < words < hers
    text = sheet(grace, world).partition('id="record-text"')[2]
    assert "1. Swim &lt;b&gt;on&lt;/b&gt; Fridays [from last time]\n2. My knee wakes me" in text
    body = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json["agenda"]
    assert [each["text"] for each in body["look_back"]] == ["Swim <b>on</b> Fridays"]
    assert [each["text"] for each in body["items"]] == ["My knee wakes me"], "her own items stay her own"


def test_before_she_shares_the_team_sees_what_it_knows_itself(
    ayse: Any, grace: Any, world: Any, goal: str
) -> None:
    write(ayse, "A secret worry")
    html = sheet(grace, world)
    assert "From last time: look back" in html
    assert "Not shared yet" in html
    assert "A secret worry" not in html


def test_she_takes_it_out_and_puts_it_back(ayse: Any, grace: Any, world: Any, goal: str) -> None:
    write(ayse)
    ayse.post("/api/v1/agenda/share")
    html = ayse.send(f"/agenda/look-back/{goal}", how="out").get_data(as_text=True)
    assert "Taken out. Your goal itself stays" in html
    assert "Put it back" in html
    assert texts(ayse) == []
    assert "From last time" not in sheet(grace, world)
    assert "[from last time]" not in sheet(grace, world)
    ayse.send(f"/agenda/look-back/{goal}", how="out")  # twice is once
    ayse.send(f"/agenda/look-back/{goal}", how="back")
    assert texts(ayse) == ["Swim <b>on</b> Fridays"]
    assert "From last time" in sheet(grace, world)


def test_it_takes_no_place_of_her_three_topics(ayse: Any, goal: str) -> None:
    for number in range(3):
        write(ayse, f"Topic {number}")
    body = ayse.get("/api/v1/agenda").json
    assert (len(body["items"]), len(body["look_back"])) == (3, 1)


def test_once_somebody_looked_back_it_is_gone(ayse: Any, grace: Any, world: Any, goal: str) -> None:
    path = f"/api/v1/follow-ups/{uuid.uuid4()}"
    body = {"patient_id": str(world.ayse), "goal_id": goal}
    grace.put(path, body | {"outcome": "could_not_reach"})
    assert texts(ayse) == ["Swim <b>on</b> Fridays"], "who could not be reached has not been asked"
    grace.put(path, body | {"outcome": "Going well"})
    assert texts(ayse) == []
    assert "From last time" not in sheet(grace, world)


def test_words_she_made_her_own_stay_hers_where_goals_are_not_shared(
    ayse: Any, grace: Any, world: Any, goal: str
) -> None:
    ayse.put(f"/api/v1/goals/{goal}", {"statement": "Swim as I did in Izmir"})
    assert texts(ayse) == ["Swim as I did in Izmir"]
    assert "Izmir" in sheet(grace, world)
    ayse.put("/api/v1/sharing", {"goals": False})
    assert texts(ayse) == ["Swim <b>on</b> Fridays"]
    assert "Izmir" not in sheet(grace, world)
    assert "Swim &lt;b&gt;on&lt;/b&gt; Fridays" in sheet(grace, world)


def test_nobody_else_takes_it_out(peter: Any, carer: Any, ayse: Any, world: Any, goal: str) -> None:
    for path in (f"/agenda/look-back/{goal}", f"/agenda/look-back/{goal}?for={world.ayse}"):
        assert peter.send(path, how="out").status_code == 404
    assert ayse.send(f"/agenda/look-back/{uuid.uuid4()}", how="out").status_code == 404
    assert texts(ayse) == ["Swim <b>on</b> Fridays"]
    assert carer.send(f"/agenda/look-back/{goal}?for={world.ayse}", how="out").status_code == 200
    assert texts(ayse) == []


def test_an_agreed_goal_names_the_topic_it_came_from(
    ayse: Any, grace: Any, samuel: Any, world: Any, goal: str
) -> None:
    item = str(uuid.uuid4())
    ayse.put(f"/api/v1/agenda-items/{item}", {"text": "My knee 🦵 wakes me", "kind": "topic"})
    body = {"patient_id": str(world.ayse), "statement": "Stretch", "agenda_item_id": item}
    path = f"/api/v1/agreed-goals/{uuid.uuid4()}"
    assert grace.put(path, body).status_code == 422, "not shared: the team does not know it"
    assert item not in grace.get(f"/patients/{world.ayse}/agree").get_data(as_text=True)
    ayse.post("/api/v1/agenda/share")
    assert item in grace.get(f"/patients/{world.ayse}/agree").get_data(as_text=True)
    answer = grace.put(path, body)
    assert answer.status_code == 201
    goal_id = answer.json["goal_id"]
    for html in (
        ayse.get(f"/goals/{goal_id}").get_data(as_text=True),
        grace.get(f"/patients/{world.ayse}/goals/{goal_id}/thread").get_data(as_text=True),
    ):
        assert "My knee 🦵 wakes me" in html
