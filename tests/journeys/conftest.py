"""The application behind a real server on loopback, in this process, so that a test can move its clock."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import waitress.server
from flask import Flask
from playwright.sync_api import BrowserContext, Page
from waitress import wasyncore

from selfcare.extensions import db
from tests import factories
from tests.conftest import DEVICE, Caller, Kept
from tests.factories import PASSWORD, World

# Playwright's own default of 30 s would hide a page that hangs; on a busy machine 15 s is still patient.
PATIENCE = 15_000  # ms


@dataclass
class Live:
    """A running server and the people in its database."""

    address: str
    app: Flask
    world: World

    def start(self) -> None:
        """Answer, at the same address as before."""
        port = int(self.address.rpartition(":")[2])
        # A map of its own: two servers on waitress's common one would answer each other's connections.
        self._server = waitress.server.create_server(self.app, host="127.0.0.1", port=port, threads=6, map={})
        self._answering = True
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while self._answering:
            wasyncore.loop(timeout=1, map=self._server._map, count=1)

    def stop(self) -> None:
        """Answer no more: what is being answered ends, connections are cut, and refused from now on."""
        self._answering = False
        self._server.pull_trigger()  # wakes the thread
        self._thread.join(timeout=5)
        self._server.close()
        self._server.task_dispatcher.shutdown()
        # Closing the server leaves the connections that browsers keep open.
        wasyncore.close_all(self._server._map, ignore_all=True)

    def scene(self) -> Any:
        """A database scope of its own: to set a scene, or to look at rows."""
        return _Scope(self.app)


class _Scope:
    def __init__(self, app: Flask) -> None:
        self.context, self.scope = app.test_request_context(), db.scope()

    def __enter__(self) -> None:
        self.context.push()
        self.scope.__enter__()

    def __exit__(self, *problem: Any) -> None:
        try:
            if problem[0] is None:
                db.commit()
        finally:
            self.scope.__exit__(*problem)
            self.context.pop()


@pytest.fixture
def live(_live_app: Kept) -> Iterator[Live]:
    """A server with Ayşe, Peter, Elif, Grace, Samuel and Ruth in an otherwise empty SQLite database."""
    app = _live_app.begin()
    with _Scope(app):
        world = factories.make_world()
    server = Live(app.config["SETTINGS"].base_url, app, world)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def enter(live: Live) -> Callable[[BrowserContext, str], Page]:
    """``enter(phone, "ayse")``: a page of hers, signed in as with her password a moment ago.

    Signing in by keyboard is for the journeys that are about it: ``by_keyboard``.
    """

    def sign_in(context: BrowserContext, name: str) -> Page:
        caller = Caller(live.app, f"{name}@test.example")
        cookies = {
            each: caller.http.get_cookie(each) for each in (live.app.config["SESSION_COOKIE_NAME"], DEVICE)
        }
        context.add_cookies(
            [
                {
                    "name": each,
                    "value": cookie.value,
                    "url": live.address,
                    "httpOnly": True,
                    "sameSite": "Lax",
                }
                for each, cookie in cookies.items()
                if cookie is not None
            ]
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{live.address}/")
        assert "/sign-in" not in page.url
        return page

    return sign_in


@pytest.fixture
def by_keyboard(live: Live) -> Callable[[BrowserContext, str], Page]:
    """``by_keyboard(phone, "ayse")``: sign in with the form, as she does."""

    def sign_in(context: BrowserContext, name: str) -> Page:
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(f"{live.address}/sign-in")
        page.fill("[name=email]", f"{name}@test.example")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "/sign-in" not in url)
        return page

    return sign_in
