"""The pages, as a browser without script sends them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.questionnaires.models import CrisisAcknowledgement, QuestionnaireResponse

pytestmark = pytest.mark.usefixtures("read_by_grace")
ALL_ONES = {f"q{item}": "1" for item in range(1, 9)} | {"q9": "0"}


@pytest.fixture
def sharing_ayse(ayse: Any) -> Any:
    assert ayse.put("/api/v1/sharing", {"questionnaires": True}).status_code == 200
    return ayse


def form_of(page: str) -> dict[str, str]:
    found = re.search(r'name="id" value="([0-9a-f-]{36})"', page)
    assert found
    return {"id": found[1]}


def rows(story: Any, kind: Any) -> list[Any]:
    with story():
        return list(db.session.scalars(sa.select(kind)))


def test_who_reads_stands_before_the_first_question(sharing_ayse: Any) -> None:
    page = sharing_ayse.get("/questionnaires/phq9").text
    sees = page.index("Grace Mensah at Hornsey Lane Surgery reads the answers within 3 days.")
    nobody = page.index("Nobody checks this between visits")
    first = page.index(">1. ")
    assert nobody < sees < first
    assert "116 123" in page[:first]
    assert "Not yet clinically approved" in page
    assert "no permission is required" in page  # the owner's notice
    assert "checked" not in page  # nothing is chosen beforehand


def test_answered_kept_and_shown(sharing_ayse: Any, story: Any) -> None:
    form = form_of(sharing_ayse.get("/questionnaires/phq9").text)
    done = sharing_ayse.send("/questionnaires/phq9", **form, **ALL_ONES)
    assert done.status_code == 200
    assert "8 of 27" in done.text
    assert "It is not a diagnosis" in done.text
    assert "Several days" in done.text
    [row] = rows(story, QuestionnaireResponse)
    assert (str(row.id), row.score) == (form["id"], 8)
    again = sharing_ayse.send("/questionnaires/phq9", **form, **ALL_ONES)  # sent twice
    assert "8 of 27" in again.text
    assert len(rows(story, QuestionnaireResponse)) == 1


def test_a_question_without_an_answer_is_named_and_nothing_is_lost(sharing_ayse: Any, story: Any) -> None:
    form = form_of(sharing_ayse.get("/questionnaires/phq9").text)
    given = {name: value for name, value in ALL_ONES.items() if name != "q7"}
    refused = sharing_ayse.send("/questionnaires/phq9", **form, **given)
    assert refused.status_code == 422
    assert "Error:" in refused.text
    assert "Question 7: choose an answer, or “I do not want to answer”" in refused.text
    assert len(re.findall(r'value="1" checked', refused.text)) == 7
    assert f'value="{form["id"]}"' in refused.text
    assert rows(story, QuestionnaireResponse) == []
    skipped = sharing_ayse.send("/questionnaires/phq9", **form, **given, q7="skip")
    assert "There is no score, because some questions have no answer" in skipped.text
    [row] = rows(story, QuestionnaireResponse)
    assert (row.answers["7"], row.score) == (None, None)


def test_the_card_comes_first_whatever_the_total_and_reading_it_is_noted(
    sharing_ayse: Any, story: Any
) -> None:
    form = form_of(sharing_ayse.get("/questionnaires/phq9").text)
    nothing_else = {f"q{item}": "0" for item in range(1, 9)}
    card = sharing_ayse.send("/questionnaires/phq9", **form, **nothing_else, q9="1").text
    assert "Your answers are saved" in card
    assert "You do not have to cope with this alone" in card
    assert "1 of 27" not in card
    assert len(rows(story, QuestionnaireResponse)) == 1
    assert rows(story, CrisisAcknowledgement) == []
    # She looks elsewhere first: the card is there when she comes back.
    sharing_ayse.get("/")
    assert "cope with this alone" in sharing_ayse.get(f"/questionnaires/answers/{form['id']}").text
    read = re.search(r'action="[^"]*/read".*?name="id" value="([^"]+)"', card, re.S)
    assert read
    after = sharing_ayse.send(f"/questionnaires/answers/{form['id']}/read", id=read[1])
    assert "1 of 27" in after.text
    assert [row.response_id for row in rows(story, CrisisAcknowledgement)] == [
        rows(story, QuestionnaireResponse)[0].id
    ]


def test_changed_answers_keep_both(sharing_ayse: Any, story: Any) -> None:
    form = form_of(sharing_ayse.get("/questionnaires/phq9").text)
    sharing_ayse.send("/questionnaires/phq9", **form, **ALL_ONES)
    page = sharing_ayse.get(f"/questionnaires/phq9?corrects={form['id']}").text
    assert len(re.findall(r'value="1" checked', page)) == 8
    changed = sharing_ayse.send(
        "/questionnaires/phq9", **form_of(page), corrects=form["id"], **(ALL_ONES | {"q1": "3"})
    )
    assert "10 of 27" in changed.text
    before = sharing_ayse.get(f"/questionnaires/answers/{form['id']}").text
    assert "You changed these answers later" in before
    assert len(rows(story, QuestionnaireResponse)) == 2
    assert "You changed these answers later" in sharing_ayse.get("/questionnaires").text


def test_somebody_elses_answers_cannot_be_changed(sharing_ayse: Any, peter: Any) -> None:
    form = form_of(sharing_ayse.get("/questionnaires/phq9").text)
    sharing_ayse.send("/questionnaires/phq9", **form, **ALL_ONES)
    assert peter.get(f"/questionnaires/phq9?corrects={form['id']}").status_code == 404
    assert peter.get("/questionnaires/phq9?corrects=x").status_code == 404


def test_what_is_not_offered_leads_back_to_what_is(sharing_ayse: Any) -> None:
    gad7 = sharing_ayse.get("/questionnaires/gad7", follow_redirects=True)
    assert "is not offered at the moment" in gad7.text
    assert sharing_ayse.get("/questionnaires/phq99").status_code == 404
    sharing_ayse.put("/api/v1/sharing", {"questionnaires": False})
    phq9 = sharing_ayse.get("/questionnaires/phq9", follow_redirects=True)
    assert "is not offered at the moment" in phq9.text
    assert "(PHQ-2)" in phq9.text


def test_a_page_that_was_open_when_its_reader_went_still_saves(sharing_ayse: Any, story: Any) -> None:
    form = form_of(sharing_ayse.get("/questionnaires/phq9").text)
    sharing_ayse.put("/api/v1/sharing", {"questionnaires": False})
    missing = sharing_ayse.send("/questionnaires/phq9", **form, q1="2")
    assert missing.status_code == 422
    assert "Only you can see your answers" in missing.text
    assert "8 of 27" in sharing_ayse.send("/questionnaires/phq9", **form, **ALL_ONES).text
    assert len(rows(story, QuestionnaireResponse)) == 1


def test_empty_places_say_what_to_do(ayse: Any, grace: Any, world: Any, story: Any) -> None:
    assert "Your answers and scores stay here" in ayse.get("/questionnaires").text
    page = grace.get(f"/patients/{world.ayse}/questionnaires").text
    assert "Ayşe does not share questionnaires" in page
    ayse.put("/api/v1/sharing", {"questionnaires": True})
    assert "No answers yet" in grace.get(f"/patients/{world.ayse}/questionnaires").text


def test_the_team_sees_band_change_and_hand(sharing_ayse: Any, grace: Any, world: Any) -> None:
    for days, value in ((60, 2), (1, 1)):
        sharing_ayse.put(
            f"/api/v1/questionnaire-responses/00000000-0000-4000-8000-0000000000{days:02}",
            {
                "questionnaire": "phq9",
                "answers": {str(item): value for item in range(1, 9)} | {"9": 0},
                "recorded_at": (clock.now() - dt.timedelta(days=days)).isoformat(),
            },
        )
    page = grace.get(f"/patients/{world.ayse}/questionnaires").text
    assert page.index("8 of 27") < page.index("16 of 27")
    assert "more than chance" in page
    assert "moderately severe" in page
    looked = sharing_ayse.get("/sharing").text
    assert "Your questionnaires" in looked


def test_administrators_see_which_texts_are_here_and_no_answer(ruth: Any, grace: Any) -> None:
    page = ruth.get("/admin/questionnaires").text
    assert "Text not installed" in page
    assert "a24e10057427" in page
    assert "Not yet clinically approved" in page
    assert grace.get("/admin/questionnaires").status_code == 404


def test_statements_do_not_grow_with_answers(
    sharing_ayse: Any, grace: Any, world: Any, statements: Any
) -> None:
    def counts() -> list[int]:
        found = []
        for who, path in (
            (sharing_ayse, "/questionnaires"),
            (sharing_ayse, "/questionnaires/phq9"),
            (grace, f"/patients/{world.ayse}/questionnaires"),
            (grace, f"/patients/{world.ayse}/agenda"),
        ):
            who.get(path)
            with statements() as seen:
                assert who.get(path).status_code == 200
            found.append(len(seen))
        return found

    def answer(times: int) -> None:
        for _each in range(times):
            form = form_of(sharing_ayse.get("/questionnaires/phq9").text)
            sharing_ayse.send("/questionnaires/phq9", **form, **ALL_ONES)

    answer(1)
    few = counts()
    answer(12)
    assert counts() == few


def test_each_is_ticked_by_itself_when_she_gets_ready(sharing_ayse: Any, grace: Any, world: Any) -> None:
    form = form_of(sharing_ayse.get("/questionnaires/phq9").text)
    sharing_ayse.send("/questionnaires/phq9", **form, **ALL_ONES)
    phq2 = {"questionnaire": "phq2", "answers": {"1": 1, "2": 0}}
    sharing_ayse.put("/api/v1/questionnaire-responses/00000000-0000-4000-8000-000000000002", phq2)
    ready = sharing_ayse.get("/agenda").text
    assert "My answers to PHQ-9" in ready
    assert 'value="questionnaires"' not in ready
    ticked = re.findall(r'name="shown" value="([^"]+)"', ready)
    assert {"goals", "diary", "questionnaires:phq2", "questionnaires:phq9"} <= set(ticked)
    sent: dict[str, Any] = {"shown": ticked, "items": ["goals", "questionnaires:phq2"]}
    preview = sharing_ayse.send("/agenda/sharing", **sent).text
    assert "my diary" in preview
    assert "PHQ-9" in preview.partition("Not shared:")[2]
    assert "8 of 27" not in preview
    page = grace.get(f"/patients/{world.ayse}/agenda").text
    assert "1 of 6" in page
    assert "8 of 27" not in page


def test_a_page_opened_before_another_text_came_keeps_its_own_words(sharing_ayse: Any, story: Any) -> None:
    page = sharing_ayse.get("/questionnaires/phq9").text
    text = re.search(r'name="text_id" value="([^"]+)"', page)
    assert text
    sharing_ayse.send("/questionnaires/phq9", **form_of(page), **ALL_ONES, text_id=text[1])
    [row] = rows(story, QuestionnaireResponse)
    assert str(row.text_id) == text[1]
    assert f'data-text="{text[1]}"' in page


def test_the_browser_keeps_no_answers_for_the_next_person(sharing_ayse: Any) -> None:
    """Without script, Back would show them again on a shared phone."""
    assert re.search(
        r'<form [^>]*autocomplete="off"[^>]*data-questionnaire', sharing_ayse.get("/questionnaires/phq9").text
    )
