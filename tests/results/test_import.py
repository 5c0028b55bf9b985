"""Grace sends a file of the laboratory: every line is stored or told what is wrong with it."""

from __future__ import annotations

import io
import threading
from typing import Any

import pytest
from flask import g

from selfcare.edge import logs
from selfcare.results import importing
from tests.agendas.scenes import care_for
from tests.conftest import Caller
from tests.results.telling import API, page, read

HEAD = "patient,measure,value,unit,taken_on"
LINES = (
    "ayse@test.example,hba1c,58,mmol/mol,2026-11-03",
    "AYSE@test.example,blood_pressure,132/84,mmHg,03/11/2026",
    "{ayse},foot_check,Low risk,,2026-11-03",
)


def send(who: Any, text: str | bytes, **more: str) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    form = {"file": (io.BytesIO(data), "results.csv"), **more}
    return who._call("POST", "/results/import", data=form, content_type="multipart/form-data")


def file_of(world: Any, *lines: str) -> str:
    return "\r\n".join([HEAD, *lines]).format(ayse=world.ayse, peter=world.peter)


def words(who: Any, world: Any) -> list[str]:
    return sorted(item["words"] for item in read(who, f"{API}/patients/{world.ayse}/results"))


def test_a_file_for_many_is_held(world: Any, grace: Any, ayse: Any) -> None:
    answer = send(grace, "\ufeff" + file_of(world, *LINES))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert "3 results are saved and held" in html
    assert "For 1 patient." in html
    assert words(grace, world) == ["132/84 mmHg", "58 mmol/mol", "Low risk"]
    assert read(ayse) == []
    again = send(grace, file_of(world, *LINES)).get_data(as_text=True)
    assert "Every result in this file is saved already" in again
    assert len(words(grace, world)) == 3
    assert "Ayşe" not in again, "the report names nobody that the file does not"


@pytest.mark.parametrize("mark", [";", "\t"])
def test_spreadsheets_of_other_countries(world: Any, grace: Any, mark: str) -> None:
    text = file_of(world, LINES[0]).replace(",", mark)
    assert "1 result is saved" in send(grace, text).get_data(as_text=True)


def test_a_wrong_line_stores_nothing_and_is_named(world: Any, grace: Any) -> None:
    wrong = (
        "ayse@test.example,hba1c,7.2,mmol/mol,2026-11-03",
        "peter@test.example,hba1c,58,mmol/mol,2026-11-03",
        "{peter},hba1c,58,mmol/mol,2026-11-03",
        "nobody@test.example,hba1c,58,mmol/mol,2026-11-03",
        "ayse@test.example,height,170,cm,2026-11-03",
        "ayse@test.example,ldl,2.3,g,2026-11-03",
        "ayse@test.example,ldl,,mmol/L,2026-11-03",
        "ayse@test.example,weight,300,kg,2026-11-03",
        "ayse@test.example,weight,80,kg,11/23/2026",
    )
    answer = send(grace, file_of(world, LINES[0], *wrong))
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Nothing is saved" in html
    for number, said in enumerate(
        (
            "7.2 looks like a percentage",
            "You have no patient with this number or email",
            "You have no patient with this number or email",
            "You have no patient with this number or email",
            "There is no such measure",
            "LDL cholesterol must be in mmol/L",
            "There is no value",
            "Is 300 kg right?",
            "Write the day as 2026-11-03 or 03/11/2026",
        ),
        3,
    ):
        assert said in html.split(f"Line {number}<")[1].split("</tr>")[0]
    assert words(grace, world) == []

    kept = send(grace, file_of(world, LINES[0], *wrong), keep_right="yes").get_data(as_text=True)
    assert "1 result is saved and held" in kept
    assert "9 lines are not saved" in kept
    assert words(grace, world) == ["58 mmol/mol"]


def test_an_unlikely_number_needs_a_word(world: Any, grace: Any) -> None:
    text = f"{HEAD},confirmed\nayse@test.example,weight,300,kg,2026-11-03,yes"
    assert "1 result is saved" in send(grace, text).get_data(as_text=True)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Choose a file"),
        (b"\xff\xfe\x00", "Choose a CSV file, saved as UTF-8"),
        (b"PK\x03\x04\x00", "Choose a CSV file, saved as UTF-8"),
        (b"name,value\nx,1", "The first line has no column patient, measure, unit, taken_on"),
        (HEAD.encode(), "There are no results in this file"),
        (b"\n\n", "The first line has no column"),
        ((HEAD + "\nx,hba1c,1,%,2026-01-01" * 1001).encode(), "Send 1000 lines or fewer at a time"),
    ],
)
def test_what_is_no_such_file_is_refused(grace: Any, world: Any, data: bytes, said: str) -> None:
    answer = send(grace, data)
    assert answer.status_code == 422
    assert said in answer.get_data(as_text=True)


def test_only_clinicians_import(world: Any, ayse: Any, ruth: Any, samuel: Any) -> None:
    for who in (ayse, ruth):
        assert who.get("/results/import").status_code == 404
        assert send(who, file_of(world, *LINES)).status_code == 404
    assert "You have no patient" in send(samuel, file_of(world, *LINES)).get_data(as_text=True)
    assert "Example" in page(samuel, "/results/import")


def test_a_file_that_is_far_too_long_says_so(world: Any, grace: Any) -> None:
    answer = send(grace, file_of(world, *[LINES[0]] * 7000))
    assert answer.status_code == 413
    assert "This is too long. Send it in parts" in answer.get_data(as_text=True)


def test_the_log_says_what_became_of_a_file_and_nobodys_name(
    world: Any, grace: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[Any] = []
    monkeypatch.setattr(importing.log, "info", lambda event, **more: said.append((event, more)))
    send(grace, file_of(world, *LINES, "peter@test.example,hba1c,58,mmol/mol,2026-11-03"))
    send(grace, file_of(world, *LINES))
    assert said == [
        ("results_read", {"lines": 4, "count": 0, "wrong": 1}),
        ("results_read", {"lines": 3, "count": 3, "wrong": 0}),
    ]


def test_what_went_wrong_in_a_request_is_found_by_its_id(app: Any) -> None:
    with app.test_request_context("/help"):
        app.preprocess_request()
        event = logs.only_allowed(
            None, "", logs.add_request(None, "", {"event": "unforeseen", "patient": "Ayşe"})
        )
        assert event == {"event": "unforeseen", "request": g.request_id}


def test_two_files_with_the_same_people_in_another_order(world: Any, app: Any, story: Any) -> None:
    """Each would hold one patient and wait for the other."""
    with story():
        care_for(world.peter, world.hornsey)
    of_ayse, of_peter = (
        [f"{name}@test.example,weight,{70 + day},kg,2026-10-{day:02}" for day in range(1, 26)]
        for name in ("ayse", "peter")
    )
    files = [file_of(world, *of_ayse, *of_peter), file_of(world, *of_peter, *of_ayse)]
    callers = [Caller(app, "grace@test.example") for _file in files]
    start, answers = threading.Barrier(2), []

    def run(caller: Caller, file: str) -> None:
        start.wait(10)
        answers.append(send(caller, file).status_code)

    threads = [threading.Thread(target=run, args=pair) for pair in zip(callers, files, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert answers == [200, 200]
