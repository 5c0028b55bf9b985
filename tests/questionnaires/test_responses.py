"""Ayşe answers the PHQ-9: kept once, corrected with both kept, shared or not, and never without help where it is needed."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from selfcare import clock
from selfcare.audit import AuditEvent
from selfcare.edge.filters import nhs_date, short_day
from selfcare.extensions import db
from selfcare.people.models import CarerLink, TeamMembership
from selfcare.questionnaires.models import QuestionnaireReader, QuestionnaireResponse, QuestionnaireText
from tests.questionnaires.conftest import NOBODY_HARMED

pytestmark = pytest.mark.usefixtures("installed")
Answer = Callable[..., Any]


def share(ayse: Any, **choices: bool) -> None:
    assert ayse.put("/api/v1/sharing", {"questionnaires": True} | choices).status_code == 200


def offered(who: Any, query: str = "") -> dict[str, Any]:
    given = who.get(f"/api/v1/questionnaires{query}")
    assert given.status_code == 200, given.json
    return {each["id"]: each for each in given.json["items"]}


def test_kept_once_and_the_same_again_is_no_other(ayse: Any, answer: Answer, story: Any) -> None:
    id_ = uuid.uuid4()
    first = answer(ayse, NOBODY_HARMED, id_=id_)
    assert first.status_code == 201, first.json
    assert (first.json["score"], first.json["crisis_answer"]) == (8, None)
    again = answer(ayse, NOBODY_HARMED, id_=id_)
    assert (again.status_code, again.json) == (200, first.json)
    assert answer(ayse, NOBODY_HARMED | {"1": 3}, id_=id_).status_code == 409
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(QuestionnaireResponse)) == 1
        noted = db.session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == "questionnaire.answered")
        ).all()
    assert [event.details for event in noted] == [{"questionnaire": "phq9"}]  # which one, never what


@pytest.mark.parametrize(
    "body",
    [
        {"questionnaire": "phq99"},
        {"questionnaire": "gad7"},  # its text is not here, so nobody was asked it
        {"answers": {}},
        {"answers": {"1": None}},
        {"answers": {"10": 1}},
        {"answers": {"0": 1}},
        {"answers": {"1": 4}},
        {"answers": {"1": -1}},
        {"answers": {"1": 1.5}},
        {"answers": {"1": "2"}},
        {"answers": [1, 2]},
        {"answers": {str(item): 1 for item in range(200)}},
        {"corrects": str(uuid.uuid4())},
        {"score": 3},
    ],
)
def test_what_makes_no_sense_is_refused(ayse: Any, body: dict[str, Any]) -> None:
    sent = {"questionnaire": "phq9", "answers": {"1": 1}} | body
    refused = ayse.put(f"/api/v1/questionnaire-responses/{uuid.uuid4()}", sent)
    assert refused.status_code == 422, refused.json
    assert refused.json["errors"]
    assert ayse.get("/api/v1/questionnaire-responses").json["items"] == []


def test_a_question_left_out_is_kept_as_that_and_gives_no_score(ayse: Any, answer: Answer) -> None:
    kept = answer(ayse, {"1": 3, "2": None})
    assert kept.status_code == 201
    assert kept.json["score"] is None
    assert kept.json["answers"] == {"1": 3} | {str(item): None for item in range(2, 10)}


def test_a_correction_keeps_both(ayse: Any, grace: Any, world: Any, answer: Answer) -> None:
    share(ayse)
    first = answer(ayse, NOBODY_HARMED).json
    second = answer(ayse, NOBODY_HARMED | {"1": 0}, corrects=first["id"])
    assert second.status_code == 201
    assert len(ayse.get("/api/v1/questionnaire-responses").json["items"]) == 2
    shown = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json["questionnaires"]
    assert [(each["score"], each["before"]) for each in shown] == [(7, None)]


def test_phq9_is_offered_only_where_somebody_reads_it(
    ayse: Any, world: Any, story: Any, read_by_grace: None
) -> None:
    assert set(offered(ayse)) == {"phq2"}  # she does not share: nobody would read it
    share(ayse)
    phq9 = offered(ayse)["phq9"]
    assert (
        phq9["read_by"]
        == "Only this is read sooner: Grace Mensah at Hornsey Lane Surgery reads the answers within 3 days."
    )
    assert len(phq9["items"]) == 9
    assert [each["value"] for each in phq9["answers"]] == [0, 1, 2, 3]
    assert phq9["approved"] is False
    assert "phq2" not in offered(ayse)
    with story():  # Grace leaves the team
        db.session.execute(
            sa.update(TeamMembership)
            .where(TeamMembership.person_id == world.grace)
            .values(ended_at=clock.now())
        )
    assert set(offered(ayse)) == {"phq2"}


def test_production_offers_what_a_reviewer_approved_and_nothing_else(
    app: Any, ayse: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    live = app.config["SETTINGS"].model_copy(update={"env": "production"})
    monkeypatch.setitem(app.config, "SETTINGS", live)
    assert offered(ayse) == {}


def test_what_was_written_while_it_was_offered_is_never_refused(ayse: Any, answer: Answer) -> None:
    assert "phq9" not in offered(ayse)
    kept = answer(
        ayse, NOBODY_HARMED | {"9": 2}, recorded_at=(clock.now() - dt.timedelta(days=3)).isoformat()
    )
    assert kept.status_code == 201
    assert kept.json["crisis_answer"] == "More than half the days"


def test_each_questionnaire_is_shared_by_itself(ayse: Any, grace: Any, world: Any, answer: Answer) -> None:
    answer(ayse, NOBODY_HARMED)
    answer(ayse, {"1": 2, "2": 1}, questionnaire="phq2")
    here = f"/api/v1/patients/{world.ayse}"

    def seen() -> list[str]:
        page = grace.get(f"{here}/agenda-summary").json["questionnaires"]
        listed = grace.get(f"{here}/questionnaire-responses")
        codes = sorted(each["code"] for each in page)
        if listed.status_code == 200:
            assert sorted(each["questionnaire"] for each in listed.json["items"]) == codes
        else:
            assert (listed.status_code, codes) == (404, [])
        return codes

    assert seen() == []
    share(ayse)
    assert seen() == ["phq2", "phq9"]
    ayse.send("/sharing", items=["goals", "questionnaires:phq2"])
    assert seen() == ["phq2"]
    ayse.send("/sharing", items=["goals"])
    assert seen() == []
    ayse.send("/sharing", items=["questionnaires:phq9"])
    assert seen() == ["phq9"]


def test_held_back_it_is_on_no_page_of_the_team(ayse: Any, grace: Any, world: Any, answer: Answer) -> None:
    share(ayse)
    answer(ayse, NOBODY_HARMED | {"9": 3})
    answer(ayse, {"1": 0, "2": 1}, questionnaire="phq2")
    ayse.send("/sharing", items=["questionnaires:phq2"])
    for place in ("", "/agenda", "/questionnaires"):
        page = grace.get(f"/patients/{world.ayse}{place}").text
        assert "Nearly every day" not in page
        assert "PHQ-9" not in page
        assert ("PHQ-2" in page) == (place != "")


def test_another_patient_and_a_stranger_get_nothing(
    ayse: Any, peter: Any, samuel: Any, world: Any, answer: Answer
) -> None:
    share(ayse)
    id_ = uuid.UUID(answer(ayse, NOBODY_HARMED).json["id"])
    assert answer(peter, NOBODY_HARMED, id_=id_).status_code == 404
    assert peter.get(f"/questionnaires/answers/{id_}").status_code == 404
    assert samuel.get(f"/api/v1/patients/{world.ayse}/questionnaire-responses").status_code == 404
    assert samuel.get(f"/patients/{world.ayse}/questionnaires").status_code == 404
    mine = peter.put(f"/api/v1/crisis-acknowledgements/{uuid.uuid4()}", {"response_id": str(id_)})
    assert mine.status_code == 404


def test_a_carer_without_the_tick_sees_and_writes_none(
    ayse: Any, carer: Any, world: Any, story: Any, answer: Answer
) -> None:
    for_her = f"?for={world.ayse}"
    id_ = answer(ayse, NOBODY_HARMED).json["id"]
    for path in (
        "/api/v1/questionnaires",
        "/api/v1/questionnaire-responses",
        "/questionnaires",
        f"/questionnaires/answers/{id_}",
    ):
        assert carer.get(path + for_her).status_code == 404, path
    assert answer(carer, NOBODY_HARMED, query=for_her).status_code == 404
    assert carer.get("/more" + for_her).text.count("Questionnaires") == 0
    with story():
        db.session.execute(sa.update(CarerLink).values(also_sees=["questionnaires"]))
    assert answer(carer, NOBODY_HARMED | {"9": 1}, query=for_her).status_code == 201
    page = ayse.get("/questionnaires").text
    assert "Written by Elif Kaya (daughter)" in page


def test_everything_of_hers_is_in_her_copy_and_goes_with_her(ayse: Any, peter: Any, answer: Answer) -> None:
    id_ = answer(ayse, NOBODY_HARMED | {"9": 1}).json["id"]
    ayse.put(f"/api/v1/crisis-acknowledgements/{uuid.uuid4()}", {"response_id": id_})
    copy = ayse.get("/api/v1/export").json
    assert [row["id"] for row in copy["questionnaire_responses"]] == [id_]
    assert [row["response_id"] for row in copy["crisis_acknowledgements"]] == [id_]
    assert peter.get("/api/v1/export").json["questionnaire_responses"] == []


def test_the_card_stands_first_until_it_is_read(ayse: Any, answer: Answer) -> None:
    id_ = answer(ayse, {"1": 0, "9": 1}).json["id"]  # no score, and the card all the same
    page = ayse.get(f"/questionnaires/answers/{id_}").text
    assert "You do not have to cope with this alone" in page
    assert "116 123" in page
    assert "Your score" not in page
    body = {"response_id": id_}
    acknowledgement = f"/api/v1/crisis-acknowledgements/{uuid.uuid4()}"
    assert ayse.put(acknowledgement, body).status_code == 201
    assert ayse.put(acknowledgement, body).status_code == 200
    page = ayse.get(f"/questionnaires/answers/{id_}").text
    assert "You do not have to cope with this alone" not in page
    assert "Your score" in page
    assert "116 123" in page  # help stays within reach


def test_the_team_reads_the_answer_about_harm_as_a_fact(
    ayse: Any, grace: Any, world: Any, answer: Answer
) -> None:
    share(ayse)
    answer(ayse, NOBODY_HARMED | {"9": 1})
    for path in (f"/patients/{world.ayse}/agenda", f"/patients/{world.ayse}/questionnaires"):
        assert "Question 9: “Several days”" in grace.get(path).text
    summary = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json
    assert summary["questionnaires"][0]["crisis_answer"] == "Question 9: “Several days”"


def test_the_page_says_score_change_and_date(ayse: Any, grace: Any, world: Any, answer: Answer) -> None:
    share(ayse)
    long_ago = (clock.now() - dt.timedelta(days=60)).isoformat()
    answer(ayse, {str(item): 2 for item in range(1, 9)} | {"9": 0}, recorded_at=long_ago)
    answer(ayse, NOBODY_HARMED)
    shown = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json["questionnaires"][0]
    assert (shown["words"], shown["band"], shown["before"]) == ("8 of 27", "mild", 16)
    assert any("was 16 on" in fact and "more than chance" in fact for fact in shown["facts"])
    page = grace.get(f"/patients/{world.ayse}/agenda").text
    assert "8 of 27" in page
    assert "mild" in page
    own = ayse.get("/questionnaires").text
    assert "8 of 27" in own
    assert "mild" not in own  # severity words are for the team


def test_a_phone_whose_clock_is_ahead_has_not_been_in_a_day_to_come(ayse: Any, answer: Answer) -> None:
    kept = answer(ayse, NOBODY_HARMED, recorded_at=(clock.now() + dt.timedelta(days=400)).isoformat())
    assert kept.status_code == 201
    assert kept.json["recorded_on"] == clock.today("Europe/London").isoformat()


def test_two_copies_at_once_are_kept_once(ayse: Any, answer: Answer, story: Any, world: Any) -> None:
    id_ = uuid.uuid4()
    assert [answer(ayse, NOBODY_HARMED, id_=id_).status_code for _again in range(3)] == [201, 200, 200]


def test_who_reads_is_said_by_the_team_itself(
    grace: Any, samuel: Any, ayse: Any, world: Any, story: Any
) -> None:
    share(ayse)
    here = {
        "team_id": str(world.hornsey),
        "questionnaire": "phq9",
        "clinician_id": str(world.grace),
        "within_days": "2",
    }

    def send(who: Any, **other: str) -> Any:
        return who.send("/panel/questionnaires", **(here | other))

    assert send(samuel).status_code == 404  # not his team
    other = send(grace, clinician_id=str(world.samuel))
    assert (other.status_code, "works in this team" in other.text) == (422, True)
    late = send(grace, within_days="40")
    assert (late.status_code, "from 1 to 14" in late.text) == (422, True)
    assert send(grace, within_days="").status_code == 422
    assert "phq9" not in offered(ayse)
    assert "reads the answers within 2 days" in send(grace).text
    assert "within 2 days" in offered(ayse)["phq9"]["read_by"]
    assert "Nobody yet" in send(grace, clinician_id="").text
    assert "phq9" not in offered(ayse)
    with story():
        rows = db.session.scalars(sa.select(QuestionnaireReader)).all()
    assert [row.ended_at is None for row in rows] == [False]


def test_a_clock_ahead_does_not_stand_before_what_is_said_afterwards(
    ayse: Any, grace: Any, world: Any, answer: Answer
) -> None:
    share(ayse)
    answer(ayse, NOBODY_HARMED, recorded_at=(clock.now() + dt.timedelta(days=400)).isoformat())
    answer(ayse, NOBODY_HARMED | {"9": 3})
    shown = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json["questionnaires"][0]
    assert shown["crisis_answer"] == "Question 9: “Nearly every day”"


def test_an_answer_about_harm_is_not_covered_by_later_ones(
    ayse: Any, grace: Any, world: Any, answer: Answer
) -> None:
    share(ayse)
    for days, harm in ((4, 2), (3, 0), (2, None), (1, 0)):
        when = (clock.now() - dt.timedelta(days=days)).isoformat()
        answer(ayse, NOBODY_HARMED | {"9": harm}, recorded_at=when)
    shown = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json["questionnaires"][0]
    today = clock.today("Europe/London")
    day, came = short_day(today - dt.timedelta(days=4)), short_day(today)
    assert shown["crisis_answer"] == f"Question 9 on {day}, arrived {came}: “More than half the days”"
    assert shown["words"] == "8 of 27"
    assert shown["crisis_answer"] in grace.get(f"/patients/{world.ayse}/agenda").text


def test_an_answer_about_harm_from_before_the_last_visit_has_been_seen(
    ayse: Any, grace: Any, world: Any, answer: Answer, sign_in: Any
) -> None:
    share(ayse)
    for days, harm in ((300, 2), (299, 0), (1, 0)):
        with time_machine.travel(clock.now() - dt.timedelta(days=days), tick=True):
            assert answer(sign_in("ayse"), NOBODY_HARMED | {"9": harm}).status_code == 201
    shown = sign_in("grace").get(f"/api/v1/patients/{world.ayse}/agenda-summary").json["questionnaires"][0]
    assert shown["crisis_answer"] is None


def test_an_answer_about_harm_that_came_since_the_last_visit_is_there_whatever_the_phones_clock_said(
    ayse: Any, grace: Any, world: Any, answer: Answer
) -> None:
    """A clock two years behind, and answers given since on another phone: it is new to the team all the same."""
    share(ayse)
    when = clock.now() - dt.timedelta(days=730)
    answer(ayse, NOBODY_HARMED)
    answer(ayse, NOBODY_HARMED | {"9": 3}, recorded_at=when.isoformat())
    shown = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json["questionnaires"][0]
    then, today = nhs_date(clock.local(when, "Europe/London").date()), short_day(clock.today("Europe/London"))
    assert shown["crisis_answer"] == f"Question 9 on {then}, arrived {today}: “Nearly every day”"


def test_an_answer_about_harm_that_was_changed_afterwards_is_still_a_fact(
    ayse: Any, grace: Any, world: Any, answer: Answer
) -> None:
    """She saw the card and took it back, or her daughter did: the score is the new one, and what was said stays on the page."""
    share(ayse)
    first = answer(ayse, NOBODY_HARMED | {"9": 2})
    answer(ayse, NOBODY_HARMED | {"9": 0}, corrects=first.json["id"])
    shown = grace.get(f"/api/v1/patients/{world.ayse}/agenda-summary").json["questionnaires"][0]
    today = short_day(clock.today("Europe/London"))
    said = f"Question 9 on {today}: “More than half the days”, changed later"
    assert (shown["score"], shown["before"], shown["crisis_answer"]) == (8, None, said)
    assert said in grace.get(f"/patients/{world.ayse}/agenda").text


def test_answers_keep_the_wording_they_were_given_to(
    ayse: Any, peter: Any, answer: Answer, story: Any
) -> None:
    first = offered(ayse)["phq2"]["text_id"]
    with story():
        db.session.add(
            QuestionnaireText(
                questionnaire="phq9",
                stem="",
                items=[f"Another question {item}" for item in range(1, 10)],
                answers=["No", "A little", "Some", "A lot"],
                notice="",
                source="a file",
                text_hash="another",
            )
        )
    assert offered(ayse)["phq2"]["text_id"] != first
    old = answer(ayse, NOBODY_HARMED | {"9": 1}, text_id=first)
    assert (old.status_code, old.json["text_id"], old.json["crisis_answer"]) == (201, first, "Several days")
    new = answer(ayse, NOBODY_HARMED | {"9": 1})
    assert new.json["crisis_answer"] == "A little"
    # What she puts right is asked in the words that she answered.
    page = ayse.get(f"/questionnaires/phq9?corrects={old.json['id']}").text
    assert f'name="text_id" value="{first}"' in page
    assert "Another question 1" not in page
    for wrong in (str(uuid.uuid4()), old.json["id"]):
        refused = answer(peter, NOBODY_HARMED, text_id=wrong)
        assert (refused.status_code, list(refused.json["errors"])) == (422, ["text_id"])


def test_a_carer_reads_a_card_that_speaks_of_the_patient(
    carer: Any, world: Any, story: Any, read_by_grace: None, answer: Answer, ayse: Any
) -> None:
    share(ayse)
    for_her = f"?for={world.ayse}"
    with story():
        db.session.execute(sa.update(CarerLink).values(also_sees=["questionnaires"]))
    id_ = answer(carer, NOBODY_HARMED | {"9": 1}, query=for_her).json["id"]
    for path in ("/questionnaires/phq9", f"/questionnaires/answers/{id_}"):
        page = carer.get(path + for_her).text
        assert "You and Ayşe do not have to cope with this alone" in page
        assert "You told us" not in page
        assert "116 123" in page
    assert "You told us" in ayse.get(f"/questionnaires/answers/{id_}").text


def test_a_carer_who_may_only_look_is_not_held_up_by_the_card(
    ayse: Any, carer: Any, world: Any, story: Any, answer: Answer
) -> None:
    id_ = answer(ayse, NOBODY_HARMED | {"9": 1}).json["id"]
    with story():
        db.session.execute(sa.update(CarerLink).values(also_sees=["questionnaires"], may_write=False))
    page = carer.get(f"/questionnaires/answers/{id_}?for={world.ayse}").text
    assert "I have read this" not in page  # they could not say so
    assert "9 of 27" in page
    assert "116 123" in page


def test_what_her_daughter_has_read_she_has_not(
    ayse: Any, carer: Any, world: Any, story: Any, answer: Answer
) -> None:
    with story():
        db.session.execute(sa.update(CarerLink).values(also_sees=["questionnaires"]))
    for_her = f"?for={world.ayse}"
    id_ = answer(carer, NOBODY_HARMED | {"9": 1}, query=for_her).json["id"]
    read = carer.put(f"/api/v1/crisis-acknowledgements/{uuid.uuid4()}{for_her}", {"response_id": id_})
    assert read.status_code == 201
    assert "Your answers are saved" not in carer.get(f"/questionnaires/answers/{id_}{for_her}").text
    own = ayse.get(f"/questionnaires/answers/{id_}").text
    assert "You do not have to cope with this alone" in own
