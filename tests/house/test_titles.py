"""Titles stay in a browser's history after a log-out, on a shared phone and on a practice's computer (docs/decisions/0036)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from flask import Flask

from selfcare.edge.roles import route_table
from tests import scene

# What a template says; the same walk goes over both in tests/house/test_routes.py.
pytestmark = [pytest.mark.slow, pytest.mark.any_database]


@pytest.mark.parametrize("name", ["ayse", "elif", "grace"])
def test_no_title_names_a_patient(
    name: str, app: Flask, ayse: Any, grace: Any, world: Any, sign_in: Any
) -> None:
    written = scene.write_canaries(ayse, grace, world)
    caller = sign_in(name)
    pages, wrong = 0, []
    for row in route_table(app):
        if "GET" not in row["methods"] or row["rule"].startswith(("/api/", "/static")):
            continue
        for path in written.paths(row["rule"]):
            answer = caller.get(path)
            found = (
                re.search("<title>(.*?)</title>", answer.text, re.S)
                if answer.mimetype == "text/html"
                else None
            )
            if found is None:
                continue
            pages += answer.status_code == 200
            if re.search(f"Ayşe|Kaya|{scene.CANARY}", found[1]):
                wrong.append((path, found[1]))
    assert wrong == []
    assert pages >= 15
