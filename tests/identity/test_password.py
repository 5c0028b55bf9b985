"""Changing the password, and which ones are taken."""

from __future__ import annotations

from typing import Any

import pytest

from selfcare.errors import Invalid
from selfcare.identity import passwords, throttle
from tests.factories import PASSWORD

NEW = "four quiet otters swim"


def change(caller: Any, current: str = PASSWORD, password: str = NEW) -> Any:
    return caller.send(
        "/password", current=current, password=password, csrf_token=caller.headers["X-CSRF-Token"]
    )


def test_a_new_password_logs_out_every_other_phone(world: Any, sign_in: Any, nobody: Any) -> None:
    here, there = sign_in("ayse"), sign_in("ayse")
    stolen = here.http.get_cookie("selfcare").value
    assert "Your password is changed" in change(here).get_data(as_text=True)
    assert there.get("/api/v1/session").status_code == 401
    assert here.get("/api/v1/session").status_code == 200
    here.http.set_cookie("selfcare", stolen)
    assert here.get("/api/v1/session").status_code == 401, "the old cookie of this phone ended as well"
    body = {"email": "ayse@test.example", "password": PASSWORD}
    assert nobody.post("/api/v1/session", body).status_code == 422
    assert nobody.post("/api/v1/session", body | {"password": NEW}).status_code == 200


def test_a_borrowed_phone_cannot_change_it_nor_guess(ayse: Any) -> None:
    for _ in range(throttle.MOST_TRIES):
        page = change(ayse, current="is it this one")
        assert page.status_code == 422
        assert "This is not your password" in page.get_data(as_text=True)
        assert "is it this one" not in page.get_data(as_text=True)
    assert change(ayse, current=PASSWORD).status_code == 429


def test_staff_change_theirs_too(grace: Any) -> None:
    assert "Your password is changed" in change(grace).get_data(as_text=True)


def test_the_same_again_is_no_change(ayse: Any) -> None:
    assert "not your old one" in change(ayse, password=PASSWORD).get_data(as_text=True)


@pytest.mark.parametrize(
    "weak",
    [
        "short",
        "password1234",
        "P@ssw0rd2026!",
        "passwordpassword",
        "qwertyuiop12",
        "asdfghjklqwe",
        "123456789012",
        "abcdefghijkl",
        "zyxwvutsrqpo",
        "aaaaaaaaaaaa",
        "horsehorsehorse",
        "Liverpool2026",
        "letmein123456",
        "Summer2026!!",
        "ayse kaya 58",
        "Grace-Mensah-1",
        "x" * 201,
    ],
)
def test_what_everybody_tries_first_is_refused(app: Any, story: Any, weak: str) -> None:
    with story(), pytest.raises(Invalid):
        passwords.check_strength(weak, "Ayşe Kaya", "Ayse Kaya", "Grace Mensah", "ayse.kaya@test.example")


@pytest.mark.parametrize(
    "good", [PASSWORD, NEW, "çay ve simit her sabah", "7 swans over Highgate", "kQ9#vL2pWz!mT4"]
)
def test_words_put_together_are_taken(app: Any, story: Any, good: str) -> None:
    with story():
        passwords.check_strength(good, "Ayşe Kaya", "ayse.kaya@test.example")


def test_the_same_word_typed_on_two_keyboards_is_the_same(app: Any) -> None:
    composed, apart = "caf\u00e9 au lait le matin", "cafe\u0301 au lait le matin"
    assert passwords.matches(apart, passwords.hash_of(composed))
