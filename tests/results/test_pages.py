"""Grace types a review's results on one page; Ayşe reads them and writes down what she wants to ask."""

from __future__ import annotations

import re
import uuid
from typing import Any

from tests.results.telling import API, TODAY, page, read, release_all, write


def form(**boxes: str) -> dict[str, str]:
    return {"id": str(uuid.uuid4()), "taken_on": TODAY.isoformat()} | boxes


def test_only_what_is_filled_is_stored(world: Any, grace: Any) -> None:
    path = f"/patients/{world.ayse}/results/new"
    html = page(grace, path)
    for label in ("HbA1c", "LDL cholesterol", "Systolic", "Foot check", "mL/min/1.73 m²"):
        assert label in html
    sent = form(hba1c="58", blood_pressure="132", blood_pressure_diastolic="84", foot_check="low", weight="")
    done = grace.send(path, **sent).get_data(as_text=True)
    assert "3 results are saved. Ayşe does not see them until you release them" in done
    grace.send(path, **sent)  # a second tap
    items = read(grace, f"{API}/patients/{world.ayse}/results")
    assert sorted(item["words"] for item in items) == ["132/84 mmHg", "58 mmol/mol", "Low risk"]


def test_an_unlikely_number_asks_and_nothing_typed_is_lost(world: Any, grace: Any) -> None:
    path = f"/patients/{world.ayse}/results/new"
    sent = form(hba1c="190", ldl="2.3")
    asked = grace._call("POST", path, data=sent)
    html = asked.get_data(as_text=True)
    assert asked.status_code == 422
    assert "Is 190 mmol/mol right?" in html
    assert "Nothing is saved yet" in html
    assert read(grace, f"{API}/patients/{world.ayse}/results") == []
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html.split("<form")[-1]))
    assert (hidden["hba1c"], hidden["ldl"], hidden["id"]) == ("190", "2.3", sent["id"])
    back = grace._call("POST", path, data=sent | {"change": "yes"}).get_data(as_text=True)
    assert 'value="190"' in back
    assert "2 results are saved" in grace.send(path, **sent, confirmed="hba1c").get_data(as_text=True)


def test_one_wrong_number_stores_none(world: Any, grace: Any) -> None:
    path = f"/patients/{world.ayse}/results/new"
    wrong = form(hba1c="7.2", ldl="2.3", blood_pressure="120", weight="8o")
    answer = grace._call("POST", path, data=wrong)
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Blood pressure: enter both numbers" in html
    assert "7.2 looks like a percentage" in html
    assert "Weight must be a number" in html
    assert 'value="8o"' in html
    assert read(grace, f"{API}/patients/{world.ayse}/results") == []
    empty = grace._call("POST", path, data=form())
    assert "Enter at least 1 result" in empty.get_data(as_text=True)
    late = grace._call("POST", path, data=form(hba1c="58") | {"taken_on": "2999-01-01"})
    assert late.status_code == 422


def test_a_form_sent_again_with_another_number_is_told(world: Any, grace: Any) -> None:
    path, sent = f"/patients/{world.ayse}/results/new", form(hba1c="58")
    grace.send(path, **sent)
    again = grace._call("POST", path, data=sent | {"hba1c": "59"})
    assert again.status_code == 422
    assert "saved already" in again.get_data(as_text=True)


def test_a_prompt_starts_a_question_for_the_visit(world: Any, grace: Any, ayse: Any) -> None:
    write(grace, world.ayse)
    release_all(grace, world.ayse)
    html = page(ayse, "/results")
    action = re.search(r'action="(/agenda/items/[^"]+)"', html)
    assert action
    started = ayse.send(action.group(1), kind="question", pick="My HbA1c").get_data(as_text=True)
    assert "My HbA1c: " in started
    assert ayse.get(f"{API}/agenda").json["items"] == [], "only started: the words are hers to write"
    assert "Get ready for your visit" in html
    assert "Not yet clinically approved" in html


def test_production_shows_no_words_that_nobody_approved(
    world: Any, grace: Any, ayse: Any, app: Any, monkeypatch: Any
) -> None:
    write(grace, world.ayse)
    release_all(grace, world.ayse)
    assert "average blood sugar over" in page(ayse, "/results")
    monkeypatch.setattr("selfcare.results.packs.explained", lambda measure: False)
    html = page(ayse, "/results")
    assert "average blood sugar over" not in html
    assert "<b>58</b>" in html
    assert read(ayse)[0]["means"] == []


def test_statements_do_not_grow_with_results(world: Any, grace: Any, ayse: Any, statements: Any) -> None:
    counts = []
    for _round in range(2):
        for day in range(1, 9):
            write(grace, world.ayse, days_ago=day)
        release_all(grace, world.ayse)
        page(ayse, "/results")  # opened: the update of that is not the page's
        found = {}
        for who, path in (
            (ayse, "/results"),
            (ayse, f"{API}/results"),
            (grace, f"/patients/{world.ayse}/results"),
            (grace, f"{API}/patients/{world.ayse}/results"),
        ):
            with statements() as seen:
                assert who.get(path).status_code == 200
            found[path] = len(
                [one for one in seen if "audit_events" not in one and "record_views" not in one]
            )
        counts.append(found)
    assert counts[0] == counts[1]
    # The session, the record, and one for all results.
    assert set(counts[0].values()) == {3}


def test_pages_of_the_api(world: Any, grace: Any, ayse: Any) -> None:
    for day in range(1, 4):
        write(grace, world.ayse, days_ago=day, value=50 + day)
    release_all(grace, world.ayse)
    first = ayse.get(f"{API}/results?limit=2").json
    rest = ayse.get(f"{API}/results?limit=2&cursor={first['next_cursor']}").json
    assert [item["value"] for item in first["items"] + rest["items"]] == [51, 52, 53]


def test_the_catalogue_for_programs(grace: Any, ayse: Any) -> None:
    items = {item["code"]: item for item in grace.get(f"{API}/result-measures").json["items"]}
    assert {
        "hba1c",
        "ldl",
        "total_cholesterol",
        "blood_pressure",
        "weight",
        "bmi",
        "egfr",
        "urine_acr",
    } <= set(items)
    assert items["hba1c"]["unit"] == "mmol/mol"
    assert items["hba1c"]["clinically_approved"] is False
    assert ayse.get(f"{API}/result-measures").status_code == 404
