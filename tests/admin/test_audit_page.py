"""The audit trail as Ruth reads it."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import time_machine

from selfcare import audit
from selfcare.extensions import db
from selfcare.people.models import Person
from tests.factories import World


def shown(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def rows(page: Any) -> list[str]:
    return re.findall(r"<tr role=\"row\">(.*?)</tr>", shown(page), re.DOTALL)[1:]


def test_who_what_whose_and_when(ruth: Any, grace: Any, world: World) -> None:
    grace.get(f"/api/v1/patients/{world.ayse}/diary-entries")
    lines = [line for line in rows(ruth.get("/admin/audit")) if "Diary: read" in line]
    assert len(lines) == 1
    assert "Grace Mensah" in lines[0]
    assert "Ayşe Kaya" in lines[0]


def test_by_person_and_by_day(ruth: Any, grace: Any, samuel: Any, world: World) -> None:
    grace.get("/api/v1/panel")
    mine = rows(ruth.send("/admin/audit", q="mensah"))
    assert mine
    assert all("Grace Mensah" in line for line in mine)
    assert "Nothing happened there" in shown(ruth.send("/admin/audit", q="mensah", end="2020-01-01"))
    assert "There is no such date" in shown(ruth.send("/admin/audit", start="2026-02-30"))


def test_older_pages_go_on_where_the_first_ended(ruth: Any, world: World, story: Any) -> None:
    with time_machine.travel(dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC)), story():
        grace = db.session.get(Person, world.grace)
        for _ in range(70):
            audit.record(grace, "test.done", grace)
    first = ruth.send("/admin/audit", q="mensah", start="2026-10-01", end="2026-10-01")
    cursor = re.search(r'name="cursor" value="([^"]+)"', shown(first))
    assert cursor
    second = ruth.send("/admin/audit", q="mensah", start="2026-10-01", end="2026-10-01", cursor=cursor[1])
    assert (len(rows(first)), len(rows(second))) == (50, 20)


def test_reading_the_trail_is_in_the_trail(ruth: Any) -> None:
    ruth.get("/admin/audit")
    assert "Audit: read" in shown(ruth.get("/admin/audit"))


def test_a_failed_sign_in_shows_whose_account_it_was(ruth: Any, nobody: Any) -> None:
    nobody.post("/api/v1/session", {"email": "ayse@test.example", "password": "guess guess guess"})
    lines = [line for line in rows(ruth.send("/admin/audit", q="kaya")) if "Sign in: failed" in line]
    assert len(lines) == 1
    assert "not signed in" in lines[0]
