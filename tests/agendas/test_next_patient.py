"""Grace goes from one patient's page to the next of the same day, and back, without the panel between."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.models import Person, Team
from selfcare.visits.models import Visit
from tests.agendas import scenes
from tests.factories import make_patient


@pytest.fixture
def day(world: Any, story: Any) -> list[tuple[uuid.UUID, uuid.UUID]]:
    """Four visits tomorrow, by the clock: Ayşe and Bo with Grace, Cem with a colleague, Dot with Grace. (patient, visit)"""
    found = []
    with story():
        team = db.session.get_one(Team, world.hornsey)
        grace = db.session.get_one(Person, world.grace)
        noon, _end = clock.day_bounds(clock.today("Europe/London") + dt.timedelta(days=1), "Europe/London")
        for hour, name in enumerate(("Ayşe", "Bo", "Cem", "Dot"), 9):
            if name == "Ayşe":
                patient = world.ayse
            else:
                person = Person(name=f"{name} Example", known_as=name, email=f"{name.lower()}@test.example")
                db.session.add(person)
                db.session.flush()
                make_patient(person, "asthma", team=team, clinician=grace)
                patient = person.id
            visit = scenes.visit(
                world, days=1, patient=patient, clinician=None if name == "Cem" else world.grace
            )
            scenes.move_visit(visit, to=noon + dt.timedelta(hours=hour))
            found.append((patient, visit))
    return found


def turn(caller: Any, visit: uuid.UUID, where: str) -> str:
    answer = caller.get(f"/panel/visits/{visit}/{where}")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    return str(answer.headers["Location"])


def test_the_page_leads_on_and_back_by_link_and_by_key(world: Any, grace: Any, day: Any) -> None:
    html = grace.get(f"/patients/{world.ayse}/agenda").get_data(as_text=True)
    links = dict(re.findall(r'href="(/panel/visits/[^"]+)" accesskey="(\w)"', html))
    assert set(links.values()) == {"b", "n"}
    [onward] = [address for address, key in links.items() if key == "n"]
    (bo, with_bo) = day[1]
    assert grace.get(onward).headers["Location"] == f"/patients/{bo}/agenda?visit={with_bo}"
    assert turn(grace, with_bo, "previous") == f"/patients/{world.ayse}/agenda?visit={day[0][1]}"
    assert "Bo Example" in grace.get(f"/patients/{bo}/agenda?visit={with_bo}").get_data(as_text=True)


def test_from_her_own_visits_to_her_own_and_from_a_colleagues_to_all(grace: Any, day: Any) -> None:
    assert str(day[3][1]) in turn(grace, day[1][1], "next")  # over Cem, who sees a colleague
    assert str(day[3][1]) in turn(grace, day[2][1], "next")
    assert str(day[1][1]) in turn(grace, day[2][1], "previous")


def test_at_the_end_of_the_list_it_says_so(grace: Any, day: Any) -> None:
    assert turn(grace, day[3][1], "next") == "/panel"
    assert "That was the last visit of the day" in grace.get("/panel").get_data(as_text=True)
    assert turn(grace, day[0][1], "previous") == "/panel"


def test_neither_cancelled_visits_nor_patients_who_left_are_in_between(
    grace: Any, day: Any, story: Any
) -> None:
    with story():
        scenes.leave(day[1][0])
    assert str(day[3][1]) in turn(grace, day[0][1], "next")
    with story():
        db.session.get_one(Visit, day[3][1]).status = "cancelled"
    assert turn(grace, day[0][1], "next") == "/panel"


def test_a_visit_of_another_team_is_not_there(
    samuel: Any, ayse: Any, carer: Any, ruth: Any, nobody: Any, day: Any
) -> None:
    address = f"/panel/visits/{day[0][1]}/next"
    for who in (samuel, ayse, carer, ruth):
        assert who.get(address).status_code == 404
    assert nobody.get(address).status_code == 302
    assert samuel.get(f"/panel/visits/{uuid.uuid4()}/next").status_code == 404
    assert samuel.get(f"/panel/visits/{day[0][1]}/sideways").status_code == 404


def test_two_statements_however_many_visits(world: Any, grace: Any, day: Any, statements: Any) -> None:
    def count() -> int:
        with statements() as seen:
            turn(grace, day[0][1], "next")
        return sum("FROM visits" in statement for statement in seen)

    assert count() == 2
