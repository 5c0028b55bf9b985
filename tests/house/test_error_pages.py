"""What went wrong is said to whoever it happened to, whatever it was: the page that says so must not fail itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from flask import abort
from sqlalchemy.exc import OperationalError

from selfcare.edge import problems
from selfcare.edge.roles import roles
from selfcare.errors import Conflict, Invalid, NotFound, Refused, Stale, TooMany
from selfcare.extensions import db
from selfcare.people.acting import acting, current_person, record_of
from selfcare.people.models import Person

WHO = ("nobody", "ayse", "carer", "grace", "ruth")
PAGE, PROGRAM = "/help", "/api/v1/session"


def gone() -> OperationalError:
    return OperationalError("SELECT 1", {}, Exception("server closed the connection"))


def raising(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def twice() -> None:
    """What two browsers at once do: the flush fails, and with it goes all that this transaction had loaded."""
    db.session.add(Person(name="Peter", known_as="Peter", email="peter@test.example"))
    db.session.flush()


WRONG: dict[str, tuple[int, Callable[[], object]]] = {
    "no JSON": (400, lambda: abort(400)),
    "another origin": (403, raising(Refused("This was sent from another place"))),
    "not theirs": (404, raising(NotFound())),
    "method": (405, lambda: abort(405)),
    "conflict": (409, raising(Conflict("There is another"))),
    "two at once": (409, twice),
    "changed meanwhile": (412, raising(Stale({"a": 1}, {"a": 2}))),
    "too long": (413, lambda: abort(413)),
    "not JSON": (415, lambda: abort(415)),
    "invalid": (422, raising(Invalid({"text": "Enter it"}, "Check it"))),
    "too many": (429, raising(TooMany("Wait a little", 60))),
    "slip of ours": (500, raising(ZeroDivisionError())),
    "not built": (501, lambda: abort(501)),
    "database": (503, raising(gone())),
}


class Switch:
    """``off`` and the database answers nobody any more."""

    def __init__(self) -> None:
        self.off = False

    def refuse(self, connection: Any) -> None:
        if self.off:
            raise gone()


@pytest.fixture
def database(app: Any) -> Iterator[Switch]:
    switch, engine = Switch(), db.engine
    sa.event.listen(engine, "engine_connect", switch.refuse)
    yield switch
    sa.event.remove(engine, "engine_connect", switch.refuse)


@pytest.fixture
def fails(app: Any, world: Any, database: Switch, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """A page or a call in which something goes wrong after the record was opened, and with ``off`` the database with it; its path."""
    monkeypatch.setitem(app.config, "TESTING", False)  # or what is unforeseen is raised to the test

    def on(path: str, who: str, wrong: Callable[[], object], *, off: bool) -> str:
        @roles("anyone")
        def view(**_named: Any) -> str:
            if who == "grace":
                record_of(world.ayse)
            elif who in ("ayse", "carer"):
                acting()
            elif who == "ruth":
                current_person()
            database.off = off
            wrong()
            return ""

        endpoint, _values = app.url_map.bind("localhost").match(path)
        monkeypatch.setitem(app.view_functions, endpoint, view)
        return f"{path}?for={world.ayse}" if who == "carer" else path

    return on


def is_told(answer: Any, status: int, path: str) -> None:
    assert answer.status_code == status
    if path == PROGRAM:
        assert answer.content_type == "application/problem+json"
        assert answer.json["status"] == status
        assert answer.json["title"]
    else:
        assert all(words in answer.text for words in ("<h1", "111", "</html>"))


@pytest.mark.parametrize("off", [False, True], ids=["database-there", "database-gone"])
@pytest.mark.parametrize("who", WHO)
def test_every_error_is_told_to_everybody(
    request: pytest.FixtureRequest, fails: Any, database: Switch, who: str, off: bool
) -> None:
    caller = request.getfixturevalue(who)
    found = {}
    for name, (status, wrong) in WRONG.items():
        if off and wrong is twice:
            continue  # with no database there is nobody to be second to
        for path in (PAGE, PROGRAM):
            answer = caller.get(fails(path, who, wrong, off=off))
            database.off = False
            found[name, path] = (status, answer.status_code)
            if answer.status_code == status:
                is_told(answer, status, path)
                assert "no-store" in answer.headers["Cache-Control"]
    assert {what: told for what, told in found.items() if told[0] != told[1]} == {}


@pytest.mark.parametrize("who", WHO)
def test_a_page_that_is_not_there_while_the_database_is_gone(
    request: pytest.FixtureRequest, database: Switch, app: Any, who: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing has asked who reads it yet, and nobody can say."""
    monkeypatch.setitem(app.config, "TESTING", False)
    caller = request.getfixturevalue(who)
    database.off = True
    is_told(caller.get("/no-such-page"), 404, PAGE)
    is_told(caller.get("/api/v1/no-such-call"), 404, PROGRAM)
    is_told(caller.delete("/help"), 405, PAGE)


def test_the_page_that_says_what_went_wrong_still_knows_the_reader(
    carer: Any, fails: Any, world: Any
) -> None:
    """Whose page it is, and for whom somebody writes, is what the phone keeps drafts by."""
    page = carer.get(fails(PAGE, "carer", twice, off=False)).text
    assert f'<meta name="acting-for" content="{world.ayse}">' in page
    assert f'<meta name="person" content="{world.elif_}">' in page


def test_flasks_own_log_of_a_slip_holds_no_word_of_anybody(
    app: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is written where the error page fails too, and would hold the values of the statement that failed."""
    said: list[Any] = []
    monkeypatch.setattr(problems.log, "error", lambda *words, **more: said.append((words, more)))
    with app.test_request_context("/help"):
        slip = ValueError("peter@test.example")
        app.log_exception((ValueError, slip, None))
    assert "ValueError" in str(said)
    assert "peter@test.example" not in str(said) + caplog.text
