"""Which list goes with which visit, when visits are booked late, moved, cancelled, or two on one day."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import time_machine

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.models import TeamMembership
from tests.agendas import scenes


def day(days: int) -> str:
    return (clock.today("Europe/London") + dt.timedelta(days=days)).isoformat()


def write(ayse: Any, text: str, **more: Any) -> None:
    assert ayse.put(f"/api/v1/agenda-items/{uuid.uuid4()}", {"text": text, **more}).status_code == 201


def share(ayse: Any, visit: uuid.UUID | None = None) -> None:
    body = {"visit": str(visit) if visit else None}
    assert ayse.post("/api/v1/agenda/share", body).status_code == 200


def read(team: Any, patient: uuid.UUID, visit: uuid.UUID | None = None) -> list[str]:
    named = f"?visit={visit}" if visit else ""
    page = team.get(f"/api/v1/patients/{patient}/agenda-summary{named}").json
    return [item["text"] for item in page["agenda"]["items"]]


def test_a_list_that_waited_is_over_with_its_visit(
    world: Any, story: Any, ayse: Any, grace: Any, sign_in: Any
) -> None:
    write(ayse, "Old knee topic")
    share(ayse)
    with story():
        first = scenes.visit(world, days=2)
    with time_machine.travel(clock.now() + dt.timedelta(days=30)):
        ayse, grace = sign_in("ayse"), sign_in("grace")
        with story():
            scenes.visit(world, days=5)
        assert read(grace, world.ayse) == []
        write(ayse, "Private, I have not shared this")
        assert read(grace, world.ayse) == []
        assert read(grace, world.ayse, first) == ["Old knee topic"]


def test_a_visit_of_last_season_has_no_list_of_today(world: Any, story: Any, ayse: Any, grace: Any) -> None:
    with story():
        old = scenes.visit(world, days=-90)
    write(ayse, "Written today")
    share(ayse)
    assert read(grace, world.ayse, old) == []


def test_today_says_that_the_list_that_waited_is_shared(
    world: Any, story: Any, ayse: Any, grace: Any
) -> None:
    write(ayse, "Knee")
    share(ayse)
    assert ayse.get("/api/v1/today").json["agenda_shared"] is False, "no visit yet"
    with story():
        scenes.visit(world, days=2)
    assert read(grace, world.ayse) == ["Knee"]
    assert ayse.get("/api/v1/today").json["agenda_shared"]


def test_with_somebody_else_at_first_then_with_the_team(world: Any, ayse: Any, grace: Any) -> None:
    visit = str(uuid.uuid4())
    ayse.send("/visits/new", id=visit, day=day(5), time="10:00", team="other", with_whom="Nurse")
    write(ayse, "Knee")
    ayse.send(f"/visits/{visit}/change", id=visit, day=day(5), time="10:00", team=str(world.hornsey))
    share(ayse)
    assert read(grace, world.ayse) == ["Knee"]
    ayse.send(f"/visits/{visit}/change", id=visit, day=day(5), time="10:00", team="other", with_whom="Nurse")
    assert "They see the change at once" not in ayse.get("/agenda").text


def test_a_visit_that_is_moved_to_another_team_shares_nothing_with_them(
    world: Any, story: Any, ayse: Any, grace: Any, samuel: Any
) -> None:
    """What she shared with Hornsey Lane she shared with them. Archway reads it when she says so."""
    with story():
        scenes.care_for(world.ayse, world.archway)
        db.session.add(TeamMembership(team_id=world.archway, person_id=world.grace))
        visit = scenes.visit(world, days=2)
    write(ayse, "Knee")
    share(ayse)
    form = {"id": str(visit), "day": day(3), "time": "10:00", "minutes": "20"}
    form |= {"team_id": str(world.archway), "clinician_id": str(world.samuel)}
    grace.send(f"/patients/{world.ayse}/visits/{visit}", **form)
    told = ayse.get("/api/v1/agenda").json
    assert (told["team"]["name"], told["shared_at"]) == ("Archway Practice", None)
    assert ayse.get("/api/v1/today").json["agenda_shared"] is False
    assert read(samuel, world.ayse) == []
    [item] = told["items"]
    assert ayse.put(f"/api/v1/agenda-items/{item['id']}", {"text": "Hip"}).status_code == 200
    assert ayse.get("/api/v1/agenda").json["shared_at"] is None, (
        "new words of it are shared with nobody either"
    )
    assert read(samuel, world.ayse) == []
    share(ayse)
    assert read(samuel, world.ayse) == ["Hip"]


def test_a_dentist_hides_no_list(world: Any, ayse: Any, grace: Any) -> None:
    write(ayse, "Knee")
    share(ayse)
    ayse.send(
        "/visits/new", id=str(uuid.uuid4()), day=day(5), time="10:00", team="other", with_whom="Dentist"
    )
    assert read(grace, world.ayse) == ["Knee"], "the team reads it all the time"
    page = ayse.get("/agenda").text
    assert "For your next visit at Hornsey Lane Surgery" in page
    assert "Shared. The team at Hornsey Lane Surgery can read it." in page
    assert "Knee" in page


def test_what_was_for_a_cancelled_visit_is_not_lost(world: Any, story: Any, ayse: Any, grace: Any) -> None:
    with story():
        first, second = scenes.visit(world, days=2), scenes.visit(world, days=9)
    write(ayse, "A lump", visit=str(first))
    write(ayse, "Later thing", visit=str(second))
    share(ayse, first)
    share(ayse, second)
    grace.send(f"/patients/{world.ayse}/visits/{first}/cancel")
    page = ayse.get("/agenda").text
    assert "A lump" in page
    assert "that was cancelled" in page
    with story():
        scenes.visit(world, days=12)
    assert "A lump" not in ayse.get(f"/agenda?visit={second}").text, "it goes with the new visit"


def test_the_visit_in_hand_is_not_the_one_that_is_over(
    world: Any, story: Any, ayse: Any, sign_in: Any
) -> None:
    """Nine and three on one day; and when both are over, the day's list is still the one in hand."""
    nine = clock.now().replace(hour=9, minute=0) + dt.timedelta(days=3)
    with story():
        first, second, later = (scenes.visit(world, days=days) for days in (1, 1, 20))
        scenes.move_visit(first, to=nine)
        scenes.move_visit(second, to=nine + dt.timedelta(hours=6))
    for visit, text in ((first, "Morning"), (second, "Afternoon"), (later, "In three weeks")):
        write(ayse, text, visit=str(visit))
        share(ayse, visit)
    for hours, text in ((-24, "Morning"), (0.2, "Morning"), (5.8, "Afternoon"), (8, "Afternoon")):
        with time_machine.travel(nine + dt.timedelta(hours=hours)):
            assert read(sign_in("grace"), world.ayse) == [text], hours
