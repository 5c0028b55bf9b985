"""The demonstration on a free port of this machine with a database of its own, for tools that look at it from outside."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from selfcare.push import keys

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 120  # seconds until it answers; it makes 40 patients first


@contextmanager
def running() -> Iterator[str]:
    """Start it, give its address, stop it and throw its data away."""
    with tempfile.TemporaryDirectory(prefix="selfcare-demo-") as folder:
        port = str(_free_port())
        address = f"http://127.0.0.1:{port}"
        settings = {
            "SELFCARE_DATABASE_URL": f"sqlite:///{folder}/demo.db",
            "SELFCARE_SECRET_KEY": "thrown away with the data, and long enough",
            "SELFCARE_VAPID_PRIVATE_KEY": keys.new_key().private,
            "SELFCARE_SCHEDULER": "off",
            "SELFCARE_LOG_LEVEL": "error",
        }
        own = {name: value for name, value in os.environ.items() if not name.startswith("SELFCARE_")}
        with (Path(folder) / "output").open("w+", encoding="utf-8") as output:
            server = subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    "from selfcare.cli import main; main()",
                    "demo",
                    "start",
                    "--port",
                    port,
                ],
                cwd=ROOT,
                env=own | settings,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                _wait(server, address, output.name)
                yield address
            finally:
                server.terminate()
                server.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(server: subprocess.Popen[bytes], address: str, output: str) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        if server.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/healthz", timeout=5):  # noqa: S310 - our own address
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.3)
    sys.exit(f"The demonstration did not start:\n{Path(output).read_text(encoding='utf-8')}")
