"""A staff session ends in the middle of a form: what was typed comes back after the sign-in, to the same person and nobody else."""

from __future__ import annotations

import html
import re
import uuid
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.goals.models import AgreedGoal
from tests.factories import PASSWORD

TYPED = "Swim on Fridays, <i>slowly</i>\nwith Amina"


@pytest.fixture
def late(grace: Any, world: Any, story: Any) -> Any:
    """Grace has typed for longer than her session lasts, and presses Save."""
    with story():
        db.session.execute(
            sa.text("UPDATE login_sessions SET seen_at = :then"), {"then": "2020-01-01 00:00:00"}
        )
    return grace._call(
        "POST",
        f"/patients/{world.ayse}/agree",
        data={"agreed_id": str(uuid.uuid4()), "statement": TYPED, "confidence": "5", "csrf_token": "old"},
    )


def carried(page: str) -> str:
    found = re.search(r'name="carried" value="([^"]+)"', page)
    assert found, page
    return found[1]


def fields(page: str) -> dict[str, str]:
    form = page[page.index('<form method="post" action="/patients') :]
    return {
        name: html.unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)
    }


def sign_in(caller: Any, email: str, sealed: str, password: str = PASSWORD) -> Any:
    return caller._call("POST", "/sign-in", data={"email": email, "password": password, "carried": sealed})


def test_it_comes_back_byte_for_byte_on_its_own_page_and_is_saved_there(
    grace: Any, world: Any, story: Any, late: Any
) -> None:
    assert late.status_code == 401
    page = late.get_data(as_text=True)
    assert "You were signed out, and nothing is lost" in page
    assert "Amina" not in page, "sealed: whoever sits down now reads nothing of it"
    back = sign_in(grace, "grace@test.example", carried(page))
    assert back.status_code == 200
    there = fields(back.get_data(as_text=True))
    assert there["statement"].replace("\r\n", "\n") == TYPED
    assert 'name="only_show" value="yes"' in back.get_data(as_text=True)
    grace.headers.pop("X-CSRF-Token")
    path = f"/patients/{world.ayse}/agree"
    shown = grace._call("POST", path, data=there | {"only_show": "yes"})
    page = shown.get_data(as_text=True)
    assert shown.status_code == 200
    assert "Error" not in page
    assert html.escape(TYPED, quote=False).replace("&#x27;", "'") in page.replace("\r\n", "\n"), "in its box"
    assert re.search(r'name="confidence" type="radio" value="5" checked', page), "and on the ruler"
    with story():
        assert db.session.scalars(sa.select(AgreedGoal)).all() == [], "nothing is saved yet"
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    saved = grace._call("POST", path, data=there | {"csrf_token": token[1]})
    assert saved.status_code == 303, saved.get_data(as_text=True)
    with story():
        (agreed,) = db.session.scalars(sa.select(AgreedGoal)).all()
        assert (agreed.statement, agreed.confidence, agreed.written_by) == (TYPED, 5, world.grace)


def test_what_is_wrong_with_it_is_said_when_it_is_sent_and_not_before(
    grace: Any, world: Any, story: Any
) -> None:
    path = f"/patients/{world.ayse}/agree"
    shown = grace._call("POST", path, data={"confidence": "5", "only_show": "yes"})
    assert (shown.status_code, "Enter the goal you agreed" in shown.text) == (200, False)
    sent = grace._call("POST", path, data={"confidence": "5"})
    assert (sent.status_code, "Enter the goal you agreed" in sent.text) == (422, True)


def test_a_lone_button_has_no_page_and_is_pressed_again(grace: Any, world: Any, story: Any) -> None:
    with story():
        db.session.execute(
            sa.text("UPDATE login_sessions SET seen_at = :then"), {"then": "2020-01-01 00:00:00"}
        )
    pressed = {"expected": "2", "back": "panel"}
    answer = grace._call("POST", f"/patients/{world.ayse}/results/release", data=pressed)
    page = sign_in(grace, "grace@test.example", carried(answer.get_data(as_text=True))).get_data(as_text=True)
    assert "Save it now" in page
    assert "only_show" not in page
    assert {name: there for name, there in fields(page).items() if name in pressed} == pressed


def test_a_wrong_password_keeps_it(grace: Any, late: Any) -> None:
    sealed = carried(late.get_data(as_text=True))
    again = sign_in(grace, "grace@test.example", sealed, "wrong")
    assert again.status_code == 422
    assert carried(again.get_data(as_text=True)) == sealed


def test_nobody_else_gets_it(grace: Any, late: Any, world: Any) -> None:
    back = sign_in(grace, "samuel@test.example", carried(late.get_data(as_text=True)))
    assert back.status_code == 303
    assert "Amina" not in back.get_data(as_text=True)


@pytest.mark.parametrize("sealed", ["nonsense", "", "gAAAAAB", "ü" * 40])
def test_what_we_did_not_seal_is_nothing(grace: Any, world: Any, sealed: str) -> None:
    assert sign_in(grace, "grace@test.example", sealed).status_code == 303


def test_whoever_logged_out_or_was_never_here_carries_nothing(nobody: Any, world: Any) -> None:
    answer = nobody._call("POST", f"/patients/{world.ayse}/agree", data={"statement": TYPED})
    assert answer.status_code == 302
    assert "carried" not in answer.get_data(as_text=True)


def test_patients_forms_are_not_carried(ayse: Any, story: Any) -> None:
    with story():
        db.session.execute(
            sa.text("UPDATE login_sessions SET seen_at = :then"), {"then": "2020-01-01 00:00:00"}
        )
    answer = ayse._call("POST", "/goals/new", data={"statement": TYPED})
    assert answer.status_code == 302


def test_a_file_is_not_said_to_be_kept(grace: Any, story: Any) -> None:
    """It would come back as a form without its file: better to sign in and choose it again."""
    with story():
        db.session.execute(
            sa.text("UPDATE login_sessions SET seen_at = :then"), {"then": "2020-01-01 00:00:00"}
        )
    file = (BytesIO(b"patient,measure,value,unit,taken_on\n"), "results.csv")
    answer = grace._call("POST", "/results/import", data={"file": file, "csrf_token": "old"})
    assert answer.status_code == 302
