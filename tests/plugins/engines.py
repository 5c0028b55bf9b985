"""Firefox and WebKit, driven by their own standard protocols: for ``make test-browsers`` only.

Firefox speaks WebDriver BiDi over a WebSocket, WebKitGTK the older WebDriver over HTTP. Both are wrapped as an
``Engine`` with the few words that a journey needs. They come from the system's packages (on Debian ``firefox-esr``,
``webkit2gtk-driver`` and ``xvfb``); a missing one fails the test and says which.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
import requests
from websockets.sync.client import ClientConnection, connect

START_SECONDS = 40
WAIT_SECONDS = 15
PHONE = (390, 844)
NAMES = ("firefox", "webkit")


class Engine(Protocol):
    """A browser with one page."""

    name: str

    def open(self, url: str) -> None:
        """Go to a page and wait until it has loaded."""

    def run(self, function: str, *arguments: Any) -> Any:
        """Call a JavaScript function in the page with these arguments; a promise is awaited."""

    def close(self) -> None:
        """End the browser."""


class Journey:
    """What a person does, in any engine: by the words on the page and the names of its fields."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def open(self, url: str) -> None:
        self.engine.open(url)

    @property
    def path(self) -> str:
        return str(self.engine.run("() => location.pathname"))

    def heading(self) -> str:
        return str(
            self.engine.run("() => (document.querySelector('h1') || {innerText: ''}).innerText.trim()")
        )

    def text(self) -> str:
        return str(self.engine.run("() => document.body.innerText"))

    def fill(self, selector: str, words: str) -> None:
        """Type into the first field that matches; the test fails if there is none."""
        done = self.engine.run(
            "(selector, words) => { const field = document.querySelector(selector); if (!field) return false;"
            " field.focus(); field.value = words; field.dispatchEvent(new Event('input', {bubbles: true}));"
            " field.dispatchEvent(new Event('change', {bubbles: true})); return true }",
            selector,
            words,
        )
        assert done, f"no field {selector} on {self.path}"

    def press(self, words: str) -> None:
        """Press the link or button that says these words, or begins with them, and wait for the next page."""
        self.engine.run("() => { window.stillHere = true }")
        done = self.engine.run(
            "(words) => { const all = [...document.querySelectorAll('main a, main button, a, button')];"
            " const said = (e) => e.innerText.replace(/\\s+/g, ' ').trim();"
            " const one = all.find((e) => said(e) === words) || all.find((e) => said(e).startsWith(words));"
            " if (!one) return false;"
            " setTimeout(() => one.click()); return true }",
            words,
        )
        assert done, f"nothing says {words!r} on {self.path}:\n{self.text()}"
        self.until(
            "() => document.readyState === 'complete' && window.stillHere === undefined", f"{words} leads on"
        )

    def until(self, condition: str, what: str) -> None:
        """Wait for a JavaScript condition; the page may change meanwhile."""
        until = time.monotonic() + WAIT_SECONDS
        while time.monotonic() < until:
            with contextlib.suppress(EngineError):
                if self.engine.run(condition):
                    return
            time.sleep(0.1)
        pytest.fail(
            f"{self.engine.name} waited {WAIT_SECONDS} s in vain: {what} (at {self.path})\n{self.text()[:800]}"
        )


class EngineError(AssertionError):
    """The browser answered with an error."""


def need(*programs: str, package: str) -> str:
    """The first of these programs on PATH; fails with the command that mends it."""
    for program in programs:
        if found := shutil.which(program):
            return found
    pytest.fail(
        f"{programs[0]} is not on this machine. Mend it with:\n    sudo apt-get install {package}",
        pytrace=False,
    )


class Firefox:
    """Firefox over WebDriver BiDi."""

    name = "firefox"

    def __init__(self, folder: Path, preferences: dict[str, bool | int | str] | None = None) -> None:
        """``preferences``: besides the quiet ones."""
        program = need("firefox-esr", "firefox", package="firefox-esr")
        profile = folder / "profile"
        profile.mkdir(parents=True)
        (profile / "user.js").write_text(
            "".join(
                f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
                for name, value in {**PREFERENCES, **(preferences or {})}.items()
            )
        )
        self._open = contextlib.ExitStack()
        self._log = self._open.enter_context((folder / "log").open("w+", encoding="utf-8"))
        self._process = subprocess.Popen(
            [program, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0"],
            stdout=self._log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "HOME": str(folder), "MOZ_CRASHREPORTER_DISABLE": "1"},
        )
        self._open.callback(end, self._process)
        self._numbers = itertools.count(1)
        self._socket: ClientConnection = self._open.enter_context(
            connect(f"{self._address()}/session", max_size=None, proxy=None)
        )
        self._ask("session.new", capabilities={})
        self._page = self._ask("browsingContext.getTree")["contexts"][0]["context"]
        viewport = {"width": PHONE[0], "height": PHONE[1]}
        self._ask("browsingContext.setViewport", context=self._page, viewport=viewport)

    def _address(self) -> str:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            self._log.seek(0)
            found = re.search(r"WebDriver BiDi listening on (ws://\S+)", self._log.read())
            if found:
                return found[1]
            time.sleep(0.1)
        self._log.seek(0)
        said = self._log.read()[-2000:]
        self._open.close()
        pytest.fail(f"Firefox did not start:\n{said}", pytrace=False)

    def _ask(self, method: str, **params: Any) -> Any:
        number = next(self._numbers)
        self._socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            answer = json.loads(self._socket.recv(timeout=START_SECONDS))
            if answer.get("id") == number:
                if answer["type"] == "error":
                    raise EngineError(f"{method}: {answer['message']}")
                return answer["result"]

    def open(self, url: str) -> None:
        self._ask("browsingContext.navigate", context=self._page, url=url, wait="complete")

    def run(self, function: str, *arguments: Any) -> Any:
        # Everything goes in and comes out as JSON: BiDi's own values would need unwrapping at every depth.
        answer = self._ask(
            "script.callFunction",
            functionDeclaration=f"async (given) => JSON.stringify(await ({function})(...JSON.parse(given)) ?? null)",
            arguments=[{"type": "string", "value": json.dumps(arguments)}],
            target={"context": self._page},
            awaitPromise=True,
        )
        if answer["type"] == "exception":
            raise EngineError(answer["exceptionDetails"]["text"])
        return json.loads(answer["result"]["value"])

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._ask("browser.close")
        self._open.close()


# Quiet, and asking nobody outside: no updates, no reports, no remote settings.
PREFERENCES: dict[str, bool | int | str] = {
    "app.normandy.enabled": False,
    "app.update.disabledForTesting": True,
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage": "about:blank",
    "browser.startup.page": 0,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
    "toolkit.telemetry.enabled": False,
}


class WebKit:
    """WebKitGTK's MiniBrowser over WebDriver, on a screen that nobody sees."""

    name = "webkit"

    def __init__(self, folder: Path) -> None:
        driver = need("WebKitWebDriver", package="webkit2gtk-driver")
        screen = need("Xvfb", package="xvfb")
        shown, tell = os.pipe()
        self._screen = subprocess.Popen(
            [screen, "-displayfd", str(tell), "-screen", "0", "1280x1024x24", "-nolisten", "tcp"],
            pass_fds=[tell],
            stderr=subprocess.DEVNULL,
        )
        os.close(tell)
        with os.fdopen(shown) as number:
            display = f":{number.readline().strip()}"
        port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self._process = subprocess.Popen(
            [driver, f"--port={port}", "--host=127.0.0.1"],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env={
                **os.environ,
                "DISPLAY": display,
                "HOME": str(folder),
                "XDG_RUNTIME_DIR": str(folder),
                "GDK_BACKEND": "x11",
                "LIBGL_ALWAYS_SOFTWARE": "1",
                "WEBKIT_DISABLE_COMPOSITING_MODE": "1",
                # WebKit's own sandbox needs user namespaces, which containers seldom give.
                "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
            },
        )
        self._http = requests.Session()
        self._http.trust_env = False
        self._address = f"http://127.0.0.1:{port}"
        until = time.monotonic() + START_SECONDS
        while True:
            try:
                self._http.get(f"{self._address}/status", timeout=5)
                break
            except requests.ConnectionError:
                if time.monotonic() > until or self._process.poll() is not None:
                    pytest.fail("WebKitWebDriver did not start", pytrace=False)
                time.sleep(0.1)
        made = self._send(
            "POST", "/session", {"capabilities": {"alwaysMatch": {"browserName": "MiniBrowser"}}}
        )
        self._session = f"/session/{made['sessionId']}"
        self._send("POST", f"{self._session}/timeouts", {"script": WAIT_SECONDS * 1000, "pageLoad": 30_000})
        self._send("POST", f"{self._session}/window/rect", {"width": PHONE[0], "height": PHONE[1]})

    def _send(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = self._http.request(method, self._address + path, json=body, timeout=START_SECONDS).json()[
            "value"
        ]
        if isinstance(answer, dict) and "error" in answer:
            raise EngineError(f"{path}: {answer['error']} {answer.get('message', '')}")
        return answer

    def open(self, url: str) -> None:
        self._send("POST", f"{self._session}/url", {"url": url})

    def run(self, function: str, *arguments: Any) -> Any:
        script = (
            "const [given, done] = arguments;"
            f"Promise.resolve().then(() => ({function})(...JSON.parse(given)))"
            ".then((value) => done({value: JSON.stringify(value ?? null)}), (error) => done({error: String(error)}))"
        )
        answer = self._send(
            "POST", f"{self._session}/execute/async", {"script": script, "args": [json.dumps(arguments)]}
        )
        if "error" in answer:
            raise EngineError(answer["error"])
        return json.loads(answer["value"])

    def close(self) -> None:
        with contextlib.suppress(Exception):
            self._send("DELETE", self._session)
        self._http.close()
        end(self._process)
        end(self._screen)


def free_port() -> int:
    """A port on the loopback that nobody uses."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def end(process: subprocess.Popen[Any]) -> None:
    """Ask a program to stop, then make it."""
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@pytest.fixture(scope="session", params=NAMES)
def engine(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Firefox, then WebKit."""
    kinds: dict[str, type[Firefox] | type[WebKit]] = {"firefox": Firefox, "webkit": WebKit}
    engine = kinds[request.param](tmp_path_factory.mktemp(request.param))
    yield engine
    engine.close()


@pytest.fixture
def journey(engine: Engine) -> Journey:
    """A person in front of that browser."""
    return Journey(engine)
