"""Several workers as processes of their own: they share the work, and none of it is lost when one is killed."""

from __future__ import annotations

import datetime as dt
import os
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from config import Settings
from selfcare import clock, jobs
from selfcare.extensions import db
from selfcare.push.models import PushSubscription
from selfcare.reminders import claim, heartbeat
from selfcare.reminders.models import Delivery, Occurrence, WorkerHeartbeat
from tests.conftest import SECRET
from tests.plugins.push_service import VAPID, Phone, PushService, base64url
from tests.reminders.nursery import EVERY, Process

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
SEAL = jobs.seal  # imported for its table, which every worker writes to


def many_due(
    story: Any, service: PushService, patient_id: uuid.UUID, count: int, due_at: dt.datetime
) -> Phone:
    """``count`` reminders of one phone, a minute apart up to ``due_at``, so that each is a push of its own."""
    phone = service.phone()
    with story():
        db.session.add(
            PushSubscription(
                id=uuid.uuid4(),
                patient_id=patient_id,
                written_by=patient_id,
                endpoint=phone.endpoint,
                p256dh=phone.p256dh,
                auth=base64url(phone.auth),
                label="",
            )
        )
        for number in range(count):
            instant = due_at - dt.timedelta(seconds=number)
            db.session.add(
                Occurrence(
                    id=uuid.uuid4(),
                    reminder_id=uuid.uuid4(),
                    patient_id=patient_id,
                    about="diary",
                    local_date=instant.date(),
                    local_time="12:00",
                    time_zone="UTC",
                    due_at=instant,
                    next_at=instant,
                )
            )
    return phone


@pytest.fixture
def start_worker(
    settings: Settings, push_service: PushService, tmp_path: Path
) -> Iterator[Callable[..., Process]]:
    """``start_worker()``: ``selfcare worker`` in a process of its own; ``more`` is run in it first."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SELFCARE_")} | {
        "SELFCARE_ENV": "test",
        "SELFCARE_DATABASE_URL": settings.database_url,
        "SELFCARE_SECRET_KEY": SECRET,
        "SELFCARE_VAPID_PRIVATE_KEY": VAPID.private,
        "SELFCARE_VAPID_SUBJECT": "mailto:push@test.example",
        "SELFCARE_PUSH_ALLOWED_ORIGINS": push_service.origin,
        "PYTHONPATH": str(ROOT),
    }
    running: list[Process] = []

    def start(more: str = "pass") -> Process:
        running.append(Process(environment, more, tmp_path / f"worker-{len(running)}.log"))
        return running[-1]

    yield start
    for worker in running:
        worker.kill()
        worker.wait()


def states(story: Any) -> Counter[str]:
    with story():
        return Counter(row.state for row in db.session.query(Occurrence.state))


def wait_until_sent(story: Any, count: int, seconds: float) -> None:
    until = time.monotonic() + seconds
    while (now := states(story))["sent"] < count:
        assert time.monotonic() < until, f"not within {seconds} s: {now}"
        time.sleep(0.05)


def wait_until_at_work(story: Any, count: int, seconds: float) -> None:
    """Until so many workers have said that they live: one that is still starting knows of no goodbye."""
    until = time.monotonic() + seconds
    while True:
        with story():
            if db.session.query(WorkerHeartbeat).count() == count:
                return
        assert time.monotonic() < until, f"not {count} workers within {seconds} s"
        time.sleep(0.05)


def test_two_workers_share_what_is_due_and_send_nothing_twice(
    app: Any, world: Any, story: Any, push_service: PushService, start_worker: Any
) -> None:
    count = 200
    many_due(story, push_service, world.ayse, count, clock.now())
    workers = [start_worker(), start_worker()]
    wait_until_at_work(story, 2, 60)
    wait_until_sent(story, count, 60)
    assert len(push_service.messages) == count
    assert len({message.notification["tag"] for message in push_service.messages}) == count
    with story():
        assert db.session.query(Delivery).count() == count
        assert heartbeat.alive()
    for worker in workers:
        worker.terminate()
        assert worker.wait(20) == 0
    with story():
        assert heartbeat.last() is None  # both said goodbye


def test_two_claims_at_the_same_time_never_meet(
    app: Any, world: Any, story: Any, push_service: PushService
) -> None:
    many_due(story, push_service, world.ayse, 60, clock.now())
    found: list[list[claim.Claimed]] = []
    begin = threading.Barrier(3)

    def take() -> None:
        with app.app_context():
            begin.wait()
            found.append(claim.some(25, clock.now()))

    threads = [threading.Thread(target=take) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ids = [one.id for claimed in found for one in claimed]
    assert len(ids) == len(set(ids))
    with app.app_context():
        rest = claim.some(100, clock.now())
    assert len(ids) + len(rest) == 60
    assert {one.id for one in rest}.isdisjoint(ids)


def test_on_postgresql_a_claim_does_not_wait_for_another(
    app: Any, world: Any, story: Any, push_service: PushService, database_kind: str
) -> None:
    many_due(story, push_service, world.ayse, 60, clock.now())
    if database_kind == "sqlite":
        # One writer at a time: there is nothing to skip, and the statement says nothing of locks.
        with app.app_context(), db.scope():
            assert "SKIP LOCKED" not in str(claim.due_now(5, clock.now()).compile(db.engine))
        return
    with app.app_context(), db.engine.connect() as other, other.begin():
        held = other.exec_driver_sql(
            "SELECT id FROM occurrences WHERE next_at IS NOT NULL ORDER BY next_at LIMIT 25 FOR UPDATE"
        ).all()
        other.exec_driver_sql("SET LOCAL statement_timeout = '5s'")
        ours = claim.some(25, clock.now())
    assert len(held) == len(ours) == 25
    assert {row[0] for row in held}.isdisjoint(one.id for one in ours)


def test_a_worker_killed_after_sending_and_before_writing_down_costs_one_repeat_with_the_same_tag(
    app: Any, world: Any, story: Any, push_service: PushService, start_worker: Any
) -> None:
    many_due(story, push_service, world.ayse, 1, clock.now())
    kill = (
        "import os; from selfcare.reminders import claim, ledger; "
        "ledger.write = lambda *a: os.kill(os.getpid(), signal.SIGKILL)"
    )
    dying = start_worker(kill)
    assert dying.wait(30) == -9
    assert len(push_service.messages) == 1
    assert states(story) == {"claimed": 1}
    with story():  # the lease, without waiting 30 seconds for it
        db.session.query(Occurrence).update({"next_at": clock.now()})
    start_worker()
    wait_until_sent(story, 1, 30)
    assert len(push_service.messages) == 2
    assert len({message.notification["tag"] for message in push_service.messages}) == 1


def test_kills_in_the_middle_of_the_work_lose_nothing(
    app: Any, world: Any, story: Any, push_service: PushService, start_worker: Any
) -> None:
    count, kills = 60, 3
    many_due(story, push_service, world.ayse, count, clock.now())
    # Small batches with rests, so that every kill meets work half done; a short lease, so that the test need not wait.
    slowly = (
        "import datetime as dt; from selfcare.reminders import claim; claim.LEASE = dt.timedelta(seconds=1); "
        "jobs.Worker.__init__.__kwdefaults__.update(batch=5, pause=0.05); jobs.DISPATCH_EVERY = 0.2"
    )
    for _ in range(kills):
        worker = start_worker(slowly)
        push_service.wait_for(len(push_service.messages) + 1, seconds=60)
        worker.kill()
        worker.wait()
    assert states(story)["sent"] < count  # the kills did come in the middle
    start_worker(slowly)
    wait_until_sent(story, count, 90)
    tags = Counter(message.notification["tag"] for message in push_service.messages)
    assert len(tags) == count
    # A repeat has the tag of the first, and there are no more of them than the killed batches held.
    assert len(push_service.messages) <= count + 5 * kills


def test_a_stopped_worker_finishes_what_is_under_way(
    app: Any, world: Any, story: Any, push_service: PushService, start_worker: Any
) -> None:
    phone = many_due(story, push_service, world.ayse, 1, clock.now()).hangs(2)
    worker = start_worker()
    push_service.wait_asked(phone, seconds=30)
    worker.terminate()
    assert worker.wait(20) == 0
    assert len(phone.messages) == 1
    assert states(story) == {"sent": 1}


def test_what_becomes_due_while_a_worker_runs_goes_out_then_and_not_before(
    app: Any, world: Any, story: Any, push_service: PushService, start_worker: Any
) -> None:
    start_worker()
    wait_for_life(story)
    due = clock.now() + dt.timedelta(seconds=5 * EVERY)  # so some ticks find it too early
    many_due(story, push_service, world.ayse, 1, due)
    [message] = push_service.wait_for(1, seconds=40)
    assert due.timestamp() <= message.at < due.timestamp() + 20


def wait_for_life(story: Any, seconds: float = 40) -> None:
    until = time.monotonic() + seconds
    while True:
        with story():
            if heartbeat.alive():
                return
        assert time.monotonic() < until, "no worker gives a sign of life"
        time.sleep(0.05)
