"""A phone that is gone, a push service that is busy, broken or silent."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.clock import now
from selfcare.extensions import db
from selfcare.reminders.models import Delivery, Occurrence
from tests.plugins.push_service import PushService
from tests.reminders.sending import SEVEN, ledger, remind, take_on, write_diary


@pytest.mark.parametrize("status", [404, 410])
def test_a_phone_that_is_gone_is_pruned_and_never_asked_again(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any, status: int
) -> None:
    gone, here = push_service.phone().answers(status), push_service.phone()
    address = take_on(ayse, gone)
    take_on(ayse, here)
    remind(ayse)
    clock.move_to(SEVEN)
    dispatcher.tick()
    assert ledger(story)[0] == ("06 19:00", "sent", None)
    assert ayse.get(address).json["active"] is False
    assert ayse.post(address + "/test").status_code == 404
    clock.move_to("2026-10-07T18:00:00Z")
    dispatcher.tick()
    assert push_service.asked[gone.path] == 1
    assert len(here.messages) == 2


def test_only_a_gone_phone_means_missed(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    take_on(ayse, push_service.phone().answers(410))
    remind(ayse)
    clock.move_to(SEVEN)
    dispatcher.tick()
    assert ledger(story)[0] == ("06 19:00", "missed", "gone")


def test_429_is_tried_again_when_the_service_asks_for_it_and_not_before(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone().answers(429, retry_after=600)
    address = take_on(ayse, phone)
    remind(ayse)
    clock.move_to(SEVEN)
    dispatcher.tick()
    answered = now()  # the moved clock ticks on, and a busy machine answers late
    assert ledger(story)[0] == ("06 19:00", "waiting", None)
    phone.answers(201)
    with story():
        next_ones = sa.select(Occurrence.next_at).where(Occurrence.next_at.is_not(None))
        again_at = db.session.scalars(next_ones.order_by(Occurrence.next_at).limit(1)).one()
    assert again_at is not None
    assert again_at <= answered + dt.timedelta(seconds=600)
    clock.move_to("2026-10-06T18:09:50Z")
    dispatcher.tick()
    assert phone.messages == []
    clock.move_to(again_at + dt.timedelta(seconds=1))
    dispatcher.tick()
    assert len(phone.messages) == 1
    assert ledger(story)[0] == ("06 19:00", "sent", None)
    assert ayse.get(address).json["active"] is True


def test_troubles_of_a_service_are_tried_again_until_it_would_be_too_late_and_never_prune(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone().answers(503)
    address = take_on(ayse, phone)
    remind(ayse)
    for minute in range(125):
        clock.move_to(f"2026-10-06T{18 + minute // 60}:{minute % 60:02}:01Z")
        dispatcher.tick()
    assert ledger(story)[0] == ("06 19:00", "missed", "not_taken")
    assert 4 <= push_service.asked[phone.path] <= 8
    assert ayse.get(address).json["active"] is True
    with story():
        assert {row.status for row in db.session.query(Delivery)} == {503}


def test_done_meanwhile_ends_the_tries(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone().answers(500)
    take_on(ayse, phone)
    remind(ayse)
    clock.move_to(SEVEN)
    dispatcher.tick()
    write_diary(ayse, "2026-10-06T19:00:10+01:00")
    phone.answers(201)
    clock.move_to("2026-10-06T18:01:00Z")
    dispatcher.tick()
    assert phone.messages == []
    assert ledger(story)[0] == ("06 19:00", "done_already", None)


@pytest.mark.slow
def test_a_hanging_service_delays_nobody_and_is_settled_by_a_later_tick(
    clock: Any, ayse: Any, peter: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    slow, quick = push_service.phone().hangs(6), push_service.phone()
    take_on(ayse, slow)
    take_on(peter, quick)
    remind(ayse)
    remind(peter)
    clock.move_to(SEVEN)
    began = time.perf_counter()
    settled = 0
    while settled == 0 and time.perf_counter() - began < 5:
        settled = dispatcher.tick(patience=0.3)
    assert len(quick.messages) == 1
    assert slow.messages == []
    # Who becomes due meanwhile is not kept waiting either.
    remind(peter, {"about": "diary", "times": ["19:01"]})
    clock.move_to("2026-10-06T18:01:00Z")
    while len(quick.messages) == 1 and time.perf_counter() - began < 5:
        dispatcher.tick(patience=0.3)
    assert len(quick.messages) == 2
    assert slow.messages == []
    while slow.messages == [] and time.perf_counter() - began < 15:
        dispatcher.tick(patience=0.3)
        time.sleep(0.1)
    while dispatcher.it._in_flight:
        dispatcher.tick()
    assert [state for _when, state, _reason in ledger(story)].count("sent") == 3
