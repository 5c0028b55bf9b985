"""Grace opens her panel: next visits first, facts only, and only facts that are shared."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.agendas import panel as agenda_panel
from selfcare.agendas import staff
from selfcare.extensions import db
from selfcare.goals.models import FollowUp
from selfcare.people.models import CareRelationship, Person, SharingChoice, Team, TeamMembership
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


@pytest.mark.parametrize("sort", ["visit", "name"])
def test_it_begins_again_where_the_last_of_the_page_before_has_left(
    grace: Any, ward: Any, story: Any, sort: str
) -> None:
    cursor = grace.get("/api/v1/panel", query_string={"sort": sort, "limit": 3}).json["next_cursor"]
    with story():
        scenes.leave(uuid.UUID(cursor))
    rest = panel(grace, sort=sort, limit=3, cursor=cursor)
    assert rest == panel(grace, sort=sort, limit=3), "nobody is passed over"
    assert len(rest) == 3


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


def page(answer: Any) -> str:
    return " ".join(str(answer.get_data(as_text=True)).split())


def test_a_follow_up_that_is_over_is_said_as_a_fact(world: Any, grace: Any, ward: Any, story: Any) -> None:
    today = clock.today("Europe/London")
    with story():
        for who, days, outcome in (
            ("joan", 3, None),
            ("joan", 1, None),
            ("luis", 0, None),
            ("ayse", 9, "partly"),
        ):
            due = today - dt.timedelta(days=days)
            db.session.add(
                FollowUp(
                    id=uuid.uuid4(), patient_id=ward[who], written_by=world.grace, due_on=due, outcome=outcome
                )
            )
    since = {row["name"].split()[0]: row["follow_up_overdue_since"] for row in panel(grace)}
    assert since == {
        "Joan": (today - dt.timedelta(days=3)).isoformat(),
        "Luis": None,
        "Ayşe": None,
        "Fadumo": None,
    }
    assert page(grace.get("/panel")).count("Follow-up 3 days over") == 1


def test_days_are_groups_and_the_rest_of_the_week_is_one(world: Any, ward: Any, story: Any) -> None:
    """On a Wednesday: tomorrow is Thursday, this week goes on to Sunday, and Monday is later."""
    day = clock.monday_of(clock.today("Europe/London")) + dt.timedelta(days=9)
    wednesday = dt.datetime.combine(day, dt.time(8), dt.UTC)
    with story():
        db.session.execute(sa.delete(scenes.Visit))
        for who, days in (("ayse", 0), ("luis", 1), ("joan", 4), ("fadumo", 5)):
            visit = scenes.visit(world, days=0, patient=ward[who])
            scenes.move_visit(visit, to=wednesday + dt.timedelta(days=days, hours=3))
    with story():
        rows = agenda_panel.read(db.session.get_one(Person, world.grace), show="team").rows
        days = staff._days(rows, wednesday.date(), "Europe/London", by_day=True)
        groups = [(day.title.split(",")[0], names_of(day.rows)) for day in days]
    assert groups == [
        ("Today", ["Ayşe"]),
        ("Tomorrow", ["Luis"]),
        ("This week", ["Joan"]),
        ("Later", ["Fadumo"]),
    ]


def names_of(rows: Any) -> list[str]:
    return [row.name.split()[0] for row in rows]


def test_filters_stay_until_they_are_changed_or_cleared(
    world: Any, grace: Any, ward: Any, story: Any, sign_in: Any
) -> None:
    with story():
        scenes.shared_list(ward["fadumo"], None, world.hornsey, topics=1)
    assert "Joan Petersen" in page(grace.get("/panel"))
    grace.get("/panel?show=team&only=agenda&sort=name")
    for _each in range(2):
        kept = page(grace.get("/panel"))
        assert "Fadumo Warsame" in kept
        assert "Joan Petersen" not in kept
    assert "Joan Petersen" in page(sign_in("grace").get("/panel")), (
        "another browser, and the next who signs in"
    )
    assert "Joan Petersen" in page(grace.get("/panel?show=mine")), "changed"
    assert "Luis Ortega" not in page(grace.get("/panel"))
    cleared = grace.get("/panel?clear=1")
    assert cleared.status_code == 303
    assert cleared.headers["Location"] == "/panel"
    grace.get("/panel?only=nonsense&show=team")
    assert "Luis Ortega" in page(grace.get("/panel"))


def test_the_next_who_signs_in_here_does_not_find_her_filters(world: Any, grace: Any, ward: Any) -> None:
    grace.get("/panel?show=team&only=results")
    answer = grace.post("/api/v1/session", {"email": "samuel@test.example", "password": factories.PASSWORD})
    assert answer.status_code == 200
    assert "Peter Whitlock" in page(grace.get("/panel"))


def test_by_team_where_somebody_works_in_several(
    world: Any, grace: Any, samuel: Any, ward: Any, story: Any
) -> None:
    assert "All my teams" not in page(samuel.get("/panel"))
    with story():
        db.session.add(TeamMembership(team_id=world.hornsey, person_id=world.samuel))
    everybody = page(samuel.get("/panel?show=team"))
    assert "All my teams" in everybody
    assert "Archway Practice" in everybody
    assert names(panel(samuel, sort="name", team=str(world.archway))) == ["Peter"]
    assert names(panel(samuel, sort="name", team=str(world.hornsey))) == ["Ayşe", "Fadumo", "Joan", "Luis"]
    assert "Team, 1" in page(samuel.get(f"/panel?show=team&team={world.archway}")), "counted as well"
    assert names(panel(grace, team=str(world.archway))) == [], "a team of others shows nobody"
    assert samuel.get("/api/v1/panel?team=x").status_code == 422


def test_whom_a_colleague_handed_over(world: Any, grace: Any, samuel: Any, ward: Any, story: Any) -> None:
    with story():
        db.session.add(TeamMembership(team_id=world.hornsey, person_id=world.samuel))
    assert "Handed to me" not in page(samuel.get("/panel"))
    given = {"which": "ticked", "patients": [str(ward["joan"])], "to": str(world.samuel), "step": "do"}
    assert grace._call("POST", "/panel/hand-over", data=given).status_code == 303
    shown = page(samuel.get("/panel"))
    assert "Handed to me, 1" in shown
    assert "From Grace Mensah" in shown
    assert names(panel(samuel, only="handed")) == ["Joan"]
    assert panel(samuel, only="handed")[0]["handed_over_by"] == "Grace Mensah"
    assert panel(grace, only="handed") == []
    with story():
        db.session.execute(sa.update(CareRelationship).values(started_at=clock.now() - dt.timedelta(days=15)))
    assert panel(samuel, only="handed") == [], "for 14 days"
