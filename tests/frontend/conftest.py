"""Pages made of our layouts and macros alone, in a real browser, under the real content security policy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route

from tests.conftest import ORIGIN, Kept
from tools import preview

HEAD = """
{% extends "base/patient.html" %}
{% from "components/forms.html" import textarea, text_input, picks, password, radios %}
{% from "components/ruler.html" import ruler, reasons %}
{% from "components/buttons.html" import submit, csrf_field %}
{% set tab = "goals" %}
{% block title %}Try{% endblock %}
{% block content %}
"""


@dataclass
class Stand:
    """Serves what a test puts on it at http://localhost, and keeps what pages sent."""

    app: Flask
    pages: dict[str, str] = field(default_factory=dict)
    answers: dict[str, list[tuple[int, str]]] = field(default_factory=dict)
    sent: list[tuple[str, str, str | None, dict[str, str]]] = field(default_factory=list)
    offline: bool = False

    def put(self, path: str, source: str, **context: Any) -> None:
        """A page with this content, in the layout of a signed-in patient."""
        with self.app.test_request_context(path):
            shared: dict[str, Any] = {}
            self.app.update_template_context(shared)
            shared |= {
                "current_person": SimpleNamespace(
                    id="", name="Ayşe Kaya", known_as="Ayşe", roles={"patient"}
                ),
                "form": SimpleNamespace(values={}, errors={}),
            }
            template = self.app.jinja_env.from_string(HEAD + source + "{% endblock %}")
            self.pages[path] = template.render(shared | context)

    def answer(self, path: str, *answers: tuple[int, str]) -> None:
        """What the next requests to this path get, the last one again and again."""
        self.answers[path] = list(answers)

    def serve(self, route: Route) -> None:
        """Answer one request of the browser."""
        request = route.request
        path = urlsplit(request.url).path
        if request.method != "GET" or path in self.answers:
            self.sent.append((request.method, request.url, request.post_data, request.headers))
        if self.offline:
            route.abort("internetdisconnected")
        elif path in self.answers:
            waiting = self.answers[path]
            status, body = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            route.fulfill(status=status, body=body, content_type="application/json")
        elif path in self.pages:
            policy = self.app.test_client().get("/sign-in").headers["Content-Security-Policy"]
            route.fulfill(
                body=self.pages[path], content_type="text/html", headers={"Content-Security-Policy": policy}
            )
        else:
            with self.app.test_client().get(path) as found:
                route.fulfill(status=found.status_code, body=found.data, content_type=found.content_type)


@pytest.fixture
def stand(app: Flask) -> Stand:
    """An empty stand."""
    return Stand(app)


@pytest.fixture(scope="session")
def _previews(_kept_app: Kept) -> dict[str, str]:
    return {f"/preview/{name}": html for name, html in preview.render(_kept_app.app).items()}


@pytest.fixture
def previews(_previews: dict[str, str], stand: Stand) -> list[str]:
    """Every page of tools/previews, put on the stand; their paths."""
    stand.pages |= _previews
    return list(_previews)


@pytest.fixture
def visit(stand: Stand) -> Callable[..., Page]:
    """``visit(context, "/try")`` opens a page of the stand."""

    def open_page(context: BrowserContext, path: str) -> Page:
        context.route(f"{ORIGIN}/**", stand.serve)
        # A worker's script does not come through the route, and nobody listens at that address.
        context.add_init_script("delete Navigator.prototype.serviceWorker")
        page = context.new_page()
        page.goto(ORIGIN + path)
        return page

    return open_page
