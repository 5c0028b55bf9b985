"""A worker that dies, a database that is away, one row or room that raises; and what all of it costs."""

from __future__ import annotations

from typing import Any

import pytest

from selfcare import clock as house_clock
from selfcare.extensions import db
from selfcare.push.models import PushSubscription
from selfcare.reminders import claim, sources
from selfcare.reminders.dispatch import Dispatcher
from selfcare.reminders.models import Occurrence
from tests.plugins.push_service import PushService
from tests.reminders.sending import SEVEN, ledger, remind, take_on


def test_a_worker_that_dies_after_sending_is_followed_by_one_with_the_same_tag(
    clock: Any, ayse: Any, app: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    remind(ayse)
    clock.move_to(SEVEN)

    class Died(BaseException):
        """Not an Exception: nothing on the way catches it, as nothing catches a kill."""

    def die(*_arguments: Any) -> None:
        raise Died

    with app.app_context(), db.scope():
        first = Dispatcher()
        first._write = die  # type: ignore[method-assign]  # a worker dies just here
        claimed = first._claim()
        first._send(claimed)
        while first._in_flight:
            first._collect(0.2)
        with pytest.raises(Died):
            first._write()
    assert len(phone.messages) == 1
    # Its lease holds: nobody else sends yet.
    assert dispatcher.tick() == 0
    assert len(phone.messages) == 1
    clock.move_to("2026-10-06T18:00:31Z")
    assert dispatcher.tick() == 1
    assert len(phone.messages) == 2
    assert phone.messages[0].notification["tag"] == phone.messages[1].notification["tag"]
    assert ledger(story)[0] == ("06 19:00", "sent", None)


def test_a_worker_that_dies_before_sending_loses_nothing(
    clock: Any, ayse: Any, app: Any, dispatcher: Any, push_service: PushService
) -> None:
    take_on(ayse, push_service.phone())
    remind(ayse)
    clock.move_to(SEVEN)
    with app.app_context(), db.scope():
        assert len(claim.some(500, house_clock.now())) == 1
    assert dispatcher.tick() == 0
    clock.move_to("2026-10-06T18:00:31Z")
    assert dispatcher.tick() == 1
    assert len(push_service.messages) == 1


def test_what_could_not_be_written_down_is_written_later_and_not_sent_again(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any, monkeypatch: Any
) -> None:
    take_on(ayse, push_service.phone())
    remind(ayse)
    clock.move_to(SEVEN)
    with monkeypatch.context() as patch:

        def away(*_arguments: Any) -> None:
            raise OSError("the database is away")

        patch.setattr("selfcare.reminders.ledger.write", away)
        with pytest.raises(OSError, match="away"):
            dispatcher.tick()
    clock.move_to("2026-10-06T18:00:40Z")  # after the lease
    assert dispatcher.tick() == 1
    assert len(push_service.messages) == 1
    assert ledger(story)[0] == ("06 19:00", "sent", None)


def test_a_source_that_raises_stops_nobodys_reminder(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, monkeypatch: Any
) -> None:
    take_on(ayse, push_service.phone())
    remind(ayse)
    clock.move_to(SEVEN)

    def broken(*_arguments: Any) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sources.find("diary"), "done", broken)
    assert dispatcher.tick() == 1
    assert len(push_service.messages) == 1


def test_one_row_that_raises_is_put_off_and_spoils_nobody_elses(
    clock: Any, ayse: Any, peter: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    hers, his = push_service.phone(), push_service.phone()
    take_on(ayse, hers)
    take_on(peter, his)
    remind(ayse)
    remind(peter)
    with story():  # keys that were right when they were stored, and are no more
        row = db.session.query(PushSubscription).filter_by(endpoint=hers.endpoint).one()
        row.p256dh = "AAAA"
    clock.move_to(SEVEN)
    assert dispatcher.tick() == 2
    assert len(his.messages) == 1
    states = {state for when, state, _reason in ledger(story) if when == "06 19:00"}
    assert states == {"sent", "waiting"}
    with story():
        waiting = (
            db.session.query(Occurrence).filter_by(local_time="19:00", attempts=1, state="waiting").one()
        )
        assert waiting.next_at is not None
        assert waiting.next_at > house_clock.now()


def test_what_would_be_sent_can_be_asked_without_sending(
    clock: Any, ayse: Any, app: Any, dispatcher: Any, story: Any
) -> None:
    remind(ayse)
    clock.move_to(SEVEN)
    with app.app_context():
        [one] = claim.due(10, house_clock.now())
    assert one.about == "diary"
    assert ledger(story)[0] == ("06 19:00", "waiting", None)


@pytest.mark.parametrize("count", [1, 40])
def test_the_chain_takes_the_same_number_of_statements_for_one_and_for_many(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, statements: Any, count: int
) -> None:
    take_on(ayse, push_service.phone())
    for number in range(count):
        remind(ayse, {"about": "diary", "times": [f"19:{number:02}"]})
    clock.move_to("2026-10-06T18:59:00Z")
    with statements() as seen:
        assert dispatcher.tick(patience=5) == count
    assert len(push_service.messages) == count
    # plan look, look, claim, done, people, phones, then the ledger, the occurrences, the phone, and a last look;
    # once more for every round in which answers come in, however few of the forty each brings.
    rounds = sum("INSERT INTO deliveries" in statement for statement in seen)
    assert len(seen) - 4 * (rounds - 1) <= 14, "\n".join(seen)
