"""Every page and call that a signed-in person may open says ``no-store``: a shared phone keeps none of them."""

from __future__ import annotations

import pytest

PUBLIC = {"/manifest.webmanifest", "/sw.js"}


@pytest.mark.slow
@pytest.mark.any_database  # a header
@pytest.mark.parametrize("name", ["ayse", "elif", "grace", "ruth"])
def test_no_store_on_everything_of_a_person(app, world, sign_in, name):
    person = sign_in(name)
    opened = 0
    for rule in app.url_map.iter_rules():
        if "GET" not in rule.methods or rule.arguments or rule.rule in PUBLIC:
            continue
        answer = person.get(rule.rule)
        assert answer.headers["Cache-Control"] == "no-store", rule.rule
        opened += answer.status_code == 200
    assert opened > 3


def test_errors_and_pages_of_one_thing_too(world, ayse):
    for path in ("/nowhere", "/goals/00000000-0000-4000-8000-000000000000", "/diary/saved"):
        assert ayse.get(path).headers["Cache-Control"] == "no-store"
