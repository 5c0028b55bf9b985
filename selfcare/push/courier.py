"""Sends single messages at once, from a thread of its own, so that no page waits for a push service."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import structlog
from flask import Flask, current_app
from flask_babel import gettext as _

from selfcare.errors import TooMany
from selfcare.extensions import db
from selfcare.push import configured
from selfcare.push.sender import Answer, Letter, Sender

log = structlog.get_logger()

MOST_WAITING = 1000  # letters; beyond that somebody is playing with the button
LOOK = 0.2  # seconds between two looks at the queue while letters are in flight

Then = Callable[[list[Answer]], None]


class Courier:
    """The thread and its queue; the thread starts with the first letter."""

    def __init__(self, app: Flask, sender: Sender) -> None:
        self._app, self._sender = app, sender
        self._queue: queue.Queue[tuple[Letter, Then] | None] = queue.Queue(MOST_WAITING)
        self._then: dict[int, Then] = {}
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def send(self, letter: Letter, *, then: Then) -> None:
        """Send it now. ``then`` is given the answer, in a transaction of its own.

        :raises TooMany: too many are waiting.
        """
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="push-courier", daemon=True)
                self._thread.start()
        try:
            self._queue.put_nowait((letter, then))
        except queue.Full:
            raise TooMany(_("Too many tries. Wait a minute, then try again"), 60) from None

    def stop(self) -> None:
        """Send what waits, wait for the answers (10 seconds at most), and end."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
            self._thread = None
        self._sender.close()

    def _run(self) -> None:
        going = True
        while going or self._sender.in_flight:
            going = self._take(wait=not self._sender.in_flight) and going
            answers = self._sender.collect(LOOK)
            if answers:
                self._give(answers)

    def _take(self, *, wait: bool) -> bool:
        while True:
            try:
                waiting = self._queue.get(block=wait)
            except queue.Empty:
                return True
            if waiting is None:
                return False
            letter, then = waiting
            self._then[id(letter)] = then
            self._sender.post([letter])
            wait = False

    def _give(self, answers: list[Answer]) -> None:
        for answer in answers:
            then = self._then.pop(id(answer.letter))
            try:
                with self._app.app_context(), db.scope(), db.transaction():
                    then([answer])
            except Exception as problem:
                # The message itself has gone out; the next one to this phone will say the same of it.
                log.error("push_answer_not_kept", kind=type(problem).__name__)


def of_this_app() -> Courier:
    """The courier of the current application.

    :raises RuntimeError: push is not set up.
    """
    push = configured.here()
    if push is None:
        raise RuntimeError("push is not set up")
    couriers: dict[configured.Configured, Courier] = current_app.extensions.setdefault("selfcare-courier", {})
    if push not in couriers:
        app = current_app._get_current_object()  # type: ignore[attr-defined]  # the thread outlives the request
        couriers[push] = Courier(app, push.sender())
    return couriers[push]


def stop_all(app: Flask) -> None:
    """End every courier of the application; for a clean stop."""
    for courier in app.extensions.pop("selfcare-courier", {}).values():
        courier.stop()
