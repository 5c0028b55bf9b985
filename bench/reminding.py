"""The whole reminder chain, against a job per reminder that does the usual thing with the usual libraries.

Both read the same rows, encrypt for the same keys, post to the same push service in another process and write down what
came of it. The job per reminder: APScheduler with its default pool of 10 threads, ``webpush`` as its readme shows it,
``requests.post``, one commit each. It is let off two things: its jobs are kept in memory, and given an hour of grace, since
by default it drops what it is a second late for.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
import subprocess
import sys
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import requests
import sqlalchemy as sa
from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import orm
from webpush import WebPushSubscription

from bench import report
from bench.measure import Result, interleave, per_piece
from bench.sealing import Bare, Browser, a_message, plain_webpush
from bench.world import Run
from selfcare import clock
from selfcare.extensions import db
from selfcare.people.models import Patient, Person
from selfcare.push import configured, keys
from selfcare.push.models import PushSubscription
from selfcare.push.sender import Letter, Outcome
from selfcare.reminders.dispatch import Dispatcher
from selfcare.reminders.models import Delivery, Occurrence, State

OURS, THEIRS = 1000, 100  # reminders due at once, in one turn
GOAL = 30
LONGEST = 30  # seconds that one turn may take
CPU_GOAL = 1.5  # times bare crypto


class Peer:
    """The push service."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        self.origin = f"http://127.0.0.1:{process.stdout.readline().strip()}"

    def counts(self) -> dict[str, Any]:
        """What came since it was last asked."""
        with urllib.request.urlopen(f"{self.origin}/counts", timeout=10) as answer:
            return dict(json.loads(answer.read()))


@contextmanager
def peer() -> Iterator[Peer]:
    """A push service while the block lasts."""
    with subprocess.Popen(
        [sys.executable, "-m", "bench.peer"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            yield Peer(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(10)


def run(run: Run) -> list[Result]:
    """The chain on SQLite; then what sending costs in CPU."""
    rounds = run.rounds(6)
    with peer() as service:
        url = run.world.empty("reminders")
        app = run.world.use(url, push_allowed_origins=service.origin)
        with app.test_request_context():
            browser = Browser()
            patients = _people(service, browser)
            results = [_chain(run, service, browser, patients, rounds), _cpu(run, service, browser)]
    return results


def _people(service: Peer, browser: Browser) -> list[uuid.UUID]:
    """Patients with a phone each. The phones share a key: no side of the comparison keeps one ready."""
    ids = [uuid.uuid4() for _each in range(OURS)]
    now = clock.now()
    with db.scope(), db.transaction() as session:
        session.execute(
            sa.insert(Person), [{"id": key, "name": "Ayşe Kaya", "known_as": "Ayşe"} for key in ids]
        )
        session.execute(sa.insert(Patient), [{"id": key, "consented_at": now} for key in ids])
        session.execute(
            sa.insert(PushSubscription),
            [
                {
                    "id": uuid.uuid4(),
                    "patient_id": key,
                    "written_by": key,
                    "endpoint": f"{service.origin}/{key.hex}",
                    "p256dh": browser.p256dh,
                    "auth": browser.auth,
                    "label": "A phone",
                }
                for key in ids
            ],
        )
    return ids


def _due(patients: list[uuid.UUID]) -> list[uuid.UUID]:
    """A reminder of each, due now."""
    now = clock.now()
    rows: list[dict[str, Any]] = [
        {
            "id": uuid.uuid4(),
            "reminder_id": uuid.uuid4(),
            "patient_id": patient_id,
            "about": "diary",
            "local_date": now.date(),
            "local_time": "19:00",
            "time_zone": "Europe/London",
            "due_at": now,
            "next_at": now,
        }
        for patient_id in patients
    ]
    with db.scope(), db.transaction() as session:
        session.execute(sa.insert(Occurrence), rows)
    return [row["id"] for row in rows]


def _chain(run: Run, service: Peer, browser: Browser, patients: list[uuid.UUID], rounds: int) -> Result:
    dispatcher = Dispatcher()
    usual = _Usual(run.world.vapid.private)
    lost = twice = 0

    def check(due: int) -> None:
        nonlocal lost, twice
        counts = service.counts()
        lost += due - counts["addresses"]
        twice += counts["posts"] - counts["addresses"]
        if not browser.opens(base64.b64decode(counts["first"])):
            raise RuntimeError("a message came that nobody can read")

    def ours() -> list[float]:
        _due(patients)
        started = time.perf_counter()
        written = 0
        while written < len(patients) and time.perf_counter() - started < LONGEST:
            written += dispatcher.tick()  # one is enough where answers come within its patience
        seconds = time.perf_counter() - started
        check(len(patients))
        if written != len(patients):
            raise RuntimeError(f"{written} of {len(patients)} reminders were settled")
        return [seconds / len(patients)]

    def theirs() -> list[float]:
        ids = _due(patients[:THEIRS])
        started = time.perf_counter()
        usual.send(ids)
        seconds = time.perf_counter() - started
        counts = service.counts()
        if counts["posts"] != THEIRS:
            raise RuntimeError(f"a job per reminder posted {counts['posts']} of {THEIRS}")
        return [seconds / THEIRS]

    try:
        with report.progress("Reminders", rounds) as step:
            times = interleave({"ours": ours, "usual": theirs}, rounds, step)
    finally:
        dispatcher.close()
        usual.close()
    ratio = times["ours"].against(times["usual"])
    own, other = 1 / times["ours"].p50, 1 / times["usual"].p50
    return Result(
        f"{OURS:,} due at once, SQLite, one worker",
        "a job per reminder",
        ratio,
        also=f"{own:,.0f} a second (there {other:,.0f}); {lost} lost, {twice} twice",
        goal=f"≥ {GOAL} × on 2 cores",
        met=ratio.middle >= GOAL and not lost and not twice,
        figures={"per_second": own, "usual_per_second": other, "lost": lost, "twice": twice},
    )


class _Usual:
    """A job per reminder."""

    def __init__(self, private_key: str) -> None:
        self._push = plain_webpush(keys.load(private_key))
        self._message = a_message().decode()
        self._done = threading.Semaphore(0)
        self._problems: list[BaseException] = []
        self._scheduler = BackgroundScheduler(timezone="UTC", job_defaults={"misfire_grace_time": 3600})
        self._scheduler.start()

    def close(self) -> None:
        self._scheduler.shutdown()

    def send(self, occurrence_ids: list[uuid.UUID]) -> None:
        """A job for each, due now; back when all are done."""
        now = dt.datetime.now(dt.UTC)
        for occurrence_id in occurrence_ids:
            self._scheduler.add_job(self._job, "date", run_date=now, args=[occurrence_id])
        for _each in occurrence_ids:
            self._done.acquire()
        if self._problems:
            raise self._problems[0]

    def _job(self, occurrence_id: uuid.UUID) -> None:
        try:
            self._one(occurrence_id)
        except BaseException as problem:
            self._problems.append(problem)
        finally:
            self._done.release()

    def _one(self, occurrence_id: uuid.UUID) -> None:
        with orm.Session(db.engine) as session:
            occurrence = session.get_one(Occurrence, occurrence_id)
            query = sa.select(PushSubscription).where(PushSubscription.patient_id == occurrence.patient_id)
            phone = session.scalars(query).one()
            session.rollback()  # else SQLite's one writer would wait for the network
            address = {"endpoint": phone.endpoint, "keys": {"p256dh": phone.p256dh, "auth": phone.auth}}
            sealed = self._push.get(self._message, WebPushSubscription.model_validate(address))
            answer = requests.post(
                phone.endpoint, data=sealed.encrypted, headers=dict(sealed.headers), timeout=10
            )
            occurrence.state, occurrence.next_at, occurrence.settled_at = State.SENT, None, clock.now()
            session.add(
                Delivery(
                    occurrence_id=occurrence.id,
                    patient_id=occurrence.patient_id,
                    channel="push",
                    subscription_id=phone.id,
                    tag="x" * 32,
                    outcome=Outcome.ACCEPTED.value,
                    status=answer.status_code,
                )
            )
            session.commit()


def _cpu(run: Run, service: Peer, browser: Browser) -> Result:
    """Encrypting and posting, in CPU seconds of this process, against bare crypto that posts nothing."""
    push = configured.here()
    assert push is not None
    sender, message = push.sender(), a_message()
    bare = Bare(keys.load(run.world.vapid.private))
    many = 500

    def ours() -> int:
        letters = []
        for number in range(many):
            sealed = push.encrypter.seal(
                message,
                origin=service.origin,
                p256dh=browser.p256dh,
                auth=browser.auth,
                ttl=3600,
                topic="x" * 32,
            )
            letters.append(Letter(f"{service.origin}/{number}", sealed))
        sender.post(letters)
        came = 0
        while came < many:
            came += len(sender.collect(1.0))
        return many

    def crypto() -> int:
        for _each in range(many):
            bare.seal(message, browser.p256dh, browser.auth)
        return many

    rounds = run.rounds(6)
    with report.progress("Sender's CPU", rounds) as step:
        times = interleave(
            {"ours": per_piece(ours, time.process_time), "bare": per_piece(crypto, time.process_time)},
            rounds,
            step,
        )
    sender.close()
    service.counts()
    own, other = times["ours"], times["bare"]
    cost = 1 / own.against(other).middle
    return Result(
        "encrypting and posting, CPU",
        "bare crypto that posts nothing, CPU",
        own.against(other),
        also=f"{own.p50 * 1e6:.0f} µs of CPU (there {other.p50 * 1e6:.0f}): {cost:.2f} ×",
        goal=f"cost ≤ {CPU_GOAL} ×",
        met=cost <= CPU_GOAL,
        figures={"cpu_us": own.p50 * 1e6, "bare_cpu_us": other.p50 * 1e6, "cost": cost},
    )
