"""Signing in and out by the pages, and what an attacker would try there."""

from __future__ import annotations

import re
from typing import Any

import pytest
import sqlalchemy as sa

import config
from selfcare.app import create_app
from selfcare.extensions import db
from selfcare.identity.models import LoginSession
from tests.factories import PASSWORD, World


def shown(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def token_in(page: Any) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', shown(page))
    assert found
    return found[1]


def send(phone: Any, **form: Any) -> Any:
    """Send the sign-in form as a browser does, staying on its answer."""
    form["csrf_token"] = token_in(phone.http.get("/sign-in"))
    return phone._call("POST", "/sign-in", data=form)


def test_she_is_led_to_where_she_was_going(world: World, nobody: Any) -> None:
    closed = nobody.get("/diary/new")
    assert closed.status_code == 302
    assert closed.headers["Location"] == "/sign-in?next=/diary/new"
    done = send(nobody, email="ayse@test.example", password=PASSWORD, next="/diary/new")
    assert done.status_code == 303
    assert done.headers["Location"] == "/diary/new"


@pytest.mark.parametrize(
    ("name", "place"), [("ayse", "/"), ("elif", "/"), ("grace", "/panel"), ("ruth", "/admin")]
)
def test_everybody_starts_on_their_own_page(world: World, nobody: Any, name: str, place: str) -> None:
    assert send(nobody, email=f"{name}@test.example", password=PASSWORD).headers["Location"] == place


@pytest.mark.parametrize(
    "evil",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\n/evil.example",
        "/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        " //evil.example",
        "/ /evil.example",
        "/\u2028/evil.example",
        "///evil.example",
        "http:evil.example",
    ],
)
def test_no_link_leads_away_from_here(world: World, nobody: Any, evil: str) -> None:
    asked = nobody.get("/sign-in", query_string={"next": evil})
    assert "evil" not in shown(asked)
    answer = send(nobody, email="ayse@test.example", password=PASSWORD, next=evil)
    assert answer.headers.get("Location", "/") == "/"


def test_a_mistake_keeps_the_address_and_never_the_password(world: World, nobody: Any) -> None:
    page = send(nobody, email="ayse@test.example", password="not her password")
    assert page.status_code == 422
    assert "The email address or password is not right" in shown(page)
    assert 'value="ayse@test.example"' in shown(page)
    assert "not her password" not in shown(page)
    assert "<title>Error: Sign in" in shown(page)


def test_empty_boxes_are_asked_for_in_words(world: World, nobody: Any) -> None:
    page = send(nobody, email="", password="")
    assert "Enter your email address" in shown(page)
    assert "Enter your password" in shown(page)


def test_what_was_typed_is_text(world: World, nobody: Any) -> None:
    page = send(nobody, email='"><script>alert(1)</script>', password="x")
    assert "<script>alert" not in shown(page)


def test_a_form_of_another_page_signs_nobody_in(world: World, nobody: Any) -> None:
    form = {"email": "ayse@test.example", "password": PASSWORD, "csrf_token": "made up"}
    assert nobody._call("POST", "/sign-in", data=form).status_code == 403
    good = token_in(nobody.http.get("/sign-in"))
    foreign = nobody._call(
        "POST", "/sign-in", data=form | {"csrf_token": good}, headers={"Origin": "https://evil.example"}
    )
    assert foreign.status_code == 403


def test_a_session_planted_before_is_worth_nothing_after(world: World, nobody: Any) -> None:
    nobody.http.get("/sign-in")
    planted = nobody.http.get_cookie("selfcare").value
    send(nobody, email="ayse@test.example", password=PASSWORD)
    own = nobody.http.get_cookie("selfcare").value
    assert own != planted
    nobody.http.set_cookie("selfcare", planted)
    assert nobody.get("/api/v1/session").status_code == 401


def test_signing_in_as_somebody_else_ends_the_first_session(ayse: Any, world: World, story: Any) -> None:
    first = ayse.http.get_cookie("selfcare").value
    ayse.post("/api/v1/session", {"email": "peter@test.example", "password": PASSWORD})
    ayse.http.set_cookie("selfcare", first)
    assert ayse.get("/api/v1/session").status_code == 401
    with story():
        running = db.session.scalars(
            sa.select(LoginSession.person_id).where(LoginSession.ended_at.is_(None))
        ).all()
    assert running == [world.peter]


def test_a_failed_try_while_signed_in_still_shows_the_page(ayse: Any) -> None:
    page = ayse._call(
        "POST",
        "/sign-in",
        data={"email": "peter@test.example", "password": "wrong", "csrf_token": ayse.headers["X-CSRF-Token"]},
    )
    assert page.status_code == 422
    assert ayse.get("/api/v1/session").json["user"]["name"] == "Ayşe Kaya"


def test_log_out_clears_caches_but_not_the_outbox(ayse: Any) -> None:
    out = ayse._call("POST", "/sign-out", data={})
    assert out.status_code == 303
    assert out.headers["Clear-Site-Data"] == '"cache"'
    assert ayse.get("/").headers["Location"].startswith("/sign-in")


def test_get_does_not_log_out(ayse: Any) -> None:
    assert ayse.get("/sign-out").status_code == 200
    assert ayse.get("/api/v1/session").status_code == 200


def test_the_pages_for_nobody_open_for_nobody(nobody: Any) -> None:
    for path in ("/sign-in", "/forgotten-password", "/join"):
        answer = nobody.get(path)
        assert answer.status_code == 200, path
        assert answer.headers["Cache-Control"] == "no-store"


def test_cookies_of_the_real_service_cannot_be_planted_by_a_neighbour(
    world: World, settings: config.Settings
) -> None:
    db.close()  # a second application opens the database anew
    secure = create_app(settings.model_copy(update={"base_url": "https://selfcare.example"}))
    phone = secure.test_client()
    answer = phone.post(
        "/api/v1/session",
        json={"email": "ayse@test.example", "password": PASSWORD},
        base_url="https://selfcare.example",
        headers={"Origin": "https://selfcare.example"},
    )
    assert answer.status_code == 200
    cookies = answer.headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"__Host-selfcare", "__Host-selfcare-device"}
    for cookie in cookies:
        assert "Secure" in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_signed_in_meanwhile_in_another_tab_a_message_still_leads_to_its_form(ayse: Any) -> None:
    there = ayse.get("/sign-in", query_string={"next": "/diary/new"})
    assert (there.status_code, there.headers["Location"]) == (302, "/diary/new")
    elsewhere = ayse.get("/sign-in", query_string={"next": "//evil.example"})
    assert elsewhere.headers["Location"] == "/"
