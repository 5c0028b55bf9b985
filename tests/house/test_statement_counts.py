"""What a page asks the database does not grow with the number of patients (performance.md, goals 7 and 11)."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask

from bench.statements import MOST, kind_of
from selfcare.demo import accounts, load
from selfcare.extensions import db
from tests.conftest import ORIGIN, empty

FEW, MANY, WEEKS = 5, 60, 2

AYSE, GRACE, RUTH = "patient@demo.example", "clinician@demo.example", "admin@demo.example"

# Every page without an id of its own, by who opens it; the summary and the patient's own page are added below.
PAGES = {
    "Today": (AYSE, "/"),
    "Diary": (AYSE, "/diary"),
    "New entry": (AYSE, "/diary/new"),
    "Past days": (AYSE, "/diary/past"),
    "Trackers": (AYSE, "/diary/setup"),
    "Goals": (AYSE, "/goals"),
    "Agenda": (AYSE, "/agenda"),
    "Learn": (AYSE, "/learn"),
    "More": (AYSE, "/more"),
    "Sharing": (AYSE, "/sharing"),
    "Visits": (AYSE, "/visits"),
    "Notes": (AYSE, "/notes"),
    "Reminders": (AYSE, "/reminders"),
    "Results": (AYSE, "/results"),
    "Results, API": (AYSE, "/api/v1/results"),
    "Panel": (GRACE, "/panel"),
    "Panel, results to release": (GRACE, "/panel?only=results"),
    "Results of a patient": (GRACE, "/patients/{patient_id}/results"),
    "New results": (GRACE, "/patients/{patient_id}/results/new"),
    "Panel, team": (GRACE, "/panel?show=team"),
    "Panel, by name": (GRACE, "/panel?sort=name"),
    "Panel, handed over": (GRACE, "/panel?only=handed&show=team"),
    "Panel, as it was left": (GRACE, "/panel"),
    "Hand over": (GRACE, "/panel/hand-over"),
    "Follow-ups": (GRACE, "/follow-ups"),
    "Follow-ups, team": (GRACE, "/follow-ups?whose=team"),
    "Summary": (GRACE, "/patients/{patient_id}/agenda"),
    "Patient": (GRACE, "/patients/{patient_id}"),
    "Today, API": (AYSE, "/api/v1/today"),
    "Facts of a phone": (AYSE, "/api/v1/phone/facts"),
    "Goals, API": (AYSE, "/api/v1/goals"),
    "Diary, API": (AYSE, "/api/v1/diary-entries"),
    "Panel, API": (GRACE, "/api/v1/panel"),
    "Summary, API": (GRACE, "/api/v1/patients/{patient_id}/agenda-summary"),
}


def count(app: Flask, statements: Callable[[], Any], patients: int) -> dict[str, Counter[str]]:
    """Statements of each page by kind, with so many patients in the database."""
    empty()
    with app.test_request_context(), db.scope(), db.transaction():
        load.load(patients=patients, weeks=WEEKS, seed=7, step=lambda: None)
    browsers: dict[str, Any] = {}
    for email in (GRACE, AYSE):
        browsers[email] = app.test_client()
        answer = browsers[email].post(
            "/api/v1/session",
            json={"email": email, "password": accounts.PASSWORD},
            headers={"Origin": ORIGIN},
        )
        assert answer.status_code == 200, answer.get_data(as_text=True)
    patient_id = uuid.UUID(answer.json["user"]["id"])
    found = {}
    for name, (email, path) in PAGES.items():
        path = path.format(patient_id=patient_id)
        browsers[email].get(path)  # what a process does once is not the page's
        with statements() as seen:
            status = browsers[email].get(path).status_code
        assert status == 200, (path, status)
        found[name] = Counter(kind for kind in map(kind_of, seen) if kind)
    return found


@pytest.mark.slow
def test_no_page_asks_more_where_there_are_more_patients(app: Flask, statements: Callable[[], Any]) -> None:
    few, many = count(app, statements, FEW), count(app, statements, MANY)
    assert {name: (few[name], many[name]) for name in PAGES if few[name] != many[name]} == {}
    for name, seen in many.items():
        assert seen["session"] == 1, f"{name} asks who is signed in more than once"
        assert seen["own"] >= 1, f"{name} asks nothing at all: is it counted?"
    for name, most in MOST.items():
        assert many[name]["own"] <= most, f"{name} asks {many[name]['own']} times, at most {most} are allowed"


def test_the_counter_sees_a_query_in_a_loop(
    app: Flask, statements: Callable[[], Any], story: Any, world: Any
) -> None:
    with story(), statements() as seen:
        for _each in range(7):
            db.session.connection().exec_driver_sql("SELECT 1")
    assert Counter(map(kind_of, seen))["own"] == 7
