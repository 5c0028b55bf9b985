"""Signing in and out by the API."""

from __future__ import annotations

from typing import Any

from selfcare.identity import throttle
from tests.conftest import ORIGIN
from tests.factories import PASSWORD


def test_ayse_signs_in_and_is_told_who_she_is(ayse: Any) -> None:
    answer = ayse.get("/api/v1/session")
    assert answer.status_code == 200
    assert answer.json["user"]["name"] == "Ayşe Kaya"
    assert answer.json["user"]["roles"] == ["patient"]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_wrong_password_and_an_unknown_account_answer_alike(world: Any, nobody: Any) -> None:
    wrong = nobody.post("/api/v1/session", {"email": "ayse@test.example", "password": "not her password"})
    unknown = nobody.post("/api/v1/session", {"email": "who@test.example", "password": "not her password"})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.json == unknown.json


def test_log_out_ends_the_session_on_the_server(ayse: Any) -> None:
    stolen = ayse.http.get_cookie("selfcare").value
    assert ayse.delete("/api/v1/session").status_code == 204
    ayse.http.set_cookie("selfcare", stolen)
    assert ayse.get("/api/v1/session").status_code == 401


def test_ten_guesses_close_the_account_to_strangers_but_not_to_the_owners_phone(
    ayse: Any, nobody: Any
) -> None:
    guess = {"email": "ayse@test.example", "password": "guess guess guess"}
    for _ in range(throttle.MOST_TRIES):
        assert nobody.post("/api/v1/session", guess).status_code == 422
    shut = nobody.post("/api/v1/session", guess | {"password": PASSWORD})
    assert shut.status_code == 429
    assert int(shut.headers["Retry-After"]) > 0
    assert ayse.post("/api/v1/session", guess | {"password": PASSWORD}).status_code == 200


def test_a_foreign_origin_changes_nothing(world: Any, nobody: Any) -> None:
    body = {"email": "ayse@test.example", "password": PASSWORD}
    for headers in ({"Origin": "https://evil.example"}, {"Origin": "null"}):
        assert nobody.post("/api/v1/session", body, headers=headers).status_code == 403
    nobody.headers.pop("Origin")
    assert nobody.post("/api/v1/session", body).status_code == 403
    assert nobody.post("/api/v1/session", body, headers={"Origin": ORIGIN}).status_code == 200


def test_a_change_without_the_csrf_token_is_refused(ayse: Any) -> None:
    ayse.headers.pop("X-CSRF-Token")
    assert ayse.delete("/api/v1/session").status_code == 403
    assert ayse.get("/api/v1/session").status_code == 200


def test_bodies_that_no_parser_should_meet(nobody: Any) -> None:
    cases = [
        "[" * 100_000,
        '{"email": "\\ud800", "password": "x"}',
        '{"email": NaN}',
        "{",
        "\xff",
        '{"email": "a\\u0000b", "password": "y"}',
        "[]",
        "3",
    ]
    for case in cases:
        answer = nobody._call("POST", "/api/v1/session", data=case, content_type="application/json")
        assert 400 <= answer.status_code < 500, case[:20]
        assert answer.content_type == "application/problem+json"
