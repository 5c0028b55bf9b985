"""SQL statements a page, counted: with 5 patients in the database and with 500 they must be the same."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from bench.measure import Result
from bench.pages import Page, pages_of
from bench.world import Run
from selfcare.demo import accounts
from selfcare.extensions import db

FEW, MANY, WEEKS = 5, 500, 2
ORIGIN = "http://127.0.0.1:8000"

# performance.md: beside the session and the audit.
MOST = {"Panel": 3, "Summary": 6}

_OF_NOBODY = ("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA", "COMMIT", "ROLLBACK")
# Who is signed in, when they were last seen, and who looked at what: the same for every page.
_KINDS = (
    ("session", re.compile(r"\blogin_sessions\b")),
    ("audit", re.compile(r"^INSERT INTO (audit_events|record_views)\b")),
)


def kind_of(statement: str) -> str | None:
    """``session``, ``audit``, or ``own``: the page's own, its access check included; None for what begins and ends."""
    if statement.lstrip().startswith(_OF_NOBODY):
        return None
    return next((name for name, pattern in _KINDS if pattern.search(statement)), "own")


@contextmanager
def counting() -> Iterator[Counter[str]]:
    """Statements that run meanwhile, by kind."""
    seen: Counter[str] = Counter()

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        kind = kind_of(statement)
        if kind is not None:
            seen[kind] += 1

    sa.event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        sa.event.remove(db.engine, "before_cursor_execute", note)


def run(run: Run) -> list[Result]:
    """Every page of the pages yardstick, and a few more."""
    counts: dict[str, dict[int, Counter[str]]] = {}
    statuses: dict[str, int] = {}
    for patients in (FEW, MANY):
        url = run.world.database(patients, WEEKS)
        app = run.world.use(url)
        for page, status, seen in _count(app):
            counts.setdefault(page.name, {})[patients] = seen
            statuses[page.name] = status
    return [_result(name, statuses[name], counts[name]) for name in counts]


def _count(app: Flask) -> Iterator[tuple[Page, int, Counter[str]]]:
    clients: dict[str, FlaskClient] = {}
    patient_id = ""
    for email in ("clinician@demo.example", "patient@demo.example"):
        clients[email] = app.test_client()
        answer = clients[email].post(
            "/api/v1/session",
            json={"email": email, "password": accounts.PASSWORD},
            headers={"Origin": ORIGIN},
        )
        patient_id = answer.get_json()["user"]["id"]
    more = [
        Page("More", "/more"),
        Page("Sharing", "/sharing"),
        Page("Reminders", "/reminders"),
        Page("Visits", "/visits"),
    ]
    for page in pages_of(patient_id) + more:
        clients[page.email].get(page.path)  # what a process does once is not the page's
        with counting() as seen:
            status = clients[page.email].get(page.path).status_code
        yield page, status, seen


def _result(name: str, status: int, seen: dict[int, Counter[str]]) -> Result:
    few, many = seen[FEW], seen[MANY]
    if status != 200:
        return Result(name, "", also=f"not measured: answers {status}")
    most = MOST.get(name)
    met = few == many and (most is None or many["own"] <= most)
    return Result(
        name,
        f"{few['own']} with {FEW} patients, {many['own']} with {MANY}",
        also=f"and for the session {many['session']}, for audit and “who looked” {many['audit']}",
        goal=f"the same, ≤ {most}" if most else "the same",
        met=met,
        figures={"few": dict(few), "many": dict(many)},
    )
