"""The reminders pages, without a script."""

from __future__ import annotations

import html
import re
import uuid
from typing import Any

import pytest

from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.reminders.models import Occurrence, QuietHours, Reminder
from tests.plugins.push_service import PushService

HERE = "/reminders"


def words(answer: Any) -> str:
    """What is read, without markup."""
    text = answer.get_data(as_text=True)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())


def set_diary(caller: Any, **more: Any) -> Any:
    form = {"id": str(uuid.uuid4()), "about": "diary", "times": "19:00"} | more
    return caller.send(f"{HERE}/new", **form)


def wishes(story: Any) -> list[tuple[str, list[str], list[str] | None, bool]]:
    with story():
        return [(r.about, r.times, r.days, r.active) for r in db.session.query(Reminder)]


def test_with_nothing_set_she_is_offered_seven_o_clock_in_one_tap(
    ayse: Any, pushing: PushService, story: Any
) -> None:
    page = ayse.get(HERE)
    assert page.status_code == 200
    assert "Get a reminder on this phone at 7pm?" in words(page)
    assert "JavaScript" in words(page)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)"', page.text))
    offered = {name: fields[name] for name in ("id", "about", "times")}
    after = ayse.send(f"{HERE}/new", **offered)
    assert "Reminder set" in words(after)
    assert "Every day at 7pm" in words(after)
    # The same tap again makes no second one.
    ayse.send(f"{HERE}/new", **offered)
    assert wishes(story) == [("diary", ["19:00"], None, True)]


def test_where_push_is_not_set_up_the_page_says_so(ayse: Any) -> None:
    assert "not switched on here yet" in words(ayse.get(HERE))
    assert 'data-push-key=""' in ayse.get(HERE).text


def test_two_times_on_some_days(ayse: Any, story: Any) -> None:
    after = set_diary(ayse, times=["19:00", "08:30"], days=["sun", "mon"])
    assert "Monday and Sunday at 8:30am and 7pm" in words(after)
    assert wishes(story) == [("diary", ["08:30", "19:00"], ["mon", "sun"], True)]


def test_an_empty_second_time_is_none(ayse: Any, story: Any) -> None:
    set_diary(ayse, times=["19:00", ""])
    assert wishes(story) == [("diary", ["19:00"], None, True)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"times": ""}, "Enter a time such as 7pm"),
        ({"times": ["", ""]}, "Enter a time such as 7pm"),
        ({"times": "later"}, "Enter a time such as 19:00"),
        ({"about": ""}, "Choose what to be reminded about"),
        ({"about": "the moon"}, "There is nothing like this to be reminded about"),
        ({"days": "someday"}, "Choose days such as Monday"),
    ],
)
def test_a_slip_is_said_beside_the_field_and_what_was_typed_stays(
    ayse: Any, story: Any, wrong: dict[str, Any], said: str
) -> None:
    answer = set_diary(ayse, **({"times": "18:15", "days": "fri"} | wrong))
    assert answer.status_code == 422
    assert answer.text.count("<title>Error:") == 1
    assert words(answer).count(said) >= 2  # in the summary and beside the field
    if "times" not in wrong:
        assert 'value="18:15"' in answer.text
    assert wishes(story) == []


def test_a_time_in_quiet_hours_is_asked_about_once_when_it_is_saved(ayse: Any, story: Any) -> None:
    form = {"id": str(uuid.uuid4()), "times": ["22:30"], "days": ["fri"]}
    asked = set_diary(ayse, **form)
    assert "Keep 10:30pm?" in words(asked)
    assert "9pm to 8am" in words(asked)
    assert wishes(story) == []
    again = set_diary(ayse, **form, change="yes")
    assert 'value="22:30"' in again.text
    assert "There is a problem" not in words(again)
    assert wishes(story) == []
    kept = set_diary(ayse, **form, keep="yes")
    assert "Reminder set" in words(kept)
    assert wishes(story) == [("diary", ["22:30"], ["fri"], True)]
    # Another day for the same time is not asked about again; another such time is.
    change = f"{HERE}/{form['id']}/change"
    saved = ayse.send(change, id=form["id"], about="diary", times="22:30", days=["fri", "sat"])
    assert "Reminder saved" in words(saved)
    assert "Keep 11pm?" in words(ayse.send(change, id=form["id"], about="diary", times="23:00"))


def test_pause_start_again_change_delete(ayse: Any, story: Any) -> None:
    form_id = str(uuid.uuid4())
    set_diary(ayse, id=form_id)
    paused = words(ayse.send(f"{HERE}/{form_id}/pause"))
    assert "Paused" in paused
    assert "Next:" not in paused
    assert wishes(story)[0][3] is False
    assert "Next:" in words(ayse.send(f"{HERE}/{form_id}/start"))
    change = ayse.get(f"{HERE}/{form_id}/change")
    assert 'value="19:00"' in change.text
    assert "Reminder deleted" in words(ayse.send(f"{HERE}/{form_id}/delete"))
    assert wishes(story) == []
    assert ayse.send(f"{HERE}/{form_id}/delete").status_code == 200
    assert ayse.get(f"{HERE}/{form_id}/change").status_code == 404


def test_quiet_hours_by_form(ayse: Any, story: Any) -> None:
    assert 'value="21:00"' in ayse.get(f"{HERE}/quiet-hours").text
    saved = ayse.send(f"{HERE}/quiet-hours", begin="22:30", end="06:00")
    assert "10:30pm to 6am" in words(saved)
    same = ayse.send(f"{HERE}/quiet-hours", begin="06:00", end="06:00")
    assert same.status_code == 422
    assert "Choose 2 different times" in words(same)
    assert ayse.send(f"{HERE}/quiet-hours", begin="", end="06:00").status_code == 422
    with story():
        assert [(q.begin, q.end) for q in db.session.query(QuietHours)] == [("22:30", "06:00")]


def test_what_became_of_the_last_one_is_said(clock: Any, ayse: Any, story: Any) -> None:
    form_id = str(uuid.uuid4())
    set_diary(ayse, id=form_id)
    clock.move_to("2026-10-06T18:30:00Z")
    for state, reason, said in (
        ("sent", None, "Sent today at 7pm"),
        ("missed", "no_phone", "Not sent today at 7pm: no phone was set up"),
        ("missed", "late", "Not sent today at 7pm: we were not able to in time"),
        ("missed", "not_taken", "Not sent today at 7pm: your phone’s message service did not take it"),
        ("done_already", None, "Not sent today at 7pm: you had done it"),
    ):
        with story():
            row = db.session.query(Occurrence).order_by(Occurrence.due_at).first()
            row.state, row.reason, row.next_at = state, reason, None
        page = words(ayse.get(HERE))
        assert said in page
        assert ("Remind me again" in page) is (state == "sent")


def test_snooze_by_form(clock: Any, ayse: Any, story: Any) -> None:
    form_id = str(uuid.uuid4())
    set_diary(ayse, id=form_id)
    assert "Next: today at 2:01pm" in words(ayse.send(f"{HERE}/{form_id}/snooze", until="1_hour"))
    assert "Next: tomorrow at 7pm" in words(ayse.send(f"{HERE}/{form_id}/snooze", until="tomorrow"))
    clock.move_to("2026-10-06T18:30:00Z")
    assert "It is evening already" in words(ayse.send(f"{HERE}/{form_id}/snooze", until="this_evening"))


def test_her_phones_when_they_last_took_something_and_a_test(ayse: Any, pushing: PushService) -> None:
    phone, phone_id = pushing.phone(), str(uuid.uuid4())
    agent = {"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/130.0 Mobile Safari/537.36"}
    ayse.put(f"/api/v1/push-subscriptions/{phone_id}", phone.to_json(), headers=agent)
    page = words(ayse.get(HERE))
    assert "Chrome · Android Nothing delivered yet" in page
    assert "A test is on its way" in words(ayse.send(f"{HERE}/test"))
    pushing.wait_for(1)
    assert "That phone gets no more reminders" in words(ayse.send(f"{HERE}/phones/{phone_id}/remove"))
    assert "Chrome · Android" not in words(ayse.get(HERE))
    assert "No phone takes your reminders yet" in words(ayse.send(f"{HERE}/test"))


def test_a_goal_of_hers_by_its_link_and_no_one_elses(ayse: Any, peter: Any, story: Any) -> None:
    goal_id = str(uuid.uuid4())
    assert ayse.put(f"/api/v1/goals/{goal_id}", {"statement": "Walk <b>more</b>"}).status_code == 201
    page = ayse.get(f"{HERE}/new?about=goal:{goal_id}")
    assert "Walk <b>more</b>" in words(page) or "Walk &lt;b&gt;more" in page.text
    assert "<b>more</b>" not in page.text
    after = set_diary(ayse, about=f"goal:{goal_id}")
    assert "Reminder set" in words(after)
    assert peter.get(f"{HERE}/new?about=goal:{goal_id}").status_code == 404
    assert ayse.get(f"{HERE}/new?about=nothing").status_code == 404


def test_elif_sets_her_mothers_reminders_and_stays_with_her(carer: Any, world: Any, story: Any) -> None:
    query = f"?for={world.ayse}"
    page = carer.get(HERE + query)
    assert "You are writing for Ayşe" in words(page)
    after = carer.send(f"{HERE}/new{query}", id=str(uuid.uuid4()), about="diary", times="19:00")
    assert "Every day at 7pm" in words(after)
    assert f"?for={world.ayse}" in after.text
    with story():
        assert db.session.query(Reminder).one().written_by == world.elif_


def test_nobody_else_has_a_way_in(ayse: Any, peter: Any, grace: Any, nobody: Any, story: Any) -> None:
    form_id = str(uuid.uuid4())
    set_diary(ayse, id=form_id)
    for caller in (peter, grace):
        for path in ("change", "pause", "start", "snooze"):
            method = caller.get if path == "change" else caller.send
            assert method(f"{HERE}/{form_id}/{path}").status_code == 404
        assert caller.send(f"{HERE}/{form_id}/delete").status_code == 404
    assert grace.get(HERE).status_code == 404
    assert nobody.get(HERE).status_code == 302
    assert wishes(story) == [("diary", ["19:00"], None, True)]


def test_the_page_is_read_into_the_audit_trail(ayse: Any, world: Any, story: Any) -> None:
    ayse.get(HERE)
    with story():
        actions = {row.action for row in db.session.query(AuditEvent).filter_by(subject_id=world.ayse)}
    assert {"reminders.read", "push_subscriptions.read"} <= actions
