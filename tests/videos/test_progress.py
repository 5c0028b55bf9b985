"""How far somebody watched: kept, never undone, and nobody else's business."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.history import EarlierVersion
from selfcare.people.access import team_record
from selfcare.people.models import Person
from selfcare.videos.models import VideoProgress
from selfcare.videos.summary import watched_since
from tests.factories import World, share

WALK = "/api/v1/videos/walk-after-a-meal/progress"


def walk(caller: Any) -> Any:
    """What the library says of the walking video to this person."""
    items = caller.get("/api/v1/videos").json["items"]
    return next(item for item in items if item["id"] == "walk-after-a-meal")["progress"]


def test_ayse_stops_in_the_middle_and_carries_on_there(ayse: Any) -> None:
    assert walk(ayse) is None
    first = ayse.put(WALK, {"seconds": 12, "completed": False})
    assert (first.status_code, first.json["seconds"], first.json["completed"]) == (201, 12, False)
    later = ayse.put(WALK, {"seconds": 20})
    assert (later.status_code, later.json["seconds"]) == (200, 20)
    assert walk(ayse)["seconds"] == 20


def test_what_was_completed_stays_completed_when_watched_again(ayse: Any) -> None:
    done = ayse.put(WALK, {"seconds": 38, "completed": True}).json
    again = ayse.put(WALK, {"seconds": 3, "completed": False}).json
    assert again["completed"] is True
    assert again["completed_at"] == done["completed_at"]
    assert again["seconds"] == 3


def test_sent_twice_it_is_stored_once(ayse: Any, story: Any) -> None:
    for _try in range(2):
        answer = ayse.put(WALK, {"seconds": 12})
    assert answer.status_code == 200
    with story():
        assert db.session.scalars(sa.select(VideoProgress.version)).all() == [1]


def test_earlier_progress_is_kept_as_history(ayse: Any, story: Any) -> None:
    ayse.put(WALK, {"seconds": 12})
    ayse.put(WALK, {"seconds": 30})
    with story():
        assert [row.body["seconds"] for row in db.session.scalars(sa.select(EarlierVersion))] == [12]


def test_if_match_that_no_longer_holds_shows_both(ayse: Any) -> None:
    first = ayse.put(WALK, {"seconds": 12})
    ayse.put(WALK, {"seconds": 20})
    stale = ayse.put(WALK, {"seconds": 5}, headers={"If-Match": first.headers["ETag"]})
    assert stale.status_code == 412
    assert (stale.json["current"]["seconds"], stale.json["yours"]["seconds"]) == (20, 5)
    assert walk(ayse)["seconds"] == 20


def test_peter_sees_nothing_of_what_ayse_watched(ayse: Any, peter: Any, story: Any) -> None:
    ayse.put(WALK, {"seconds": 12, "completed": True})
    assert walk(peter) is None
    assert peter.get(f"/api/v1/videos?for={ayse.id}").status_code == 404
    assert peter.put(f"{WALK}?for={ayse.id}", {"seconds": 1}).status_code == 404
    assert peter.put(WALK, {"seconds": 7}).status_code == 201
    assert walk(ayse)["seconds"] == 12


def test_elif_keeps_her_mothers_place_under_her_own_name(
    ayse: Any, carer: Any, world: World, story: Any
) -> None:
    assert carer.put(f"{WALK}?for={ayse.id}", {"seconds": 15}).status_code == 201
    assert walk(ayse)["seconds"] == 15
    with story():
        row = db.session.scalars(sa.select(VideoProgress)).one()
        assert (row.patient_id, row.written_by) == (world.ayse, world.elif_)


@pytest.mark.parametrize("who", ["grace", "ruth", None])
def test_others_have_no_library(who: str | None, world: World, sign_in: Any) -> None:
    caller = sign_in(who)
    expected = 401 if who is None else 404
    assert caller.get("/api/v1/videos").status_code == expected
    assert caller.put(WALK, {"seconds": 1}).status_code in (expected, 403)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"seconds": None},
        {"seconds": -1},
        {"seconds": 39},  # the film has 38
        {"seconds": 10**30},
        {"seconds": 1.5},
        {"seconds": "12"},
        {"seconds": True},
        {"seconds": [12]},
        {"seconds": 12, "completed": "yes"},
        {"seconds": 12, "completed": 1},
        {"seconds": 12, "video": "pacing"},
        [],
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_stored(ayse: Any, body: Any) -> None:
    answer = ayse.put(WALK, body)
    assert answer.status_code in (400, 422), answer.json
    assert walk(ayse) is None


@pytest.mark.parametrize("video", ["nothing", "..%2f..%2fconfig", "%00", "a" * 3000, "walk-after-a-meal%20"])
def test_a_video_that_is_not_there(ayse: Any, video: str) -> None:
    assert ayse.put(f"/api/v1/videos/{video}/progress", {"seconds": 1}).status_code == 404


def test_every_look_and_every_change_is_in_the_audit_trail(ayse: Any, story: Any, world: World) -> None:
    ayse.get("/api/v1/videos")
    ayse.put(WALK, {"seconds": 12})
    with story():
        rows = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action.like("video%"))).all()
        assert {(row.action, row.actor_id, row.subject_id) for row in rows} == {
            ("videos.read", world.ayse, world.ayse),
            ("video_progress.kept", world.ayse, world.ayse),
        }


def test_the_team_hears_what_was_watched_only_when_she_shares_it(
    ayse: Any, world: World, story: Any, statements: Any
) -> None:
    ayse.put(WALK, {"seconds": 38, "completed": True})
    ayse.put("/api/v1/videos/pacing/progress", {"seconds": 5})
    today = dt.datetime.now(dt.UTC).date()
    with story():
        grace = db.session.get_one(Person, world.grace, options=[sa.orm.selectinload(Person.role_rows)])
        assert watched_since(team_record(grace, world.ayse), today - dt.timedelta(days=1)) == []
        share(db.session.get_one(Person, world.ayse), "videos")
    with story():
        grace = db.session.get_one(Person, world.grace, options=[sa.orm.selectinload(Person.role_rows)])
        record = team_record(grace, world.ayse)
        with statements() as seen:
            found = watched_since(record, today - dt.timedelta(days=1))
        assert [row["title"] for row in found] == ["A short walk after a meal"]
        assert abs(found[0]["completed_on"] - today) <= dt.timedelta(days=1)
        assert len(seen) == 1
        assert watched_since(record, today + dt.timedelta(days=2)) == []


def test_the_library_costs_the_same_whatever_was_watched(ayse: Any, statements: Any) -> None:
    with statements() as before:
        ayse.get("/api/v1/videos")
    for video in ("walk-after-a-meal", "pacing", "small-steps", "ready-for-your-visit"):
        ayse.put(f"/api/v1/videos/{video}/progress", {"seconds": 5})
    with statements() as after:
        assert len(ayse.get("/api/v1/videos").json["items"]) == 4
    assert len(after) == len(before)
