"""A wrong result is corrected: both stay, both are shown to the team, and whoever had seen the wrong one is told."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from typing import Any

import sqlalchemy as sa
from flask import Flask

from selfcare.edge.filters import nhs_date
from selfcare.extensions import db
from selfcare.home import rights
from selfcare.results.models import Result, ResultRelease
from tests.conftest import Caller
from tests.results.telling import API, TODAY, body_of, page, put, read, release, release_all, write


def test_she_is_told_what_it_said_and_what_it_is(world: Any, grace: Any, ayse: Any, app: Flask) -> None:
    wrong = write(grace, world.ayse, value=85)
    release(grace, wrong)
    assert "85" in page(ayse, "/results")
    right = write(grace, world.ayse, value=58, corrects=wrong, reason="Typed wrong")
    assert ayse.get(f"{API}/today").json["results_unread"] == 1, "she is told on Today as well"
    html = page(ayse, "/results")
    with app.test_request_context():
        day = nhs_date(TODAY)
    assert f"This result was corrected on {day}: it said 85, it is 58." in html
    assert "Typed wrong" in html
    items = {item["id"]: item for item in read(ayse)}
    assert (items[right]["corrects"], items[wrong]["corrected_by"]) == (wrong, right)
    both = {item["id"]: item["value"] for item in read(grace, f"{API}/patients/{world.ayse}/results")}
    assert both == {wrong: 85, right: 58}
    team = page(grace, f"/patients/{world.ayse}/results")
    assert "<s>85 mmol/mol</s>" in team
    assert "Corrects 85: Typed wrong" in team


def test_a_wrong_date_is_corrected_too(world: Any, grace: Any, ayse: Any) -> None:
    wrong = write(grace, world.ayse, days_ago=2)
    release(grace, wrong)
    write(grace, world.ayse, days_ago=9, corrects=wrong, reason="Another day")
    assert "The date of this result was corrected" in page(ayse, "/results")


def test_another_persons_result_is_taken_back_and_put_back(world: Any, grace: Any, ayse: Any) -> None:
    hers = write(grace, world.ayse, value=60, days_ago=40)
    wrong = write(grace, world.ayse, value=85)
    release_all(grace, world.ayse)
    gone = {"corrects": wrong, "reason": "Another patient’s", "value": None, "unit": None}
    back = write(grace, world.ayse, **gone, taken_back=True)
    html = page(ayse, "/results")
    assert "it said 85." in html
    assert "taken back" in html
    assert "<b>60</b>" in html, "the one before holds again"
    assert release(grace, back).status_code == 200  # told already
    write(grace, world.ayse, value=85, corrects=back, reason="It is hers after all")
    html = page(ayse, "/results")
    assert "put back" in html
    assert "<b>85</b>" in html
    assert hers in [item["id"] for item in read(ayse)]


def test_a_chain_of_corrections_tells_each(world: Any, grace: Any, ayse: Any) -> None:
    first = write(grace, world.ayse, value=85)
    release(grace, first)
    second = write(grace, world.ayse, value=55, corrects=first, reason="Typed wrong")
    write(grace, world.ayse, value=58, corrects=second, reason="Typed wrong again")
    html = page(ayse, "/results")
    assert "it said 85, it is 55." in html
    assert "it said 55, it is 58." in html
    assert html.index("it said 55") < html.index("it said 85"), "the newest first"


def test_a_correction_of_a_held_result_is_held(world: Any, grace: Any, ayse: Any) -> None:
    wrong = write(grace, world.ayse, value=85)
    right = write(grace, world.ayse, value=58, corrects=wrong, reason="Typed wrong")
    assert read(ayse) == []
    refused = release(grace, wrong)
    assert refused.status_code == 422
    assert "Release the correction" in str(refused.json["errors"])
    (row,) = grace.get(f"{API}/panel").json["items"]
    assert row["results_to_release"] == 1
    assert release_all(grace, world.ayse).json == {"released": 1}
    assert [item["id"] for item in read(ayse)] == [right]


def test_what_can_be_corrected(world: Any, grace: Any, ayse: Any) -> None:
    wrong = write(grace, world.ayse, value=85)
    assert put(grace, world.ayse, corrects=wrong).status_code == 422  # no reason
    assert put(grace, world.ayse, measure="ldl", value=2, corrects=wrong, reason="x").status_code == 422
    assert put(grace, world.ayse, corrects=str(uuid.uuid4()), reason="x").status_code == 422
    body = {"corrects": wrong, "reason": "x"}
    assert put(grace, world.ayse, **body, taken_back=True).status_code == 422  # with a value
    write(grace, world.ayse, **body)
    again = put(grace, world.ayse, value=59, **body)
    assert again.status_code == 422
    assert "corrected already" in str(again.json["errors"])


def test_two_correct_the_same_and_the_second_is_told(world: Any, app: Flask, grace: Any, story: Any) -> None:
    wrong = write(grace, world.ayse, value=85)
    callers = [Caller(app, "grace@test.example") for _ in range(4)]
    start = threading.Barrier(len(callers))
    answers: list[int] = []

    def go(number: int, caller: Caller) -> None:
        body = body_of(world.ayse, value=50 + number, corrects=wrong, reason="Typed wrong")
        start.wait()
        answers.append(caller.put(f"{API}/results/{uuid.uuid4()}", body).status_code)

    threads = [threading.Thread(target=go, args=each) for each in enumerate(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [201, 422, 422, 422]
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Result)) == 2


def test_released_in_the_moment_it_is_corrected_she_never_has_the_wrong_one_alone(
    world: Any, app: Flask, grace: Any, ayse: Any
) -> None:
    for number in range(5):
        wrong = write(grace, world.ayse, value=85, days_ago=number + 1)
        one, two = (Caller(app, "grace@test.example") for _ in range(2))
        body = body_of(world.ayse, value=58, days_ago=number + 1, corrects=wrong, reason="Typed wrong")
        threads = [
            threading.Thread(target=release_all, args=(one, world.ayse)),
            threading.Thread(target=two.put, args=(f"{API}/results/{uuid.uuid4()}", body)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for item in read(ayse):
            assert item["value"] == 58 or item["corrected_by"], "a wrong number without its correction"


def test_the_form_corrects_and_keeps_what_was_typed(world: Any, grace: Any, ayse: Any) -> None:
    wrong = write(grace, world.ayse, value=85)
    release(grace, wrong)
    path = f"/patients/{world.ayse}/results/{wrong}/correct"
    assert 'value="85"' in page(grace, path)
    form = {"id": str(uuid.uuid4()), "hba1c": "58", "taken_on": TODAY.isoformat()}
    refused = grace._call("POST", path, data=form)
    assert refused.status_code == 422
    assert "Say why it is corrected" in refused.get_data(as_text=True)
    assert 'value="58"' in refused.get_data(as_text=True)
    done = grace.send(path, **form, reason="Typed wrong").get_data(as_text=True)
    assert "Ayşe is told of it" in done
    grace.send(path, **form, reason="Typed wrong")  # sent twice
    assert len(read(ayse)) == 2
    back = {"id": str(uuid.uuid4()), "taken_on": TODAY.isoformat(), "taken_back": "yes", "reason": "Not hers"}
    other = write(grace, world.ayse, measure="weight", value=80)
    assert "Taken back" in grace.send(f"/patients/{world.ayse}/results/{other}/correct", **back).get_data(
        as_text=True
    )


def test_erased_with_the_patient(world: Any, grace: Any, story: Any) -> None:
    wrong = write(grace, world.ayse, value=85)
    release(grace, wrong)
    write(grace, world.ayse, value=58, corrects=wrong, reason="Typed wrong")
    with story():
        rights.erase(None, world.ayse)
    with story():
        for kind in (Result, ResultRelease):
            assert db.session.scalar(sa.select(sa.func.count()).select_from(kind)) == 0


def test_change_since_last_time(world: Any, grace: Any, ayse: Any, app: Flask) -> None:
    long_ago = TODAY - dt.timedelta(days=400)
    write(grace, world.ayse, value=64, days_ago=400)
    write(grace, world.ayse, value=58)
    write(grace, world.ayse, measure="blood_pressure", value="148/88", days_ago=400)
    write(grace, world.ayse, measure="blood_pressure", value="132/84")
    write(grace, world.ayse, measure="foot_check", value="low", days_ago=400)
    write(grace, world.ayse, measure="foot_check", value="low")
    release_all(grace, world.ayse)
    html = page(ayse, "/results")
    month = long_ago.strftime("%B %Y")
    assert f"Down from 64 in {month}" in html
    assert f"It was 148/88 in {month}" in html
    assert f"The same as in {month}" in html
    assert "What would you like to ask about your HbA1c?" in html
    for verdict in ("good", "bad", "normal", "abnormal", "too high", "well done"):
        assert verdict not in html.lower().split("<main")[1].split("</main")[0]
