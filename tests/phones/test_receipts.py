"""What a phone sends under a key takes effect once, however often and however late it arrives."""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor

import pytest

from selfcare import clock
from selfcare.extensions import db
from selfcare.goals.models import Goal
from selfcare.phones import receipts
from selfcare.phones.receipts import Receipt


@pytest.fixture
def goal(story, world) -> uuid.UUID:
    with story():
        row = Goal(
            id=uuid.uuid4(),
            patient_id=world.ayse,
            written_by=world.ayse,
            statement="Walk after lunch",
            lifecycle_status="active",
        )
        db.session.add(row)
    return row.id


def test_a_late_copy_does_not_tick_a_day_again_that_was_undone(ayse, goal):
    day = f"/api/v1/goals/{goal}/days/{clock.today('Europe/London')}"
    key = {"Idempotency-Key": str(uuid.uuid4()), "If-None-Match": "*"}
    first = ayse.put(day, {"outcome": "done"}, headers=key)
    assert first.status_code == 201
    assert ayse.delete(day).status_code == 204
    copy = ayse.put(day, {"outcome": "done"}, headers=key)
    assert (copy.status_code, copy.headers["Idempotency-Replayed"]) == (204, "true")
    assert copy.headers["ETag"] == first.headers["ETag"]
    assert ayse.get(f"/api/v1/goals/{goal}").json["days"] == []


def test_what_was_refused_leaves_no_receipt_and_may_come_again(ayse, goal):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    path = f"/api/v1/diary-entries/{uuid.uuid4()}"
    body = {"experienced_at": clock.now().isoformat(), "values": {"glucose": 33}}
    asked = ayse.put(path, body, headers=key)
    assert (asked.status_code, asked.json["confirm"]) == (422, ["glucose"])
    assert ayse.put(path, body | {"confirmed": ["glucose"]}, headers=key).status_code == 201
    assert ayse.put(path, body, headers=key).status_code == 204


def test_a_key_is_its_persons_own(ayse, peter):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    for person in (ayse, peter):
        body = {"experienced_at": clock.now().isoformat(), "values": {"pain": 3}}
        path = f"/api/v1/diary-entries/{uuid.uuid4()}"
        assert person.put(path, body, headers=key).status_code == 201


def test_a_key_that_is_none_is_said(ayse, goal):
    answer = ayse.put(f"/api/v1/goals/{goal}", {"statement": "x"}, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 422
    assert "Idempotency-Key" in answer.json["errors"]


def test_two_copies_at_once_take_effect_once(ayse, sign_in, goal):
    key = {"Idempotency-Key": str(uuid.uuid4())}
    callers = [sign_in("ayse") for _ in range(4)]
    path = f"/api/v1/goals/{goal}"

    def put(caller):
        return caller.put(path, {"statement": "Walk before lunch"}, headers=key).status_code

    with ThreadPoolExecutor(4) as pool:
        answers = sorted(pool.map(put, callers))
    assert answers == [200, 204, 204, 204]
    assert ayse.get(path).headers["ETag"] == '"v2"'


def test_old_receipts_go(world, story):
    with story():
        old = clock.now() - receipts.KEPT_FOR - dt.timedelta(days=1)
        db.session.add(Receipt(person_id=world.ayse, key=uuid.uuid4(), at=old))
        db.session.add(Receipt(person_id=world.ayse, key=uuid.uuid4()))
    with story():
        assert receipts.delete_old() == 1
