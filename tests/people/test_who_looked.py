"""Ayşe sees who looked at what she wrote."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people import looked
from selfcare.people.access import own_record, team_record
from selfcare.people.looked import RecordView
from selfcare.people.models import Person
from tests.factories import World


def shown(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def test_she_sees_her_nurse_and_her_daughter_and_not_herself(
    ayse: Any, grace: Any, carer: Any, world: World
) -> None:
    grace.get(f"/api/v1/patients/{world.ayse}/diary-entries")
    carer.get(f"/api/v1/goals?for={world.ayse}")
    ayse.get("/api/v1/goals")
    page = shown(ayse.get("/sharing"))
    assert "Grace Mensah" in page
    assert "Nurse at Hornsey Lane Surgery" in page
    assert "Elif Kaya" in page
    assert "Helps you: daughter" in page
    assert page.count("Ayşe Kaya") == 0


def test_nobody_looked(ayse: Any) -> None:
    assert "Nobody has looked" in shown(ayse.get("/sharing"))


def test_a_refused_look_is_none(ayse: Any, samuel: Any, world: World) -> None:
    assert samuel.get(f"/api/v1/patients/{world.ayse}/diary-entries").status_code == 404
    assert "Samuel" not in shown(ayse.get("/sharing"))


def test_many_looks_of_one_day_are_one_line(grace: Any, world: World, story: Any) -> None:
    for _ in range(3):
        grace.get(f"/api/v1/patients/{world.ayse}/diary-entries")
    with story():
        view = db.session.scalars(sa.select(RecordView)).one()
        assert (view.viewer_id, view.times, view.acting_as) == (world.grace, 3, "clinician")


def test_who_left_the_team_stays_with_the_team_it_was(
    ayse: Any, grace: Any, ruth: Any, world: World, story: Any
) -> None:
    grace.get(f"/api/v1/patients/{world.ayse}/diary-entries")
    ruth.send(f"/admin/people/{world.grace}/close")
    assert "Nurse at Hornsey Lane Surgery" in shown(ayse.get("/sharing"))


def test_only_the_patient_may_know(world: World, story: Any) -> None:
    with story():
        grace = db.session.get(Person, world.grace, options=[sa.orm.selectinload(Person.role_rows)])
        ayse = db.session.get(Person, world.ayse, options=[sa.orm.selectinload(Person.role_rows)])
        assert grace is not None
        assert ayse is not None
        assert looked.who_looked(own_record(ayse)).days == []
        with pytest.raises(NotFound):
            looked.who_looked(team_record(grace, world.ayse))


@pytest.mark.parametrize(
    ("door", "words"),
    [
        ("/patients/{}/agenda", "Your page for a visit"),
        ("/patients/{}/agenda.pdf", "Your page for a visit, to print"),
        ("/api/v1/patients/{}/agenda-summary", "Your page for a visit"),
        ("/api/v1/patients/{}/diary-entries", "Your diary"),
        ("/patients/{}", "Your name, conditions, visits and what you share"),
    ],
)
def test_every_door_of_the_team_is_there(door: str, words: str, ayse: Any, grace: Any, world: World) -> None:
    """The text that is copied for the record is on the page itself: whoever copies it has opened the page."""
    answer = grace.get(door.format(world.ayse))
    assert answer.status_code == 200
    if door.endswith("/agenda"):
        assert "record-text" in shown(answer)
    page = shown(ayse.get("/sharing"))
    assert words in page
    assert "Grace Mensah" in page


def test_what_a_carer_opened_and_wrote(ayse: Any, carer: Any, world: World) -> None:
    carer.get(f"/diary?for={world.ayse}")
    carer.get(f"/goals?for={world.ayse}")
    carer.put("/api/v1/trackers?for=" + str(world.ayse), {"measures": ["pain"]})
    page = " ".join(shown(ayse.get("/sharing")).split())
    assert "Wrote something down for you, your goals, your diary" in page


def test_every_door_names_what_it_shows(app: Any) -> None:
    """A new room is "your pages" until somebody gives it its own words; none is ever left out."""
    for rule in app.url_map.iter_rules():
        assert looked.what_of(rule.endpoint, "GET") in looked.WHAT
    assert looked.what_of(None, "GET") == "record"
    assert looked.what_of("diaries.new", "POST") == "wrote"


def test_thirty_days_a_page_newest_first_on_the_days_where_she_is(
    ayse: Any, world: World, story: Any, statements: Any
) -> None:
    now = clock.now()

    def look(days: int, what: str = "diary") -> None:
        at = now - dt.timedelta(days=days)
        db.session.add(
            RecordView(
                patient_id=world.ayse,
                viewer_id=world.grace,
                day=at.date(),
                what=what,
                acting_as="clinician",
                at=at,
            )
        )

    with story():
        for days in (0, 3, 29, 45, 200):
            look(days)
    with statements() as few:
        first = shown(ayse.get("/sharing"))
    assert first.count("<b>Grace Mensah</b>") == 3
    older = re.search(r"until=([0-9-]+)", first)
    assert older
    second = shown(ayse.get(f"/sharing?until={older.group(1)}"))
    assert second.count("<b>Grace Mensah</b>") == 1
    assert "Newer" in second
    older = re.findall(r"until=([0-9-]+)", second)
    third = shown(ayse.get(f"/sharing?until={older[-1]}"))
    assert third.count("<b>Grace Mensah</b>") == 1
    assert "Older" not in third
    assert ayse.get("/sharing?until=yesterday").status_code == 200
    with story():
        for days in range(4, 25):
            look(days, "goals")
    with statements() as many:
        ayse.get("/sharing")
    assert len(few) == len(many)
