"""From due to the phone: what is sent, once, and what is not."""

from __future__ import annotations

import time
import uuid
from typing import Any

import pytest

from selfcare import clock as house_clock
from selfcare.extensions import db
from selfcare.people.models import Person
from selfcare.push import service as push_service_room
from selfcare.push.models import PushSubscription
from selfcare.reminders import claim, sources
from selfcare.reminders.dispatch import Dispatcher
from selfcare.reminders.models import Delivery, Occurrence
from tests.plugins.push_service import Phone, PushService

DIARY = {"about": "diary", "times": ["19:00"]}
SEVEN = "2026-10-06T18:00:00Z"  # 7pm in London


@pytest.fixture
def dispatcher(app: Any, pushing: PushService) -> Any:
    """A worker's dispatcher; ``tick()`` runs as the scheduler runs it."""

    class Worker:
        def __init__(self) -> None:
            with app.app_context():
                self.it = Dispatcher()

        def tick(self, **options: Any) -> int:
            with app.app_context(), db.scope():
                return self.it.tick(**options)

    worker = Worker()
    yield worker
    with app.app_context(), db.scope():
        worker.it.close()


def remind(caller: Any, body: dict[str, Any] = DIARY, query: str = "") -> str:
    reminder_id = str(uuid.uuid4())
    answer = caller.put(f"/api/v1/reminders/{reminder_id}{query}", body)
    assert answer.status_code == 201, answer.json
    return reminder_id


def take_on(caller: Any, phone: Phone, query: str = "") -> str:
    here = f"/api/v1/push-subscriptions/{uuid.uuid4()}"
    assert caller.put(here + query, phone.to_json()).status_code == 201
    return here


def write_diary(caller: Any, at: str) -> None:
    body = {"experienced_at": at, "recorded_at": at, "values": {"pain": 4}}
    answer = caller.put(f"/api/v1/diary-entries/{uuid.uuid4()}", body)
    assert answer.status_code == 201, answer.json


def ledger(story: Any) -> list[tuple[str, str, str | None]]:
    with story():
        rows = db.session.query(Occurrence).order_by(Occurrence.due_at, Occurrence.local_time)
        return [(f"{row.local_date:%d} {row.local_time}", row.state, row.reason) for row in rows]


def test_at_seven_her_phone_says_it_is_time_and_nothing_else(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    remind(ayse)
    clock.move_to("2026-10-06T17:59:58Z")
    assert dispatcher.tick() == 0
    assert push_service.messages == []
    clock.move_to(SEVEN)
    assert dispatcher.tick() == 1
    [message] = phone.messages
    notification = message.notification
    assert notification["title"] == "Time for your check-in"
    assert notification["navigate"] == "http://localhost/diary/new"
    assert set(notification) == {"title", "body", "navigate", "lang", "dir", "tag"}
    assert message.json["web_push"] == 8030
    assert message.headers["topic"] == notification["tag"]
    assert len(notification["tag"]) <= 32
    assert 7000 < int(message.headers["ttl"]) <= 7200
    assert message.headers["urgency"] == "high"
    # Never twice.
    assert dispatcher.tick() == 0
    clock.move_to("2026-10-06T18:05:00Z")
    assert dispatcher.tick() == 0
    assert len(phone.messages) == 1
    assert ledger(story) == [("06 19:00", "sent", None), ("07 19:00", "waiting", None)]
    with story():
        [delivery] = db.session.query(Delivery)
        assert (delivery.outcome, delivery.status, delivery.channel) == ("accepted", 201, "push")
        assert delivery.tag == notification["tag"]
        assert db.session.query(PushSubscription).one().last_delivered_at is not None


def test_the_lock_screen_and_the_address_carry_no_word_of_hers(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    goal_id = str(uuid.uuid4())
    goal = {"statement": "CANARY walk with my bad knee", "importance": 8, "importance_reason": "CANARY"}
    assert ayse.put(f"/api/v1/goals/{goal_id}", goal).status_code == 201
    plan = {"what": "CANARY walk", "how_much": "CANARY", "when": "CANARY", "days": ["tue"], "confidence": 8}
    assert ayse.put(f"/api/v1/goals/{goal_id}/weeks/2026-10-05", plan).status_code == 201
    remind(ayse, {"about": f"goal:{goal_id}", "times": ["19:00"]})
    clock.move_to(SEVEN)
    dispatcher.tick()
    [message] = phone.messages
    seen = message.data.decode() + " ".join(message.headers.values())
    for word in ("CANARY", "walk", "knee", "Ay", "Kaya", "diabetes", "pain", "goal:", "test.example"):
        assert word.lower() not in seen.replace("push@test.example", "").lower(), word
    assert message.notification["navigate"] == f"http://localhost/goals/{goal_id}"


def test_what_is_done_already_is_not_sent(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    take_on(ayse, push_service.phone())
    remind(ayse)
    write_diary(ayse, "2026-10-06T12:00:00+01:00")
    clock.move_to(SEVEN)
    dispatcher.tick()
    assert push_service.messages == []
    assert ledger(story)[0] == ("06 19:00", "done_already", None)


def test_yesterdays_entry_does_not_count_for_today(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService
) -> None:
    take_on(ayse, push_service.phone())
    remind(ayse)
    write_diary(ayse, "2026-10-05T23:30:00+01:00")
    clock.move_to(SEVEN)
    dispatcher.tick()
    assert len(push_service.messages) == 1


@pytest.mark.parametrize(("at", "state"), [("19:59:50", "sent"), ("20:00:10", "missed")])
def test_two_hours_late_is_too_late(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any, at: str, state: str
) -> None:
    take_on(ayse, push_service.phone())
    remind(ayse)
    clock.move_to(f"2026-10-06T{at}Z")
    dispatcher.tick()
    assert ledger(story)[0] == ("06 19:00", state, "late" if state == "missed" else None)
    assert len(push_service.messages) == (state == "sent")


def test_a_worker_back_after_a_day_sends_nothing_old(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    take_on(ayse, push_service.phone())
    remind(ayse)
    clock.move_to("2026-10-09T12:00:00Z")
    dispatcher.tick()
    assert push_service.messages == []
    assert [(day, state) for day, state, _reason in ledger(story)] == [
        ("06 19:00", "missed"),
        ("07 19:00", "missed"),
        ("08 19:00", "missed"),
        ("09 19:00", "waiting"),
        ("10 19:00", "waiting"),
    ]


def test_without_a_phone_it_is_missed_and_says_so(clock: Any, ayse: Any, dispatcher: Any, story: Any) -> None:
    remind(ayse)
    clock.move_to(SEVEN)
    dispatcher.tick()
    assert ledger(story)[0] == ("06 19:00", "missed", "no_phone")


def test_everything_of_one_minute_is_one_push_that_leads_to_today(
    clock: Any, ayse: Any, peter: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    hers, his = push_service.phone(), push_service.phone()
    take_on(ayse, hers)
    take_on(peter, his)
    visit_free = {"about": "diary", "times": ["19:00", "20:00"]}
    remind(ayse)
    remind(ayse, visit_free)
    remind(peter)
    goal_id = str(uuid.uuid4())
    assert ayse.put(f"/api/v1/goals/{goal_id}", {"statement": "Walk"}).status_code == 201
    plan = {"what": "Walk", "days": ["tue"], "confidence": 8}
    assert ayse.put(f"/api/v1/goals/{goal_id}/weeks/2026-10-05", plan).status_code == 201
    remind(ayse, {"about": f"goal:{goal_id}", "times": ["19:00"]})
    clock.move_to(SEVEN)
    dispatcher.tick()
    [hers_message] = hers.messages
    assert hers_message.notification["navigate"] == "http://localhost/"
    [his_message] = his.messages
    assert his_message.notification["navigate"] == "http://localhost/diary/new"
    assert hers_message.notification["tag"] != his_message.notification["tag"]
    assert [state for _when, state, _reason in ledger(story)].count("sent") == 4


def test_two_of_her_phones_and_one_of_elifs_each_get_it(
    clock: Any, ayse: Any, carer: Any, world: Any, dispatcher: Any, push_service: PushService
) -> None:
    phones = [push_service.phone() for _ in range(3)]
    take_on(ayse, phones[0])
    take_on(ayse, phones[1])
    take_on(carer, phones[2], f"?for={world.ayse}")
    remind(ayse)
    clock.move_to(SEVEN)
    dispatcher.tick()
    assert [len(phone.messages) for phone in phones] == [1, 1, 1]
    address = phones[2].messages[0].notification["navigate"]
    assert address == f"http://localhost/diary/new?for={world.ayse}"


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
    assert ledger(story)[0] == ("06 19:00", "waiting", None)
    phone.answers(201)
    clock.move_to("2026-10-06T18:09:50Z")
    dispatcher.tick()
    assert phone.messages == []
    clock.move_to("2026-10-06T18:10:10Z")
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
        assert len(claim.some(500, clock_now())) == 1
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
        assert waiting.next_at > clock_now()


def test_a_closed_account_gets_nothing(
    clock: Any, ayse: Any, world: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    take_on(ayse, push_service.phone())
    remind(ayse)
    with story():
        db.session.get_one(Person, world.ayse).disabled_at = clock_now()
    clock.move_to(SEVEN)
    dispatcher.tick()
    assert push_service.messages == []
    assert ledger(story)[0] == ("06 19:00", "cancelled", "account_closed")


def test_a_carer_whose_link_ended_hears_nothing_more(
    clock: Any, ayse: Any, carer: Any, world: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    take_on(carer, push_service.phone(), f"?for={world.ayse}")
    remind(ayse)
    with story():
        takers = list(db.session.execute(push_service_room.takers([world.ayse])))
        assert len(takers) == 1
        db.session.get_one(Person, world.elif_).disabled_at = clock_now()
    clock.move_to(SEVEN)
    dispatcher.tick()
    assert push_service.messages == []


def test_a_snoozed_reminder_comes_an_hour_later(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService
) -> None:
    take_on(ayse, push_service.phone())
    reminder_id = remind(ayse)
    clock.move_to("2026-10-06T18:00:02Z")
    dispatcher.tick()
    assert ayse.post(f"/api/v1/reminders/{reminder_id}/snooze").json["due_at"] == "2026-10-06T19:01:00+00:00"
    clock.move_to("2026-10-06T19:00:30Z")
    dispatcher.tick()
    assert len(push_service.messages) == 1
    clock.move_to("2026-10-06T19:01:00Z")
    dispatcher.tick()
    assert len(push_service.messages) == 2


def test_a_changed_or_deleted_wish_sends_nothing_more(
    clock: Any, ayse: Any, dispatcher: Any, push_service: PushService
) -> None:
    take_on(ayse, push_service.phone())
    first, second = remind(ayse), remind(ayse)
    clock.move_to("2026-10-06T17:59:00Z")
    ayse.put(f"/api/v1/reminders/{first}", DIARY | {"times": ["20:00"]})
    ayse.delete(f"/api/v1/reminders/{second}")
    clock.move_to(SEVEN)
    dispatcher.tick()
    assert push_service.messages == []
    clock.move_to("2026-10-06T19:00:00Z")
    dispatcher.tick()
    assert len(push_service.messages) == 1


def test_what_would_be_sent_can_be_asked_without_sending(
    clock: Any, ayse: Any, app: Any, dispatcher: Any, story: Any
) -> None:
    remind(ayse)
    clock.move_to(SEVEN)
    with app.app_context():
        [one] = claim.due(10, clock_now())
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
    # plan look, look, claim, done, people, phones, then the ledger, the occurrences, the phone, and a last look
    assert len(seen) <= 14, "\n".join(seen)


def clock_now() -> Any:

    return house_clock.now()
