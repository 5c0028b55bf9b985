"""What ``/api/openapi.json`` says, held against what the API does, by schemathesis: odd bodies, wrong types, missing fields."""

from __future__ import annotations

from typing import Any

import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error

from tests.conftest import Caller
from tests.factories import World

PEOPLE = ("ayse", "grace", "ruth")


def test_the_description_is_3_1_and_complete(nobody: Any, app: Flask) -> None:
    described = nobody.get("/api/openapi.json").json
    assert described["openapi"].startswith("3.1")
    rules = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}
    assert len(described["paths"]) == len(rules)


@pytest.mark.slow
@pytest.mark.parametrize("name", PEOPLE)
def test_nothing_sent_breaks_it(name: str, app: Flask, world: World) -> None:
    caller = Caller(app, f"{name}@test.example")
    cookie = caller.http.get_cookie("selfcare")
    assert cookie is not None
    headers = caller.headers | {"Cookie": f"selfcare={cookie.value}"}
    schema = schemathesis.openapi.from_wsgi("/api/openapi.json", app)
    tried = 0
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path.endswith(("/session", "/session/lock")):
            continue  # signing out would end the test

        @settings(
            max_examples=8,
            deadline=None,
            database=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        )
        def attack(case: Any) -> None:
            nonlocal tried
            tried += 1
            answer = case.call(headers=headers)
            case.validate_response(answer, checks=[not_a_server_error])
            if answer.status_code >= 400:
                assert "problem+json" in str(answer.headers.get("content-type")), (
                    case.path,
                    answer.status_code,
                )

        given(case=operation.as_strategy())(attack)()
    assert tried > 100
