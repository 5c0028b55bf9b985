"""From due to the phone: what is sent, once, and what is not."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from selfcare import clock as house_clock
from selfcare.extensions import db
from selfcare.people.models import Person
from selfcare.push import service as push_service_room
from selfcare.push.models import PushSubscription
from selfcare.reminders.models import Delivery
from tests.plugins.push_service import PushService
from tests.reminders.sending import DIARY, SEVEN, ledger, plan_a_walk, remind, take_on, write_diary


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
    assert set(notification) == {"title", "body", "navigate", "lang", "dir", "tag", "actions"}
    assert message.json["web_push"] == 8030
    assert message.headers["topic"] == notification["tag"]
    assert len(notification["tag"]) <= 32
    assert 7000 < int(message.headers["ttl"]) <= 7200
    assert message.headers["urgency"] == "high"
    # For a phone with buttons; each leads somewhere by itself where no worker reads it.
    assert notification["actions"] == [
        {"action": "done", "title": "Done", "navigate": "http://localhost/diary/new"},
        {"action": "later", "title": "Later", "navigate": "http://localhost/reminders"},
    ]
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
    # Tag and signature are noise, in which any two letters may meet.
    headers = {
        name: value for name, value in message.headers.items() if name not in ("authorization", "topic")
    }
    said = message.data.decode().replace(message.notification["tag"], "")
    seen = f"{said} {headers} {message.claims}".replace("push@test.example", "").lower()
    for word in ("CANARY", "walk", "knee", "Ay", "Kaya", "diabetes", "pain", "goal:", "test.example"):
        assert word.lower() not in seen, word
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
    remind(ayse, {"about": f"goal:{plan_a_walk(ayse)}", "times": ["19:00"]})
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


def test_a_closed_account_gets_nothing(
    clock: Any, ayse: Any, world: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    take_on(ayse, push_service.phone())
    remind(ayse)
    with story():
        db.session.get_one(Person, world.ayse).disabled_at = house_clock.now()
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
        db.session.get_one(Person, world.elif_).disabled_at = house_clock.now()
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
