"""What an attacker, or a phone gone wrong, sent once and got something for. Each was true before it was mended."""

from __future__ import annotations

import base64
import datetime as dt
import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock, history
from selfcare.extensions import db
from selfcare.people.models import CareRelationship
from selfcare.push.models import PushSubscription
from selfcare.push.service import MOST_PHONES
from tests.factories import PASSWORD

SECRET = "what only she may read"
SOON = (clock.today("Europe/London") + dt.timedelta(days=3)).isoformat()


def new_id() -> str:
    return str(uuid.uuid4())


def send(who: Any, path: str, **form: Any) -> Any:
    return who._call("POST", path, data=form)


def now() -> str:
    return clock.now().isoformat()


@pytest.fixture
def both_practices(world: Any, story: Any) -> None:
    """Archway cares for Ayşe as well."""
    with story():
        db.session.add(CareRelationship(patient_id=world.ayse, team_id=world.archway))


def end_archways_care(world: Any, story: Any) -> None:
    with story():
        db.session.execute(
            sa.update(CareRelationship)
            .where(CareRelationship.patient_id == world.ayse, CareRelationship.team_id == world.archway)
            .values(ended_at=clock.now())
        )


# --- what breaks a read ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("limit", ["--5", "5-", "-", "٥", "1" * 400])
def test_a_limit_that_is_no_number_is_refused_in_words(ayse: Any, limit: str) -> None:
    assert ayse.get("/api/v1/goals", query_string={"limit": limit}).status_code == 422


@pytest.mark.parametrize("offset", ["-23:59:30", "+23:59:59", "-23:59", "+23:59"])
def test_an_offset_with_seconds_is_kept_as_whole_minutes(ayse: Any, offset: str) -> None:
    felt = (clock.now() - dt.timedelta(days=2)).strftime("%Y-%m-%dT%H:%M:%S") + offset
    body = {"experienced_at": felt, "recorded_at": felt, "values": {"pain": 3}}
    assert ayse.put(f"/api/v1/diary-entries/{new_id()}", body).status_code == 201
    assert len(ayse.get("/api/v1/diary-entries").json["items"]) == 1


@pytest.mark.parametrize(
    "instant", ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:00-23:59", "9999-12-30T00:00:00+00:00"]
)
def test_a_forged_cursor_at_the_ends_of_time_is_refused(ayse: Any, instant: str) -> None:
    reminder = f"/api/v1/reminders/{new_id()}"
    ayse.put(reminder, {"about": "diary", "times": ["19:00"]})
    cursor = base64.urlsafe_b64encode(f"{instant} 2026-10-06 19:00".encode()).decode().rstrip("=")
    assert ayse.get(f"{reminder}/occurrences?cursor={cursor}").status_code == 422


def test_a_tag_with_a_nul_names_no_message(ayse: Any) -> None:
    # PostgreSQL's driver refuses a NUL, which would be an answer of 500.
    assert ayse.post("/api/v1/deliveries/%00", {"event": "shown"}).status_code == 404


def test_a_link_longer_than_the_form_takes_does_not_stop_a_sign_in(nobody: Any, world: Any) -> None:
    page = nobody.get("/sign-in", query_string={"next": "/diary?" + "x" * 900}).get_data(as_text=True)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    there = re.search(r'name="next"[^>]*value="([^"]*)"', page)
    assert token
    answer = send(
        nobody,
        "/sign-in",
        csrf_token=token[1],
        email="ayse@test.example",
        password=PASSWORD,
        next=there[1] if there else "",
    )
    assert answer.status_code == 303


def test_an_amount_on_a_page_has_the_same_end_as_in_the_api(ayse: Any) -> None:
    goal = new_id()
    ayse.put(f"/api/v1/goals/{goal}", {"statement": "Walk"})
    today = clock.today("Europe/London").isoformat()
    assert send(ayse, f"/goals/{goal}/days/{today}", outcome="done", amount="1e300").status_code == 422
    assert send(ayse, f"/goals/{goal}/days/{today}", outcome="done", amount="15.5").status_code == 303


# --- what opens a record to the wrong person -------------------------------------------------------------------------


def test_what_she_made_of_an_agreed_goal_is_hers_when_goals_are_not_shared(
    world: Any, ayse: Any, grace: Any
) -> None:
    goal = new_id()
    grace.put(f"/api/v1/agreed-goals/{goal}", {"patient_id": str(world.ayse), "statement": "Walk more"})
    ayse.put(f"/api/v1/goals/{goal}", {"statement": SECRET})
    for page in ("agree", "follow-up"):
        assert SECRET in grace.get(f"/patients/{world.ayse}/{page}").get_data(as_text=True)
    ayse.put("/api/v1/sharing", {"goals": False})
    for page in ("agree", f"agree?goal={goal}", "follow-up"):
        seen = grace.get(f"/patients/{world.ayse}/{page}").get_data(as_text=True)
        assert "Walk more" in seen
        assert SECRET not in seen


@pytest.mark.usefixtures("both_practices")
def test_another_team_of_hers_cannot_take_over_a_visit(
    world: Any, ayse: Any, grace: Any, samuel: Any
) -> None:
    visit, booked = new_id(), f"/patients/{world.ayse}/visits/new"
    there = {"id": visit, "day": SOON, "time": "10:20", "minutes": "20"}
    assert send(grace, booked, team_id=str(world.hornsey), **there).status_code == 303
    assert send(samuel, booked, team_id=str(world.archway), **there).status_code == 404
    (shown,) = ayse.get("/api/v1/visits").json["items"]
    assert shown["team"]["name"] == "Hornsey Lane Surgery"


@pytest.mark.usefixtures("both_practices")
def test_a_team_that_cares_no_more_has_no_way_into_the_account(
    world: Any, samuel: Any, nobody: Any, story: Any
) -> None:
    invitation = send(samuel, f"/patients/{world.ayse}/new-link").headers["Location"]
    link = re.search(r"/join/[0-9a-z-]+", samuel.get(invitation).get_data(as_text=True))
    assert link
    assert nobody.get(link[0]).status_code == 303
    end_archways_care(world, story)
    assert nobody.get("/join").status_code == 410  # opened before
    assert nobody.get(link[0]).status_code == 410
    assert send(samuel, f"{invitation}/renew").status_code == 404


def test_a_note_about_mood_alone_is_hidden_with_the_mood(world: Any, ayse: Any, carer: Any) -> None:
    mood, pain = new_id(), new_id()
    ayse.put(
        f"/api/v1/diary-entries/{mood}", {"experienced_at": now(), "values": {"mood": 1}, "note": SECRET}
    )
    ayse.put(
        f"/api/v1/diary-entries/{pain}", {"experienced_at": now(), "values": {"pain": 1}, "note": "the knee"}
    )
    whose = f"?for={world.ayse}"
    for path in ("/api/v1/diary-entries", "/diary", "/diary/past", f"/diary/{mood}/correct"):
        assert SECRET not in carer.get(path + whose).get_data(as_text=True)
    assert "the knee" in carer.get("/api/v1/diary-entries" + whose).get_data(as_text=True)
    # Nor does a correction bring it out.
    body = {"experienced_at": now(), "values": {"pain": 2}, "corrects": mood}
    assert carer.put(f"/api/v1/diary-entries/{new_id()}{whose}", body).status_code == 422
    assert SECRET in ayse.get("/api/v1/diary-entries").get_data(as_text=True)


# --- a copy of everything --------------------------------------------------------------------------------------------


def phone(world: Any, **more: Any) -> PushSubscription:
    return PushSubscription(
        id=uuid.uuid4(),
        patient_id=world.ayse,
        written_by=world.ayse,
        endpoint="https://fcm.googleapis.com/x",
        p256dh="the phone's key",
        auth="the phone's secret",
        label="Chrome",
        **more,
    )


def test_the_copy_of_everything_holds_sign_ins_and_no_key_of_any_version(
    world: Any, ayse: Any, story: Any
) -> None:
    with story():
        row = phone(world)
        db.session.add(row)
        db.session.flush()
        history.keep(row, world.ayse)
    everything = ayse.get("/api/v1/export")
    assert everything.json["earlier_versions"][0]["body"]["label"] == "Chrome"
    assert "the phone's" not in everything.get_data(as_text=True)
    assert len(everything.json["login_sessions"]) == 1
    assert "hash" not in everything.get_data(as_text=True).replace("body_hash", "")


@pytest.mark.usefixtures("pushing")
def test_nobody_registers_phones_without_end(world: Any, ayse: Any, story: Any, push_service: Any) -> None:
    with story():
        db.session.add_all([phone(world) for _each in range(MOST_PHONES - 1)])
    one_more = push_service.phone().to_json()
    last = f"/api/v1/push-subscriptions/{new_id()}"
    assert ayse.put(last, one_more).status_code == 201
    too_many = f"/api/v1/push-subscriptions/{new_id()}"
    assert ayse.put(too_many, push_service.phone().to_json()).status_code == 422
    assert ayse.put(last, push_service.phone().to_json()).status_code == 200
