"""Reminders by the API."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.reminders import plan
from selfcare.reminders.models import Occurrence, Reminder

DIARY = {"about": "diary", "times": ["19:00"]}


def path(reminder_id: object | None = None) -> str:
    return f"/api/v1/reminders/{reminder_id or uuid.uuid4()}"


def waiting(story: Any) -> list[tuple[str, str]]:
    with story():
        rows = db.session.query(Occurrence).filter_by(state="waiting").order_by(Occurrence.due_at)
        return [(row.local_date.isoformat(), row.local_time) for row in rows]


def test_ayse_wants_to_be_reminded_at_seven(ayse: Any) -> None:
    here = path()
    made = ayse.put(here, DIARY)
    assert made.status_code == 201, made.json
    said = made.json
    assert said["about"] == "diary"
    assert said["times"] == ["19:00"]
    assert said["days"] is None
    assert said["time_zone"] == "Europe/London"
    assert said["channels"] == ["push"]
    assert said["active"] is True
    assert said["paused_until"] is None
    again = ayse.put(here, DIARY)
    assert (again.status_code, again.headers["ETag"]) == (200, made.headers["ETag"])
    assert [item["id"] for item in ayse.get("/api/v1/reminders").json["items"]] == [said["id"]]
    assert ayse.get(here).json == said


def test_the_whole_body_goes_round(ayse: Any) -> None:
    body = {
        "about": "diary",
        "times": ["07:30", "19:00"],
        "days": ["mon", "wed", "sun"],
        "time_zone": "Europe/Istanbul",
        "channels": ["push"],
        "active": False,
        "paused_until": "2099-01-02",
    }
    here = path()
    assert ayse.put(here, body).status_code == 201
    said = ayse.get(here).json
    assert {name: said[name] for name in body} == body
    body["paused_until"] = "2099-01-02T10:00:00+01:00"
    assert ayse.put(here, body).json["paused_until"] == body["paused_until"]


def test_replacing_keeps_history_and_holds_to_if_match(ayse: Any) -> None:
    here = path()
    first = ayse.put(here, DIARY).headers["ETag"]
    second = ayse.put(here, DIARY | {"times": ["20:00"]}, headers={"If-Match": first})
    assert second.status_code == 200
    stale = ayse.put(here, DIARY | {"times": ["21:00"]}, headers={"If-Match": first})
    assert stale.status_code == 412
    assert stale.json["current"]["times"] == ["20:00"]
    assert stale.json["yours"]["times"] == ["21:00"]
    assert ayse.delete(here, headers={"If-Match": first}).status_code == 412
    assert ayse.put(path(), DIARY, headers={"If-Match": "*"}).status_code == 412
    assert ayse.delete(here).status_code == 204
    assert ayse.get(here).status_code == 404
    assert ayse.delete(here).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"about": "the moon"},
        {"about": "diary:1"},
        {"about": "goal:" + str(uuid.uuid4())},
        {"about": "goal:x"},
        {"about": "visit:" + str(uuid.uuid4())},
        {"about": ""},
        {"about": None},
        {"about": "di\x00ary"},
        {"times": []},
        {"times": ["24:00"]},
        {"times": ["7pm"]},
        {"times": ["19:00:00"]},
        {"times": [19]},
        {"times": [None]},
        {"times": "19:00"},
        {"times": None},
        {"times": ["19:00"] * 13},
        {"days": []},
        {"days": ["someday"]},
        {"days": [0]},
        {"days": ["mon"] * 8},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"time_zone": 1},
        {"channels": []},
        {"channels": ["email"]},
        {"channels": ["text"]},
        {"channels": ["push", "pigeon"]},
        {"active": "yes"},
        {"active": 1},
        {"paused_until": "tomorrow"},
        {"paused_until": "2026-02-30"},
        {"paused_until": "0001-01-01T00:00+23:59"},
        {"paused_until": "2026-10-06T10:00"},
        {"paused_until": 1},
        {"unknown": 1},
    ],
)
def test_what_cannot_be_kept_is_refused_in_words(ayse: Any, story: Any, wrong: dict[str, Any]) -> None:
    answer = ayse.put(path(), DIARY | wrong)
    assert answer.status_code == 422, wrong
    assert next(iter(wrong)) in "".join(answer.json["errors"])
    with story():
        assert db.session.query(Reminder).count() == 0
        assert db.session.query(Occurrence).count() == 0


def test_email_is_not_promised_before_it_can_be_kept(ayse: Any) -> None:
    answer = ayse.put(path(), DIARY | {"channels": ["push", "email"]})
    assert answer.json["errors"] == {"channels": ["We cannot send email yet. Choose push"]}


def test_fifty_reminders_and_no_more(ayse: Any) -> None:
    for _ in range(50):
        assert ayse.put(path(), DIARY).status_code == 201
    assert ayse.put(path(), DIARY).status_code == 422


def test_nobody_else_sees_or_changes_it(
    ayse: Any, peter: Any, grace: Any, samuel: Any, ruth: Any, nobody: Any
) -> None:
    here = path()
    ayse.put(here, DIARY)
    for caller in (peter, grace, samuel, ruth):
        assert caller.get(here).status_code == 404
        assert caller.get(here + "/occurrences").status_code == 404
        assert caller.put(here, DIARY | {"times": ["03:00"]}).status_code == 404
        assert caller.post(here + "/snooze").status_code == 404
        assert caller.delete(here).status_code == 404
    assert nobody.get(here).status_code == 401
    assert peter.get("/api/v1/reminders").json["items"] == []
    assert ayse.get(here).json["times"] == ["19:00"]


def test_elif_sets_a_reminder_for_her_mother_and_is_named_for_it(ayse: Any, carer: Any, world: Any) -> None:
    here = path()
    assert carer.put(f"{here}?for={world.ayse}", DIARY).status_code == 201
    assert ayse.get(here).json["written_by"] == str(world.elif_)
    assert carer.put(f"{path()}?for={world.peter}", DIARY).status_code == 404
    assert carer.get("/api/v1/reminders").status_code == 404


def test_reads_and_writes_are_in_the_audit_trail(ayse: Any, world: Any, story: Any) -> None:
    here = path()
    ayse.put(here, DIARY)
    ayse.get("/api/v1/reminders")
    ayse.get(here + "/occurrences")
    ayse.post(here + "/snooze")
    ayse.delete(here)
    with story():
        rows = db.session.query(AuditEvent).filter_by(subject_id=world.ayse).order_by(AuditEvent.at)
        actions = [row.action for row in rows if "reminder" in row.action]
    assert actions == [
        "reminder.set",
        "reminders.read",
        "reminder.read",
        "reminder.snoozed",
        "reminder.removed",
    ]


class TestOccurrences:
    def test_around_the_end_of_summer_time(self, ayse: Any) -> None:
        here = path()
        ayse.put(here, DIARY | {"times": ["01:30", "19:00"]})
        query = "?from=2026-10-24T00:00:00%2B01:00&to=2026-10-27T00:00:00Z"
        found = ayse.get(here + "/occurrences" + query)
        assert found.status_code == 200, found.json
        assert [item["due_at"] for item in found.json["items"]] == [
            "2026-10-24T00:30:00+00:00",
            "2026-10-24T18:00:00+00:00",
            "2026-10-25T00:30:00+00:00",
            "2026-10-25T19:00:00+00:00",
            "2026-10-26T01:30:00+00:00",
            "2026-10-26T19:00:00+00:00",
        ]
        assert len({item["id"] for item in found.json["items"]}) == 6

    def test_from_is_in_and_to_is_out(self, ayse: Any) -> None:
        here = path()
        ayse.put(here, DIARY)
        query = "?from=2026-12-01T19:00:00Z&to=2026-12-02T19:00:00Z"
        items = ayse.get(here + "/occurrences" + query).json["items"]
        assert [item["due_at"] for item in items] == ["2026-12-01T19:00:00+00:00"]

    def test_dates_stand_for_their_first_instant_where_she_is(self, ayse: Any) -> None:
        here = path()
        ayse.put(here, DIARY | {"times": ["00:00"], "time_zone": "Pacific/Auckland"})
        items = ayse.get(here + "/occurrences?from=2026-06-01&to=2026-06-03").json["items"]
        assert [item["local_date"] for item in items] == ["2026-06-01", "2026-06-02"]
        assert items[0]["due_at"] == "2026-05-31T12:00:00+00:00"

    def test_in_pages(self, ayse: Any) -> None:
        here = path()
        ayse.put(here, DIARY | {"times": ["01:30", "02:30"]})
        query = "?from=2026-03-01T00:00:00Z&to=2026-05-01T00:00:00Z"
        whole, cursor = [], ""
        for _ in range(10):
            page = ayse.get(f"{here}/occurrences{query}&limit=17{cursor}").json
            whole += page["items"]
            if page["next_cursor"] is None:
                break
            cursor = "&cursor=" + page["next_cursor"]
        assert len(whole) == 2 * 61 == len({item["id"] for item in whole})
        assert len(ayse.get(f"{here}/occurrences{query}").json["items"]) == 50

    def test_none_while_it_rests_and_none_before_a_pause_ends(self, ayse: Any) -> None:
        here = path()
        query = "/occurrences?from=2026-12-01T00:00:00Z&to=2026-12-05T00:00:00Z"
        ayse.put(here, DIARY | {"paused_until": "2026-12-03"})
        items = ayse.get(here + query).json["items"]
        assert [item["local_date"] for item in items] == ["2026-12-03", "2026-12-04"]
        ayse.put(here, DIARY | {"active": False})
        assert ayse.get(here + query).json["items"] == []

    @pytest.mark.parametrize(
        "query",
        [
            "?from=yesterday",
            "?from=2026-13-01",
            "?from=0001-01-01T00:00:00%2B23:59",
            "?to=9999-12-31T23:59:59Z",
            "?limit=0",
            "?limit=201",
            "?limit=x",
            "?cursor=nonsense",
            "?cursor=AAAA",
        ],
    )
    def test_questions_without_an_answer(self, ayse: Any, query: str) -> None:
        here = path()
        ayse.put(here, DIARY)
        assert ayse.get(here + "/occurrences" + query).status_code == 422

    def test_a_century_is_asked_for_and_only_a_page_is_computed(self, ayse: Any) -> None:
        here = path()
        ayse.put(here, DIARY)
        found = ayse.get(here + "/occurrences?from=1910-01-01T00:00:00Z&to=2090-01-01T00:00:00Z&limit=1")
        assert found.json["items"][0]["local_date"] == "1910-01-01"


class TestPlanning:
    def test_a_wish_is_planned_in_the_same_request(self, clock: Any, ayse: Any, story: Any) -> None:
        ayse.put(path(), DIARY)
        assert waiting(story) == [("2026-10-06", "19:00"), ("2026-10-07", "19:00")]

    def test_changing_it_plans_afresh_and_never_again_what_was_due_before(
        self, clock: Any, ayse: Any, story: Any
    ) -> None:
        here = path()
        ayse.put(here, DIARY)
        clock.move_to("2026-10-06T18:30:00Z")
        ayse.put(here, DIARY | {"times": ["09:00"]})
        assert waiting(story) == [("2026-10-07", "09:00")]
        # 7pm is over for today; going back to it does not bring today's again.
        ayse.put(here, DIARY)
        assert waiting(story) == [("2026-10-07", "19:00")]

    def test_pausing_deleting_and_starting_again(self, clock: Any, ayse: Any, story: Any) -> None:
        here = path()
        ayse.put(here, DIARY)
        ayse.put(here, DIARY | {"active": False})
        assert waiting(story) == []
        ayse.put(here, DIARY)
        assert len(waiting(story)) == 2
        ayse.put(here, DIARY | {"paused_until": "2026-10-07"})
        assert waiting(story) == [("2026-10-07", "19:00")]
        ayse.delete(here)
        assert waiting(story) == []

    def test_a_worker_plans_ahead_what_nobody_touches_and_each_instant_once(
        self, clock: Any, ayse: Any, story: Any, app: Any
    ) -> None:
        ayse.put(path(), DIARY)
        for hour in range(0, 73, 7):
            clock.move_to(dt.datetime(2026, 10, 6, 12, tzinfo=dt.UTC) + dt.timedelta(hours=hour))
            with app.app_context():
                plan.ahead()
                assert plan.ahead() == 0
        assert waiting(story) == [(f"2026-10-{day:02}", "19:00") for day in range(6, 11)]

    def test_after_a_day_without_a_worker_what_was_due_meanwhile_is_in_the_ledger(
        self, clock: Any, ayse: Any, story: Any, app: Any
    ) -> None:
        ayse.put(path(), DIARY)
        clock.move_to("2026-10-10T12:00:00Z")
        with app.app_context():
            plan.ahead()
        assert [day for day, _time in waiting(story)] == [f"2026-10-{day:02}" for day in range(6, 12)]


class TestSnooze:
    def test_one_hour_this_evening_tomorrow(self, clock: Any, ayse: Any, story: Any) -> None:
        here = path()
        clock.move_to("2026-10-06T12:00:30Z")
        ayse.put(here, {"about": "diary", "times": ["09:00", "12:30"], "days": ["tue"]})
        assert ayse.post(here + "/snooze").json["due_at"] == "2026-10-06T13:01:00+00:00"
        evening = ayse.post(here + "/snooze", {"until": "this_evening"})
        assert evening.json["due_at"] == "2026-10-06T18:00:00+00:00"
        tomorrow = ayse.post(here + "/snooze", {"until": "tomorrow"})
        assert tomorrow.json["due_at"] == "2026-10-07T11:30:00+00:00"
        # Twice is once.
        ayse.post(here + "/snooze", {"until": "tomorrow"})
        assert waiting(story) == [
            ("2026-10-06", "14:01"),
            ("2026-10-06", "19:00"),
            ("2026-10-07", "12:30"),
        ]

    def test_in_the_evening_this_evening_is_over(self, clock: Any, ayse: Any) -> None:
        here = path()
        clock.move_to("2026-10-06T18:00:00Z")
        ayse.put(here, DIARY)
        answer = ayse.post(here + "/snooze", {"until": "this_evening"})
        assert answer.status_code == 422
        assert "until" in answer.json["errors"]

    def test_an_hour_over_the_end_of_summer_time_is_an_hour(self, clock: Any, ayse: Any) -> None:
        here = path()
        ayse.put(here, DIARY)
        clock.move_to(dt.datetime(2026, 10, 25, 0, 44, 30, tzinfo=dt.UTC))
        assert ayse.post(here + "/snooze").json["due_at"] == "2026-10-25T01:45:00+00:00"

    @pytest.mark.parametrize("until", ["never", "", 5, ["1_hour"]])
    def test_other_words(self, ayse: Any, until: Any) -> None:
        here = path()
        ayse.put(here, DIARY)
        assert ayse.post(here + "/snooze", {"until": until}).status_code == 422
