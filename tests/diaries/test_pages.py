"""The diary on a phone, without script: choose, write, be asked, save, see, change."""

from __future__ import annotations

import datetime as dt
import html
import re
import uuid
from typing import Any

import pytest
import time_machine

NOW = dt.datetime(2026, 10, 6, 18, 40, tzinfo=dt.UTC)  # Tuesday 7:40pm in London
SAFETY = "Nobody checks this between visits"


@pytest.fixture(autouse=True)
def tuesday_evening() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


def text(answer: Any) -> str:
    """What a person reads: no tags, no attributes, single spaces."""
    page = re.sub(r"<(script|style|title|svg)\b.*?</\1>", " ", answer.get_data(as_text=True), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())


def title(answer: Any) -> str:
    found = re.search(r"<title>(.*?)</title>", answer.get_data(as_text=True), re.S)
    assert found
    return html.unescape(found.group(1))


def hidden(answer: Any, name: str) -> list[str]:
    page = answer.get_data(as_text=True)
    return [
        html.unescape(value) for value in re.findall(rf'type="hidden" name="{name}" value="([^"]*)"', page)
    ]


def track(caller: Any, *codes: str) -> None:
    assert caller.put("/api/v1/trackers", {"measures": list(codes)}).status_code in (200, 201)


def open_form(caller: Any, path: str = "/diary/new") -> dict[str, Any]:
    """The form as a browser would send it untouched."""
    answer = caller.get(path)
    assert answer.status_code == 200
    page = answer.get_data(as_text=True)
    form = {"id": hidden(answer, "id")[0]}
    for name in ("day", "time"):
        found = re.search(
            rf'name="{name}" type="{"date" if name == "day" else "time"}"[^>]* value="([^"]*)"', page
        )
        assert found, name
        form[name] = found.group(1)
    return form


def wrote(caller: Any, day: str = "2026-10-06", **values: Any) -> str:
    """An entry by the API, at midday of a day."""
    entry_id = str(uuid.uuid4())
    sent = {
        "experienced_at": f"{day}T12:00:00+01:00",
        "values": values,
        "recorded_at": f"{day}T12:00:00+01:00",
    }
    assert caller.put(f"/api/v1/diary-entries/{entry_id}", sent).status_code == 201
    return entry_id


def stored(caller: Any) -> list[dict[str, Any]]:
    return list(caller.get("/api/v1/diary-entries").json["items"])


# --- choosing ---


def test_somebody_new_is_led_to_choose_one_thing_of_their_own_conditions(ayse: Any) -> None:
    answer = ayse.get("/diary/new", follow_redirects=True)
    assert answer.request.path == "/diary/setup"
    page = text(answer)
    assert "Choose 1 thing to keep track of" in page
    assert "Blood sugar" in page
    assert "Stiffness" in page
    assert "Peak flow" not in page
    assert "checked" not in answer.get_data(as_text=True)
    assert "not yet clinically approved" in page


def test_the_diary_of_somebody_new_has_one_sentence_and_one_button(ayse: Any) -> None:
    page = text(ayse.get("/diary"))
    assert "Choose 1 thing to keep track of" in page
    track(ayse, "pain")
    assert "Add 3 entries to see a pattern" in text(ayse.get("/diary"))


def test_a_choice_is_kept_and_leads_to_the_first_entry(ayse: Any) -> None:
    answer = ayse.send("/diary/setup", measures=["glucose", "pain"])
    assert answer.request.path == "/diary/new"
    assert ayse.get("/api/v1/trackers").json == {"measures": ["glucose", "pain"]}
    page = text(answer)
    assert page.index("Blood sugar") < page.index("How much pain did you have?") < page.index("Note")


def test_choosing_nothing_is_told(ayse: Any) -> None:
    answer = ayse.send("/diary/setup")
    assert answer.status_code == 422
    assert title(answer).startswith("Error: ")
    assert "Choose at least 1 thing to keep track of" in text(answer)


def test_more_than_five_are_asked_about_once(ayse: Any) -> None:
    six = ["pain", "sleep", "mood", "energy", "steps", "weight"]
    answer = ayse.send("/diary/setup", measures=six)
    assert "You chose 6" in text(answer)
    assert ayse.get("/api/v1/trackers").json == {"measures": []}
    ayse.send("/diary/setup", measures=six, more="yes")
    assert ayse.get("/api/v1/trackers").json == {"measures": six}


def test_what_is_kept_keeps_its_place(ayse: Any) -> None:
    track(ayse, "sleep", "pain")
    ayse.send("/diary/setup", measures=["pain", "glucose", "sleep"])  # as the page lists them
    assert ayse.get("/api/v1/trackers").json == {"measures": ["sleep", "pain", "glucose"]}


# --- the daily entry ---


def test_nothing_is_chosen_beforehand_and_the_safety_text_stands_before_save(ayse: Any) -> None:
    track(ayse, "pain", "glucose", "hypo")
    answer = ayse.get("/diary/new")
    raw, page = answer.get_data(as_text=True), text(answer)
    assert " checked" not in raw
    assert "Tuesday 6 October, 7:40pm" in page
    assert "0 no pain 10 worst pain" in page
    assert page.index("Note") < page.index(SAFETY) < page.rindex("Save")
    assert "Grace Mensah, your nurse, can see it at your next visit." in page
    for number in ("tel:999", "tel:111", "tel:02079460123"):
        assert f'href="{number}"' in raw
    assert "116 123" not in page
    assert "When to get help" not in page  # care cards come after a save, never inside a question page


def test_where_mood_is_asked_the_numbers_for_hard_times_stand_there(ayse: Any) -> None:
    track(ayse, "mood")
    page = text(ayse.get("/diary/new"))
    assert "116 123" in page
    assert "mental health option" in page


def test_the_sentence_says_that_nobody_else_sees_it(ayse: Any) -> None:
    track(ayse, "pain")
    ayse.put("/api/v1/sharing", {"diary": False})
    assert "Only you can see it." in text(ayse.get("/diary/new"))


def test_an_entry_is_saved_and_the_page_after_says_what_who_and_when_to_get_help(ayse: Any) -> None:
    track(ayse, "pain", "glucose", "sleep")
    form = open_form(ayse) | {"pain": "4", "glucose": "7,2", "glucose_tag": "before", "sleep": "skip"}
    answer = ayse.send("/diary/new", **form, note="Bad knee\r\n<i>today</i>")
    assert answer.request.path == "/diary/saved"
    [entry] = stored(ayse)
    assert entry["values"] == {"pain": 4, "glucose": 7.2}
    assert entry["tags"] == {"glucose": "before"}
    assert entry["note"] == "Bad knee\n<i>today</i>"
    assert entry["experienced_at"] == "2026-10-06T19:40:00+01:00"
    page = text(answer)
    assert "Saved" in page
    assert "7.2 mmol/L, before eating" in page
    assert "&lt;i&gt;today&lt;/i&gt;" in answer.get_data(as_text=True)
    assert SAFETY in page
    assert page.index(SAFETY) < page.index("When to get help")
    assert "If your blood sugar is below 4.0 mmol/L" in page
    assert "Not yet clinically approved" in page
    assert "worse than usual for 2 days" not in page  # COPD's card is not hers


def test_sending_the_form_twice_stores_it_once(ayse: Any) -> None:
    track(ayse, "pain")
    form = open_form(ayse) | {"pain": "4"}
    for _again in range(2):
        assert ayse.send("/diary/new", **form).request.path == "/diary/saved"
    assert len(stored(ayse)) == 1


def test_going_back_and_changing_a_saved_form_becomes_a_correction(ayse: Any) -> None:
    track(ayse, "pain")
    form = open_form(ayse) | {"pain": "4"}
    ayse.send("/diary/new", **form)
    answer = ayse.send("/diary/new", **form | {"pain": "7"})
    assert answer.status_code == 409
    assert "You saved this before. Save again to change it." in text(answer)
    page = answer.get_data(as_text=True)
    assert re.search(r'value="7" checked', page)
    action = re.search(r'class="sc-form" method="post" action="([^"]+)"', page)
    assert action
    ayse.send(html.unescape(action.group(1)), **form | {"pain": "7", "id": hidden(answer, "id")[0]})
    assert {entry["values"]["pain"]: entry["corrects"] for entry in stored(ayse)} == {4: None, 7: form["id"]}


@pytest.mark.parametrize(("typed", "kept"), [("7.2", 7.2), ("7,2", 7.2), (" 7 ", 7.0), ("৭.২", 7.2)])
def test_numbers_as_people_type_them(ayse: Any, typed: str, kept: float) -> None:
    track(ayse, "glucose")
    ayse.send("/diary/new", **open_form(ayse), glucose=typed)
    assert stored(ayse)[0]["values"] == {"glucose": kept}


def test_thousands_and_yes_no_and_i_do_not_know(ayse: Any) -> None:
    track(ayse, "steps", "hypo", "foot_check")
    ayse.send("/diary/new", **open_form(ayse), steps="3,500", hypo="no", foot_check="dont_know")
    assert stored(ayse)[0]["values"] == {"steps": 3500, "hypo": False}


def test_a_meter_that_shows_mg(ayse: Any) -> None:
    track(ayse, "glucose")
    answer = ayse.send("/diary/new", **open_form(ayse), glucose="130", glucose_unit="mg/dL")
    assert stored(ayse)[0]["values"] == {"glucose": 7.2}
    assert "7.2 mmol/L" in text(answer)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"peak_flow": "950"}, "Peak flow must be between 60 and 900"),
        ({"peak_flow": "four"}, "Peak flow must be a number"),
        ({"peak_flow": "1e3"}, "Peak flow must be a number"),
        ({"peak_flow": "nan"}, "Peak flow must be a number"),
        ({"peak_flow": "420.5"}, "Peak flow must be a whole number"),
        ({"pain": "11"}, "Pain must be between 0 and 10"),
        ({"pain": "3", "note": "x" * 2001}, "Use 2,000 characters or fewer"),
        ({"pain": "3", "note": "a\u0000b"}, "Take out the hidden characters"),
        ({"night_waking": "maybe"}, "Choose one of the answers"),
        ({}, "Write down at least 1 thing, or a note"),
        ({"pain": "3", "day": "2026-09-21"}, "Choose a day in the last 14 days"),
        ({"pain": "3", "day": "2026-10-07"}, "The day and time must be in the past"),
        ({"pain": "3", "time": "23:00"}, "The day and time must be in the past"),
        ({"pain": "3", "day": "2026-02-30"}, "There is no such date"),
        ({"pain": "3", "day": ""}, "Enter the day"),
        ({"pain": "3", "time": "25:00"}, "Enter a time such as 19:00"),
    ],
)
def test_a_mistake_is_told_above_and_beside_and_nothing_typed_is_lost(
    ayse: Any, typed: dict[str, str], said: str
) -> None:
    track(ayse, "peak_flow", "pain", "night_waking")
    sent = open_form(ayse) | {"note": "Keep these words"} | typed
    if not typed:
        sent |= {"note": ""}
    answer = ayse.send("/diary/new", **sent)
    assert answer.status_code == 422
    assert title(answer).startswith("Error: ")
    page = text(answer)
    assert "There is a problem" in page
    assert page.count(said) == 2, page
    assert stored(ayse) == []
    raw = answer.get_data(as_text=True)
    target = re.search(r'<a href="#([^"]+)"[^>]*>\s*' + re.escape(said[:12]), raw)
    assert target
    assert f'id="{target.group(1)}"' in raw
    if sent["note"] == "Keep these words":
        assert "Keep these words</textarea>" in raw
    if "peak_flow" in typed:
        assert f'value="{typed["peak_flow"]}"' in raw


def test_an_unlikely_number_is_asked_about_and_everything_typed_is_carried_along(ayse: Any) -> None:
    track(ayse, "peak_flow", "pain")
    sent = open_form(ayse) | {"peak_flow": "690", "pain": "4", "note": "two lines\r\nhere"}
    asked = ayse.send("/diary/new", **sent)
    assert asked.status_code == 422
    assert title(asked).startswith("Are these numbers right?")
    assert "Most numbers are between 100 and 650 L/min." in text(asked)
    assert stored(ayse) == []
    # "Change it": the form again, with what was typed.
    carried = {name: hidden(asked, name)[0] for name in sent}
    again = ayse.send("/diary/new", **carried, change="yes")
    assert again.status_code == 200
    raw = again.get_data(as_text=True)
    assert 'value="690"' in raw
    assert re.search(r'value="4" checked', raw)
    assert "two lines" in raw
    assert stored(ayse) == []
    # "Yes, save".
    done = ayse.send("/diary/new", **carried, confirmed=hidden(asked, "confirmed"))
    assert done.request.path == "/diary/saved"
    assert stored(ayse)[0]["values"] == {"peak_flow": 690, "pain": 4}
    assert stored(ayse)[0]["note"] == "two lines\nhere"


# --- past days and corrections ---


def test_a_past_day_gets_an_entry_of_its_own(ayse: Any) -> None:
    track(ayse, "pain")
    past = ayse.get("/diary/past")
    assert "Tuesday 22 September" in text(past)
    assert "Monday 21 September" not in text(past)
    form = open_form(ayse, "/diary/new?day=2026-10-03")
    assert form["day"] == "2026-10-03"
    assert "How was Saturday 3 October?" in text(ayse.get("/diary/new?day=2026-10-03"))
    ayse.send("/diary/new", **form, pain="6")
    [entry] = stored(ayse)
    assert entry["experienced_at"].startswith("2026-10-03T19:40:00")
    assert entry["flags"] == ["back_dated"]


@pytest.mark.parametrize("day", ["2026-09-01", "2027-01-01", "0001-01-01", "never", "2026-10-06"])
def test_another_day_than_the_last_14_is_simply_today(ayse: Any, day: str) -> None:
    track(ayse, "pain")
    assert open_form(ayse, f"/diary/new?day={day}")["day"] == "2026-10-06"


def test_a_correction_shows_both_and_the_chart_uses_the_new_one(ayse: Any) -> None:
    track(ayse, "pain")
    old = wrote(ayse, "2026-10-05", pain=9)
    form = open_form(ayse, f"/diary/{old}/correct")
    assert form["day"] == "2026-10-05"
    ayse.send(f"/diary/{old}/correct", **form, pain="3")
    assert sorted(entry["values"]["pain"] for entry in stored(ayse)) == [3, 9]
    page = text(ayse.get("/diary"))
    assert "Lowest" not in page  # read to screen readers inside the picture, which is cut out here
    assert "3, changed from 9" in page
    past = text(ayse.get("/diary/past"))
    assert "Changed. Before: Pain 9" in past


def test_what_is_older_than_14_days_is_left_as_it_is(ayse: Any) -> None:
    track(ayse, "pain")
    old = wrote(ayse, "2026-09-20", pain=9)
    answer = ayse.get(f"/diary/{old}/correct", follow_redirects=True)
    assert answer.request.path == "/diary/past"
    assert "You can change the last 14 days" in text(answer)


def test_a_saved_page_of_nothing(ayse: Any) -> None:
    for query in ("", "?entry=x", f"?entry={uuid.uuid4()}"):
        assert ayse.get(f"/diary/saved{query}").status_code == 404


# --- trends ---


def test_the_diary_says_how_often_what_and_the_latest_and_has_a_table(ayse: Any) -> None:
    track(ayse, "pain")
    for day, pain in (("2026-10-02", 5), ("2026-10-03", 6), ("2026-10-04", 5), ("2026-10-06", 4)):
        wrote(ayse, day, pain=pain)
    answer = ayse.get("/diary")
    page, raw = text(answer), answer.get_data(as_text=True)
    assert "You wrote on 4 of 28 days." in page
    assert "Pain was 4 to 6 on every day you wrote." in page
    assert "4 today" in page
    assert "See the numbers" in page
    assert page.index("Tue 6 Oct 4") < page.index("Mon 5 Oct no entry") < page.index("Sun 4 Oct 5")
    assert raw.count('role="img"') == 1
    assert re.search(r'class="sc-plot__line"[^>]* d="M245', raw) is None  # 6 October stands alone after a gap
    assert "style=" not in raw


@pytest.mark.parametrize(
    ("query", "span"), [("", 28), ("?days=7", 7), ("?days=90", 90), ("?days=8", 28), ("?days=x", 28)]
)
def test_7_28_or_90_days(ayse: Any, query: str, span: int) -> None:
    track(ayse, "pain")
    wrote(ayse, "2026-10-05", pain=5)
    answer = ayse.get(f"/diary{query}")
    assert f"of {span} days" in text(answer)
    current = re.search(r'aria-current="true">([^<]+)<', answer.get_data(as_text=True))
    assert current
    assert current.group(1) == f"{span} days"


def test_a_measure_that_is_written_but_not_tracked_is_shown_too(ayse: Any) -> None:
    track(ayse, "pain")
    wrote(ayse, "2026-10-05", sleep=5)
    page = text(ayse.get("/diary"))
    assert "Sleep" in page
    assert "Nothing written in these days." in page  # pain


def test_the_day_is_the_one_of_the_phone(ayse: Any) -> None:
    """Written at 00:30 on holiday in Istanbul: still the 5th in London, the 6th on the phone."""
    track(ayse, "pain")
    sent = {"experienced_at": "2026-10-06T00:30:00+03:00", "values": {"pain": 7}}
    ayse.put(f"/api/v1/diary-entries/{uuid.uuid4()}", sent)
    assert "Tue 6 Oct 7" in text(ayse.get("/diary"))


def test_a_daughter_writes_for_her_mother_and_stays_with_her(ayse: Any, carer: Any) -> None:
    track(ayse, "mood", "pain")
    whose = f"?for={ayse.id}"
    form = open_form(carer, f"/diary/new{whose}")
    page = text(carer.get(f"/diary/new{whose}"))
    assert "How was Ayşe today?" in page
    assert "You are writing for Ayşe" in page
    assert "mood" not in page
    assert "Ayşe sees what you write here." in page
    answer = carer.send(f"/diary/new{whose}", **form, pain="5")
    assert answer.request.path == "/diary/saved"
    assert answer.request.args["for"] == ayse.id
    assert stored(ayse)[0]["written_by"] == carer.id
    wrote(ayse, "2026-10-05", mood=2)
    assert "Mood" not in text(carer.get(f"/diary{whose}"))
    assert "Mood" in text(ayse.get("/diary"))


def test_the_number_of_statements_does_not_grow_with_the_entries(ayse: Any, statements: Any) -> None:
    track(ayse, "pain", "sleep", "glucose")
    counts = []
    for many in (1, 12):
        for day in range(many):
            wrote(ayse, f"2026-09-{10 + day}", pain=4, sleep=5, glucose=7.0)
        with statements() as seen:
            assert ayse.get("/diary").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[1] <= 9
