"""Who may see and write what of whose record: the table of ``people/access.py``, told from outside and from inside."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people import access
from selfcare.people.access import Part
from selfcare.people.models import CareRelationship, CarerLink, Person, PersonRole, TeamMembership
from tests.factories import World, share


def person(person_id: Any) -> Person:
    found = db.session.get(Person, person_id, options=[sa.orm.selectinload(Person.role_rows)])
    assert found is not None
    return found


@pytest.fixture
def scene(world: World, story: Any) -> Any:
    with story():
        yield world


def parts(record: access.Record) -> tuple[set[Part], set[Part]]:
    return {part for part in Part if record.sees(part)}, {part for part in Part if record.writes(part)}


def test_the_patient_sees_everything_and_writes_all_but_what_the_team_writes(scene: World) -> None:
    sees, writes = parts(access.own_record(person(scene.ayse)))
    assert set(Part) - sees == {Part.TEAM_NOTES}
    assert set(Part) - writes == {Part.RESULTS, Part.CONSULTATION, Part.TEAM_NOTES}


def test_the_daughter_sees_and_writes_but_not_mood_questionnaires_notes_results_sharing(scene: World) -> None:
    sees, writes = parts(access.carers_record(person(scene.elif_), scene.ayse))
    hidden = {Part.MOOD, Part.QUESTIONNAIRES, Part.NOTES, Part.RESULTS, Part.SHARING, Part.TEAM_NOTES}
    assert sees == set(Part) - hidden
    assert writes == sees - {Part.CONSULTATION, Part.VISITS}


def test_what_ayse_ticks_one_by_one_the_daughter_sees_too(scene: World) -> None:
    link = db.session.scalars(sa.select(CarerLink)).one()
    link.also_sees = ["mood", "sharing", "results"]
    db.session.flush()
    record = access.carers_record(person(scene.elif_), scene.ayse)
    assert record.sees(Part.MOOD)
    assert not record.sees(Part.SHARING)
    assert not record.sees(Part.RESULTS), "only mood, questionnaires and notes can be ticked"


def test_a_carer_who_may_only_look_writes_nothing(scene: World) -> None:
    db.session.scalars(sa.select(CarerLink)).one().may_write = False
    db.session.flush()
    assert parts(access.carers_record(person(scene.elif_), scene.ayse))[1] == set()


@pytest.mark.parametrize(
    "change",
    [
        {"ended_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)},
        {"ends_on": dt.date(2026, 1, 1)},
    ],
)
def test_a_link_that_ended_opens_nothing(scene: World, change: dict[str, Any]) -> None:
    db.session.execute(sa.update(CarerLink).values(**change))
    with pytest.raises(NotFound):
        access.carers_record(person(scene.elif_), scene.ayse)


def test_a_link_holds_on_its_last_day(scene: World) -> None:
    today = clock.today("Europe/London")
    ends_at = clock.day_bounds(today, "Europe/London")[1]
    db.session.execute(sa.update(CarerLink).values(ends_on=today, ends_at=ends_at))
    assert access.carers_record(person(scene.elif_), scene.ayse).patient.id == scene.ayse


def test_the_nurse_sees_what_is_shared_and_what_her_team_writes(scene: World) -> None:
    sees, writes = parts(access.team_record(person(scene.grace), scene.ayse))
    own = {Part.AGENDA, Part.VISITS, Part.RESULTS, Part.PROFILE, Part.CONSULTATION, Part.TEAM_NOTES}
    assert sees == own | {Part.GOALS, Part.DIARY, Part.MOOD}
    assert writes == {Part.VISITS, Part.RESULTS, Part.CONSULTATION, Part.TEAM_NOTES}


def test_of_somebody_who_shares_nothing_the_doctor_sees_no_diary_and_no_mood(scene: World) -> None:
    sees, _ = parts(access.team_record(person(scene.samuel), scene.peter))
    assert not sees & {
        Part.GOALS,
        Part.DIARY,
        Part.MOOD,
        Part.QUESTIONNAIRES,
        Part.NOTES,
        Part.VIDEOS,
        Part.REMINDERS,
    }


def test_mood_comes_with_the_diary_only(scene: World) -> None:
    share(person(scene.peter), "notes")
    db.session.flush()
    record = access.team_record(person(scene.samuel), scene.peter)
    assert record.sees(Part.NOTES)
    assert not record.sees(Part.MOOD)


def test_strangers_and_administrators_have_no_way_in(scene: World) -> None:
    for stranger in (scene.samuel, scene.ruth, scene.peter, scene.elif_):
        with pytest.raises(NotFound):
            access.team_record(person(stranger), scene.ayse)
    for stranger in (scene.samuel, scene.ruth, scene.peter, scene.grace):
        with pytest.raises(NotFound):
            access.carers_record(person(stranger), scene.ayse)
    for nobody in (scene.ruth, scene.grace, scene.elif_):
        with pytest.raises(NotFound):
            access.own_record(person(nobody))


@pytest.mark.parametrize("ends", [CareRelationship, TeamMembership])
def test_what_ended_opens_nothing(scene: World, ends: Any) -> None:
    db.session.execute(sa.update(ends).values(ended_at=clock.now()))
    with pytest.raises(NotFound):
        access.team_record(person(scene.grace), scene.ayse)


def test_without_the_role_the_team_alone_opens_nothing(scene: World) -> None:
    db.session.execute(
        sa.update(PersonRole).where(PersonRole.person_id == scene.grace).values(ended_at=clock.now())
    )
    with pytest.raises(NotFound):
        access.team_record(person(scene.grace), scene.ayse)
    db.session.execute(
        sa.update(PersonRole).where(PersonRole.person_id == scene.elif_).values(ended_at=clock.now())
    )
    with pytest.raises(NotFound):
        access.carers_record(person(scene.elif_), scene.ayse)


def test_sharing_that_is_taken_back_closes_from_the_next_request(world: World, ayse: Any, grace: Any) -> None:
    path = f"/api/v1/patients/{world.ayse}/diary-entries"
    assert grace.get(path).status_code == 200
    assert ayse.put("/api/v1/sharing", {"goals": True, "diary": False}).status_code == 200
    assert grace.get(path).status_code == 404


def test_another_patients_id_is_no_way_in(ayse: Any, world: World) -> None:
    for wanted in (world.peter, world.grace, "00000000-0000-0000-0000-000000000000"):
        assert ayse.get(f"/api/v1/goals?for={wanted}").status_code == 404
    assert ayse.get("/api/v1/goals?for=nobody").status_code == 422
    assert ayse.get(f"/api/v1/goals?for={world.ayse}").status_code == 200


def test_two_choices_of_one_item_cannot_both_hold(world: World, story: Any) -> None:
    """Two phones at once: the database refuses a second row that holds, else the more open one would win."""
    with story():
        share(person(world.peter), "notes", "notes")
        with pytest.raises(sa.exc.IntegrityError):
            db.session.flush()
        db.rollback()
