"""Ayşe gets ready on her phone: every button a real form post, nothing shared before she shares it."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.agendas.models import AgendaItem
from selfcare.extensions import db
from selfcare.people.models import Patient, SharingChoice
from tests.agendas import scenes

KNEE, SHAKY, SWIM = scenes.WORDS


@pytest.fixture
def visit(world: Any, story: Any) -> uuid.UUID:
    with story():
        return scenes.visit(world, days=2)


class Phone:
    """A browser without script: reads a page, fills in its forms."""

    def __init__(self, who: Any, path: str = "/agenda") -> None:
        self.who, self.html, self.status = who, "", 0
        self.go(path)

    def go(self, path: str) -> None:
        self._took(self.who.http.get(path, follow_redirects=True))

    def _took(self, answer: Any) -> None:
        self.html, self.status = answer.get_data(as_text=True), answer.status_code

    def send(self, action: str, **fields: Any) -> None:
        """Send the form whose address matches; hidden fields go along."""
        for form in re.findall(r"<form.*?</form>", self.html, re.S):
            found = re.search(r'action="([^"]*)"', form)
            address = found[1].replace("&amp;", "&") if found else ""
            if re.search(action, address):
                hidden = dict(re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', form))
                data = hidden | fields
                self._took(
                    self.who.http.post(
                        address, data=data, headers={"Origin": "http://localhost"}, follow_redirects=True
                    )
                )
                return
        raise AssertionError(f"no form for {action} in {self.html}")

    def add(self, text: str, kind: str = "topic") -> None:
        for form in re.findall(r"<form.*?</form>", self.html, re.S):
            if f'name="kind" value="{kind}"' in form:
                address = re.search(r'action="([^"]*)"', form)
                assert address
                self.send(re.escape(address[1].replace("&amp;", "&")), text=text)
                return
        raise AssertionError(f"no room for a {kind}")

    @property
    def topics(self) -> list[str]:
        return re.findall(r'<blockquote class="sc-words">(.*?)</blockquote>', self.html, re.S)


def item_ids(phone: Phone) -> list[str]:
    return re.findall(r'id="item-([0-9a-f-]{36})"', phone.html)


def test_she_writes_orders_marks_changes_and_takes_out(ayse: Any, visit: uuid.UUID) -> None:
    phone = Phone(ayse)
    assert "Grace Mensah, your nurse" in phone.html
    assert "Add 1 thing" in phone.html
    for text in (KNEE, SHAKY, SWIM):
        phone.add(text)
    assert phone.topics == [KNEE, SHAKY, SWIM]
    first, second, third = item_ids(phone)
    phone.send(f"{third}/move", how="up")
    assert phone.topics == [KNEE, SWIM, SHAKY]
    phone.send(f"{first}/move", how="down")
    assert phone.topics == [SWIM, KNEE, SHAKY]
    phone.send(f"{first}/move", how="top")
    assert phone.html.index("sc-chip--sun") < phone.html.index("My knee")
    assert phone.html.count("sc-chip--sun") == 1
    phone.go(f"/agenda/items/{second}/change")
    phone.send("change=1", text="Should I eat before I walk?")
    assert phone.topics == [SWIM, KNEE, "Should I eat before I walk?"]
    phone.go(f"/agenda/items/{third}/change")
    phone.send("remove")
    assert phone.topics == [KNEE, "Should I eat before I walk?"]
    assert "Not shared yet" in phone.html


def test_a_full_list_has_no_more_room_and_says_so(ayse: Any, visit: uuid.UUID) -> None:
    phone = Phone(ayse)
    before = phone.html
    for text in (KNEE, SHAKY, SWIM):
        phone.add(text)
    assert 'name="kind" value="topic"' not in phone.html
    phone.html = before  # another tab, still open
    phone.add("A fourth thing")
    # The old form's id is the first item's: its words are replaced, never lost.
    assert phone.status == 200
    answer = ayse._call("POST", f"/agenda/items/{uuid.uuid4()}", data={"kind": "topic", "text": "A fifth"})
    html = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "You have 3 things to talk about" in html
    assert "A fifth" in html, "what was typed stays"
    assert "<title>Error: " in html


def test_questions_stand_beside_the_topics(ayse: Any, visit: uuid.UUID) -> None:
    phone = Phone(ayse)
    phone.add(KNEE)
    phone.add("Can I take both tablets at once?", kind="question")
    assert phone.topics == [KNEE, "Can I take both tablets at once?"]
    assert "question 1" in phone.html


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Write what you want to say"),
        ("x" * 2001, "Use 2,000 characters or fewer"),
        ("a\x00b", "Take out the hidden characters"),
    ],
)
def test_a_slip_is_named_beside_the_field_and_in_the_summary(
    ayse: Any, visit: uuid.UUID, text: str, words: str
) -> None:
    phone = Phone(ayse)
    phone.add(text)
    assert phone.status == 422
    assert phone.html.count(words) == 2
    assert 'href="#text"' in phone.html
    assert 'id="text"' in phone.html
    assert phone.html.count('id="text"') == 1


def test_an_idea_starts_the_sentence_without_script(ayse: Any, visit: uuid.UUID, story: Any) -> None:
    phone = Phone(ayse)
    assert 'value="Feet"' in phone.html, "type 2 diabetes"
    assert 'value="My breathing"' not in phone.html
    form = re.search(r'action="(/agenda/items/[^"]*)"[^>]*data-autosave', phone.html)
    assert form
    phone.send(re.escape(form[1].replace("&amp;", "&")), text="", pick="Feet")
    assert phone.status == 200
    assert ">Feet: </textarea>" in phone.html
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AgendaItem)) == 0


def test_ticks_then_what_grace_will_see_then_share(
    ayse: Any, grace: Any, visit: uuid.UUID, story: Any, world: Any
) -> None:
    with story():
        scenes.goal(world.ayse, "Walk 15 minutes", scores=(4,))
        scenes.note(world.ayse, "Metformin 1 g")
        scenes.note(world.ayse, "Sweets in my bag", kind="note")
        scenes.entry(world.ayse, days_ago=1, pain=4)
    phone = Phone(ayse)
    phone.add(KNEE)
    assert re.search(r'value="goals" checked', phone.html)
    assert not re.search(r'value="notes" checked', phone.html)
    phone.send("sharing", items=["goals", "notes"])
    assert "What Grace will see" in phone.html
    assert "Walk 15 minutes" in phone.html
    assert "Metformin 1 g" in phone.html
    assert "Not shared: my diary, my questionnaire answers, videos I watched" in phone.html
    assert phone.html.index("Nobody checks this between visits") < phone.html.index("Share with Grace")
    assert "020 7946 0123" in phone.html
    assert KNEE not in grace.get(f"/patients/{world.ayse}/agenda").get_data(as_text=True)
    phone.send("preview")
    assert "Your list is shared" in phone.html
    assert "They may not read it before your visit" in phone.html
    page = grace.get(f"/patients/{world.ayse}/agenda").get_data(as_text=True)
    assert KNEE in page
    assert "Metformin 1 g" in page
    phone.go("/agenda")
    assert "Grace Mensah opened it" in phone.html


def test_for_a_first_visit_nothing_is_ticked(peter: Any, world: Any, story: Any) -> None:
    with story():
        scenes.visit(world, days=2, patient=world.peter, team=world.archway, clinician=world.samuel)
    html = Phone(peter).html
    assert "What else can Samuel see?" in html
    assert " checked" not in html


def test_an_empty_list_is_not_shared_and_says_why(ayse: Any, visit: uuid.UUID) -> None:
    phone = Phone(ayse, "/agenda/preview")
    phone.send("preview")
    assert phone.status == 422
    assert "Write 1 thing to talk about first" in phone.html
    phone.go("/agenda/shared")
    assert "Your list is shared" not in phone.html


def test_without_a_visit_she_makes_a_list_anyway(ayse: Any, grace: Any, world: Any) -> None:
    phone = Phone(ayse)
    assert "No visit booked" in phone.html
    phone.add(KNEE)
    phone.go("/agenda/preview")
    assert "What your care team will see" in phone.html
    phone.send("preview")
    assert "Your list is shared" in phone.html
    assert KNEE in grace.get(f"/patients/{world.ayse}/agenda").get_data(as_text=True)


def test_elif_writes_on_the_page_and_stays_with_her_mother(
    carer: Any, ayse: Any, world: Any, visit: uuid.UUID, story: Any
) -> None:
    phone = Phone(carer, f"/agenda?for={world.ayse}")
    phone.add(SHAKY)
    assert phone.topics == [SHAKY]
    assert "You are writing for Ayşe" in phone.html
    assert "What else can Grace see?" not in phone.html, "sharing stays Ayşe's own"
    phone.send("sharing", items=["notes", "videos"])
    assert "What Grace will see" in phone.html
    with story():
        assert (
            db.session.scalar(
                sa.select(sa.func.count()).select_from(SharingChoice).where(SharingChoice.item == "notes")
            )
            == 0
        )
    phone.send("preview")
    assert "Your list is shared" in phone.html
    assert "written with my daughter Elif" in Phone(ayse).html


def test_who_may_not_write_is_given_no_buttons_and_refused(
    carer: Any, ayse: Any, world: Any, visit: uuid.UUID, story: Any
) -> None:
    Phone(ayse).add(KNEE)
    with story():
        scenes.may_only_read(world.ayse)
    phone = Phone(carer, f"/agenda?for={world.ayse}")
    assert phone.topics == [KNEE]
    assert "data-autosave" not in phone.html
    answer = carer._call("POST", f"/agenda/items/{uuid.uuid4()}?for={world.ayse}", data={"text": "x"})
    assert answer.status_code == 404


def test_after_the_visit_the_list_is_kept_as_it_was(ayse: Any, visit: uuid.UUID, story: Any) -> None:
    phone = Phone(ayse)
    phone.add(KNEE)
    with story():
        scenes.move_visit(visit, hours=-3)
    phone.go(f"/agenda?visit={visit}")
    assert phone.topics == [KNEE]
    assert "This visit is over" in phone.html
    assert "data-autosave" not in phone.html


def test_the_autosaved_words_are_the_ones_the_button_adds(ayse: Any, visit: uuid.UUID) -> None:
    """The draft and the Add button write under one id: tapping Add after the draft was saved adds nothing twice."""
    phone = Phone(ayse)
    found = re.search(r'data-autosave="(/api/v1/agenda-items/[^"]*)"', phone.html)
    assert found
    saved = ayse.put(found[1], {"kind": "topic", "visit": str(visit), "text": KNEE})
    assert saved.status_code == 201
    phone.add(KNEE)
    assert phone.topics == [KNEE]


def test_others_find_no_such_page(
    world: Any, ayse: Any, peter: Any, samuel: Any, ruth: Any, grace: Any, nobody: Any, visit: uuid.UUID
) -> None:
    Phone(ayse).add(KNEE)
    (item,) = item_ids(Phone(ayse))
    for path in (f"/agenda?visit={visit}", f"/agenda?for={world.ayse}", f"/agenda/items/{item}/change"):
        for who in (peter, samuel, ruth, grace):
            answer = who.get(path)
            assert answer.status_code == 404, path
            assert KNEE not in answer.get_data(as_text=True)
        assert nobody.get(path).status_code == 302
    for path, data in (("", {"text": "Mine"}), ("/move", {"how": "top"}), ("/remove", {})):
        assert peter._call("POST", f"/agenda/items/{item}{path}", data=data).status_code == 404
    assert Phone(ayse).topics == [KNEE]


def test_a_visit_that_is_no_id_is_no_page(ayse: Any, visit: uuid.UUID) -> None:
    assert ayse.get("/agenda?visit=tomorrow").status_code == 404
    assert ayse.get(f"/agenda?visit={uuid.uuid4()}").status_code == 404


def test_grace_sees_what_a_patient_is_about_and_books_a_visit(
    world: Any, grace: Any, ayse: Any, story: Any
) -> None:
    with story():
        db.session.get_one(Patient, world.ayse).access_needs = "Large print"
    html = grace.get(f"/patients/{world.ayse}").get_data(as_text=True)
    for words in ("Type 2 diabetes", "Large print", "None booked", "Record agreed goals", "14 March 1968"):
        assert words in html
    assert f"/patients/{world.ayse}/visits/new" in html


def test_the_panel_page_has_days_facts_and_an_empty_state(
    world: Any, grace: Any, samuel: Any, story: Any
) -> None:
    with story():
        booked = scenes.visit(world, days=1)
        scenes.shared_list(world.ayse, booked, world.hornsey, topics=2)
    html = grace.get("/panel").get_data(as_text=True)
    assert "Tomorrow, " in html
    assert "2 topics" in html
    assert "My patients, 1" in html
    assert "Nobody here" in grace.get("/panel?only=follow_up").get_data(as_text=True)
    with story():
        scenes.leave(world.peter)
    assert "No patients linked. Invite one" in samuel.get("/panel").get_data(as_text=True)
    assert "Peter" not in samuel.get("/panel").get_data(as_text=True)


def test_a_strange_question_to_the_panel_page_is_passed_over(world: Any, grace: Any) -> None:
    assert grace.get("/panel?sort=wrong&show=all&only=x&limit=0").status_code == 200
    assert grace.get("/panel?cursor=x").status_code == 422
