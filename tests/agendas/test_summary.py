"""Grace opens the one page before Ayşe's visit: eight parts in their order, and nothing that is withheld."""

from __future__ import annotations

import re
import uuid
from html.parser import HTMLParser
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.agendas import pdf
from selfcare.extensions import db
from selfcare.people.models import Patient, Person, SharingChoice
from tests.agendas import scenes


def api(grace: Any, patient: Any) -> Any:
    answer = grace.get(f"/api/v1/patients/{patient}/agenda-summary")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def page(grace: Any, patient: Any) -> str:
    answer = grace.get(f"/patients/{patient}/agenda")
    assert answer.status_code == 200
    return str(answer.get_data(as_text=True))


@pytest.fixture
def visit(world: Any, story: Any) -> uuid.UUID:
    with story():
        return scenes.full_page(world)


def test_the_eight_parts_by_api(world: Any, grace: Any, visit: uuid.UUID) -> None:
    found = api(grace, world.ayse)
    assert found["patient"]["name"] == "Ayşe Kaya"
    assert found["patient"]["conditions"] == ["Type 2 diabetes", "Joint, back or muscle pain"]
    assert found["visit"]["id"] == str(visit)
    assert [item["text"] for item in found["agenda"]["items"]] == list(scenes.WORDS)
    first, second = found["goals"]
    assert first["confidence"] == [4, 5, 6]
    assert first["in_the_way"] == "When my knee is bad I stay in"
    assert [week["done"] for week in first["weeks"]] == [1, 1, 1]
    assert second["confidence"] == [7, 8]
    assert {each["code"] for each in found["diary"]} == {"pain", "sleep", "glucose"}
    assert all(each["days_recorded"] == 21 for each in found["diary"])
    assert [note["text"] for note in found["notes"]] == [
        "Metformin 1 g, twice a day",
        "Ibuprofen",
        "I keep sweets in my bag now",
    ]
    assert [change["kind"] for change in found["changes"]] == ["new", "stopped", "watched"]
    assert [prompt["text"] for prompt in found["prompts"]] == [
        "Which matters most today?",
        "What would make it a 7?",
        "When and how shall we check?",
    ]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d", found["changes"][1]["on"])


def test_on_the_page_they_stand_in_the_order_of_the_method(world: Any, grace: Any, visit: Any) -> None:
    html = page(grace, world.ayse)
    sheet = html[html.index('<article class="sc-a4') : html.index("</article>")]
    places = [
        sheet.index(mark)
        for mark in (
            "Ayşe Kaya",
            "What Ayşe wants to talk about",
            scenes.WORDS[0].split(".")[0],
            scenes.WORDS[2].split("?")[0],
            ">Goals<",
            "Diary, last 28 days",
            ">Questionnaires<",
            "Medicines and notes she shared",
            ">Since ",
            ">Ask<",
            "Self-reported by the patient",
        )
    ]
    assert places == sorted(places)
    assert "by Grace Mensah" in sheet


def asked(seen: list[str]) -> list[str]:
    """Without the audit: the trail, and who looked."""
    return [one for one in seen if "audit_events" not in one and "record_views" not in one]


def test_six_statements_however_many_patients(
    world: Any, grace: Any, visit: Any, story: Any, statements: Any
) -> None:
    counts = []
    for number in (4, 95):
        with story():
            scenes.crowd(world, number)
        for ask in (api, page):
            ask(grace, world.ayse)  # the first reading also notes that the list was opened
            with statements() as seen:
                ask(grace, world.ayse)
            counts.append(len(asked(seen)))
    assert set(counts) <= {6 + 1}, "6, and 1 for the session"


CANARIES = {
    "goals": ("Walk 15 minutes after lunch", "When my knee is bad I stay in"),
    "diary": ("Blood sugar", "Typical"),
    "notes": ("Metformin", "I keep sweets in my bag now"),
    "videos": ("Watched",),
}


@pytest.mark.parametrize("part", CANARIES)
def test_what_she_withholds_is_nowhere_on_it(
    world: Any, grace: Any, visit: Any, story: Any, part: str
) -> None:
    before = page(grace, world.ayse) + grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").get_data(
        as_text=True
    )
    for words in CANARIES[part]:
        assert words in before
    with story():
        db.session.execute(sa.update(SharingChoice).where(SharingChoice.item == part).values(current=False))
    after = page(grace, world.ayse) + grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").get_data(
        as_text=True
    )
    for words in CANARIES[part]:
        assert words not in after
    for other, kept in CANARIES.items():
        if other != part:
            assert all(words in after for words in kept), other


def test_a_list_that_is_not_shared_shows_no_word(world: Any, grace: Any, story: Any) -> None:
    with story():
        booked = scenes.visit(world, days=2)
        scenes.shared_list(world.ayse, booked, world.hornsey, topics=2, shared=False, text="A secret worry")
    html = page(grace, world.ayse)
    assert "A secret worry" not in html
    assert "Not shared yet" in html


class Ours(HTMLParser):
    """The words on the sheet that are ours: neither the patient's nor numbers."""

    THEIRS = frozenset({"blockquote", "q", "title", "desc", "svg", "h1"})

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.theirs = 0

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        own = dict(attrs).get("class") == "sc-own"
        if self.theirs or tag in self.THEIRS or own:
            self.theirs += tag not in ("path", "rect", "circle", "br")

    def handle_endtag(self, tag: str) -> None:
        if self.theirs and tag not in ("path", "rect", "circle", "br"):
            self.theirs -= 1

    def handle_data(self, data: str) -> None:
        if not self.theirs:
            self.words += re.findall(r"[^\W\d_]{2,}", data)


def test_at_most_250_words_are_ours(world: Any, grace: Any, visit: Any, story: Any) -> None:
    with story():
        for number in range(3):
            scenes.goal(world.ayse, f"Another goal {number}", scores=(3, 4, 5, 6, 7, 8), barrier="Rain")
        scenes.questionnaires(world.ayse)
    html = page(grace, world.ayse)
    ours = Ours()
    ours.feed(html[html.index('<article class="sc-a4') : html.index("</article>")])
    assert 60 < len(ours.words) <= 250, len(ours.words)
    assert "knee" not in ours.words


def test_the_patients_words_stand_there_unchanged_and_never_as_markup(
    world: Any, grace: Any, story: Any
) -> None:
    words = "<img src=x onerror=alert(1)> & {{ 7*7 }}\n  two spaces  "
    with story():
        booked = scenes.visit(world, days=2)
        scenes.shared_list(world.ayse, booked, world.hornsey, topics=1, text=words)
    html = page(grace, world.ayse)
    assert "<img src=x" not in html
    shown = "<blockquote>&lt;img src=x onerror=alert(1)&gt; &amp; {{ 7*7 }}\n  two spaces  </blockquote>"
    assert shown in html


def test_plain_text_for_the_record_has_her_words_first(world: Any, grace: Any, visit: Any) -> None:
    html = page(grace, world.ayse)
    text = html[html.index('id="record-text"') : html.index("</textarea>")]
    places = [
        text.index(mark)
        for mark in ("1. My knee", "2. I get shaky", "Goals:", "confidence 4 → 5 → 6", "Diary", "Metformin")
    ]
    assert places == sorted(places)
    assert "Self-reported" in text


def test_words_beside_the_patient_for_she_he_and_they(world: Any, grace: Any, visit: Any, story: Any) -> None:
    for pronoun, words in (("she", "Her own words"), ("he", "His own words"), (None, "Own words, unchanged")):
        with story():
            db.session.get_one(Patient, world.ayse).pronoun = pronoun
        assert words in page(grace, world.ayse)


@pytest.mark.parametrize(
    ("scores", "question"),
    [
        ((), "What would you like to try?"),
        ((6,), "What would make it a 7?"),
        ((7,), "What would make it an 8?"),
        ((9, 9), "What would make it a 10?"),
        ((10,), "What keeps it at 10?"),
    ],
)
def test_the_middle_prompt_asks_for_one_step_more_and_never_why_not_ten(
    world: Any, grace: Any, story: Any, scores: Any, question: str
) -> None:
    with story():
        scenes.goal(world.ayse, "Walk", scores=scores)
    assert api(grace, world.ayse)["prompts"][1]["text"] == question


def test_a_patient_of_whom_nothing_is_known_has_a_page_too(world: Any, samuel: Any, story: Any) -> None:
    with story():
        patient = db.session.get_one(Patient, world.peter)
        patient.born_on, patient.conditions = None, []
    html = page(samuel, world.peter)
    assert "No visit booked" in html
    assert "Peter Whitlock" in html


def test_only_her_own_team_opens_it(
    world: Any, ayse: Any, peter: Any, carer: Any, samuel: Any, ruth: Any, nobody: Any, visit: Any
) -> None:
    for path in (
        f"/patients/{world.ayse}",
        f"/patients/{world.ayse}/agenda",
        f"/patients/{world.ayse}/agenda.pdf",
    ):
        for who in (ayse, peter, carer, samuel, ruth):
            answer = who.get(path)
            assert answer.status_code == 404, path
            assert "knee" not in answer.get_data(as_text=True)
        assert nobody.get(path).status_code == 302


def test_access_ends_with_the_care_relationship(world: Any, grace: Any, visit: Any, story: Any) -> None:
    with story():
        scenes.leave(world.ayse)
    assert grace.get(f"/patients/{world.ayse}/agenda").status_code == 404
    assert grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").status_code == 404


def test_without_its_library_there_is_no_pdf_and_printing_is_offered(
    world: Any, grace: Any, visit: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "weasyprint", None)
    answer = grace.get(f"/patients/{world.ayse}/agenda.pdf")
    assert answer.status_code == 501
    assert "rint" in answer.get_data(as_text=True)


def test_since_the_visit_before_this_one(world: Any, grace: Any, story: Any) -> None:
    with story():
        scenes.visit(world, days=2)
        scenes.visit(world, days=-30)
        scenes.share(db.session.get_one(Person, world.ayse), "notes")
        today = clock.today("Europe/London")
        for text, days in (("Aspirin", 40), ("Ibuprofen", 20)):
            scenes.note(world.ayse, text, stopped_on=today - scenes.dt.timedelta(days=days))
    assert [change["text"] for change in api(grace, world.ayse)["changes"]] == ["Ibuprofen"]


def test_no_page_names_a_patient_in_its_address(world: Any, grace: Any, visit: Any) -> None:
    for html in (page(grace, world.ayse), grace.get("/panel").get_data(as_text=True)):
        for address in re.findall(r'(?:href|action|src)="([^"]*)"', html):
            assert "kaya" not in address.lower()


def test_print_is_of_the_page_in_hand(world: Any, grace: Any, visit: Any, story: Any) -> None:
    with story():
        second = scenes.visit(world, days=5)
    for query, of in (("", visit), (f"?visit={second}", second)):
        html = grace.get(f"/patients/{world.ayse}/agenda{query}").get_data(as_text=True)
        assert f'href="/patients/{world.ayse}/agenda.pdf?visit={of}"' in html
