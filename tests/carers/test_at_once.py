"""What Ayşe takes back is closed from the next request, while others read: 100 of 100 tries."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.people.models import CarerLink
from tests.at_once import READERS, TRIES, each_with_a_path, one_try
from tests.conftest import Caller

pytestmark = pytest.mark.slow


@pytest.fixture
def twice(app: Any, world: Any) -> Callable[[str], list[Caller]]:
    return lambda name: [Caller(app, f"{name}@test.example") for _each in range(READERS)]


def test_a_carer_who_is_stopped(ayse: Any, world: Any, story: Any, twice: Any) -> None:
    with story():
        link = db.session.scalars(sa.select(CarerLink.id)).one()
    paths = [f"/api/v1/goals?for={world.ayse}", f"/diary?for={world.ayse}"]
    watching, wrong = each_with_a_path(twice("elif"), paths), []
    for number in range(TRIES):
        found = one_try(watching, lambda: ayse.delete(f"/api/v1/carers/{link}"))
        wrong += [(number, path, status) for path, status in found if status != 404]
        with story():
            db.session.execute(sa.update(CarerLink).values(ended_at=None, ended_by=None))
    assert wrong == []


def test_a_carer_who_may_only_look_now(ayse: Any, carer: Any, world: Any, story: Any) -> None:
    """The same for writing: a scope that is made smaller holds for the very next request."""
    with story():
        link = db.session.scalars(sa.select(CarerLink.id)).one()
    wide = {"relation": "daughter", "may_write": True, "also_sees": ["notes"]}
    for _number in range(20):
        note = f"/api/v1/notes/{uuid.uuid4()}?for={world.ayse}"
        assert ayse.put(f"/api/v1/carers/{link}", wide).status_code == 200
        assert carer.put(note, {"kind": "note", "text": "Warm socks"}).status_code == 201
        assert ayse.put(f"/api/v1/carers/{link}", wide | {"may_write": False}).status_code == 200
        assert carer.put(note, {"kind": "note", "text": "Other"}).status_code == 404
        assert carer.get(f"/api/v1/notes?for={world.ayse}").status_code == 200
        assert ayse.put(f"/api/v1/carers/{link}", wide | {"also_sees": []}).status_code == 200
        assert carer.get(f"/api/v1/notes?for={world.ayse}").status_code == 404


def test_a_nurse_with_whom_the_diary_is_shared_no_more(ayse: Any, world: Any, twice: Any) -> None:
    path = f"/api/v1/patients/{world.ayse}/diary-entries"
    watching, wrong = each_with_a_path(twice("grace"), [path]), []
    for number in range(TRIES):
        found = one_try(watching, lambda: ayse.put("/api/v1/sharing", {"diary": False}))
        wrong += [(number, status) for _path, status in found if status != 404]
        assert ayse.put("/api/v1/sharing", {"diary": True}).status_code == 200
    assert wrong == []
