"""What a phone says of a message: shown, tapped, "Done", "Later"."""

from __future__ import annotations

import uuid
from typing import Any

import pytest

from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.goals.models import GoalDay
from selfcare.history import EarlierVersion
from selfcare.people.models import CarerLink
from selfcare.reminders.models import Delivery, Occurrence
from tests.plugins.push_service import PushService
from tests.reminders.sending import SEVEN, ledger, plan_a_walk, remind, take_on, write_diary

TUESDAY = "2026-10-06"


def told(caller: Any, tag: str, event: str, query: str = "") -> Any:
    return caller.post(f"/api/v1/deliveries/{tag}{query}", {"event": event})


@pytest.fixture
def tell_at(clock: Any, dispatcher: Any, pushing: PushService) -> Any:
    """``tell_at(when)``: what is due then is sent; the tag of the last message."""

    def send(when: str = SEVEN) -> str:
        clock.move_to(when)
        dispatcher.tick()
        return pushing.messages[-1].notification["tag"]

    return send


@pytest.fixture
def diary_tag(clock: Any, ayse: Any, pushing: PushService, tell_at: Any) -> str:
    """Ayşe's diary reminder of 7pm stands on her phone."""
    take_on(ayse, pushing.phone())
    remind(ayse)
    return str(tell_at())


@pytest.fixture
def walk(clock: Any, ayse: Any, pushing: PushService) -> str:
    """Ayşe walks on Tuesdays and is reminded at 7pm; the goal's id."""
    take_on(ayse, pushing.phone())
    goal_id = plan_a_walk(ayse)
    remind(ayse, {"about": f"goal:{goal_id}", "times": ["19:00"]})
    return goal_id


def days_of(story: Any) -> list[tuple[str, str, str | None]]:
    with story():
        return [(f"{row.date}", row.outcome, row.note) for row in db.session.query(GoalDay)]


def audited(story: Any, action: str) -> int:
    with story():
        return db.session.query(AuditEvent).filter_by(action=action).count()


def test_shown_and_tapped_are_in_the_ledger_once(diary_tag: str, clock: Any, ayse: Any, story: Any) -> None:
    assert told(ayse, diary_tag, "shown").status_code == 200
    with story():
        delivery = db.session.query(Delivery).one()
        shown = delivery.shown_at
        assert shown is not None
        assert delivery.acted_at is None
    clock.move_to("2026-10-06T18:10:00Z")
    assert told(ayse, diary_tag, "shown").status_code == 200
    assert told(ayse, diary_tag, "acted").json == {"settled": True, "comes_again_at": None}
    with story():
        delivery = db.session.query(Delivery).one()
        assert delivery.shown_at == shown
        assert delivery.acted_at is not None
        assert delivery.acted_at > shown


@pytest.mark.parametrize("event", ["shown", "acted", "done", "later"])
def test_only_of_ones_own_messages(
    walk: str, tell_at: Any, sign_in: Any, ayse: Any, story: Any, event: str
) -> None:
    tag = tell_at()
    before = ledger(story)
    for stranger in ("peter", "elif", "grace"):
        assert told(sign_in(stranger), tag, event).status_code == 404
    assert told(sign_in("peter"), tag, event, f"?for={ayse.id}").status_code == 404
    assert told(ayse, "x" * 32, event).status_code == 404
    assert told(ayse, tag, "deleted").status_code == 422
    with story():
        [delivery] = db.session.query(Delivery)
        assert (delivery.shown_at, delivery.acted_at) == (None, None)
    assert days_of(story) == []
    assert ledger(story) == before


class TestDone:
    """One word that settles it, or leads to where it is written."""

    def test_her_walk_is_ticked_and_she_hears_no_more_of_it_today(
        self, walk: str, tell_at: Any, ayse: Any, story: Any
    ) -> None:
        tag = tell_at()
        assert told(ayse, tag, "done").json == {"settled": True, "comes_again_at": None}
        assert days_of(story) == [(TUESDAY, "done", None)]
        assert audited(story, "reminder.done") == 1
        assert audited(story, "goal_day.set") == 1
        with story():
            assert db.session.query(Delivery).one().acted_at is not None

    def test_pressed_again_and_on_her_other_phone_it_is_one_tick(
        self, walk: str, tell_at: Any, ayse: Any, story: Any
    ) -> None:
        tag = tell_at()
        for _ in range(3):
            assert told(ayse, tag, "done").json["settled"] is True
        assert days_of(story) == [(TUESDAY, "done", None)]
        assert audited(story, "goal_day.set") == 1
        with story():
            assert db.session.query(EarlierVersion).count() == 0

    def test_the_note_she_wrote_with_her_tick_stays(
        self, walk: str, tell_at: Any, ayse: Any, story: Any
    ) -> None:
        tag = tell_at()
        here = f"/api/v1/goals/{walk}/days/{TUESDAY}"
        assert ayse.put(here, {"outcome": "not_done", "note": "It rained"}).status_code == 201
        told(ayse, tag, "done")
        assert days_of(story) == [(TUESDAY, "done", "It rained")]
        told(ayse, tag, "done")
        assert days_of(story) == [(TUESDAY, "done", "It rained")]

    def test_after_midnight_it_is_still_tuesdays_walk(
        self, walk: str, tell_at: Any, ayse: Any, clock: Any, story: Any
    ) -> None:
        tag = tell_at()
        clock.move_to("2026-10-07T07:30:00+01:00")
        told(ayse, tag, "done")
        assert days_of(story) == [(TUESDAY, "done", None)]

    def test_a_diary_without_an_entry_is_not_done_by_a_word(
        self, diary_tag: str, ayse: Any, clock: Any
    ) -> None:
        assert told(ayse, diary_tag, "done").json["settled"] is False
        write_diary(ayse, "2026-10-06T19:00:30+01:00")
        assert told(ayse, diary_tag, "done").json["settled"] is True

    def test_a_message_about_2_things_ticks_neither(
        self, walk: str, tell_at: Any, ayse: Any, story: Any
    ) -> None:
        remind(ayse)  # the diary, at 7pm as well
        tag = tell_at()
        assert told(ayse, tag, "done").json["settled"] is False
        assert days_of(story) == []

    def test_what_was_put_off_on_the_other_phone_does_not_come(
        self, diary_tag: str, ayse: Any, tell_at: Any, pushing: PushService, story: Any
    ) -> None:
        assert told(ayse, diary_tag, "later").json["settled"] is True
        told(ayse, diary_tag, "done")
        tell_at("2026-10-06T19:05:00Z")
        assert len(pushing.messages) == 1
        assert ("06 20:01", "cancelled", None) in ledger(story)
        assert ("07 19:00", "waiting", None) in ledger(story)

    def test_a_goal_that_is_gone_or_rests_raises_nothing(self, walk: str, tell_at: Any, ayse: Any) -> None:
        tag = tell_at()
        goal = {"statement": "Walk", "lifecycle_status": "cancelled"}
        assert ayse.put(f"/api/v1/goals/{walk}", goal).status_code == 200
        assert told(ayse, tag, "done").json["settled"] is True

    def test_elif_ticks_for_her_mother_under_her_own_name(
        self, walk: str, tell_at: Any, ayse: Any, carer: Any, story: Any
    ) -> None:
        tag = tell_at()
        assert told(carer, tag, "done", f"?for={ayse.id}").json["settled"] is True
        with story():
            [day] = db.session.query(GoalDay)
            assert (str(day.patient_id), str(day.written_by)) == (ayse.id, carer.id)

    def test_a_carer_who_only_looks_presses_in_vain(
        self, walk: str, tell_at: Any, ayse: Any, carer: Any, story: Any
    ) -> None:
        tag = tell_at()
        with story():
            db.session.query(CarerLink).one().may_write = False
        assert told(carer, tag, "done", f"?for={ayse.id}").status_code == 404
        assert days_of(story) == []


class TestLater:
    """An hour later, once."""

    def test_it_comes_again_in_an_hour(
        self, diary_tag: str, ayse: Any, clock: Any, tell_at: Any, pushing: PushService, story: Any
    ) -> None:
        clock.move_to("2026-10-06T18:04:30Z")
        answer = told(ayse, diary_tag, "later").json
        assert answer == {"settled": True, "comes_again_at": "2026-10-06T19:05:00+00:00"}
        tell_at("2026-10-06T19:04:59Z")
        assert len(pushing.messages) == 1
        tell_at("2026-10-06T19:05:00Z")
        assert len(pushing.messages) == 2
        assert audited(story, "reminder.later") == 1
        assert audited(story, "reminder.snoozed") == 1

    def test_on_her_other_phone_and_said_again_it_waits_once(
        self, diary_tag: str, ayse: Any, clock: Any, story: Any
    ) -> None:
        first = told(ayse, diary_tag, "later").json
        clock.move_to("2026-10-06T18:20:00Z")
        assert told(ayse, diary_tag, "later").json == first
        assert [row for row in ledger(story) if row[1] == "waiting"] == [
            ("06 20:01", "waiting", None),
            ("07 19:00", "waiting", None),
        ]

    def test_again_and_again_past_midnight_it_is_still_about_tuesday(
        self, clock: Any, ayse: Any, pushing: PushService, tell_at: Any, story: Any
    ) -> None:
        take_on(ayse, pushing.phone())
        goal_id = plan_a_walk(ayse)
        remind(ayse, {"about": f"goal:{goal_id}", "times": ["23:30", "00:30"]})
        told(ayse, tell_at("2026-10-06T23:30:01+01:00"), "later")
        told(ayse, tell_at("2026-10-07T00:31:01+01:00"), "later")
        assert ("06 24:31", "sent", None) in ledger(story)
        assert ("06 25:32", "waiting", None) in ledger(story)
        tag = tell_at("2026-10-07T01:32:01+01:00")
        told(ayse, tag, "done")
        assert days_of(story) == [(TUESDAY, "done", None)]

    def test_all_of_a_shared_message_comes_again_together(
        self, walk: str, tell_at: Any, ayse: Any, pushing: PushService
    ) -> None:
        remind(ayse)
        told(ayse, tell_at(), "later")
        tell_at("2026-10-06T19:01:00Z")
        assert len(pushing.messages) == 2
        assert pushing.messages[-1].notification["navigate"] == "http://localhost/"

    def test_done_meanwhile_it_does_not_come(
        self, walk: str, tell_at: Any, ayse: Any, pushing: PushService, story: Any
    ) -> None:
        told(ayse, tell_at(), "later")
        ayse.put(f"/api/v1/goals/{walk}/days/{TUESDAY}", {"outcome": "done"})
        tell_at("2026-10-06T19:01:00Z")
        assert len(pushing.messages) == 1
        assert ("06 20:01", "done_already", None) in ledger(story)

    def test_of_a_reminder_that_is_gone_it_is_said_where_to_go(
        self, clock: Any, ayse: Any, pushing: PushService, tell_at: Any
    ) -> None:
        take_on(ayse, pushing.phone())
        reminder_id = remind(ayse)
        tag = tell_at()
        assert ayse.delete(f"/api/v1/reminders/{reminder_id}").status_code == 204
        assert told(ayse, tag, "later").json == {"settled": False, "comes_again_at": None}

    def test_days_later_it_means_today(self, diary_tag: str, ayse: Any, clock: Any, story: Any) -> None:
        clock.move_to("2026-10-09T08:59:30+01:00")
        answer = told(ayse, diary_tag, "later").json
        assert answer["comes_again_at"] == "2026-10-09T09:00:00+00:00"
        with story():
            row = db.session.query(Occurrence).filter(Occurrence.local_time == "10:00").one()
            assert f"{row.local_date}" == "2026-10-09"


def test_an_unknown_tag_of_any_shape_is_not_found(clock: Any, ayse: Any) -> None:
    for tag in (str(uuid.uuid4()), "test", "a" * 500, "%F0%9F%92%A9"):
        assert told(ayse, tag, "done").status_code == 404
