"""How long a session lasts, and what ends it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from selfcare.extensions import db
from selfcare.identity.models import LoginSession
from selfcare.people.models import PersonRole
from tests.factories import World


def alive(caller: Any, after: dt.timedelta) -> bool:
    with time_machine.travel(dt.datetime.now(dt.UTC) + after):
        return bool(caller.get("/api/v1/session").status_code == 200)


@pytest.mark.parametrize(
    ("name", "holds", "ended"),
    [
        ("ayse", dt.timedelta(days=29), dt.timedelta(days=31)),
        ("grace", dt.timedelta(minutes=29), dt.timedelta(minutes=31)),
        ("ruth", dt.timedelta(minutes=29), dt.timedelta(minutes=31)),
    ],
)
def test_nobody_was_there_for_a_while(
    world: World, sign_in: Any, name: str, holds: dt.timedelta, ended: dt.timedelta
) -> None:
    assert alive(sign_in(name), holds)
    assert not alive(sign_in(name), ended)


def test_a_nurse_who_works_on_is_signed_out_after_12_hours(grace: Any) -> None:
    start = dt.datetime.now(dt.UTC)
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(start + dt.timedelta(minutes=minutes)):
            assert grace.get("/api/v1/session").status_code == 200, minutes
    with time_machine.travel(start + dt.timedelta(hours=12, minutes=1)):
        assert grace.get("/api/v1/session").status_code == 401


def test_a_patient_comes_back_each_week_until_180_days(ayse: Any) -> None:
    start = dt.datetime.now(dt.UTC)
    for days in range(7, 180, 7):
        with time_machine.travel(start + dt.timedelta(days=days)):
            assert ayse.get("/api/v1/session").status_code == 200, days
    with time_machine.travel(start + dt.timedelta(days=181)):
        assert ayse.get("/api/v1/session").status_code == 401


def test_a_patient_who_becomes_staff_is_held_to_the_shorter_times_at_once(
    ayse: Any, world: World, story: Any
) -> None:
    with story():
        db.session.add(PersonRole(person_id=world.ayse, role="facilitator"))
    assert not alive(ayse, dt.timedelta(minutes=31))


def test_the_cookie_holds_no_name_no_id_and_the_table_no_cookie(ayse: Any, world: World, story: Any) -> None:
    cookie = ayse.http.get_cookie("selfcare").value
    assert str(world.ayse) not in cookie
    with story():
        row = db.session.scalars(sa.select(LoginSession)).one()
        assert row.secret_hash not in cookie


def test_a_cookie_changed_by_one_letter_opens_nothing(ayse: Any) -> None:
    cookie = ayse.http.get_cookie("selfcare").value
    for place in (3, len(cookie) // 2, -2):
        letters = list(cookie)
        letters[place] = "A" if letters[place] != "A" else "B"
        ayse.http.set_cookie("selfcare", "".join(letters))
        assert ayse.get("/api/v1/session").status_code == 401
    ayse.http.set_cookie("selfcare", cookie)
    assert ayse.get("/api/v1/session").status_code == 200
