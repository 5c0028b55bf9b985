"""Grace said that she reads the PHQ-9 within 3 days: the answers wait on her list until she has looked."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.models import TeamMembership
from tests import factories
from tests.questionnaires.conftest import NOBODY_HARMED

pytestmark = pytest.mark.usefixtures("read_by_grace")
LIST = "/panel/questionnaires"


@pytest.fixture
def answered(ayse: Any, answer: Any) -> str:
    """Ayşe shares her answers and has answered, with the question about harm above the lowest."""
    assert ayse.put("/api/v1/sharing", {"questionnaires": True}).status_code == 200
    return str(answer(ayse, NOBODY_HARMED | {"9": 3}).json["id"])


def waits(who: Any) -> bool:
    """Whether Ayşe stands on this clinician's list; the panel says the same."""
    page, panel = who.get(LIST).text, who.get("/panel").text
    listed = "Ayşe Kaya</a>" in page
    assert ("Questionnaires, 1 to read" in panel) == listed
    return listed


def test_it_waits_until_she_has_looked(grace: Any, answered: str, world: Any) -> None:
    assert waits(grace)
    grace.get(f"/patients/{world.ayse}")  # that is not where the answers are
    assert waits(grace)
    grace.get(f"/patients/{world.ayse}/questionnaires")
    assert not waits(grace)
    assert "Nothing waits for you" in grace.get(LIST).text


def test_the_one_page_is_a_look_as_well(grace: Any, answered: str, world: Any) -> None:
    grace.get(f"/patients/{world.ayse}/agenda")
    assert not waits(grace)


def test_the_next_answers_wait_again(grace: Any, ayse: Any, answered: str, answer: Any, world: Any) -> None:
    grace.get(f"/patients/{world.ayse}/questionnaires")
    with time_machine.travel(clock.now() + dt.timedelta(minutes=1), tick=True):
        answer(ayse, NOBODY_HARMED)
        assert waits(grace)


def test_the_list_says_by_when_and_never_what(grace: Any, answered: str) -> None:
    page = grace.get(LIST).text
    assert "Nearly every day" not in page
    assert "11 of 27" not in page
    assert (clock.today("Europe/London") + dt.timedelta(days=3)).strftime("%-d %B %Y") in page


def test_two_days_over(sign_in: Any, answered: str) -> None:
    with time_machine.travel(clock.now() + dt.timedelta(days=5), tick=True):
        assert "2 days over" in sign_in("grace").get(LIST).text


def test_what_she_stops_sharing_waits_for_nobody(grace: Any, ayse: Any, answered: str) -> None:
    ayse.send("/sharing", items=["goals"])
    assert not waits(grace)
    ayse.put("/api/v1/sharing", {"questionnaires": True})
    # Held back by itself it stays so, although the part is shared again.
    assert not waits(grace)
    ayse.send("/sharing", items=["questionnaires:phq9"])
    assert waits(grace)


def test_a_corrected_answer_waits_once(grace: Any, ayse: Any, answered: str, answer: Any) -> None:
    answer(ayse, NOBODY_HARMED, corrects=answered)
    assert waits(grace)
    assert grace.get(LIST).text.count("Ayşe Kaya</a>") == 1


def test_it_is_the_readers_list(answered: str, story: Any, world: Any, sign_in: Any, samuel: Any) -> None:
    with story():
        maria = factories.make_person("Maria Silva", "clinician", job_title="physiotherapist")
        db.session.add(TeamMembership(team_id=world.hornsey, person_id=maria.id))
        maria_id = maria.id
    caller = sign_in("maria")
    assert not waits(caller)
    caller.get(f"/patients/{world.ayse}/questionnaires")  # a colleague's look is not the reader's
    assert waits(sign_in("grace"))
    assert not waits(samuel)
    chosen = {"team_id": str(world.hornsey), "questionnaire": "phq9", "clinician_id": str(maria_id)}
    assert caller.send(LIST, **chosen, within_days="2").status_code == 200
    assert not waits(sign_in("grace"))


def test_what_came_in_long_ago_is_history(answered: str, sign_in: Any) -> None:
    with time_machine.travel(clock.now() + dt.timedelta(days=60), tick=True):
        assert not waits(sign_in("grace"))


def test_statements_do_not_grow(grace: Any, answered: str, ayse: Any, answer: Any, statements: Any) -> None:
    def seen() -> list[int]:
        counts = []
        for path in (LIST, "/panel"):
            grace.get(path)
            with statements() as found:
                grace.get(path)
            counts.append(len(found))
        return counts

    before = seen()
    for _each in range(8):
        answer(ayse, NOBODY_HARMED)
    assert seen() == before
