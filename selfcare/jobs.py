"""The ticker: APScheduler calls, every few seconds, what has to be done without anybody asking.

It only ticks. When a reminder is due is a row's business (``reminders.occurrences``): a cron trigger would fire twice on the
night when clocks go back.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from selfcare.audit.seal import seal
from selfcare.carers import inviting
from selfcare.extensions import db
from selfcare.identity import invitations, sessions
from selfcare.phones import receipts
from selfcare.push import courier
from selfcare.reminders import heartbeat
from selfcare.reminders.dispatch import BATCH, Dispatcher

log = structlog.get_logger()

DISPATCH_EVERY = 2  # seconds; a reminder at 7pm goes out at 7pm
BEAT_EVERY = 15  # seconds
SEAL_EVERY = 3  # seconds; the trail is chained within 5 (safety.md)
SWEEP_EVERY = 3600  # seconds

# Inside the web server: small batches with rests, so that a full minute of reminders slows pages by little.
EMBEDDED_BATCH, EMBEDDED_PAUSE = 50, 0.1


@dataclass(frozen=True)
class Tick:
    """Something to do again and again: its name in the logs, seconds between, and what."""

    name: str
    every: float
    work: Callable[[], object]


class Worker:
    """The scheduler of one process and what it ticks."""

    def __init__(self, app: Flask, *, batch: int = BATCH, pause: float = 0.0) -> None:
        self._app = app
        # Names no machine and no person to the outside: only for telling workers apart.
        self.name = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        with app.app_context():
            self._dispatcher = Dispatcher(batch=batch, pause=pause)
        self._scheduler = BackgroundScheduler(
            timezone="UTC",
            executors={"default": ThreadPoolExecutor(4)},
            job_defaults={"coalesce": True, "misfire_grace_time": 3600, "max_instances": 1},
        )

    def ticks(self) -> list[Tick]:
        """Everything this worker does, by name."""
        return [
            Tick("heartbeat", BEAT_EVERY, self._beat),
            Tick("dispatch", DISPATCH_EVERY, self._dispatcher.tick),
            Tick("seal", SEAL_EVERY, seal),
            Tick("sweep", SWEEP_EVERY, _sweep),
        ]

    def start(self) -> None:
        """Begin ticking, at once."""
        # "Maximum number of running instances reached" is what we ask for: a long tick is not joined by a second one.
        logging.getLogger("apscheduler").setLevel(logging.ERROR)
        self._run(Tick("heartbeat", BEAT_EVERY, self._beat))
        for tick in self.ticks():
            self._scheduler.add_job(self._run, "interval", seconds=tick.every, args=[tick], id=tick.name)
        self._scheduler.start()
        log.info("worker_started")

    def shutdown(self, wait: bool = True) -> None:
        """Stop ticking. What is under way is finished and written down (10 seconds at most)."""
        self._dispatcher.stopping = True
        self._scheduler.shutdown(wait=True)
        self._run(Tick("close", 0, self._dispatcher.close))
        self._run(Tick("goodbye", 0, self._goodbye))
        courier.stop_all(self._app)
        log.info("worker_stopped")

    def _run(self, tick: Tick) -> None:
        """One tick. Whatever goes wrong is logged and tried again at the next: a tick never ends the worker."""
        began = time.monotonic()
        try:
            with self._app.app_context(), db.scope():
                done = tick.work()
        except SQLAlchemyError as problem:
            log.error("tick_failed", job=tick.name, kind=type(problem).__name__)
        except Exception as problem:
            log.error("tick_failed", job=tick.name, kind=type(problem).__name__, where=_place(problem))
        else:
            if done and tick.name == "dispatch":
                seconds = round(time.monotonic() - began, 3)
                log.info("reminders_dispatched", job=tick.name, count=done, seconds=seconds)

    def _beat(self) -> None:
        with db.transaction():
            heartbeat.beat(self.name)

    def _goodbye(self) -> None:
        with db.transaction():
            heartbeat.stopped(self.name)


def _sweep() -> None:
    """Delete what has run out."""
    with db.transaction():
        sessions.delete_expired()
        invitations.forget_expired()
        inviting.forget_expired()
        receipts.delete_old()


def _place(error: BaseException) -> str:
    """Where it happened; never the message, which may carry what somebody wrote."""
    trace, frames = error.__traceback__, []
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(frames[-4:])


def start_embedded(app: Flask) -> Worker:
    """The worker inside a web server of one process (``selfcare serve``); the caller shuts it down."""
    worker = Worker(app, batch=EMBEDDED_BATCH, pause=EMBEDDED_PAUSE)
    worker.start()
    return worker


def run_worker(app: Flask) -> None:
    """``selfcare worker``: tick until SIGTERM or Ctrl-C, then finish what is under way."""
    over = threading.Event()

    def stop(signum: int, frame: FrameType | None) -> None:
        over.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    worker = Worker(app)
    worker.start()
    try:
        over.wait()
    finally:
        worker.shutdown()
        db.close()
