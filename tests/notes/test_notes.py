"""Ayşe keeps a list of what she takes, and shares it or not."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.history import EarlierVersion
from selfcare.people.models import CarerLink

TODAY = clock.today("Europe/London")
METFORMIN = "Metformin 1 g, twice a day"


def put(who: Any, text: str, note: uuid.UUID | None = None, **more: Any) -> Any:
    body = {"kind": "medicine", "text": text} | more
    return who.put(f"/api/v1/notes/{note or uuid.uuid4()}", body)


def texts(who: Any) -> list[str]:
    answer = who.get("/api/v1/notes")
    assert answer.status_code == 200
    return [note["text"] for note in answer.json["items"]]


def test_kept_changed_and_removed_with_its_history(ayse: Any, story: Any) -> None:
    note = uuid.uuid4()
    first = put(ayse, METFORMIN, note, since="2020-01-01")
    assert first.status_code == 201
    assert (first.json["since"], first.json["stopped_on"]) == ("2020-01-01", None)
    assert put(ayse, METFORMIN, note, since="2020-01-01").json == first.json
    changed = put(ayse, METFORMIN, note, stopped_on=TODAY.isoformat(), stop_reason="felt sick")
    assert changed.status_code == 200
    stale = ayse.put(
        f"/api/v1/notes/{note}",
        {"kind": "note", "text": "x"},
        headers={"If-Match": first.headers["ETag"]},
    )
    assert stale.status_code == 412
    assert stale.json["current"]["stop_reason"] == "felt sick"
    assert ayse.delete(f"/api/v1/notes/{note}").status_code == 204
    assert ayse.delete(f"/api/v1/notes/{note}").status_code == 204
    assert texts(ayse) == []
    assert ayse.delete(f"/api/v1/notes/{uuid.uuid4()}").status_code == 404
    with story():
        rows = sa.select(EarlierVersion.body).where(EarlierVersion.row_id == note)
        kept = db.session.scalars(rows.order_by(EarlierVersion.version)).all()
    assert [body["stop_reason"] for body in kept] == [None, "felt sick"]


@pytest.mark.parametrize(
    "body",
    [
        {"kind": "poison"},
        {"text": " "},
        {"text": "x" * 301},
        {"text": "a\x00"},
        {"since": "2026-02-30"},
        {"since": "1066-01-01"},
        {"since": "2026-05-02", "stopped_on": "2026-05-01"},
        {"stop_reason": "no day"},
        {"dose": "1 g"},
    ],
)
def test_what_makes_no_sense_is_refused(ayse: Any, body: dict[str, Any]) -> None:
    answer = put(ayse, METFORMIN, **body) if "text" not in body else put(ayse, **body)
    assert answer.status_code == 422
    assert answer.json["errors"]
    assert texts(ayse) == []


def test_words_stay_as_they_were_written(ayse: Any) -> None:
    words = "  <b>½ tablet</b>\n{{ 7*7 }} \u202eabc 💊 "
    put(ayse, words)
    assert texts(ayse) == [words]
    html = ayse.get("/notes").get_data(as_text=True)
    assert "<b>½" not in html
    assert "{{ 7*7 }}" in html


def test_on_the_page_she_adds_changes_and_stops(ayse: Any) -> None:
    assert "Write down what you take" in ayse.get("/notes").get_data(as_text=True)
    new = {"id": str(uuid.uuid4()), "kind": "medicine", "text": METFORMIN, "since": ""}
    assert "Metformin" in ayse.send("/notes/new", **new).get_data(as_text=True)
    ayse.send("/notes/new", **new)
    assert texts(ayse) == [METFORMIN]
    path = f"/notes/{new['id']}"
    assert METFORMIN in ayse.get(f"{path}/change").get_data(as_text=True)
    ayse.send(f"{path}/change", **(new | {"text": "Metformin 500 mg"}))
    future = (TODAY + dt.timedelta(days=1)).isoformat()
    late = ayse._call("POST", f"{path}/stop", data={"stopped_on": future, "stop_reason": "sick of it"})
    assert late.status_code == 422
    assert "sick of it" in late.get_data(as_text=True)
    stopped = ayse.send(f"{path}/stop", stopped_on=TODAY.isoformat(), stop_reason="felt sick")
    html = stopped.get_data(as_text=True)
    assert "felt sick" in html
    assert "I stopped this" not in html
    ayse.send(f"{path}/change", **(new | {"text": "Metformin"}))
    assert "felt sick" in ayse.get("/notes").get_data(as_text=True), "changing words leaves it stopped"
    assert "Metformin" not in ayse.send(f"{path}/remove").get_data(as_text=True)


def test_a_form_without_an_answer_says_which(ayse: Any) -> None:
    answer = ayse._call("POST", "/notes/new", data={"id": str(uuid.uuid4())})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Select medicine or note" in html
    assert "Write it here" in html


def test_elif_sees_them_only_where_her_mother_ticked_it(
    world: Any, ayse: Any, carer: Any, story: Any
) -> None:
    put(ayse, METFORMIN)
    path = f"/api/v1/notes?for={world.ayse}"
    assert carer.get(path).status_code == 404
    assert carer.get(f"/notes?for={world.ayse}").status_code == 404
    with story():
        db.session.execute(sa.update(CarerLink).values(also_sees=["notes"]))
    assert [note["text"] for note in carer.get(path).json["items"]] == [METFORMIN]
    assert carer.get(f"/notes?for={world.ayse}").status_code == 200


def test_others_see_and_write_nothing(
    world: Any, ayse: Any, peter: Any, samuel: Any, grace: Any, ruth: Any, nobody: Any
) -> None:
    note = uuid.uuid4()
    put(ayse, METFORMIN, note)
    for who in (peter, samuel, grace, ruth):
        for method, path, body in (
            ("GET", f"/api/v1/notes?for={world.ayse}", None),
            ("PUT", f"/api/v1/notes/{note}", {"kind": "note", "text": "mine"}),
            ("DELETE", f"/api/v1/notes/{note}", None),
            ("GET", f"/notes/{note}/change", None),
            ("GET", f"/notes/{note}/stop", None),
        ):
            answer = who._call(method, path, json=body)
            assert answer.status_code == 404, (method, path)
    assert nobody.get("/api/v1/notes").status_code == 401
    assert texts(peter) == []
    assert texts(ayse) == [METFORMIN]


def test_it_comes_in_pages(ayse: Any) -> None:
    for number in range(3):
        put(ayse, f"Medicine {number}")
    first = ayse.get("/api/v1/notes?limit=2").json
    rest = ayse.get(f"/api/v1/notes?limit=2&cursor={first['next_cursor']}").json
    assert [note["text"] for note in first["items"] + rest["items"]] == [
        "Medicine 2",
        "Medicine 1",
        "Medicine 0",
    ]
