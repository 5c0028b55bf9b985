"""Ayşe sees who looked at what she wrote."""

from __future__ import annotations

import datetime as dt
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
    since = clock.now() - dt.timedelta(days=1)
    with story():
        grace = db.session.get(Person, world.grace, options=[sa.orm.selectinload(Person.role_rows)])
        ayse = db.session.get(Person, world.ayse, options=[sa.orm.selectinload(Person.role_rows)])
        assert grace is not None
        assert ayse is not None
        assert looked.who_looked(own_record(ayse), since) == []
        with pytest.raises(NotFound):
            looked.who_looked(team_record(grace, world.ayse), since)
