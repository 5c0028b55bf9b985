"""A real Chromium for journeys: a phone, a desktop, and a watch over everything that the page does wrong.

``phone`` and ``desktop`` are browser contexts (``page = phone.new_page()``). In both a console error, an
exception, a failed request or a request to any other host fails the test; what a test means to provoke it
names beforehand: ``faults.allow("404")``. Nothing is skipped: a missing browser fails the test.
"""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    WebError,
    sync_playwright,
)

from tests.plugins.lock_screen import LockScreen

ROOT = Path(__file__).resolve().parents[2]
SCREENS = ROOT / "docs" / "screens"
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"

NAMES = ("chromium", "chromium-browser", "google-chrome")
MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"
MENDED_BY = (
    "sudo apt-get install chromium" if sys.platform == "linux" else "python -m playwright install chromium"
)

OURS = frozenset({"127.0.0.1", "localhost", "[::1]", "::1"})
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Whatever a page asks for beyond this machine does not even resolve, and the watch below reports it.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
)
PHONE: dict[str, Any] = {
    "viewport": {"width": 360, "height": 740},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "locale": "en-GB",
    "timezone_id": "Europe/London",
}
DESKTOP: dict[str, Any] = {
    "viewport": {"width": 1280, "height": 900},
    "locale": "en-GB",
    "timezone_id": "Europe/London",
}
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
WAIT_MS = 10_000
# What axe objects to, or null where it has not been loaded yet.
RUN_AXE = """([within, tags]) => !window.axe ? null : axe.run(within || document,
  {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']}).then((result) => result.violations)"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that opens a browser is a browser test, whether it says so or not."""
    for item in items:
        if "chromium_executable" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[Playwright]:
    """Playwright itself, once a worker."""
    with sync_playwright() as driver:
        yield driver


def find_chromium(driver: Playwright | None = None) -> str | None:
    """The path of a Chromium: one on PATH, else the one that Playwright downloaded."""
    found = next((path for path in map(shutil.which, NAMES) if path), None)
    if found:
        return found
    candidates = [MAC, *([driver.chromium.executable_path] if driver else [])]
    return next((path for path in candidates if Path(path).exists()), None)


def need_chromium(driver: Playwright) -> str:
    """The path of a Chromium; where there is none, fail with the command that mends it."""
    found = find_chromium(driver)
    if not found:
        pytest.fail(f"No Chromium on this machine. Mend it with:\n    {MENDED_BY}", pytrace=False)
    return found


@pytest.fixture(scope="session")
def chromium_executable(playwright_driver: Playwright) -> str:
    """Where Chromium is."""
    return need_chromium(playwright_driver)


@pytest.fixture(scope="session")
def browser(playwright_driver: Playwright, chromium_executable: str) -> Iterator[Browser]:
    """Chromium, once a worker."""
    browser = playwright_driver.chromium.launch(executable_path=chromium_executable, args=list(FLAGS))
    yield browser
    browser.close()


class Faults:
    """What the pages of one test did wrong, and what of it the test had announced."""

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._allowed: list[re.Pattern[str]] = []

    def allow(self, pattern: str) -> None:
        """Let this test provoke what matches (a regular expression, searched in the fault's whole text)."""
        self._allowed.append(re.compile(pattern))

    def left(self) -> list[str]:
        """The faults that nobody announced."""
        return [fault for fault in self.seen if not any(p.search(fault) for p in self._allowed)]

    def watch(self, context: BrowserContext) -> None:
        """Note what every page and worker of this context does."""
        context.on("console", self._console)
        context.on("weberror", self._exception)
        context.on("request", self._request)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            place = message.location
            self.seen.append(f"console error: {message.text} ({place.get('url')}:{place.get('lineNumber')})")

    def _exception(self, error: WebError) -> None:
        self.seen.append(f"exception: {error.error}")

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in ("http", "https", "ws", "wss") and parts.hostname not in OURS:
            self.seen.append(f"asked another host: {request.method} {request.url}")

    def _failed(self, request: Request) -> None:
        # Leaving a page aborts what it was still loading; that is the browser's own doing.
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.seen.append(f"request failed: {request.method} {request.url} {request.failure}")


@pytest.fixture
def faults() -> Iterator[Faults]:
    """The watch over this test's pages; see ``Faults``."""
    faults = Faults()
    yield faults
    left = faults.left()
    if left:
        pytest.fail("The pages did something wrong:\n  " + "\n  ".join(dict.fromkeys(left)), pytrace=False)


@pytest.fixture
def open_context(browser: Browser, faults: Faults) -> Iterator[Callable[..., BrowserContext]]:
    """``open_context(**options)``: a further watched context, such as a second person's phone."""
    opened: list[BrowserContext] = []

    def open_(**options: Any) -> BrowserContext:
        context = browser.new_context(**options)
        context.set_default_timeout(WAIT_MS)
        faults.watch(context)
        opened.append(context)
        return context

    yield open_
    for context in opened:
        context.close()


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A phone, 360 × 740, touched with fingers."""
    return open_context(**PHONE)


@pytest.fixture
def desktop(open_context: Callable[..., BrowserContext]) -> BrowserContext:
    """A consulting room's computer, 1280 × 900."""
    return open_context(**DESKTOP)


@pytest.fixture
def push_phone(
    playwright_driver: Playwright,
    chromium_executable: str,
    faults: Faults,
    lock_screen: LockScreen,
    tmp_path: Path,
) -> Iterator[BrowserContext]:
    """A phone whose owner has allowed notifications. It keeps a profile: a private window has no push.

    What it shows stands on ``lock_screen``, and can be tapped there.
    """
    context = playwright_driver.chromium.launch_persistent_context(
        tmp_path / "profile",
        executable_path=chromium_executable,
        args=list(FLAGS),
        permissions=["notifications", "background-sync"],
        env={**os.environ, **lock_screen.environment},
        **PHONE,
    )
    context.set_default_timeout(WAIT_MS)
    faults.watch(context)
    yield context
    context.close()


@pytest.fixture
def axe() -> Callable[..., None]:
    """``axe(page)`` fails the test on WCAG 2.2 A or AA violations; ``axe(page, within="main")`` on a part."""
    if not AXE.exists():
        pytest.fail("axe-core is not installed. Mend it with:\n    make packages", pytrace=False)
    source = AXE.read_text(encoding="utf-8")

    def check(page: Page, within: str | None = None) -> None:
        found = page.evaluate(RUN_AXE, [within, list(TAGS)])
        if found is None:  # a test of many pages has it come with each: AXE as an init script
            page.evaluate(source)
            found = page.evaluate(RUN_AXE, [within, list(TAGS)])
        if found:
            pytest.fail(f"{page.url} is not accessible to all:\n" + _readable(found), pytrace=False)

    return check


def _readable(violations: list[dict[str, Any]]) -> str:
    lines: list[str] = []
    for violation in violations:
        lines.append(f"  {violation['id']} ({violation['impact']}): {violation['help']}")
        for node in violation["nodes"]:
            lines.append(f"    {' '.join(map(str, node['target']))}")
            lines.append(f"      {node['html'][:160]}")
            lines += [f"      {line.strip()}" for line in node["failureSummary"].splitlines()[1:]]
    return "\n".join(lines)


@pytest.fixture
def screenshot(tmp_path: Path) -> Callable[..., Path]:
    """``screenshot(page, "01-today")`` saves a picture and returns its path.

    With SELFCARE_SCREENS=1 it goes to docs/screens/, else to the test's own temporary folder.
    """
    folder = SCREENS if os.environ.get("SELFCARE_SCREENS") == "1" else tmp_path / "screens"

    def save(page: Page, name: str, *, full_page: bool = True) -> Path:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.png"
        page.screenshot(path=path, full_page=full_page, animations="disabled")
        return path

    return save
