"""Grace opens her panel: next visits first, facts only, and only facts that are shared."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.goals.models import FollowUp
from selfcare.people.models import Person, SharingChoice, Team
from tests import factories
from tests.agendas import scenes


def panel(who: Any, **query: Any) -> list[Any]:
    answer = who.get("/api/v1/panel", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    items: list[Any] = answer.json["items"]
    return items


def test_a_row_says_who_when_and_what_is_shared(world: Any, grace: Any, story: Any) -> None:
    with story():
        visit = scenes.visit(world, days=2)
        scenes.shared_list(world.ayse, visit, world.hornsey, topics=2, questions=1)
        scenes.score(world.ayse, 8, days_ago=9)
        scenes.score(world.ayse, 6, days_ago=2)
        scenes.entry(world.ayse, days_ago=16)
    (row,) = panel(grace, sort="visit")
    assert row["patient_id"] == row["id"] == str(world.ayse)
    assert row["name"] == "Ayşe Kaya"
    assert row["conditions"] == ["type_2_diabetes", "msk_pain"]
    assert row["age"] in (57, 58, 59)
    assert row["next_visit"]["id"] == str(visit)
    assert row["agenda"]["shared"] is True
    assert row["agenda"]["topics"] == 2
    assert row["confidence"] == {"latest": 6, "change": -2}
    assert row["last_entry"] == (clock.today("Europe/London") - dt.timedelta(days=16)).isoformat()


def test_what_is_not_shared_is_not_there(world: Any, grace: Any, story: Any) -> None:
    with story():
        visit = scenes.visit(world, days=2)
        scenes.shared_list(world.ayse, visit, world.hornsey, topics=2, shared=False)
        scenes.score(world.ayse, 6, days_ago=2)
        scenes.entry(world.ayse, days_ago=1)
        db.session.execute(sa.update(SharingChoice).values(current=False))
    (row,) = panel(grace)
    assert row["agenda"] == {"shared": False, "shared_at": None, "topics": None}
    assert row["confidence"] is None
    assert row["last_entry"] is None


@pytest.fixture
def ward(world: Any, story: Any) -> dict[str, uuid.UUID]:
    """Five more patients at Hornsey Lane; Fadumo and Joan are named to Grace, as Ayşe is."""
    with story():
        hornsey = db.session.get_one(Team, world.hornsey)
        grace = db.session.get_one(Person, world.grace)
        found = {"ayse": world.ayse}
        for name, own in [("Fadumo Warsame", True), ("Joan Petersen", True), ("Luis Ortega", False)]:
            person = factories.make_person(name, "patient")
            factories.make_patient(person, "asthma", team=hornsey, clinician=grace if own else None)
            found[person.known_as.lower()] = person.id
        scenes.visit(world, days=3)
        scenes.visit(world, days=1, patient=found["luis"])
        scenes.visit(world, days=2, patient=found["joan"])
        scenes.visit(world, days=9, patient=found["joan"])
    return found


def names(rows: list[Any]) -> list[str]:
    return [row["name"].split()[0] for row in rows]


def test_next_visits_come_first_and_no_visit_last(grace: Any, ward: Any) -> None:
    assert names(panel(grace, sort="visit")) == ["Luis", "Joan", "Ayşe", "Fadumo"]
    assert names(panel(grace, sort="name")) == ["Ayşe", "Fadumo", "Joan", "Luis"]
    assert names(panel(grace, show="mine")) == ["Joan", "Ayşe", "Fadumo"]


@pytest.mark.parametrize("sort", ["visit", "name"])
def test_it_comes_in_pages_that_miss_and_repeat_nobody(grace: Any, ward: Any, sort: str) -> None:
    whole = names(panel(grace, sort=sort))
    seen, cursor = [], None
    for _ in range(10):
        answer = grace.get("/api/v1/panel", query_string={"sort": sort, "limit": 1, "cursor": cursor}).json
        seen += names(answer["items"])
        cursor = answer["next_cursor"]
        if cursor is None:
            break
        assert "a" not in cursor or "Ay" not in cursor  # an id, never a name
        uuid.UUID(cursor)
    assert seen == whole


def test_filters_keep_those_who_shared_and_those_to_follow_up(
    world: Any, grace: Any, ward: Any, story: Any
) -> None:
    with story():
        visit = scenes.visit(world, days=4, patient=ward["fadumo"])
        scenes.shared_list(ward["fadumo"], visit, world.hornsey, topics=1)
        today = clock.today("Europe/London")
        for who, due in (("joan", today), ("luis", today + dt.timedelta(days=1))):
            db.session.add(
                FollowUp(id=uuid.uuid4(), patient_id=ward[who], written_by=world.grace, due_on=due)
            )
    assert names(panel(grace, only="agenda")) == ["Fadumo"]
    assert names(panel(grace, only="follow_up")) == ["Joan"]


@pytest.mark.parametrize(
    "query",
    [
        {"sort": "confidence"},
        {"show": "all"},
        {"limit": 0},
        {"limit": 201},
        {"cursor": "x"},
    ],
)
def test_a_wrong_question_is_refused(grace: Any, query: Any) -> None:
    assert grace.get("/api/v1/panel", query_string=query).status_code == 422


def test_samuel_sees_his_own_patients_and_others_none(
    world: Any, samuel: Any, ayse: Any, carer: Any, ruth: Any, nobody: Any, ward: Any
) -> None:
    assert names(panel(samuel)) == ["Peter"]
    for who in (ayse, carer, ruth):
        assert who.get("/api/v1/panel").status_code == 404
    assert nobody.get("/api/v1/panel").status_code == 401


def test_a_patient_who_left_and_a_disabled_account_are_gone_at_once(
    world: Any, grace: Any, ward: Any, story: Any
) -> None:
    with story():
        db.session.get_one(Person, ward["luis"]).disabled_at = clock.now()
        scenes.leave(ward["joan"])
    assert names(panel(grace)) == ["Ayşe", "Fadumo"]


def test_three_statements_however_many_patients(world: Any, grace: Any, story: Any, statements: Any) -> None:
    counts = []
    for number in (4, 95):
        with story():
            scenes.crowd(world, number)
        with statements() as seen:
            rows = panel(grace, limit=200)
        counts.append(len([one for one in seen if "audit_events" not in one]))
    assert len(rows) == 100
    assert counts[0] == counts[1] <= 3 + 1, "3, and 1 for the session"
    assert all(row["confidence"] and row["last_entry"] for row in rows if row["id"] != str(world.ayse))


def test_the_page_of_the_panel_asks_as_little(world: Any, grace: Any, story: Any, statements: Any) -> None:
    counts = []
    for number in (4, 95):
        with story():
            scenes.crowd(world, number)
        with statements() as seen:
            assert grace.get("/panel").status_code == 200
        counts.append(len([one for one in seen if "audit_events" not in one]))
    assert counts[0] == counts[1] <= 3 + 1
