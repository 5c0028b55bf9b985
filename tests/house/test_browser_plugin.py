"""The browser's watch: what a page does wrong fails the test that opened it, unless the test announced it."""

from __future__ import annotations

import http.server
import struct
import threading
from collections.abc import Iterator

import pytest
from _pytest.outcomes import Failed
from playwright.sync_api import BrowserContext

from tests.plugins import browser as plugin
from tests.plugins.browser import Faults

pytestmark = pytest.mark.browser

TOP = "<!doctype html><html lang=en><title>A page</title><main><h1>A page</h1>"
PAGES = {
    "/good": TOP + "<p>Words</p></main>",
    "/unlabelled": TOP + "<input></main>",
    "/throws": TOP + "<script>missing()</script></main>",
    "/shouts": TOP + "<script>console.error('lost it')</script></main>",
    "/elsewhere": TOP + "<img src='http://fonts.example/a.png' alt=''></main>",
    "/gap": TOP + "<script src='/nowhere.js'></script></main>",
}


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGES.get(self.path)
        self.send_response(200 if body else 204 if self.path == "/favicon.ico" else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        # As strict as the product's own: axe must still get in.
        self.send_header(
            "Content-Security-Policy", "default-src 'self'; script-src 'self' 'unsafe-inline'; img-src *"
        )
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, format: str, *args: object) -> None:
        """Keep quiet."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def watch(open_context) -> tuple[Faults, BrowserContext]:
    """A watch of our own beside the one that would fail this test."""
    own = Faults()
    context = open_context(**plugin.PHONE)
    own.watch(context)
    return own, context


@pytest.mark.parametrize(
    ("path", "fault"),
    [
        ("/throws", "missing is not defined"),
        ("/shouts", "lost it"),
        ("/elsewhere", "asked another host: GET http://fonts.example/a.png"),
        ("/gap", "404"),
    ],
)
def test_what_goes_wrong_is_seen(site, faults, watch, path, fault):
    faults.allow(".")
    own, context = watch
    context.new_page().goto(site + path, wait_until="networkidle")
    assert any(fault in seen for seen in own.left()), own.seen
    own.allow("missing is not|lost it|fonts.example|404|ERR_NAME_NOT_RESOLVED")
    assert own.left() == []


def test_a_good_page_has_no_faults(site, phone, faults, axe):
    page = phone.new_page()
    page.goto(f"{site}/good", wait_until="networkidle")
    axe(page)
    assert faults.seen == []


def test_axe_names_what_is_wrong_and_where(site, desktop, axe):
    page = desktop.new_page()
    page.goto(f"{site}/unlabelled")
    with pytest.raises(Failed, match=r"(?s)Form elements must have labels.*<input>"):
        axe(page)
    axe(page, within="h1")


def test_a_phone_is_a_phone_and_a_desktop_is_none(site, phone, desktop):
    ask = "[innerWidth, navigator.maxTouchPoints > 0, matchMedia('(pointer: coarse)').matches]"
    on_phone, on_desktop = phone.new_page(), desktop.new_page()
    on_phone.goto(f"{site}/good")
    on_desktop.goto(f"{site}/good")
    assert on_phone.evaluate(ask)[1:] == [True, True]
    assert on_desktop.evaluate(ask) == [1280, False, False]


def test_a_screenshot_is_a_picture_of_the_whole_page(site, desktop, screenshot):
    page = desktop.new_page()
    page.goto(f"{site}/good")
    picture = screenshot(page, "good").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert struct.unpack(">II", picture[16:24]) == (1280, 900)


def test_the_phone_for_push_may_notify(site, push_phone):
    page = push_phone.new_page()
    page.goto(f"{site}/good")
    assert page.evaluate("Notification.permission") == "granted"


def test_without_a_chromium_the_test_fails_with_what_mends_it(monkeypatch, playwright_driver):
    monkeypatch.setattr(plugin, "find_chromium", lambda driver: None)
    with pytest.raises(
        Failed,
        match=r"No Chromium on this machine.*\n    (sudo apt-get|python -m playwright) install chromium",
    ):
        plugin.need_chromium(playwright_driver)


def test_a_chromium_on_the_path_is_taken_first(monkeypatch, tmp_path):
    own = tmp_path / "chromium"
    own.write_text("#!/bin/sh\n")
    own.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert plugin.find_chromium() == str(own)
