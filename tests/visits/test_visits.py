"""Ayşe's visits: booked by her team, or noted by herself."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.history import EarlierVersion
from selfcare.people.access import own_record
from selfcare.people.due import Due
from selfcare.people.models import Person
from selfcare.visits import service
from selfcare.visits.models import CANCELLED, Visit
from selfcare.visits.reminding import VisitSource
from tests.agendas import scenes

TODAY = clock.today("Europe/London")


def send(who: Any, path: str, **form: Any) -> Any:
    return who._call("POST", path, data=form)


def form(days: int = 3, **more: Any) -> dict[str, Any]:
    day = (TODAY + dt.timedelta(days=days)).isoformat()
    return {"id": str(uuid.uuid4()), "day": day, "time": "10:20"} | more


def listed(who: Any, path: str = "/api/v1/visits", **query: Any) -> list[Any]:
    answer = who.get(path, query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    items: list[Any] = answer.json["items"]
    return items


def test_grace_books_a_visit_and_ayse_sees_it_at_once(world: Any, grace: Any, ayse: Any) -> None:
    body = form(minutes="20", clinician_id=str(world.grace), place="Room 4")
    answer = send(grace, f"/patients/{world.ayse}/visits/new", **body)
    assert answer.status_code == 303
    (visit,) = listed(ayse)
    assert visit["with"] == {"name": "Grace Mensah", "job_title": "nurse"}
    assert visit["team"] == {"id": str(world.hornsey), "name": "Hornsey Lane Surgery"}
    assert (visit["minutes"], visit["place"], visit["status"]) == (20, "Room 4", "planned")
    starts = dt.datetime.fromisoformat(visit["starts_at"])
    assert clock.local(starts, "Europe/London").strftime("%H:%M") == "10:20"
    page = ayse.get("/visits").get_data(as_text=True)
    assert "Visit with Grace Mensah" in page
    assert "10:20am" in page
    assert "Hornsey Lane Surgery: 020 7946 0123" in page
    # The same form twice books once.
    send(grace, f"/patients/{world.ayse}/visits/new", **body)
    assert len(listed(ayse)) == 1


def test_grace_moves_it_and_calls_it_off(world: Any, grace: Any, ayse: Any, story: Any) -> None:
    with story():
        visit = scenes.visit(world, days=2)
    path = f"/patients/{world.ayse}/visits/{visit}"
    assert 'value="' in grace.get(path).get_data(as_text=True)
    moved = form(5, time="15:00", minutes="30", clinician_id="")
    assert send(grace, path, **moved).status_code == 303
    (found,) = listed(ayse)
    assert (found["id"], found["minutes"]) == (str(visit), 30)
    assert found["with"]["name"] == "Hornsey Lane Surgery"
    assert send(grace, f"{path}/cancel").status_code == 303
    assert listed(ayse)[0]["status"] == "cancelled"
    assert "No visit booked" in ayse.get("/visits").get_data(as_text=True)
    with story():
        versions = db.session.scalars(sa.select(EarlierVersion).where(EarlierVersion.row_id == visit)).all()
        assert len(versions) == 2


def test_ayse_notes_a_visit_changes_it_and_takes_it_out(world: Any, ayse: Any) -> None:
    assert "No visit booked. Add one, or make a list anyway" in ayse.get("/visits").get_data(as_text=True)
    body = form(team="other", with_whom="The foot clinic")
    assert send(ayse, "/visits/new", **body).status_code == 303
    (visit,) = listed(ayse)
    assert (visit["with"]["name"], visit["team"], visit["added_by"]) == ("The foot clinic", None, "patient")
    change = f"/visits/{visit['id']}/change"
    assert "The foot clinic" in ayse.get(change).get_data(as_text=True)
    again = form(4, team=str(world.hornsey))
    assert send(ayse, change, **again).status_code == 303
    (visit,) = listed(ayse)
    assert visit["team"]["name"] == "Hornsey Lane Surgery"
    assert send(ayse, f"/visits/{visit['id']}/cancel").status_code == 303
    assert listed(ayse)[0]["status"] == "cancelled"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"day": ""}, "Enter the date of the visit"),
        ({"day": "2027-02-30"}, "There is no such date"),
        ({"day": "0001-01-01"}, "The year must be between"),
        ({"day": "9999-12-31"}, "The year must be between"),
        ({"day": "2099-01-01"}, "Check the year"),
        ({"day": (TODAY - dt.timedelta(days=1)).isoformat()}, "still to come"),
        ({"time": ""}, "Enter the time of the visit"),
        ({"time": "25:00"}, "Enter a time such as 19:00"),
        ({"team": ""}, "Select who the visit is with"),
        ({"team": str(uuid.uuid4())}, "Select who the visit is with"),
        ({"team": "other"}, "Enter who the visit is with"),
        ({"place": "x" * 121}, "Use 120 characters or fewer"),
        ({"with_whom": "a\x00"}, "Take out the hidden characters"),
    ],
)
def test_a_slip_is_named_and_what_was_typed_stays(
    world: Any, ayse: Any, change: dict[str, str], words: str
) -> None:
    answer = send(ayse, "/visits/new", **(form(team=str(world.hornsey), place="Upstairs") | change))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert words in html
    assert "place" in change or "Upstairs" in html
    assert listed(ayse) == []


def test_a_visit_with_another_practice_cannot_be_made_up(world: Any, ayse: Any, grace: Any) -> None:
    assert send(ayse, "/visits/new", **form(team=str(world.archway))).status_code == 422
    theirs = form(minutes="20", team_id=str(world.archway))
    assert send(grace, f"/patients/{world.ayse}/visits/new", **theirs).status_code == 422
    with_samuel = form(minutes="20", clinician_id=str(world.samuel))
    assert send(grace, f"/patients/{world.ayse}/visits/new", **with_samuel).status_code == 422
    assert listed(ayse) == []


def test_neither_side_changes_the_others_visits(
    world: Any, ayse: Any, grace: Any, carer: Any, story: Any
) -> None:
    with story():
        booked = scenes.visit(world, days=2)
    assert ayse.get(f"/visits/{booked}/change").status_code == 404
    assert send(ayse, f"/visits/{booked}/cancel").status_code == 404
    send(ayse, "/visits/new", **form(team=str(world.hornsey)))
    own = next(visit["id"] for visit in listed(ayse) if visit["added_by"] == "patient")
    assert send(grace, f"/patients/{world.ayse}/visits/{own}/cancel").status_code == 404
    assert grace.get(f"/patients/{world.ayse}/visits/{own}").status_code == 404
    # Elif sees them and books nothing.
    assert len(listed(carer, **{"for": world.ayse})) == 2
    assert carer.get(f"/visits/new?for={world.ayse}").status_code == 404


def test_others_see_and_book_nothing(
    world: Any, ayse: Any, peter: Any, samuel: Any, ruth: Any, grace: Any, nobody: Any, story: Any
) -> None:
    with story():
        visit = scenes.visit(world, days=2)
    assert listed(peter) == []
    for who in (samuel, ruth, peter):
        assert who.get(f"/api/v1/visits?for={world.ayse}").status_code == 404
        assert who.get(f"/patients/{world.ayse}/visits/new").status_code == 404
        assert send(who, f"/patients/{world.ayse}/visits/{visit}/cancel").status_code == 404
    assert grace.get("/api/v1/visits").status_code == 404
    assert nobody.get("/api/v1/visits").status_code == 401
    assert listed(ayse)[0]["status"] == "planned"


def test_the_list_comes_in_pages_and_between_days(world: Any, ayse: Any, story: Any) -> None:
    with story():
        for days in (1, 5, 9):
            scenes.visit(world, days=days)
    first = ayse.get("/api/v1/visits?limit=2").json
    assert len(first["items"]) == 2
    rest = ayse.get(f"/api/v1/visits?limit=2&cursor={first['next_cursor']}").json
    assert len(rest["items"]) == 1
    assert rest["next_cursor"] is None
    starts = [visit["starts_at"] for visit in first["items"] + rest["items"]]
    assert starts == sorted(starts)
    day = (TODAY + dt.timedelta(days=5)).isoformat()
    assert len(listed(ayse, **{"from": day, "to": day})) == 1
    assert len(listed(ayse, **{"from": day})) == 2
    assert ayse.get("/api/v1/visits?from=yesterday").status_code == 422


def test_next_visits_for_many_patients_in_one_statement(world: Any, story: Any, statements: Any) -> None:
    with story():
        soon, peters = scenes.visit(world, days=1), scenes.visit(world, days=4, patient=world.peter)
        scenes.visit(world, days=9)
        scenes.visit(world, days=-9, patient=world.peter)
        cancelled = scenes.visit(world, days=0)
        db.session.get_one(Visit, cancelled).status = CANCELLED
    with story(), statements() as seen:
        found = service.next_visits([world.ayse, world.peter, world.grace])
    assert {patient: visit.id for patient, visit in found.items()} == {world.ayse: soon, world.peter: peters}
    assert len(seen) == 1


def test_between_two_days_as_the_patient_counts_them(world: Any, story: Any) -> None:
    with story():
        ayse = db.session.get_one(Person, world.ayse)
        ayse.time_zone = "Pacific/Auckland"
        late = scenes.visit(world, days=1)
        starts = dt.datetime.combine(TODAY, dt.time(23, 30), dt.UTC)
        scenes.move_visit(late, to=starts)
    with story():
        record = own_record(scenes.load(world.ayse))
        there = clock.local(starts, "Pacific/Auckland").date()
        assert [visit.id for visit in service.visits_between(record, there, there)] == [late]
        assert service.visits_between(record, TODAY, TODAY) == []


def test_a_reminder_about_a_visit_rests_once_it_is_over_or_cancelled(world: Any, story: Any) -> None:
    with story():
        ahead, over, off = (scenes.visit(world, days=days) for days in (2, 3, 4))
        scenes.move_visit(over, hours=-2)
        db.session.get_one(Visit, off).status = CANCELLED
    source = VisitSource()
    now = clock.now()

    def due(key: str, patient: uuid.UUID) -> Due:
        return Due(id=uuid.uuid4(), patient_id=patient, key=key, day=TODAY, starts=now, ends=now)

    dues = [due(str(each), world.ayse) for each in (ahead, over, off)]
    strange = [due("nonsense", world.ayse), due(str(ahead), world.peter)]
    with story():
        assert source.done([*dues, *strange]) == {each.id for each in [*dues[1:], *strange]}
        record = own_record(scenes.load(world.ayse))
        assert source.exists(record, str(ahead))
        assert not source.exists(record, "nonsense")
        assert not source.exists(own_record(scenes.load(world.peter)), str(ahead))
        assert source.path(str(ahead)) == f"/agenda?visit={ahead}"
        assert source.label(record, str(ahead)).startswith("Visit on ")


def test_a_tap_on_the_reminder_opens_that_visits_list(world: Any, ayse: Any, story: Any) -> None:
    with story():
        visit = scenes.visit(world, days=2)
    assert ayse.get(VisitSource().path(str(visit))).status_code == 200
