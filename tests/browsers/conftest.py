"""Only these tests need the other two engines, and a demonstration as ``make demo`` starts it."""

from __future__ import annotations

import contextlib
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from selfcare.push.keys import new_key
from tests.plugins.engines import Journey, end, engine, free_port, journey

__all__ = ["engine", "journey"]

ROOT = Path(__file__).resolve().parents[2]
PASSWORD = "correct horse battery demo"
START_SECONDS = 120


@contextlib.contextmanager
def running_demonstration(folder: Path, **settings: str) -> Iterator[str]:
    """A demonstration with a database of its own; its address. ``settings``: more of SELFCARE_*."""
    address = f"http://127.0.0.1:{(port := free_port())}"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SELFCARE_")} | {
        "PORT": str(port),
        "SELFCARE_DATABASE_URL": f"sqlite:///{folder / 'demo.db'}",
        "SELFCARE_SECRET_KEY": secrets.token_urlsafe(48),
        "SELFCARE_VAPID_PRIVATE_KEY": new_key().private,
        **settings,
    }
    log = folder / "log"
    with log.open("wb") as out:
        command = [sys.executable, "-c", "from selfcare.cli import main; main()", "demo", "start"]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
    try:
        until = time.monotonic() + START_SECONDS
        while True:
            with contextlib.suppress(requests.ConnectionError):
                if requests.get(f"{address}/healthz", timeout=2).ok:
                    break
            if server.poll() is not None or time.monotonic() > until:
                pytest.fail(f"The demonstration did not start:\n{log.read_text()[-3000:]}", pytrace=False)
            time.sleep(0.2)
        yield address
    finally:
        end(server)


def enter(journey: Journey, address: str) -> None:
    """Sign in as the demonstration's first patient, unless she is; she is on Today then."""
    journey.open(f"{address}/sign-in")
    if journey.path == "/sign-in":
        journey.fill("[name=email]", "patient@demo.example")
        journey.fill("[name=password]", PASSWORD)
        journey.press("Sign in")
    journey.open(f"{address}/")
    assert journey.path == "/"


@pytest.fixture(scope="session")
def demonstration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a demonstration that Firefox and WebKit share."""
    with running_demonstration(tmp_path_factory.mktemp("demonstration")) as address:
        yield address


@pytest.fixture
def signed_in(journey: Journey, demonstration: str) -> Journey:
    """The demonstration's first patient, signed in, on Today."""
    enter(journey, demonstration)
    return journey
