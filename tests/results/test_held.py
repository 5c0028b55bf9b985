"""Before Grace releases a result it is nowhere for Ayşe and her daughter: no page, no call, no copy of her data."""

from __future__ import annotations

import re
import threading
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from selfcare.edge.roles import route_table
from selfcare.extensions import db
from selfcare.home import rights
from selfcare.results.models import Result, ResultRelease
from tests import scene
from tests.conftest import Caller
from tests.results.telling import API, body_of, page, put, read, release, release_all, write

# A held result's value, day and id must not turn up; a reason is the only free text there is, so it carries a word to look for.
CANARY = "vermilionade"


def test_held_until_released(world: Any, grace: Any, ayse: Any) -> None:
    held = write(grace, world.ayse)
    assert read(ayse) == []
    assert ayse.get(f"{API}/today").json["results_unread"] == 0
    assert "Your results are here" not in page(ayse, "/")
    assert "No results yet" in page(ayse, "/results")
    (seen,) = read(grace, f"{API}/patients/{world.ayse}/results")
    assert (seen["id"], seen["status"], seen["value"]) == (held, "held", 58)
    assert "Held" in page(grace, f"/patients/{world.ayse}/results")

    assert release(grace, held).json["status"] == "released"
    (item,) = read(ayse)
    assert (item["id"], item["words"], item["unit"]) == (held, "58 mmol/mol", "mmol/mol")
    assert ayse.get(f"{API}/today").json["results_unread"] == 1
    assert "Your results are here" in page(ayse, "/")


@pytest.mark.slow
@pytest.mark.any_database  # every door, as in tests/house/test_routes.py
def test_a_held_result_and_its_correction_leave_no_trace_anywhere(
    world: Any, app: Flask, grace: Any, ayse: Any, carer: Any, story: Any
) -> None:
    shown = write(grace, world.ayse, value=64, days_ago=90)
    release(grace, shown)
    held = write(grace, world.ayse, value=77, days_ago=5)
    correction = write(grace, world.ayse, value=71, days_ago=5, corrects=held, reason=CANARY)
    traces = (held, correction, CANARY, "77 mmol", "71 mmol")
    doors = 0
    for caller in (ayse, carer):
        for row in route_table(app):
            if "GET" not in row["methods"] or "<" in row["rule"]:
                continue
            for path in (row["rule"], f"{row['rule']}?for={world.ayse}"):
                body = caller.get(path).get_data(as_text=True)
                doors += 1
                for trace in traces:
                    assert trace not in body, path
    assert doors > 60
    exported = ayse.get(f"{API}/export")
    assert exported.status_code == 200
    assert shown in exported.get_data(as_text=True)
    with story():
        everything = str(rights.collect(world.ayse))
    assert not [trace for trace in traces if trace in everything]

    # What was corrected before anybody saw it stays the team's: she reads the right number and no story about a wrong one.
    assert release_all(grace, world.ayse).json == {"released": 1}
    newest = read(ayse)[0]
    assert (newest["id"], newest["value"], newest["corrects"], newest["reason"]) == (
        correction,
        71,
        None,
        None,
    )
    html = page(ayse, "/results")
    assert "71" in html
    assert CANARY not in html
    assert "corrected" not in html
    assert held not in ayse.get(f"{API}/export").get_data(as_text=True)


def test_summary_and_preview_hold_no_result(world: Any, grace: Any, ayse: Any) -> None:
    write(grace, world.ayse, value=77)
    assert "mmol/mol" not in page(ayse, "/agenda/preview")
    summary = grace.get(f"{API}/patients/{world.ayse}/agenda-summary").get_data(as_text=True)
    assert "mmol/mol" not in summary


def test_the_carer_has_no_door_to_results(world: Any, grace: Any, carer: Any) -> None:
    release(grace, write(grace, world.ayse))
    for path in (f"{API}/results?for={world.ayse}", f"/results?for={world.ayse}"):
        assert carer.get(path).status_code == 404
    assert carer.get(f"{API}/today?for={world.ayse}").json["results_unread"] == 0
    assert "/results" not in page(carer, f"/more?for={world.ayse}")


def test_others_meet_404(
    world: Any, grace: Any, ayse: Any, peter: Any, samuel: Any, ruth: Any, story: Any
) -> None:
    result = write(grace, world.ayse)
    for who in (peter, samuel, ruth, ayse):
        for method, path, body in (
            ("PUT", f"/results/{uuid.uuid4()}", body_of(world.ayse)),
            ("PUT", f"/results/{result}", body_of(world.ayse)),
            ("POST", f"/results/{result}/release", {}),
            ("POST", f"/patients/{world.ayse}/results/release", {}),
            ("GET", f"/patients/{world.ayse}/results", None),
        ):
            assert who._call(method, API + path, json=body).status_code == 404, (method, path)
        for path in ("results", "results/new", f"results/{result}/correct"):
            assert who.get(f"/patients/{world.ayse}/{path}").status_code == 404
        assert who._call("POST", f"/patients/{world.ayse}/results/release", data={}).status_code == 404
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(ResultRelease)) == 0
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Result)) == 1
    assert put(samuel, world.peter, result=result).status_code == 404  # an id that is another patient's
    assert release(grace, str(uuid.uuid4())).status_code == 404


def test_released_in_one_action_from_the_page_and_from_the_panel(world: Any, grace: Any, ayse: Any) -> None:
    write(grace, world.ayse)
    write(grace, world.ayse, measure="ldl", value=2.3)
    (row,) = grace.get(f"{API}/panel").json["items"]
    assert row["results_to_release"] == 2
    assert "2 held" in page(grace, "/panel?only=results")
    stale = grace.send(f"/patients/{world.ayse}/results/release", expected="1", back="panel")
    assert "More results have come in meanwhile" in stale.get_data(as_text=True)
    assert read(ayse) == []
    done = grace.send(f"/patients/{world.ayse}/results/release", expected="2", back="panel")
    assert "2 results are released" in done.get_data(as_text=True)
    assert len(read(ayse)) == 2
    again = grace.send(f"/patients/{world.ayse}/results/release")
    assert "Nothing was waiting" in again.get_data(as_text=True)
    assert grace.get(f"{API}/panel?only=results").json["items"] == []


def buttons(html: str) -> dict[str, str]:
    """What the button Release sends."""
    return dict(re.findall(r'name="(expected|until|back)" value="([^"]+)"', html))


def test_nobody_releases_a_correction_that_they_have_not_seen(world: Any, grace: Any, ayse: Any) -> None:
    """There is 1 before and 1 after, and it is not the same."""
    first = write(grace, world.ayse, value=58)
    button = buttons(page(grace, f"/patients/{world.ayse}/results"))
    write(grace, world.ayse, value=85, corrects=first, reason="Typed wrong")  # a colleague, meanwhile
    answer = grace.send(f"/patients/{world.ayse}/results/release", **button)
    assert "More results have come in meanwhile" in answer.get_data(as_text=True)
    assert read(ayse) == []
    button = buttons(answer.get_data(as_text=True))
    assert "1 result is released" in grace.send(f"/patients/{world.ayse}/results/release", **button).text


def test_the_panels_button_releases_what_the_panel_counted_and_no_correction_since(
    world: Any, grace: Any, ayse: Any
) -> None:
    """1 held when Grace opened her panel, 1 when she pressed: meanwhile a colleague had corrected it."""
    first = write(grace, world.ayse, value=58)
    write(grace, world.ayse, measure="ldl", value=2.3)
    button = buttons(page(grace, "/panel"))
    assert button["expected"] == "2"
    write(grace, world.ayse, value=85, corrects=first, reason="Typed wrong")
    path = f"/patients/{world.ayse}/results/release"
    answer = grace.send(path, **button)
    assert "More results have come in meanwhile" in answer.get_data(as_text=True)
    assert answer.request.path == f"/patients/{world.ayse}/results", "where she can look at them"
    assert read(ayse) == []
    done = grace.send(path, **buttons(page(grace, "/panel")))
    assert "2 results are released" in done.get_data(as_text=True)
    assert done.request.path == "/panel"
    assert len(read(ayse)) == 2


def test_what_was_taken_back_since_the_panel_was_opened_hinders_nobody(
    world: Any, grace: Any, ayse: Any
) -> None:
    write(grace, world.ayse, measure="ldl", value=2.3)
    first = write(grace, world.ayse, value=58)
    button = buttons(page(grace, "/panel"))
    body = body_of(world.ayse, corrects=first, reason="Another person's", taken_back=True)
    body = {name: value for name, value in body.items() if name not in ("value", "unit")}
    assert grace.put(f"{API}/results/{uuid.uuid4()}", body).status_code == 201
    done = grace.send(f"/patients/{world.ayse}/results/release", **button)
    assert "1 result is released" in done.get_data(as_text=True)
    assert [each["measure"] for each in read(ayse)] == ["ldl"]


def test_two_release_at_once_and_it_happens_once(
    world: Any, app: Flask, grace: Any, ayse: Any, story: Any
) -> None:
    results = [write(grace, world.ayse, days_ago=day) for day in (1, 2, 3)]
    callers = [Caller(app, "grace@test.example") for _ in range(6)]
    start = threading.Barrier(len(callers))
    answers: list[int] = []

    def go(number: int, caller: Caller) -> None:
        start.wait()
        answer = release_all(caller, world.ayse) if number % 2 else release(caller, results[0])
        answers.append(answer.status_code)

    threads = [threading.Thread(target=go, args=each) for each in enumerate(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [200] * len(callers)
    with story():
        released = db.session.scalars(sa.select(ResultRelease.result_id)).all()
    assert sorted(map(str, released)) == sorted(results)


def test_opened_once_she_has_read_them(world: Any, grace: Any, ayse: Any, story: Any) -> None:
    release(grace, write(grace, world.ayse))
    read(ayse)  # a call is no reading: a phone may fetch without showing anything
    assert ayse.get(f"{API}/today").json["results_unread"] == 1
    page(ayse, "/results")
    assert "Your results are here" not in page(ayse, "/")
    with story():
        first = db.session.scalars(sa.select(ResultRelease.opened_at)).one()
    assert first is not None
    page(ayse, "/results")
    with story():
        assert db.session.scalars(sa.select(ResultRelease.opened_at)).one() == first
    assert "Opened" in page(grace, f"/patients/{world.ayse}/results")


@pytest.mark.slow
@pytest.mark.parametrize("who", ["ayse", "elif"])
def test_the_scene_of_every_route_holds_a_held_result(who: str, world: Any, grace: Any, ayse: Any) -> None:
    """The walks over every route look for the word that stands in it; they would find nothing if it were not there."""
    written = scene.write_canaries(ayse, grace, world)
    assert scene.HELD in grace.get(f"{API}/patients/{world.ayse}/results").get_data(as_text=True)
    assert scene.HELD in written.withheld[who]
