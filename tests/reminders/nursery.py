"""Workers as processes of their own, forked from one that has imported everything: a start takes a moment, not three seconds.

The process that forks holds no application, connection or thread. What runs in each is ``selfcare worker``.
"""

from __future__ import annotations

import faulthandler
import multiprocessing
import os
import signal
import sys
import time
from pathlib import Path

from selfcare import jobs
from selfcare.app import create_app

_PLACE = multiprocessing.get_context("forkserver")
_PLACE.set_forkserver_preload([__name__])

# Ticks often, so that a test need not wait two seconds for each; what a tick does is the same.
EVERY = 0.5  # seconds


def _work(environment: dict[str, str], more: str, log: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    with log.open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    faulthandler.register(signal.SIGUSR1)
    jobs.DISPATCH_EVERY = EVERY
    exec(more, {"jobs": jobs, "signal": signal})  # noqa: S102 - our own words, from a test
    jobs.run_worker(create_app())


class Process:
    """One worker. ``more`` is run in it first."""

    def __init__(self, environment: dict[str, str], more: str, log: Path) -> None:
        self._log = log
        self._process = _PLACE.Process(target=_work, args=(environment, more, log), daemon=True)
        self._process.start()

    def kill(self) -> None:
        """SIGKILL: no goodbye."""
        self._process.kill()

    def terminate(self) -> None:
        """SIGTERM, as an operator stops it."""
        self._process.terminate()

    def wait(self, seconds: float = 20) -> int | None:
        """How it ended; a negative number is the signal that ended it, None that it runs still."""
        self._process.join(seconds)
        if self._process.is_alive() and self._process.pid:
            os.kill(self._process.pid, signal.SIGUSR1)  # every thread of it says where it stands
            time.sleep(0.5)
            sys.stderr.write(self._log.read_text("utf-8", "replace"))
        return self._process.exitcode
