"""Every route × method × person: closed by default, nothing of Ayşe's for anybody it is not meant for.

The table itself is ``@roles`` on the views; here it is held against what really happens.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

import pytest
from flask import Flask

from selfcare.edge.roles import ROLES, route_table
from tests import scene

PEOPLE = ("nobody", "ayse", "peter", "elif", "grace", "samuel", "ruth")
# After these the caller is nobody, and the rest of the walk would show nothing.
LEAVING = ("identity.sign_out", "identity.lock", "session_api.delete_session", "session_api.post_lock")
HOLDS = {
    "nobody": set(),
    "ayse": {"patient"},
    "peter": {"patient"},
    "elif": {"carer"},
    "grace": {"clinician"},
    "samuel": {"clinician"},
    "ruth": {"administrator"},
}


def allowed(name: str, row: dict[str, Any]) -> bool:
    if "anyone" in row["roles"]:
        return True
    return name != "nobody" and ("signed-in" in row["roles"] or bool(HOLDS[name] & set(row["roles"])))


def test_every_route_names_its_roles(app: Flask) -> None:
    unlisted = [row["rule"] for row in route_table(app) if not row["roles"]]
    assert unlisted == []
    assert {role for row in route_table(app) for role in row["roles"]} <= set(ROLES)


def test_an_unlisted_route_is_closed(app: Flask, ayse: Any) -> None:
    """The positive control: take a route's roles away, and even its owner stays outside."""
    view = app.view_functions["goals.index"]
    kept = view.roles
    del view.roles  # type: ignore[attr-defined]  # what @roles hangs on a view
    try:
        assert ayse.get("/goals").status_code == 404
        assert "/goals" in [row["rule"] for row in route_table(app) if not row["roles"]]
    finally:
        view.roles = kept  # type: ignore[attr-defined]  # the same again


@pytest.fixture
def canaries(ayse: Any, grace: Any, world: Any) -> scene.Scene:
    return scene.write_canaries(ayse, grace, world)


@pytest.mark.slow
@pytest.mark.parametrize("name", PEOPLE)
def test_reading_what_is_not_yours(
    name: str, app: Flask, canaries: scene.Scene, sign_in: Any, story: Any
) -> None:
    """And whoever reads, whatever of it, changes nothing."""
    caller = sign_in(None if name == "nobody" else name)
    before = scene.rows_of_ayse(story, canaries)
    looked = 0
    for row in route_table(app):
        if "GET" not in row["methods"]:
            continue
        for path in canaries.paths(row["rule"]):
            answer = caller.get(path)
            looked += 1
            body = answer.get_data().decode(errors="replace")  # one door gives a PDF
            assert answer.status_code < 500 or path.startswith(("/readyz", "/patients")), (name, path)
            if not allowed(name, row):
                assert answer.status_code in (401, 404, 302), (name, path, answer.status_code)
            if name not in ("ayse", "grace", "elif"):
                assert scene.CANARY not in body, (name, path)
            if name == "ruth":
                assert "Whitlock" not in body or path.startswith(("/admin", "/api/v1/users")), (name, path)
            for secret in canaries.withheld.get(name, ()):
                assert secret not in body, (name, path, secret)
    assert looked > 40
    assert scene.rows_of_ayse(story, canaries) == before


@pytest.mark.slow
@pytest.mark.parametrize("name", ["nobody", "peter", "samuel", "ruth"])
def test_changing_what_is_not_yours(
    name: str, app: Flask, canaries: scene.Scene, sign_in: Any, story: Any
) -> None:
    caller = sign_in(None if name == "nobody" else name)
    before = scene.rows_of_ayse(story, canaries)
    for row in route_table(app):
        for method in set(row["methods"]) - {"GET"}:
            if row["endpoint"] in LEAVING:
                continue
            for path in canaries.paths(row["rule"]):
                for body in canaries.bodies(row["rule"]):
                    answer = caller._call(method, path, json=body)
                    assert answer.status_code < 500 or answer.status_code == 501, (name, method, path)
                    if not allowed(name, row):
                        assert answer.status_code in (401, 404, 302), (name, method, path, answer.status_code)
                    elif re.search("<", row["rule"]) and "for=" not in path:
                        assert scene.CANARY not in answer.get_data(as_text=True)
    assert scene.rows_of_ayse(story, canaries) == before


# Refused before the database is asked for anything of Ayşe's.
@pytest.mark.slow
@pytest.mark.any_database
@pytest.mark.parametrize("breach", ["no token", "wrong token", "foreign origin", "null origin", "no origin"])
def test_changes_need_our_page(breach: str, app: Flask, canaries: scene.Scene, ayse: Any, story: Any) -> None:
    if "token" in breach:
        ayse.headers.pop("X-CSRF-Token")
        if breach == "wrong token":
            ayse.headers["X-CSRF-Token"] = "guess"
    else:
        ayse.headers.pop("Origin")
        if breach != "no origin":
            ayse.headers["Origin"] = "null" if breach == "null origin" else "https://evil.example"
    before = scene.rows_of_ayse(story, canaries)
    for row in route_table(app):
        for method in set(row["methods"]) - {"GET"}:
            if row["endpoint"] == "session_api.post_session" and "token" in breach:
                continue
            for path in canaries.paths(row["rule"]):
                # Who may not be here at all is told so first; everybody else is told that this came from elsewhere.
                expected = 403 if allowed("ayse", row) else 404
                assert ayse._call(method, path, json={}).status_code == expected, (method, path)
    assert scene.rows_of_ayse(story, canaries) == before


def test_routes_command_prints_the_same_table(app: Flask) -> None:
    table = json.loads(json.dumps(route_table(app)))
    assert all(set(row) == {"rule", "methods", "endpoint", "roles"} for row in table)
    assert {"/api/v1/session", "/healthz", "/sign-in"} <= {row["rule"] for row in table}


def some_uuid() -> str:
    return str(uuid.uuid4())
