"""Lock: a phone that is put down opens nothing, and its owner comes back with the password alone."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from selfcare import clock
from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.identity import sessions
from selfcare.identity.models import LoginSession
from selfcare.people.models import Person
from selfcare.push.models import PushSubscription
from tests.factories import PASSWORD
from tests.identity.test_sign_in_pages import shown, token_in


@pytest.fixture
def locked(ayse: Any) -> Any:
    """Ayşe's phone, locked by the button on More."""
    answer = ayse._call("POST", "/lock", data={})
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/sign-in"
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    return ayse


def open_with(phone: Any, password: str, path: str = "/sign-in", **more: str) -> Any:
    page = phone.http.get(path)
    return phone._call("POST", "/sign-in", data={"password": password, "csrf_token": token_in(page)} | more)


def test_every_page_and_call_answers_as_signed_out(locked: Any) -> None:
    page = locked.get("/diary/new")
    assert page.status_code == 302
    assert page.headers["Location"] == "/sign-in?next=/diary/new"
    for path in ("/api/v1/session", "/api/v1/today", "/api/v1/phone/facts"):
        assert locked.get(path).status_code == 401, path
    assert locked.post("/api/v1/phone/key").status_code == 401
    assert locked.put(f"/api/v1/goals/{uuid.uuid4()}", {"statement": "Walk"}).status_code == 401


def test_the_page_asks_for_the_password_only_and_names_nobody(locked: Any) -> None:
    page = shown(locked.get("/sign-in"))
    assert "Enter your password to open" in page
    assert 'name="email"' not in page
    for word in ("Ayşe", "Kaya", "ayse", locked.id):
        assert word not in page
    assert '<meta name="person" content="">' in page
    assert 'href="/sign-in?other=1"' in page


def test_the_password_opens_it_and_leads_on(locked: Any, story: Any) -> None:
    answer = open_with(locked, PASSWORD, "/sign-in?next=/diary/new", next="/diary/new")
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/diary/new"
    assert locked.get("/api/v1/session").json["user"]["id"] == locked.id
    with story():  # a session of its own, and the locked one is over
        rows = db.session.scalars(sa.select(LoginSession).order_by(LoginSession.started_at)).all()
        assert [(row.locked_at is None, row.ended_at is None) for row in rows] == [
            (False, False),
            (True, True),
        ]


def test_a_wrong_password_is_said_in_words_and_counted(locked: Any) -> None:
    page = open_with(locked, "not hers at all")
    assert page.status_code == 422
    assert "This is not your password" in shown(page)
    assert 'name="email"' not in shown(page)
    for _guess in range(9):
        open_with(locked, "not hers at all")
    stopped = open_with(locked, PASSWORD)
    assert stopped.status_code == 429
    assert int(stopped.headers["Retry-After"]) > 0


def test_nothing_typed_is_asked_for(locked: Any) -> None:
    page = open_with(locked, "")
    assert page.status_code == 422
    assert "Enter your password" in shown(page)


def test_no_link_leads_away_from_a_locked_phone(locked: Any) -> None:
    assert "evil" not in shown(locked.get("/sign-in?next=//evil.example"))
    assert open_with(locked, PASSWORD, next="//evil.example").headers["Location"] == "/"


def test_somebody_else_signs_in_with_name_and_password(locked: Any, world: Any, story: Any) -> None:
    page = locked.http.get("/sign-in?other=1")
    assert 'name="email"' in shown(page)
    form = {"email": "elif@test.example", "password": PASSWORD, "csrf_token": token_in(page)}
    assert locked._call("POST", "/sign-in", data=form).status_code == 303
    assert locked.get("/api/v1/session").json["user"]["id"] == str(world.elif_)
    with story():
        ended = sa.select(LoginSession.ended_at).where(LoginSession.person_id == world.ayse)
        assert db.session.scalars(ended).one() is not None


def test_a_slip_of_somebody_else_stays_on_their_form(locked: Any) -> None:
    page = locked.http.get("/sign-in?other=1")
    form = {"email": "elif@test.example", "password": "wrong", "csrf_token": token_in(page)}
    again = locked._call("POST", "/sign-in", data=form)
    assert again.status_code == 422
    assert 'value="elif@test.example"' in shown(again)


def test_reminders_stay_on(ayse: Any, world: Any, story: Any) -> None:
    with story():
        keys = {
            "p256dh": "key",
            "auth": "secret",
            "label": "Chrome",
            "endpoint": "https://fcm.googleapis.com/x",
        }
        whose = {"patient_id": world.ayse, "written_by": world.ayse}
        db.session.add(PushSubscription(id=uuid.uuid4(), **keys, **whose))
    assert ayse.post("/api/v1/session/lock").status_code == 204
    with story():
        assert db.session.scalars(sa.select(PushSubscription)).one().active


def test_by_the_api_too(ayse: Any, story: Any) -> None:
    answer = ayse.post("/api/v1/session/lock")
    assert answer.status_code == 204
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert ayse.get("/api/v1/session").status_code == 401
    assert "Enter your password to open" in shown(ayse.get("/sign-in"))
    with story():
        actions = db.session.scalars(sa.select(AuditEvent.action)).all()
        assert actions.count("session.locked") == 1


def test_her_other_phone_stays_open(ayse: Any, sign_in: Any) -> None:
    other = sign_in("ayse")
    ayse.post("/api/v1/session/lock")
    assert other.get("/api/v1/session").status_code == 200


@pytest.mark.parametrize("name", ["grace", "ruth"])
def test_staff_log_out_instead(world: Any, sign_in: Any, name: str) -> None:
    caller = sign_in(name)
    assert caller._call("POST", "/lock", data={}).status_code == 404
    assert caller.post("/api/v1/session/lock").status_code == 404
    assert caller.get("/api/v1/session").status_code == 200


def test_a_carer_locks_as_well(carer: Any, ayse: Any) -> None:
    assert carer._call("POST", f"/lock?for={ayse.id}", data={}).status_code == 303
    assert carer.get(f"/?for={ayse.id}").status_code == 302
    assert open_with(carer, PASSWORD).status_code == 303


def test_no_other_page_can_lock_it(ayse: Any) -> None:
    assert ayse.get("/lock").status_code == 405
    for breach in ({"Origin": "https://evil.example"}, {"X-CSRF-Token": "guess"}):
        assert ayse._call("POST", "/lock", data={}, headers=breach).status_code == 403
    assert ayse.get("/api/v1/session").status_code == 200


def asks_for_a_name(phone: Any) -> bool:
    return 'name="email"' in shown(phone.get("/sign-in"))


def test_a_locked_phone_is_forgotten_after_30_days(locked: Any) -> None:
    with time_machine.travel(clock.now() + dt.timedelta(days=29)):
        assert not asks_for_a_name(locked)
    with time_machine.travel(clock.now() + dt.timedelta(days=31)):
        assert asks_for_a_name(locked)


def test_a_changed_password_and_a_closed_account_forget_it(locked: Any, world: Any, story: Any) -> None:
    with story():
        sessions.end_all(world.ayse)
    assert asks_for_a_name(locked)


def test_a_closed_account_is_not_asked_for_its_password(locked: Any, world: Any, story: Any) -> None:
    with story():
        db.session.get_one(Person, world.ayse).disabled_at = clock.now()
    assert asks_for_a_name(locked)
    with story():
        db.session.get_one(Person, world.ayse).disabled_at = None
    assert not asks_for_a_name(locked)


def test_a_copied_cookie_of_a_locked_phone_opens_nothing(locked: Any, nobody: Any) -> None:
    nobody.http.set_cookie("selfcare", locked.http.get_cookie("selfcare").value)
    assert nobody.get("/api/v1/session").status_code == 401
    assert nobody.get("/").status_code == 302
