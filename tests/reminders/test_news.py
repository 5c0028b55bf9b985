"""Grace releases results: Ayşe's phone says that there is something new, and nothing else; once a day, not at night, not if she knows."""

from __future__ import annotations

import uuid
from typing import Any

from selfcare.extensions import db
from selfcare.reminders import sources
from selfcare.reminders.models import Occurrence
from tests.plugins.push_service import PushService
from tests.reminders.sending import ledger, remind, take_on

# The clock of these stories starts on Tuesday 6 October 2026 at 1pm in London.
IN_TEN = "2026-10-06T12:11:00Z"


def released(grace: Any, world: Any, value: int = 58) -> str:
    """A result that Grace enters and releases; its id."""
    result = str(uuid.uuid4())
    body = {
        "patient_id": str(world.ayse),
        "measure": "hba1c",
        "value": value,
        "unit": "mmol/mol",
        "taken_on": "2026-10-01",
    }
    answer = grace.put(f"/api/v1/results/{result}", body)
    assert answer.status_code == 201, answer.get_data(as_text=True)
    answer = grace.post(f"/api/v1/results/{result}/release")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return result


def test_her_phone_says_that_there_is_something_new_and_not_what(
    clock: Any, world: Any, ayse: Any, grace: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    released(grace, world)
    assert dispatcher.tick() == 0, "Grace may still be entering others"
    released(grace, world, value=61)
    clock.move_to(IN_TEN)
    assert dispatcher.tick() == 1
    [message] = phone.messages
    notification = message.notification
    assert notification["title"] == "There is something new to read"
    assert notification["body"] == "Tap to open it"
    assert notification["navigate"] == "http://localhost/results"
    assert "actions" not in notification, "nothing is to be done, and nothing to be put off"
    assert message.headers["urgency"] == "normal"
    assert 23 * 3600 < int(message.headers["ttl"]) <= 24 * 3600
    for word in ("HbA1c", "hba1c", "58", "61", "result", "Grace", "Ay"):
        assert word not in f"{notification['title']} {notification['body']}"
    assert ledger(story) == [("06 news", "sent", None)]
    assert dispatcher.tick() == 0


def test_it_is_not_sent_where_she_has_read_it(
    clock: Any, world: Any, ayse: Any, grace: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    released(grace, world)
    assert ayse.get("/results").status_code == 200
    clock.move_to(IN_TEN)
    dispatcher.tick()
    assert phone.messages == []
    assert ledger(story) == [("06 news", "done_already", None)]
    released(grace, world, value=60)
    clock.move_to("2026-10-06T12:22:00Z")
    dispatcher.tick()
    assert len(phone.messages) == 1, "nothing had gone out that day, so the new one does"


def test_at_night_it_waits_until_quiet_hours_end(
    clock: Any, world: Any, ayse: Any, sign_in: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    clock.move_to("2026-10-06T19:55:00Z")  # 8:55pm; ten minutes on it is 9:05pm
    released(sign_in("grace"), world)
    clock.move_to("2026-10-06T20:30:00Z")
    assert dispatcher.tick() == 0
    clock.move_to("2026-10-07T06:59:00Z")
    assert dispatcher.tick() == 0
    clock.move_to("2026-10-07T07:00:10Z")
    assert dispatcher.tick() == 1
    assert len(phone.messages) == 1
    assert ledger(story) == [("07 news", "sent", None)]


def test_quiet_hours_that_she_changes_meanwhile_hold_it_too(
    clock: Any, world: Any, ayse: Any, grace: Any, dispatcher: Any, push_service: PushService
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    released(grace, world)
    assert ayse.put("/api/v1/quiet-hours", {"from": "12:00", "to": "17:00"}).status_code in (200, 201)
    clock.move_to(IN_TEN)
    assert dispatcher.tick() == 0
    clock.move_to("2026-10-06T16:00:10Z")
    assert dispatcher.tick() == 1
    assert len(phone.messages) == 1


def test_one_a_day_and_the_next_in_the_morning(
    clock: Any, world: Any, ayse: Any, grace: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    released(grace, world)
    clock.move_to(IN_TEN)
    dispatcher.tick()
    assert ayse.get("/results").status_code == 200
    for minute, value in ((15, 60), (30, 61), (45, 62)):
        clock.move_to(f"2026-10-06T12:{minute}:00Z")
        released(grace, world, value=value)
    clock.move_to("2026-10-06T18:00:00Z")
    assert dispatcher.tick() == 0
    clock.move_to("2026-10-07T08:00:10Z")  # 9am
    assert dispatcher.tick() == 1
    assert len(phone.messages) == 2
    assert ledger(story) == [("06 news", "sent", None), ("07 news", "sent", None)]


def test_the_time_that_she_chose_herself_is_kept_beside_it(
    clock: Any, world: Any, ayse: Any, grace: Any, dispatcher: Any, push_service: PushService
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    remind(ayse)
    released(grace, world)
    clock.move_to(IN_TEN)
    dispatcher.tick()
    clock.move_to("2026-10-06T18:00:00Z")
    dispatcher.tick()
    assert [message.notification["title"] for message in phone.messages] == [
        "There is something new to read",
        "Time for your check-in",
    ]


def test_elifs_phone_hears_nothing_of_results_which_she_may_not_see(
    clock: Any,
    world: Any,
    ayse: Any,
    carer: Any,
    grace: Any,
    dispatcher: Any,
    push_service: PushService,
    story: Any,
) -> None:
    hers, elifs = push_service.phone(), push_service.phone()
    take_on(carer, elifs, f"?for={world.ayse}")
    released(grace, world)
    clock.move_to(IN_TEN)
    dispatcher.tick()
    assert elifs.messages == []
    assert ledger(story) == [("06 news", "missed", "no_phone")]
    take_on(ayse, hers)
    clock.move_to("2026-10-06T12:20:00Z")
    released(grace, world, value=60)
    clock.move_to("2026-10-06T12:31:00Z")
    dispatcher.tick()
    assert len(hers.messages) == 1
    assert elifs.messages == []


def test_a_held_result_tells_nobody_and_a_correction_tells_her(
    clock: Any, world: Any, ayse: Any, grace: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    body = {
        "patient_id": str(world.ayse),
        "measure": "hba1c",
        "value": 85,
        "unit": "mmol/mol",
        "taken_on": "2026-10-01",
    }
    wrong = str(uuid.uuid4())
    assert grace.put(f"/api/v1/results/{wrong}", body).status_code == 201
    assert ledger(story) == []
    assert grace.post(f"/api/v1/results/{wrong}/release").status_code == 200
    assert ayse.get("/results").status_code == 200
    right = body | {"value": 58, "corrects": wrong, "reason": "Typed wrongly"}
    assert grace.put(f"/api/v1/results/{uuid.uuid4()}", right).status_code == 201
    clock.move_to(IN_TEN)
    dispatcher.tick()
    assert len(phone.messages) == 1


def test_nobody_can_make_a_wish_of_it_and_her_page_of_reminders_is_as_before(
    clock: Any, world: Any, ayse: Any, grace: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    take_on(ayse, push_service.phone())
    wish = {"about": "results", "times": ["19:00"], "channels": ["push"]}
    assert ayse.put(f"/api/v1/reminders/{uuid.uuid4()}", wish).status_code == 422
    released(grace, world)
    clock.move_to(IN_TEN)
    dispatcher.tick()
    assert "Your reminders" not in ayse.get("/reminders").get_data(as_text=True)
    with story():
        assert sources.is_news("results")
        assert not sources.is_news("diary")
        tag = db.session.query(Occurrence).one()
        assert tag.about == "results"


def test_a_tap_on_it_is_noted_and_nothing_more(
    clock: Any, world: Any, ayse: Any, grace: Any, dispatcher: Any, push_service: PushService
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    released(grace, world)
    clock.move_to(IN_TEN)
    dispatcher.tick()
    tag = phone.messages[0].notification["tag"]
    for event in ("shown", "acted", "done", "later"):
        answer = ayse.post(f"/api/v1/deliveries/{tag}", {"event": event})
        assert answer.status_code == 200, (event, answer.get_data(as_text=True))
        assert answer.json["comes_again_at"] is None


def test_who_wants_none_gets_none_and_other_reminders_stay(
    clock: Any, world: Any, ayse: Any, sign_in: Any, dispatcher: Any, push_service: PushService, story: Any
) -> None:
    phone = push_service.phone()
    take_on(ayse, phone)
    remind(ayse)
    released(sign_in("grace"), world)
    assert "checked" in ayse.get("/reminders/quiet-hours").text
    page = ayse.send("/reminders/quiet-hours", begin="21:00", end="08:00")
    assert "We do not tell you of something new to read." in page.text
    assert "checked" not in ayse.get("/reminders/quiet-hours").text
    clock.move_to(IN_TEN)
    assert dispatcher.tick() == 0, "what waited is taken back"
    released(sign_in("grace"), world, value=60)
    clock.move_to("2026-10-06T18:00:00Z")
    dispatcher.tick()
    assert [message.notification["title"] for message in phone.messages] == ["Time for your check-in"]
    # A program that knows no such field leaves it as it is; and she can have them again.
    assert ayse.put("/api/v1/quiet-hours", {"from": "21:30", "to": "08:00"}).json["news"] is False
    assert (
        ayse.put("/api/v1/quiet-hours", {"from": "21:30", "to": "08:00", "news": True}).json["news"] is True
    )
    released(sign_in("grace"), world, value=62)
    assert ("06 news", "waiting", None) in ledger(story)
