"""Grace looks for a patient by name."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.people.models import Team
from tests import factories

NAMES = ["Şükrü Öztürk", "Łukasz Żak", "Siân O’Brien", "Jean-Luc Dupré", "Nuria Gutiérrez", "Işıl Demir"]


@pytest.fixture
def ward(world: Any, story: Any) -> None:
    with story():
        team = db.session.get_one(Team, world.hornsey)
        for number, name in enumerate(NAMES):
            person = factories.make_person(name, "patient", email=f"p{number}@test.example")
            factories.make_patient(person, team=team)


def find(who: Any, q: Any) -> list[str]:
    answer = who.post("/api/v1/panel/search", {"q": q})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return sorted(row["name"] for row in answer.json["items"])


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("ayse", ["Ayşe Kaya"]),
        ("AYŞE", ["Ayşe Kaya"]),
        ("ayşe kaya", ["Ayşe Kaya"]),
        ("kaya ay", ["Ayşe Kaya"]),
        ("sukru", ["Şükrü Öztürk"]),
        ("OZTURK", ["Şükrü Öztürk"]),
        ("lukasz zak", ["Łukasz Żak"]),
        ("sian o'brien", ["Siân O’Brien"]),
        ("brien", ["Siân O’Brien"]),
        ("jean luc", ["Jean-Luc Dupré"]),
        ("gutierrez", ["Nuria Gutiérrez"]),
        ("isil", ["Işıl Demir"]),
        ("ıŞIL", ["Işıl Demir"]),
        ("D", ["Işıl Demir", "Jean-Luc Dupré"]),
        ("aya", []),  # the middle of a name
        ("whitlock", []),  # another practice's patient
        ("mensah", []),  # no patient
        ("%", []),
        ("_", []),
        ("' OR 1=1 --", []),
    ],
)
def test_accents_capitals_and_order_do_not_matter(ward: None, grace: Any, q: str, found: list[str]) -> None:
    assert find(grace, q) == found


@pytest.mark.parametrize("body", [{}, {"q": None}, {"q": " "}, {"q": 5}, {"q": "x" * 101}, {"q": "a\nb"}])
def test_a_search_for_nothing_is_refused_in_words(world: Any, grace: Any, body: Any) -> None:
    answer = grace.post("/api/v1/panel/search", body)
    assert answer.status_code == 422
    assert answer.json["errors"]["q"]


def test_the_page_answers_the_post_itself(ward: None, grace: Any) -> None:
    answer = grace._call("POST", "/panel/search", data={"q": "sukru"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "Şükrü Öztürk" in html
    assert "Ayşe" not in html
    none = grace._call("POST", "/panel/search", data={"q": "zzz"})
    assert "Nobody of that name" in none.get_data(as_text=True)
    empty = grace._call("POST", "/panel/search", data={"q": ""})
    assert empty.status_code == 422
    assert "Enter a name or part of it" in empty.get_data(as_text=True)


def test_others_find_nobody(world: Any, samuel: Any, ayse: Any, ruth: Any, nobody: Any, ward: None) -> None:
    assert find(samuel, "ayse") == []
    for who in (ayse, ruth):
        assert who.post("/api/v1/panel/search", {"q": "ayse"}).status_code == 404
    assert nobody.post("/api/v1/panel/search", {"q": "ayse"}).status_code == 401


def test_what_was_looked_for_stands_nowhere(world: Any, grace: Any, ward: None, story: Any) -> None:
    find(grace, "gutierrez")
    with story():
        rows = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "panel.searched")).all()
        assert len(rows) == 1
        assert "gutierrez" not in str(rows[0].details)
