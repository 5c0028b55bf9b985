"""The ticker: what it ticks, and that nothing ends it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from structlog.testing import capture_logs

from selfcare import clock, jobs
from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.identity.models import LoginSession
from selfcare.reminders import heartbeat
from tests.plugins.push_service import PushService


def test_an_embedded_worker_gives_signs_of_life_and_says_goodbye(
    app: Any, pushing: PushService, story: Any
) -> None:
    worker = jobs.start_embedded(app)
    try:
        with story():
            assert heartbeat.alive()
    finally:
        worker.shutdown(wait=False)
    with story():
        assert not heartbeat.alive()


def test_it_seals_the_audit_trail_and_dispatches_and_sweeps(app: Any, ayse: Any) -> None:
    worker = jobs.Worker(app)
    assert {tick.name for tick in worker.ticks()} == {"heartbeat", "dispatch", "seal", "sweep"}
    for tick in worker.ticks():
        worker._run(tick)
    with app.app_context(), db.scope():
        unsealed = db.session.scalar(
            sa.select(sa.func.count()).select_from(AuditEvent).where(AuditEvent.sequence.is_(None))
        )
    assert unsealed == 0


def test_a_tick_that_raises_is_logged_without_its_words_and_the_next_one_runs(app: Any) -> None:
    worker = jobs.Worker(app)
    ran: list[int] = []

    def broken() -> None:
        ran.append(1)
        raise ValueError("CANARY what somebody wrote")

    with capture_logs() as said:
        for _ in range(2):
            worker._run(jobs.Tick("broken", 1, broken))
    assert ran == [1, 1]
    assert [line["event"] for line in said] == ["tick_failed"] * 2
    assert "CANARY" not in str(said)


def test_sessions_that_can_never_be_used_again_are_swept_and_others_stay(
    app: Any, ayse: Any, peter: Any, story: Any, world: Any
) -> None:
    assert peter.delete("/api/v1/session").status_code == 204
    with story():
        now = clock.now()
        for days, name in ((31, "idle"), (181, "old")):
            at = now - dt.timedelta(days=days)
            db.session.add(LoginSession(secret_hash=name, person_id=world.ayse, started_at=at, seen_at=at))
    jobs.Worker(app)._run(jobs.Tick("sweep", 1, jobs._sweep))
    with story():
        assert [row.person_id for row in db.session.query(LoginSession)] == [world.ayse]
    assert ayse.get("/api/v1/session").status_code == 200


def test_no_sign_for_a_minute_is_no_worker(app: Any, story: Any) -> None:
    with story():
        heartbeat.beat("one")
    with story():
        assert heartbeat.alive()
        row = db.session.query(heartbeat.WorkerHeartbeat).one()
        row.at = clock.now() - dt.timedelta(seconds=61)
    with story():
        assert not heartbeat.alive()
