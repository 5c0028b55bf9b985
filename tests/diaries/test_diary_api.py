"""Writing the diary by the API: 201, 200, 409, "Is 690 right?", ranges, back-dating, late and skewed phones."""

from __future__ import annotations

import copy
import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import time_machine

NOW = dt.datetime(2026, 10, 6, 18, 40, tzinfo=dt.UTC)  # Tuesday 7:40pm in London


@pytest.fixture(autouse=True)
def tuesday_evening() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def path(entry_id: Any = None) -> str:
    return f"/api/v1/diary-entries/{entry_id or uuid.uuid4()}"


def body(**more: Any) -> dict[str, Any]:
    return {"experienced_at": "2026-10-06T19:40:00+01:00", "values": {"pain": 4}} | more


def entries(caller: Any, query: str = "") -> list[dict[str, Any]]:
    answer = caller.get(f"/api/v1/diary-entries{query}")
    assert answer.status_code == 200
    return list(answer.json["items"])


# --- 201, 200, 409 ---


def test_a_new_entry_is_stored_and_read_back_as_it_was_written(ayse: Any) -> None:
    words = "Bad knee after the stairs – “ouch” <b>"
    sent = body(
        values={"pain": 4, "glucose": 7.2, "hypo": False},
        tags={"glucose": "before"},
        note=words,
        recorded_at="2026-10-06T19:41:00+01:00",
    )
    here = path()
    answer = ayse.put(here, sent)
    assert answer.status_code == 201
    [kept] = entries(ayse)
    assert kept == answer.json
    assert kept["id"] in here
    assert kept["values"] == {"pain": 4, "glucose": 7.2, "hypo": False}
    assert kept["tags"] == {"glucose": "before"}
    assert kept["note"] == words
    assert kept["experienced_at"] == "2026-10-06T19:40:00+01:00"  # the phone's own offset is kept
    assert dt.datetime.fromisoformat(kept["recorded_at"]) == dt.datetime(2026, 10, 6, 18, 41, tzinfo=dt.UTC)
    assert dt.datetime.fromisoformat(kept["received_at"]) == NOW
    assert kept["written_by"] == ayse.id
    assert kept["flags"] == []


def test_the_same_body_again_changes_nothing(ayse: Any) -> None:
    here, sent = path(), body(note="once")
    assert ayse.put(here, sent).status_code == 201
    assert ayse.put(here, sent).status_code == 200
    # Absent, null and a null value are the same: not answered. 4 and 4.0 are the same number.
    again = sent | {
        "corrects": None,
        "tags": None,
        "values": {"pain": 4.0, "mood": None},
        "confirmed": ["pain"],
    }
    assert ayse.put(here, again).status_code == 200
    assert len(entries(ayse)) == 1


def test_a_replay_is_known_again_weeks_later(ayse: Any) -> None:
    here, sent = path(), body()
    assert ayse.put(here, sent).status_code == 201
    with time_machine.travel(NOW + dt.timedelta(days=20), tick=False):
        assert ayse.put(here, sent).status_code == 200


def test_an_outbox_that_is_flushed_twice_at_once_stores_one_entry(ayse: Any) -> None:
    here, sent = path(), body(note="written on the train")
    clients = [copy.copy(ayse) for _each in range(6)]
    for client in clients:
        client.http = ayse.http.application.test_client()
        client.http.set_cookie("selfcare", ayse.http.get_cookie("selfcare").value)
        session = ayse.http.get_cookie("session")
        if session is not None:
            client.http.set_cookie("session", session.value)
    with ThreadPoolExecutor(len(clients)) as pool:
        statuses = sorted(pool.map(lambda client: client.put(here, sent).status_code, clients))
    assert statuses == [200] * 5 + [201]
    assert len(entries(ayse)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"values": {"pain": 5}},
        {"values": {"pain": 4, "sleep": 3}},
        {"note": "something else"},
        {"experienced_at": "2026-10-06T19:41:00+01:00"},
        {"recorded_at": "2026-10-06T19:41:00+01:00"},
    ],
)
def test_another_body_under_the_same_id_is_refused_and_the_first_stays(
    ayse: Any, change: dict[str, Any]
) -> None:
    here = path()
    ayse.put(here, body())
    before = entries(ayse)
    answer = ayse.put(here, body() | change)
    assert answer.status_code == 409
    assert entries(ayse) == before


# --- values ---


def test_an_unlikely_value_is_asked_about_and_stored_once_confirmed(ayse: Any) -> None:
    here, sent = path(), body(values={"peak_flow": 690})
    asked = ayse.put(here, sent)
    assert asked.status_code == 422
    assert asked.json["confirm"] == ["peak_flow"]
    assert asked.json["errors"] == {"peak_flow": ["Is 690 right?"]}
    assert entries(ayse) == []
    assert ayse.put(here, sent | {"confirmed": ["peak_flow"]}).status_code == 201
    assert ayse.put(here, sent | {"confirmed": ["peak_flow"]}).status_code == 200
    assert entries(ayse)[0]["values"] == {"peak_flow": 690}


def test_only_what_was_confirmed_is_taken(ayse: Any) -> None:
    sent = body(values={"peak_flow": 690, "weight": 250}, confirmed=["peak_flow"])
    answer = ayse.put(path(), sent)
    assert answer.status_code == 422
    assert answer.json["confirm"] == ["weight"]


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"peak_flow": 59}, "Peak flow must be between 60 and 900"),
        ({"peak_flow": 901}, "Peak flow must be between 60 and 900"),
        ({"pain": 11}, "Pain must be between 0 and 10"),
        ({"pain": -1}, "Pain must be between 0 and 10"),
        ({"pain": 4.5}, "Pain must be a whole number"),
        ({"glucose": 130}, "Blood sugar must be between 1 and 40 mmol/L"),
        ({"glucose": 0.9}, "Blood sugar must be between 1 and 40 mmol/L"),
        ({"glucose": 7.25}, "Blood sugar must have 1 decimal, such as 7.2"),
        ({"pain": "4"}, "Pain must be a number"),
        ({"pain": True}, "Pain must be a number"),
        ({"steps": 100_001}, "Steps must be between 0 and 100,000"),
        ({"hypo": 1}, "Low blood sugar (hypo) must be true or false"),
        ({"cough": "terrible"}, "Choose one of the answers"),
        ({"blood_type": 3}, "There is no measure called blood_type"),
    ],
)
def test_what_is_not_possible_is_refused_in_words_even_if_confirmed(
    ayse: Any, values: dict[str, Any], said: str
) -> None:
    answer = ayse.put(path(), body(values=values, confirmed=list(values)))
    assert answer.status_code == 422
    assert answer.json["errors"] == {next(iter(values)): [said]}
    assert "confirm" not in answer.json
    assert entries(ayse) == []


@pytest.mark.parametrize("edge", [60, 900])
def test_the_ends_of_the_possible_range_are_possible(ayse: Any, edge: int) -> None:
    assert ayse.put(path(), body(values={"peak_flow": edge}, confirmed=["peak_flow"])).status_code == 201


@pytest.mark.parametrize("edge", [100, 650])
def test_the_ends_of_the_likely_range_are_not_asked_about(ayse: Any, edge: int) -> None:
    assert ayse.put(path(), body(values={"peak_flow": edge})).status_code == 201


@pytest.mark.parametrize(("typed", "kept"), [(130, 7.2), (126, 7.0), (90, 5.0), (18, 1.0), (720, 40.0)])
def test_blood_sugar_in_mg_is_kept_in_mmol(ayse: Any, typed: int, kept: float) -> None:
    here = path()
    sent = body(values={"glucose": typed}, units={"glucose": "mg/dL"}, confirmed=["glucose"])
    assert ayse.put(here, sent).status_code == 201
    assert entries(ayse)[0]["values"] == {"glucose": kept}
    assert ayse.put(here, sent).status_code == 200


def test_the_range_and_the_question_are_told_in_the_unit_that_was_typed(ayse: Any) -> None:
    unit = {"units": {"glucose": "mg/dL"}}
    impossible = ayse.put(path(), body(values={"glucose": 721}, **unit))
    assert impossible.json["errors"] == {"glucose": ["Blood sugar must be between 18 and 720 mg/dL"]}
    unlikely = ayse.put(path(), body(values={"glucose": 500}, **unit))
    assert unlikely.json["errors"] == {"glucose": ["Is 500 mg/dL right?"]}
    assert unlikely.json["confirm"] == ["glucose"]


@pytest.mark.parametrize(
    "more", [{"units": {"glucose": "cups"}}, {"units": {"pain": "mg/dL"}}, {"tags": {"glucose": "brunch"}}]
)
def test_units_and_tags_that_do_not_exist(ayse: Any, more: dict[str, Any]) -> None:
    answer = ayse.put(path(), body(values={"glucose": 7.2, "pain": 4}, **more))
    assert answer.status_code == 422
    assert entries(ayse) == []


def test_an_entry_with_nothing_in_it_is_refused(ayse: Any) -> None:
    nothings: list[dict[str, Any]] = [
        {"values": {}},
        {"values": None},
        {"values": {"pain": None}},
        {"values": {}, "note": "  \n "},
    ]
    for nothing in nothings:
        answer = ayse.put(path(), body() | nothing)
        assert answer.status_code == 422
        assert answer.json["errors"] == {"values": ["Write down at least 1 thing, or a note"]}
    assert ayse.put(path(), body(values={}, note="Only words today")).status_code == 201


@pytest.mark.parametrize(
    "bad",
    [
        {"experienced_at": "2026-10-06T19:40:00"},
        {"experienced_at": "2026-02-30T10:00:00Z"},
        {"experienced_at": "0001-01-01T00:00:00+23:59"},
        {"experienced_at": "9999-12-31T23:59:59-23:59"},
        {"experienced_at": None},
        {"experienced_at": 5},
        {"values": []},
        {"values": {"pain": {"a": 1}}},
        {"values": {"p\u0000in": 1}},
        {"values": {"x" * 41: 1}},
        {"values": {f"m{n}": 1 for n in range(51)}},
        {"note": "a\u0000b"},
        {"note": "\ud800"},
        {"note": "x" * 2001},
        {"note": 3},
        {"corrects": "not an id"},
        {"confirmed": "pain"},
        {"confirmed": [3]},
        {"surprise": 1},
    ],
)
def test_bad_input_is_refused_with_words_and_stores_nothing(ayse: Any, bad: dict[str, Any]) -> None:
    answer = ayse.put(path(), body() | bad)
    assert answer.status_code == 422
    assert answer.json["errors"]
    assert entries(ayse) == []


@pytest.mark.parametrize("number", ["1e400", "-1e400", "NaN", "123456789012345678901234567890"])
def test_numbers_that_no_database_holds(ayse: Any, number: str) -> None:
    raw = '{"experienced_at": "2026-10-06T19:40:00+01:00", "values": {"glucose": ' + number + "}}"
    answer = ayse._call("PUT", path(), data=raw, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert entries(ayse) == []


# --- times ---


def test_back_dating_up_to_14_days_is_kept_and_flagged(ayse: Any) -> None:
    answer = ayse.put(path(), body(experienced_at="2026-09-22T09:00:00+01:00"))
    assert answer.status_code == 201
    assert answer.json["flags"] == ["back_dated"]


def test_the_fifteenth_day_is_too_long_ago(ayse: Any) -> None:
    answer = ayse.put(path(), body(experienced_at="2026-09-21T23:00:00+01:00"))
    assert answer.status_code == 422
    assert answer.json["errors"] == {"experienced_at": ["Choose a day in the last 14 days"]}


def test_the_14_days_are_judged_on_the_phones_calendar(ayse: Any) -> None:
    # Saved at 00:30 on 7 October in Istanbul, still the 6th in London: 23 September is 14 days before.
    saved = {"recorded_at": "2026-10-07T00:30:00+03:00"}
    with time_machine.travel(dt.datetime(2026, 10, 6, 21, 30, tzinfo=dt.UTC), tick=False):
        assert ayse.put(path(), body(experienced_at="2026-09-23T08:00:00+03:00", **saved)).status_code == 201
        assert ayse.put(path(), body(experienced_at="2026-09-22T08:00:00+03:00", **saved)).status_code == 422


def test_what_arrives_late_is_judged_by_when_it_was_saved(ayse: Any) -> None:
    # Written on 1 August on a phone without signal, about 20 July; it arrives in October.
    answer = ayse.put(
        path(), body(experienced_at="2026-07-20T08:00:00+01:00", recorded_at="2026-08-01T08:00:00+01:00")
    )
    assert answer.status_code == 201
    assert answer.json["flags"] == ["late", "back_dated"]


def test_an_hour_without_signal_is_not_late(ayse: Any) -> None:
    answer = ayse.put(
        path(), body(experienced_at="2026-10-06T18:00:00+01:00", recorded_at="2026-10-06T18:01:00+01:00")
    )
    assert answer.json["flags"] == []


@pytest.mark.parametrize("experienced", ["2026-12-24T19:00:00+00:00", "2026-10-06T19:00:00+01:00"])
def test_a_phone_whose_clock_is_ahead_is_kept_and_flagged(ayse: Any, experienced: str) -> None:
    answer = ayse.put(path(), body(experienced_at=experienced, recorded_at="2026-12-24T19:01:00+00:00"))
    assert answer.status_code == 201
    assert "clock_skewed" in answer.json["flags"]


def test_a_small_turn_of_the_clock_between_feeling_and_saving_is_kept(ayse: Any) -> None:
    answer = ayse.put(
        path(), body(experienced_at="2026-10-06T19:50:00+01:00", recorded_at="2026-10-06T19:40:00+01:00")
    )
    assert answer.status_code == 201
    assert answer.json["flags"] == ["clock_skewed"]


def test_next_week_has_not_been_felt_yet(ayse: Any) -> None:
    answer = ayse.put(path(), body(experienced_at="2026-10-13T19:40:00+01:00"))
    assert answer.status_code == 422
    assert answer.json["errors"] == {"experienced_at": ["The time must be in the past"]}


def test_both_1_30s_of_the_night_the_clocks_go_back_are_kept_apart(ayse: Any) -> None:
    with time_machine.travel(dt.datetime(2026, 10, 25, 9, tzinfo=dt.UTC), tick=False):
        for offset in ("+01:00", "+00:00"):
            assert ayse.put(path(), body(experienced_at=f"2026-10-25T01:30:00{offset}")).status_code == 201
        felt = [entry["experienced_at"] for entry in entries(ayse)]
    assert felt == ["2026-10-25T01:30:00+00:00", "2026-10-25T01:30:00+01:00"]


# --- corrections ---


def test_a_correction_names_the_old_entry_and_both_stay(ayse: Any) -> None:
    old = uuid.uuid4()
    ayse.put(path(old), body())
    answer = ayse.put(path(), body(values={"pain": 6}, corrects=str(old)))
    assert answer.status_code == 201
    assert {entry["values"]["pain"]: entry["corrects"] for entry in entries(ayse)} == {4: None, 6: str(old)}


def test_a_correction_of_nothing_of_itself_or_of_anothers_is_refused_alike(ayse: Any, peter: Any) -> None:
    peters = uuid.uuid4()
    assert peter.put(path(peters), body()).status_code == 201
    itself = uuid.uuid4()
    answers = [ayse.put(path(itself), body(corrects=str(wrong))) for wrong in (uuid.uuid4(), peters, itself)]
    assert [answer.status_code for answer in answers] == [422, 422, 422]
    assert len({answer.get_data() for answer in answers}) == 1


# --- lists ---


def test_the_list_is_newest_first_in_pages(ayse: Any) -> None:
    for hour in range(5):
        ayse.put(path(), body(experienced_at=f"2026-10-06T1{hour}:00:00+01:00", values={"pain": hour}))
    first = ayse.get("/api/v1/diary-entries?limit=2").json
    second = ayse.get(f"/api/v1/diary-entries?limit=2&cursor={first['next_cursor']}").json
    third = ayse.get(f"/api/v1/diary-entries?limit=2&cursor={second['next_cursor']}").json
    pains = [entry["values"]["pain"] for page in (first, second, third) for entry in page["items"]]
    assert pains == [4, 3, 2, 1, 0]
    assert third["next_cursor"] is None


def test_from_and_to_are_whole_days_or_instants(ayse: Any) -> None:
    for day in (3, 4, 5):
        ayse.put(path(), body(experienced_at=f"2026-10-0{day}T23:30:00+01:00", values={"pain": day}))

    def pains(query: str) -> list[int]:
        return [entry["values"]["pain"] for entry in entries(ayse, query)]

    assert pains("?from=2026-10-04&to=2026-10-04") == [4]
    assert pains("?from=2026-10-04") == [5, 4]
    assert pains("?to=2026-10-04T23:30:00%2B01:00") == [3]
    assert pains("?from=2026-10-04T22:30:00Z&to=2026-10-05T22:30:00Z") == [4]


@pytest.mark.parametrize(
    "query", ["?limit=0", "?limit=201", "?cursor=x", "?from=yesterday", "?to=2026-02-30"]
)
def test_a_list_that_cannot_be(ayse: Any, query: str) -> None:
    assert ayse.get(f"/api/v1/diary-entries{query}").status_code == 422


# --- measures and trackers ---


def test_the_catalogue_has_what_the_contract_names(ayse: Any) -> None:
    answer = ayse.get("/api/v1/measures")
    known = {item["code"]: item for item in answer.json["items"]}
    assert {"pain", "glucose", "mood", "sleep", "energy", "steps", "weight", "peak_flow"} <= known.keys()
    assert known["pain"]["words"] == {"low": "no pain", "high": "worst pain"}
    assert known["glucose"]["unit"] == "mmol/L"
    assert known["glucose"]["possible"] == [1.0, 40.0]
    assert known["glucose"]["likely"] == [3.0, 25.0]
    assert all(item["id"] == item["code"] for item in answer.json["items"])
    assert answer.json["next_cursor"] is None


def test_trackers_are_state_with_an_etag(ayse: Any) -> None:
    here = "/api/v1/trackers"
    assert ayse.get(here).json == {"measures": []}
    assert ayse.put(here, {"measures": ["sleep", "pain"]}).status_code == 201
    first = ayse.get(here)
    assert first.json == {"measures": ["sleep", "pain"]}
    held = {"If-Match": first.headers["ETag"]}
    assert ayse.put(here, {"measures": ["pain"]}, headers=held).status_code == 200
    stale = ayse.put(here, {"measures": ["weight"]}, headers=held)
    assert stale.status_code == 412
    assert stale.json["current"] == {"measures": ["pain"]}
    assert stale.json["yours"] == {"measures": ["weight"]}
    assert ayse.get(here).json == {"measures": ["pain"]}


def test_more_than_five_trackers_are_kept_by_choice(ayse: Any) -> None:
    seven = ["pain", "glucose", "mood", "sleep", "energy", "steps", "weight"]
    assert ayse.put("/api/v1/trackers", {"measures": seven}).status_code == 201
    assert ayse.get("/api/v1/trackers").json == {"measures": seven}


def test_a_tracker_that_does_not_exist(ayse: Any) -> None:
    for wrong in (["blood_type"], ["pain", ""], "pain", [3], None):
        assert ayse.put("/api/v1/trackers", {"measures": wrong}).status_code == 422
    assert ayse.get("/api/v1/trackers").json == {"measures": []}
