"""Hand-over, leaving a team, disabling: from the next request on, while others read, in 100 of 100 tries."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from selfcare.extensions import db
from selfcare.identity.models import LoginSession
from selfcare.people.models import CareRelationship, Person, PersonRole, TeamMembership
from tests import factories
from tests.at_once import READERS, TRIES, Reader, each_with_a_path, one_try, status_of
from tests.conftest import Caller
from tests.factories import World

pytestmark = pytest.mark.slow


@pytest.fixture
def both(world: World, story: Any) -> World:
    """Samuel works at Hornsey Lane as well."""
    with story():
        db.session.add(TeamMembership(team_id=world.hornsey, person_id=world.samuel))
    return world


@pytest.fixture
def again(both: World, story: Any) -> Callable[[], None]:
    """Everything as it was before a try."""
    with story():
        care = db.session.scalars(sa.select(CareRelationship.id)).all()

    def undo() -> None:
        with story():
            db.session.execute(sa.delete(CareRelationship).where(CareRelationship.id.not_in(care)))
            for table, column in (
                (CareRelationship, "ended_at"),
                (TeamMembership, "ended_at"),
                (PersonRole, "ended_at"),
                (Person, "disabled_at"),
                (LoginSession, "ended_at"),
            ):
                db.session.execute(sa.update(table).values({column: None}))

    return undo


def readers(
    app: Flask, name: str, *paths: str, count: int = READERS, look: Callable[[Any], int] = status_of
) -> list[Reader]:
    """Browsers of this person: each reads one of the paths, all at the same time."""
    return each_with_a_path([Caller(app, f"{name}@test.example") for _each in range(count)], paths, look)


def hers(world: World) -> tuple[str, ...]:
    """Doors of Ayşe's for the care team."""
    return f"/api/v1/patients/{world.ayse}/diary-entries", f"/patients/{world.ayse}"


def is_named(answer: Any) -> int:
    """200 where Ayşe stands among the patients named to the reader, else 404."""
    # JSON escapes what is not ASCII: her name is to be found as it is read.
    words = json.dumps(answer.json, ensure_ascii=False) if answer.is_json else answer.get_data(as_text=True)
    return 200 if "Ayşe" in words else 404


def test_handed_over(app: Flask, both: World, again: Any) -> None:
    """Grace goes on seeing Ayşe with the team, but is not named any more: neither the call nor the page says so."""
    grace = Caller(app, "grace@test.example")
    given = {"which": "all", "to": str(both.samuel), "step": "do"}
    wrong = []
    watching = readers(app, "grace", "/api/v1/panel?show=mine", "/panel?show=mine", look=is_named)
    for number in range(TRIES):
        found = one_try(watching, lambda: grace._call("POST", "/panel/hand-over", data=given), is_named)
        wrong += [(number, each) for each in found if each[1] != 404]
        again()
    assert wrong == []


def test_handed_over_and_left(app: Flask, both: World, ruth: Any, story: Any, again: Any) -> None:
    with story():
        membership = db.session.scalars(
            sa.select(TeamMembership.id).where(TeamMembership.person_id == both.grace)
        ).one()
    given = {"team_id": str(both.hornsey), "to": str(both.samuel)}
    wrong = []
    watching = readers(app, "grace", *hers(both))

    def leave() -> Any:
        handed = ruth._call("POST", f"/admin/people/{both.grace}/caseload", data=given)
        assert handed.status_code == 303
        return ruth._call("POST", f"/admin/teams/{both.hornsey}/members/{membership}/end", data={})

    for number in range(TRIES):
        wrong += [(number, each) for each in one_try(watching, leave) if each[1] != 404]
        again()
    assert wrong == []


def test_a_role_that_is_ended(app: Flask, both: World, ruth: Any, again: Any) -> None:
    wrong = []
    watching = readers(app, "grace", hers(both)[0])
    for number in range(TRIES):
        found = one_try(
            watching, lambda: ruth._call("POST", f"/admin/people/{both.grace}/roles/clinician/end", data={})
        )
        wrong += [(number, each) for each in found if each[1] != 404]
        again()
    assert wrong == []


@pytest.mark.parametrize("who", ["grace", "elif", "ayse"])
def test_a_closed_account(who: str, app: Flask, both: World, ruth: Any, again: Any) -> None:
    """Grace's, Elif's or Ayşe's: its owner is signed out; nobody opens the record of a patient whose account is closed."""
    own = {
        "grace": readers(app, "grace", hers(both)[0], "/api/v1/panel"),
        "elif": readers(app, "elif", f"/api/v1/goals?for={both.ayse}"),
        "ayse": readers(app, "ayse", "/api/v1/goals", "/api/v1/export"),
    }
    watching = own[who]
    others: list[Reader] = []
    if who == "ayse":
        others = readers(app, "grace", hers(both)[1], count=1)
        others += readers(app, "elif", f"/diary?for={both.ayse}", count=1)
    person = {"grace": both.grace, "elif": both.elif_, "ayse": both.ayse}[who]
    expected = {path: 401 for _caller, paths in watching for path in paths}
    expected |= {path: 404 for _caller, paths in others for path in paths}
    wrong = []
    for number in range(TRIES):
        found = one_try(
            [*watching, *others], lambda: ruth._call("POST", f"/admin/people/{person}/close", data={})
        )
        wrong += [(number, each) for each in found if each[1] != expected[each[0]]]
        again()
    assert wrong == []


def test_two_hand_overs_in_one_moment_end_with_one(app: Flask, both: World, story: Any, again: Any) -> None:
    """To Samuel in one tab, to Maria in another: one holds, the other finds nobody left, and no row is overwritten."""
    with story():
        maria = factories.make_person("Maria Silva", "clinician")
        db.session.add(TeamMembership(team_id=both.hornsey, person_id=maria.id))
        to = [both.samuel, maria.id]
    tabs = [Caller(app, "grace@test.example") for _each in to]
    for _number in range(20):
        start = threading.Barrier(2)
        seen: list[int] = []

        def press(tab: Caller, colleague: uuid.UUID, start: Any = start, seen: Any = seen) -> None:
            start.wait()
            given = {"which": "ticked", "patients": [str(both.ayse)], "to": str(colleague), "step": "do"}
            seen.append(tab._call("POST", "/panel/hand-over", data=given).status_code)

        threads = [threading.Thread(target=press, args=pair) for pair in zip(tabs, to, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert len(seen) == 2
        assert all(status in (303, 422) for status in seen)
        with story():
            rows = sa.select(CareRelationship).where(CareRelationship.patient_id == both.ayse)
            found = db.session.scalars(rows).all()
            assert len(found) == 2
            assert [row.clinician_id for row in found if row.ended_at is not None] == [both.grace]
            assert len([row for row in found if row.ended_at is None and row.clinician_id in to]) == 1
        again()
