"""Today: what is to do now, and what comes up, soonest first."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

from selfcare import clock

API = "/api/v1"


def test_a_new_patient_is_shown_where_to_begin(peter: Any) -> None:
    page = peter.get("/").get_data(as_text=True)
    assert "Choose 1 thing to keep track of" in page
    assert "No goal yet" in page
    assert "No visit booked" in page
    assert "Nobody checks this app between visits" in page


def test_what_comes_up_stands_in_the_order_of_its_days(ayse: Any, grace: Any) -> None:
    today = clock.today("Europe/London")
    goal = str(uuid.uuid4())
    ayse.put(f"{API}/goals/{goal}", {"statement": "Walk after lunch"})
    for days in (40, 3):
        body = {
            "patient_id": ayse.id,
            "due_on": (today + dt.timedelta(days=days)).isoformat(),
            "channel": "app",
        }
        assert grace.put(f"{API}/follow-ups/{uuid.uuid4()}", body).status_code == 201
    shown = re.findall(r'class="sc-date"[^>]*><i>\w+</i><b>(\d+)</b>', ayse.get("/").get_data(as_text=True))
    sunday = today + dt.timedelta(days=6 - today.weekday())
    days = sorted([sunday, today + dt.timedelta(days=3), today + dt.timedelta(days=40)])
    assert shown == [str(day.day) for day in days]


def test_elif_is_led_to_her_mother_and_a_nurse_to_her_panel(carer: Any, grace: Any, world: Any) -> None:
    assert carer.get("/").headers["Location"] == f"/?for={world.ayse}"
    assert "You are writing for Ayşe" in carer.get(f"/?for={world.ayse}").get_data(as_text=True)
    assert grace.get("/").headers["Location"] == "/panel"


def test_who_looked_is_told_and_sharing_holds_at_once(ayse: Any, grace: Any) -> None:
    assert "Nobody has looked" in ayse.get("/sharing").get_data(as_text=True)
    assert grace.get(f"/patients/{ayse.id}").status_code == 200
    assert "Grace Mensah" in ayse.get("/sharing").get_data(as_text=True)
    assert grace.get(f"{API}/patients/{ayse.id}/diary-entries").status_code == 200
    ayse.send("/sharing", items=["goals"], csrf_token=ayse.headers["X-CSRF-Token"])
    assert grace.get(f"{API}/patients/{ayse.id}/diary-entries").status_code == 404


def test_export_has_her_rows_and_nobody_elses(ayse: Any, peter: Any) -> None:
    for caller, text in ((ayse, "My knee wakes me"), (peter, "I cough at night")):
        body = {"position": 1, "text": text, "kind": "topic"}
        assert caller.put(f"{API}/agenda-items/{uuid.uuid4()}", body).status_code == 201
    export = ayse.get(f"{API}/export").get_data(as_text=True)
    assert "My knee wakes me" in export
    assert "I cough at night" not in export
    assert "argon2" not in export
