"""A carer always sees whose page it is, and no link or form of it leads to anybody else's: least of all to her own."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.exceptions import HTTPException

from selfcare.edge.roles import roles_of, route_table
from selfcare.extensions import db
from selfcare.people.models import CarerLink, Patient, PersonRole
from tests import scene

# Of her own account, wherever they are tapped.
HER_OWN = {
    "identity.password",
    "identity.sign_out",
    "identity.lock",
    "helping.index",
    "helping.leave",
    "helping.begin",
}


@pytest.fixture
def both(world: Any, story: Any) -> None:
    """Elif is a patient herself: a link that forgets for whom she writes would open her own record."""
    with story():
        db.session.add(PersonRole(person_id=world.elif_, role="patient"))
        db.session.add(Patient(id=world.elif_, conditions=[], languages=[]))
        db.session.execute(sa.update(CarerLink).values(also_sees=["mood", "notes", "questionnaires"]))


def test_every_page_names_her_mother_and_stays_with_her(
    both: None, app: Flask, carer: Any, ayse: Any, grace: Any, world: Any
) -> None:
    written = scene.write_canaries(ayse, grace, world)
    router = app.url_map.bind("localhost")
    looked, astray = 0, []
    for row in route_table(app):
        if "GET" not in row["methods"] or "carer" not in row["roles"] or row["rule"].startswith("/api/"):
            continue
        if row["endpoint"] in HER_OWN:
            continue
        path = [*written.paths(row["rule"])][-1]
        answer = carer.get(path)
        if answer.status_code != 200:
            continue
        looked += 1
        page = answer.get_data(as_text=True)
        assert "You are writing for Ayşe Kaya" in page, path
        assert "Switch" in page, path
        for there in re.findall(r'(?:href|action)="(/[^"]*)"', page):
            target, _, query = html.unescape(there).partition("#")[0].partition("?")
            for method in ("GET", "POST"):
                try:
                    endpoint, _values = router.match(target, method=method)
                except HTTPException:
                    continue
                if (
                    "carer" in (roles_of(app, endpoint) or ())
                    and endpoint not in HER_OWN
                    and f"for={world.ayse}" not in query
                ):
                    astray.append((path, there))
                    break
    assert looked >= 25
    assert sorted(set(astray)) == []


def test_her_own_pages_say_so(both: None, carer: Any) -> None:
    for path in ("/", "/diary", "/goals", "/more"):
        assert "This is your own page" in carer.get(path).get_data(as_text=True), path


def test_who_may_only_look_is_told_so(carer: Any, story: Any, world: Any) -> None:
    with story():
        db.session.execute(sa.update(CarerLink).values(may_write=False))
    page = carer.get(f"/diary?for={world.ayse}").get_data(as_text=True)
    assert "You are looking in on Ayşe Kaya" in page
    assert "Log today" not in page


def test_a_carer_with_nobody_in_hand_finds_her_own_account(carer: Any) -> None:
    page = carer.get("/more", follow_redirects=True)
    assert page.status_code == 200
    assert "Change password" in page.get_data(as_text=True)
    assert "Log out and remove from this phone" in page.get_data(as_text=True)
