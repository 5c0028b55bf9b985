"""Guessing passwords: at most 10 per account in 15 minutes, whatever the guesser does; the owner still gets in."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import sqlalchemy as sa
import time_machine

from selfcare.extensions import db
from selfcare.identity import passwords, throttle
from selfcare.identity.models import Credential, SignInTry
from tests.conftest import Caller
from tests.factories import PASSWORD, World

GUESS = {"email": "ayse@test.example", "password": "guess guess guess"}


def tries(caller: Any, number: int, **changes: str) -> list[int]:
    return [caller.post("/api/v1/session", GUESS | changes).status_code for _ in range(number)]


def test_forty_guesses_at_once_are_still_ten(world: World, app: Any) -> None:
    answers: list[int] = []

    def guess() -> None:
        caller = Caller(app, None)
        for _ in range(5):
            answers.append(caller.post("/api/v1/session", GUESS).status_code)

    threads = [threading.Thread(target=guess) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [422] * throttle.MOST_TRIES + [429] * (40 - throttle.MOST_TRIES)


def test_the_right_password_costs_no_try(world: World, nobody: Any, story: Any) -> None:
    assert tries(nobody, 15, password=PASSWORD) == [200] * 15
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(SignInTry)) == 0


def test_a_right_password_in_between_gives_no_new_tries(world: World, app: Any) -> None:
    stranger = Caller(app, None)
    assert tries(stranger, 9) == [422] * 9
    assert tries(Caller(app, None), 1, password=PASSWORD) == [200]
    assert tries(stranger, 2) == [422, 429]


def test_after_15_minutes_it_is_open_again(world: World, nobody: Any) -> None:
    tries(nobody, 11)
    with time_machine.travel(dt.datetime.now(dt.UTC) + throttle.WINDOW + dt.timedelta(seconds=1)):
        assert tries(nobody, 1, password=PASSWORD) == [200]


def test_capitals_and_spaces_are_the_same_account(world: World, nobody: Any) -> None:
    spellings = ["AYSE@test.example", " ayse@test.example ", "Ayse@Test.Example"]
    for number in range(throttle.MOST_TRIES):
        nobody.post("/api/v1/session", GUESS | {"email": spellings[number % 3]})
    assert tries(nobody, 1, password=PASSWORD) == [429]


def test_one_place_cannot_try_a_word_on_account_after_account(
    world: World, nobody: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr(throttle, "MOST_FROM_ONE_ADDRESS", 20)
    answers = [
        nobody.post(
            "/api/v1/session", {"email": f"person{n}@test.example", "password": "summer 2026 summer"}
        ).status_code
        for n in range(22)
    ]
    assert answers == [422] * 20 + [429] * 2


def test_a_known_phone_gets_in_even_from_that_place(ayse: Any, nobody: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr(throttle, "MOST_FROM_ONE_ADDRESS", 3)
    tries(nobody, 3, email="who@test.example")
    assert tries(nobody, 1, password=PASSWORD) == [429]
    assert tries(ayse, 1, password=PASSWORD) == [200]


def test_each_known_device_has_its_own_lane(world: World, sign_in: Any) -> None:
    lent, own = sign_in("ayse"), sign_in("ayse")
    tries(lent, throttle.MOST_TRIES)
    assert tries(lent, 1, password=PASSWORD) == [429]
    assert tries(own, 1, password=PASSWORD) == [200]


def test_another_accounts_mark_is_a_strangers(peter: Any, nobody: Any) -> None:
    tries(nobody, throttle.MOST_TRIES)
    assert tries(peter, 1, password=PASSWORD) == [429]


def test_marks_given_out_before_the_password_was_changed_are_worth_nothing(
    world: World, sign_in: Any, nobody: Any
) -> None:
    thief, owner = sign_in("ayse"), sign_in("ayse")
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=2)):
        changed = owner.send(
            "/password",
            current=PASSWORD,
            password="four quiet otters swim",
            csrf_token=owner.headers["X-CSRF-Token"],
        )
        assert changed.status_code == 200
        tries(nobody, throttle.MOST_TRIES)
        assert tries(thief, 1) == [429], "the thief's browser guesses with the strangers now"
        assert tries(owner, 1, password="four quiet otters swim") == [200]


def test_the_throttle_names_nobody(world: World, nobody: Any, story: Any) -> None:
    tries(nobody, 1)
    with story():
        row = db.session.scalars(sa.select(SignInTry)).one()
        assert "ayse" not in f"{row.account} {row.lane} {row.address}"
        assert "127.0.0.1" not in str(row.address)


def test_known_and_unknown_accounts_cost_the_same_work(world: World, app: Any, monkeypatch: Any) -> None:
    """Time is the password's hash: one check of production's cost each, whether there is such an account or not."""
    with app.app_context(), db.scope(), db.transaction() as session:
        session.get_one(Credential, world.ayse).password_hash = passwords.hash_of(PASSWORD)
    checked: list[str] = []
    real = passwords._hasher.verify

    def counted(password: str, stored: str) -> bool:
        checked.append(stored.rsplit("$", 2)[0])  # the algorithm and its cost, without salt and hash
        return real(password, stored)

    monkeypatch.setattr(passwords._hasher, "verify", counted)
    for email in ("ayse@test.example", "who@test.example"):
        assert Caller(app, None).post("/api/v1/session", GUESS | {"email": email}).status_code == 422
    assert len(checked) == 2
    assert checked[0] == checked[1]
