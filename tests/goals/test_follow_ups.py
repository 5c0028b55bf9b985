"""A follow-up that happens: on the team's worklist, asked by script or in the app, answered, settled, and followed by the next."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.goals import worklist
from selfcare.goals.models import ConfidenceScore, FollowUp, FollowUpAnswer, TeamNote
from selfcare.people.models import Person, TeamMembership
from tests import factories
from tests.goals.conftest import MONDAY, PLAN, WALK, new_id

SECRET = "Ask about the brother, but not by name"


def follow_up(grace: Any, world: Any, goal: str | None, due_on: str = "2026-10-06", **more: Any) -> str:
    follow_id = new_id()
    body = {"patient_id": str(world.ayse), "goal_id": goal, "due_on": due_on, "channel": "app"} | more
    assert grace.put(f"/api/v1/follow-ups/{follow_id}", body).status_code == 201
    return follow_id


def page_of(world: Any, follow_id: str) -> str:
    return f"/patients/{world.ayse}/follow-ups/{follow_id}"


def do(grace: Any, world: Any, follow_id: str, **form: Any) -> Any:
    answer = grace.send(page_of(world, follow_id), answer_id=new_id(), **form)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer


def say(ayse: Any, follow_id: str, **form: Any) -> Any:
    return ayse.send(f"/goals/how-it-went/{follow_id}", answer_id=new_id(), **form)


def stop_sharing_goals(ayse: Any) -> None:
    assert ayse.put("/api/v1/sharing", {"goals": False}).status_code == 200


@pytest.fixture
def halima(world: Any, story: Any, sign_in: Any) -> Any:
    """A colleague of Grace's at Hornsey Lane."""
    with story():
        person = factories.make_person("Halima Yusuf", "clinician", job_title="nurse")
        db.session.add(TeamMembership(team_id=world.hornsey, person_id=person.id))
    return sign_in("halima")


# --- the worklist ----------------------------------------------------------------------------------------------------


def test_the_worklist_shows_who_what_when_how_and_confidence_then_and_now(
    ayse: Any, grace: Any, world: Any, walking: str, now: Any
) -> None:
    follow_up(grace, world, walking, "2026-10-05", channel="phone")
    now.shift(dt.timedelta(minutes=10))
    ayse.put(f"/api/v1/goals/{walking}/weeks/{MONDAY}", PLAN | {"confidence": 8})
    html = grace.get("/follow-ups").get_data(as_text=True)
    row = html[html.index('<tr role="row">\n  <td') :]
    for words in ("Ayşe Kaya", WALK["statement"], "5 Oct", "Overdue", "By phone"):
        assert words in row, words
    assert re.search(r"6 <span aria-hidden=\"true\">→</span>.*<b>8</b>", row)
    assert 'aria-current="page">Follow-ups' in html


def test_goals_that_are_not_shared_stand_in_the_words_that_were_agreed(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    body = {"patient_id": str(world.ayse), "statement": "Walk more", "confidence": 5}
    grace.put(f"/api/v1/agreed-goals/{walking}", body)
    follow_up(grace, world, walking)
    ayse.put(f"/api/v1/goals/{walking}/weeks/{MONDAY}", PLAN | {"confidence": 9})
    assert WALK["statement"] in grace.get("/follow-ups").get_data(as_text=True)
    stop_sharing_goals(ayse)
    html = grace.get("/follow-ups").get_data(as_text=True)
    assert "Walk more" in html
    assert WALK["statement"] not in html
    assert "<b>9</b>" not in html
    assert ">5" in html.replace("</span>5", ">5"), "what the team wrote down itself stays"


def test_a_goal_never_agreed_and_no_longer_shared_has_no_words(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    follow_id = follow_up(grace, world, walking)
    stop_sharing_goals(ayse)
    for path in ("/follow-ups", page_of(world, follow_id)):
        html = grace.get(path).get_data(as_text=True)
        assert WALK["statement"] not in html
        assert "not shared" in html
    assert grace.get(f"/patients/{world.ayse}/goals/{walking}/thread").status_code == 404


def test_mine_is_what_i_wrote_or_was_handed_ours_is_the_teams(
    grace: Any, halima: Any, world: Any, walking: str, story: Any
) -> None:
    follow_id = follow_up(grace, world, walking)
    assert "Ayşe" not in halima.get("/follow-ups?whose=mine").get_data(as_text=True)
    assert "Grace Mensah" in halima.get("/follow-ups?whose=team").get_data(as_text=True)
    answer = grace.send(f"{page_of(world, follow_id)}/hand-over", to=halima.id)
    assert "Halima Yusuf does this follow-up now" in answer.get_data(as_text=True)
    assert "Ayşe" in halima.get("/follow-ups?whose=mine").get_data(as_text=True)
    assert "Ayşe" not in grace.get("/follow-ups?whose=mine").get_data(as_text=True)


def test_only_a_colleague_of_the_team_can_be_handed_a_follow_up(
    grace: Any, samuel: Any, world: Any, walking: str, rows: Any
) -> None:
    follow_id = follow_up(grace, world, walking)
    for somebody in (world.samuel, world.ayse, world.ruth, uuid.uuid4()):
        assert grace.send(f"{page_of(world, follow_id)}/hand-over", to=str(somebody)).status_code == 422
    (row,) = rows(sa.select(FollowUp))
    assert row.assigned_to == world.grace


def test_overdue_and_answered_are_links_that_stay_without_a_name_in_them(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    late = follow_up(grace, world, walking, "2026-10-01")
    follow_up(grace, world, walking, "2026-10-20")
    say(ayse, late, result="not_done", in_the_way="It rained")
    for only, there in ((None, 2), ("overdue", 1), ("answered", 1)):
        html = grace.get("/follow-ups", query_string={"only": only} if only else {}).get_data(as_text=True)
        assert html.count('<th role="rowheader" scope="row">') == there, only
    addresses = re.findall(r'href="(/follow-ups[^"]*)"', html)
    assert addresses
    assert all(re.fullmatch(r"/follow-ups(\?[a-z=&;]*)?", each) for each in addresses), addresses
    assert "Did not happen" in html


def test_empty_worklists_say_what_to_do_next(grace: Any, samuel: Any, world: Any, walking: str) -> None:
    assert "No follow-up is open" in samuel.get("/follow-ups").get_data(as_text=True)
    follow_up(grace, world, walking, "2026-11-06")
    assert "Nothing here" in grace.get("/follow-ups?only=overdue").get_data(as_text=True)


def test_50_a_page_and_as_many_statements_for_60_as_for_1(
    grace: Any, world: Any, walking: str, story: Any, statements: Any
) -> None:
    def asked(path: str = "/follow-ups") -> tuple[int, str]:
        with statements() as seen:
            html = grace.get(path).get_data(as_text=True)
        return len([one for one in seen if "audit_events" not in one]), html

    follow_up(grace, world, walking)
    grace.get("/follow-ups")
    few, _html = asked()
    with story():
        for number in range(59):
            row = FollowUp(
                id=uuid.uuid4(),
                patient_id=world.ayse,
                written_by=world.grace,
                goal_id=uuid.UUID(walking),
                due_on=dt.date(2026, 10, 7) + dt.timedelta(days=number // 3),
            )
            db.session.add(row)
    many, html = asked()
    assert many == few == 2 + 1, "2, and 1 for the session"
    assert html.count('<th role="rowheader"') == 50
    following = re.search(r'href="(/follow-ups\?[^"]*cursor=[^"]*)"', html)
    assert following
    _count, rest = asked(following[1].replace("&amp;", "&"))
    assert rest.count('<th role="rowheader"') == 10
    assert grace.get("/follow-ups?cursor=nonsense").status_code == 422


def test_strangers_find_no_follow_up(
    samuel: Any, ruth: Any, peter: Any, ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    follow_id = follow_up(grace, world, walking)
    for stranger in (samuel, ruth, peter, ayse):
        for path in (page_of(world, follow_id), f"{page_of(world, follow_id)}/help"):
            assert stranger.get(path).status_code == 404
            assert stranger.send(path, answer_id=new_id(), result="partly", way="keep").status_code == 404
        if stranger is not ayse:
            assert stranger.get(f"/goals/how-it-went/{follow_id}").status_code == 404
    assert "Ayşe" not in samuel.get("/follow-ups?whose=team").get_data(as_text=True)


# --- doing one -------------------------------------------------------------------------------------------------------


def test_two_clicks_settle_it_and_set_the_next_in_14_days(
    grace: Any, world: Any, walking: str, rows: Any
) -> None:
    follow_id = follow_up(grace, world, walking)
    do(grace, world, follow_id, result="went_to_plan")
    done, following = rows(sa.select(FollowUp).order_by(FollowUp.due_on))
    assert (done.outcome, done.settled_on) == ("went_to_plan", dt.date(2026, 10, 6))
    assert (following.due_on, following.outcome) == (dt.date(2026, 10, 20), None)
    assert str(following.goal_id) == walking


def test_the_patients_words_are_kept_and_both_numbers_stay(
    grace: Any, world: Any, walking: str, rows: Any
) -> None:
    follow_id = follow_up(grace, world, walking)
    words = {"plan": "Walk by the canal", "went": "Twice\n<b>only</b>", "in_the_way": "Knee & rain"}
    answer = do(
        *(grace, world, follow_id),
        **words,
        result="partly",
        confidence="4",
        why_not_lower="I like the water",
    )
    assert "What could help Ayşe?" in answer.get_data(as_text=True), "below 7 help is offered"
    (said,) = rows(sa.select(FollowUpAnswer))
    assert {name: getattr(said, name) for name in words} == words
    scores = rows(sa.select(ConfidenceScore).order_by(ConfidenceScore.recorded_at))
    assert [row.score for row in scores] == [6, 4]
    assert scores[1].why_not_lower == "I like the water"
    (_done, following) = rows(sa.select(FollowUp).order_by(FollowUp.due_on))
    assert following.due_on == dt.date(2026, 10, 13), "sooner below 7"


@pytest.mark.parametrize(
    ("form", "due"),
    [
        ({"result": "could_not_reach"}, dt.date(2026, 10, 13)),
        ({"result": "no_longer_wanted"}, None),
        ({"result": "partly", "next": "none"}, None),
        ({"result": "partly", "next": "other", "next_on": "2026-11-02"}, dt.date(2026, 11, 2)),
        ({"result": "partly", "confidence": "7"}, dt.date(2026, 10, 20)),
        ({"result": "partly", "confidence": "dont_know"}, dt.date(2026, 10, 20)),
    ],
)
def test_the_next_follow_up(
    grace: Any, world: Any, walking: str, rows: Any, form: dict[str, str], due: dt.date | None
) -> None:
    do(grace, world, follow_up(grace, world, walking), **form)
    (following,) = rows(sa.select(FollowUp).where(FollowUp.outcome.is_(None))) or [None]
    assert (following.due_on if following else None) == due


def test_a_mistake_loses_no_word(grace: Any, world: Any, walking: str, rows: Any) -> None:
    follow_id = follow_up(grace, world, walking)
    for form in (
        {"went": "Kept words"},
        {"went": "Kept words", "result": "partly", "next": "other"},
        {"went": "Kept words", "result": "partly", "next": "other", "next_on": "2026-10-01"},
    ):
        answer = grace.send(page_of(world, follow_id), answer_id=new_id(), **form)
        assert answer.status_code == 422
        assert "Kept words" in answer.get_data(as_text=True)
    assert rows(sa.select(FollowUpAnswer)) == []
    assert len(rows(sa.select(FollowUp))) == 1


def test_pressed_twice_it_is_done_once(grace: Any, world: Any, walking: str, rows: Any) -> None:
    follow_id, answer_id = follow_up(grace, world, walking), new_id()
    for _press in range(2):
        told = grace.send(page_of(world, follow_id), answer_id=answer_id, result="partly", went="Once")
        assert "The next follow-up is on Tuesday 20 October." in told.get_data(as_text=True)
    assert len(rows(sa.select(FollowUpAnswer))) == 1
    assert len(rows(sa.select(FollowUp))) == 2


def test_the_seven_steps_go_on_where_she_is(grace: Any, world: Any, walking: str, rows: Any) -> None:
    follow_id = follow_up(grace, world, walking)
    do(grace, world, follow_id, result="not_done", in_the_way="My knee", confidence="3")
    page = grace.get(f"{page_of(world, follow_id)}/help").get_data(as_text=True)
    assert re.search(r'value="try" checked', page), "from her own plan: an idea was chosen"
    assert "My knee" in page
    assert "Keep the plan as it is" in page
    path = f"{page_of(world, follow_id)}/help"
    grace.send(path, answer_id=new_id(), way="steps", step="another", idea="The bus home", confidence="7")
    assert re.search(r'value="another" checked', grace.get(path).get_data(as_text=True))
    assert [row.score for row in rows(sa.select(ConfidenceScore).order_by(ConfidenceScore.recorded_at))] == [
        *(6, 3, 7)
    ]


# --- the patient is asked in the app ---------------------------------------------------------------------------------


def test_she_is_asked_on_the_day_not_before_and_not_twice(
    ayse: Any, grace: Any, world: Any, walking: str, now: Any
) -> None:
    follow_id = follow_up(grace, world, walking, "2026-10-08")
    link = f"/goals/how-it-went/{follow_id}"
    assert link not in ayse.get("/").get_data(as_text=True)
    now.move_to("2026-10-08T09:00:00+01:00")
    html = ayse.get("/").get_data(as_text=True)
    assert link in html
    assert "How did it go with “Walk by the canal 15 minutes after lunch”?" in html
    assert ayse.get("/api/v1/today").json["follow_ups"][0]["asked"] is True
    assert ayse.get(link).status_code == 200
    say(ayse, follow_id, result="partly", went="Twice")
    assert link not in ayse.get("/").get_data(as_text=True)


def test_by_phone_the_app_does_not_ask(ayse: Any, grace: Any, world: Any, walking: str) -> None:
    follow_up(grace, world, walking, channel="phone")
    assert "how-it-went" not in ayse.get("/").get_data(as_text=True)


@pytest.mark.parametrize(
    ("form", "outcome"),
    [
        ({"result": "went_to_plan"}, "went_to_plan"),
        ({"result": "went_to_plan", "confidence": "8"}, "went_to_plan"),
        ({"result": "went_to_plan", "confidence": "6"}, None),
        ({"result": "partly"}, None),
        ({"result": "not_done"}, None),
        ({"result": "no_longer_wanted"}, None),
    ],
)
def test_what_went_to_plan_is_settled_anything_else_waits_for_the_team(
    ayse: Any, grace: Any, world: Any, walking: str, rows: Any, form: dict[str, str], outcome: str | None
) -> None:
    follow_id = follow_up(grace, world, walking)
    assert say(ayse, follow_id, **form).status_code == 200
    (row,) = rows(sa.select(FollowUp))
    assert row.outcome == outcome
    html = grace.get("/follow-ups?only=answered").get_data(as_text=True)
    assert "Ayşe Kaya" in html, "the team sees the answer either way"


def test_her_answer_is_chosen_already_when_the_team_looks(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    follow_id = follow_up(grace, world, walking)
    say(ayse, follow_id, result="partly", went="Twice, then rain")
    html = grace.get(page_of(world, follow_id)).get_data(as_text=True)
    assert "Twice, then rain" in html
    assert re.search(r'value="partly" checked', html)


def test_below_7_she_is_led_to_what_could_help(ayse: Any, grace: Any, world: Any, walking: str) -> None:
    follow_id = follow_up(grace, world, walking)
    html = say(ayse, follow_id, result="not_done", confidence="3").get_data(as_text=True)
    assert "What could help?" in html
    assert "You said 3. That is an honest answer" in html, "what she just said, not the 6 of her plan"
    assert "Keep my plan as it is" in html


def test_she_cannot_say_that_nobody_reached_her(ayse: Any, grace: Any, world: Any, walking: str) -> None:
    follow_id = follow_up(grace, world, walking)
    answer = say(ayse, follow_id, result="could_not_reach", went="Kept words")
    assert answer.status_code == 422
    assert "Kept words" in answer.get_data(as_text=True)


def test_elif_answers_for_her_mother_only_while_she_may_write(
    carer: Any, grace: Any, world: Any, walking: str, story: Any, rows: Any
) -> None:
    follow_id = follow_up(grace, world, walking)
    body = {"follow_up_id": follow_id, "result": "partly", "went": "Annem iki kez yürüdü"}
    path = f"/api/v1/follow-up-answers/{new_id()}?for={world.ayse}"
    assert carer.put(path, body).status_code == 201
    assert carer.put(path, body).status_code == 200
    assert carer.put(path, body | {"went": "Other"}).status_code == 409
    with story():
        db.session.execute(sa.text("UPDATE carer_links SET may_write = false"))
    assert carer.put(f"/api/v1/follow-up-answers/{new_id()}?for={world.ayse}", body).status_code == 404
    (row,) = rows(sa.select(FollowUpAnswer))
    assert (row.written_by, row.side) == (world.elif_, "patient")


# --- notes for the team ----------------------------------------------------------------------------------------------


def test_notes_for_the_team_are_on_no_door_of_hers(
    ayse: Any, carer: Any, grace: Any, halima: Any, world: Any, walking: str, rows: Any
) -> None:
    follow_id = follow_up(grace, world, walking, "2026-10-08")
    do(grace, world, follow_id, result="partly", team_note=SECRET, next="none")
    grace.send(
        f"/patients/{world.ayse}/agree",
        agreed_id=new_id(),
        goal_id=walking,
        statement="Walk more",
        team_note=SECRET,
    )
    assert len(rows(sa.select(TeamNote))) == 2
    thread = f"/patients/{world.ayse}/goals/{walking}/thread"
    assert halima.get(thread).get_data(as_text=True).count(SECRET) == 2, "her team reads it"
    for caller, carry in ((ayse, ""), (carer, f"?for={world.ayse}")):
        for path in ("/", "/goals", f"/goals/{walking}", "/agenda", "/api/v1/goals", "/api/v1/today"):
            answer = caller.get(path + carry)
            assert answer.status_code == 200
            assert SECRET not in answer.get_data(as_text=True), path
    copy = ayse.get("/api/v1/export")
    assert SECRET not in copy.get_data(as_text=True)
    assert copy.json["withheld"]["team_notes"] == 2
    assert "ask" in copy.json["withheld"]["why"]


def test_changed_notes_keep_their_history_out_of_her_copy_as_well(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    follow_id = follow_up(grace, world, walking)
    for words in (SECRET, "Something else"):
        do(grace, world, follow_id, result="partly", team_note=words)
    copy = ayse.get("/api/v1/export").get_data(as_text=True)
    assert SECRET not in copy
    assert "Something else" not in copy


def test_a_colleagues_empty_box_takes_no_note_away(
    grace: Any, halima: Any, world: Any, walking: str, rows: Any
) -> None:
    follow_id = follow_up(grace, world, walking)
    do(grace, world, follow_id, result="partly", team_note="Her daughter is worried")
    late = {"answer_id": new_id(), "result": "partly", "team_note": ""}  # Halima's page was open before that
    for _press in range(2):
        told = halima.send(page_of(world, follow_id), **late).get_data(as_text=True)
        assert "This follow-up was finished already" in told
        assert "The next follow-up is on" not in told, "none was set for her"
    (note,) = rows(sa.select(TeamNote))
    assert note.text == "Her daughter is worried"


def test_a_colleagues_words_stand_below_the_note_and_once(
    grace: Any, halima: Any, world: Any, walking: str, rows: Any
) -> None:
    follow_id = follow_up(grace, world, walking)
    do(grace, world, follow_id, result="partly", team_note="Her daughter is worried")
    for _press in range(2):
        do(halima, world, follow_id, result="partly", team_note="Rang at 4, no answer")
    (note,) = rows(sa.select(TeamNote))
    assert note.text == "Her daughter is worried\n\nRang at 4, no answer"


# --- the story -------------------------------------------------------------------------------------------------------


def test_the_story_is_one_thread_for_both(
    ayse: Any, grace: Any, world: Any, walking: str, now: Any, sign_in: Any
) -> None:
    body = {"patient_id": str(world.ayse), "statement": "Walk more", "goal_id": walking, "confidence": 5}
    assert grace.put(f"/api/v1/agreed-goals/{new_id()}", body).status_code == 201
    follow_id = follow_up(grace, world, walking, "2026-10-20")
    ayse.put(f"/api/v1/goals/{walking}/days/{MONDAY}", {"outcome": "done"})
    now.move_to("2026-10-20T11:00:00+01:00")
    grace = sign_in("grace")
    do(grace, world, follow_id, result="partly", went="Twice a week", confidence="8", next="none")
    own = ayse.get(f"/goals/{walking}").get_data(as_text=True)
    theirs = grace.get(f"/patients/{world.ayse}/goals/{walking}/thread").get_data(as_text=True)
    for html in (own, theirs):
        story = html[html.index('<ol class="sc-story">') :]
        places = [
            story.index(words)
            for words in (
                "Walk more",
                "1 of 4 days done",
                "The path is flat",
                "Twice a week",
                "Confidence 5, then 8",
            )
        ]
        assert places == sorted(places)


def test_a_team_that_is_not_shown_goals_reads_what_it_wrote_and_was_told(
    ayse: Any, grace: Any, world: Any, walking: str
) -> None:
    body = {"patient_id": str(world.ayse), "statement": "Walk more", "goal_id": walking}
    grace.put(f"/api/v1/agreed-goals/{new_id()}", body)
    do(grace, world, follow_up(grace, world, walking), result="partly", went="Told on the phone")
    stop_sharing_goals(ayse)
    html = grace.get(f"/patients/{world.ayse}/goals/{walking}/thread").get_data(as_text=True)
    assert "Told on the phone" in html
    for hers in (WALK["statement"], "The path is flat", "Walk by the canal", "days done"):
        assert hers not in html


def test_a_story_takes_as_many_statements_after_20_follow_ups_as_after_1(
    grace: Any, world: Any, walking: str, statements: Any
) -> None:
    counts = []
    path = f"/patients/{world.ayse}/goals/{walking}/thread"
    for more in (1, 12):
        for _each in range(more):
            follow_up(grace, world, walking)
        grace.get(path)
        with statements() as seen:
            assert grace.get(path).status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_worklist_is_about_people_whose_record_is_open(
    ayse: Any, grace: Any, world: Any, walking: str, story: Any
) -> None:
    follow_up(grace, world, walking)
    with story():
        db.session.execute(
            sa.text("UPDATE care_relationships SET ended_at = :now"), {"now": "2026-10-06 08:00:00"}
        )
        person = db.session.get_one(Person, world.grace)
        assert worklist.read(person).rows == []
