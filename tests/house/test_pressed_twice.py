"""A button pressed twice, or two browsers at the same moment: both read that it is saved, and it is saved once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from selfcare.extensions import db
from selfcare.goals import answers, consultation
from selfcare.goals.models import AgreedGoal, FollowUp, FollowUpAnswer
from selfcare.results import importing


@pytest.fixture
def quicker(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """``quicker(module, "save", send)``: while the first is in ``save``, ``send`` stores the same, and the first meets its row."""

    def put(module: Any, name: str, send: Callable[[], Any], status: int = 303) -> None:
        real = getattr(module, name)

        def late(*given: Any, **named: Any) -> Any:
            monkeypatch.setattr(module, name, real)
            db.rollback()
            assert send().status_code == status
            raise IntegrityError("INSERT", {}, Exception("duplicate key"))

        monkeypatch.setattr(module, name, late)

    return put


def test_an_agreed_goal(grace: Any, sign_in: Any, world: Any, story: Any, quicker: Any) -> None:
    path, form = f"/patients/{world.ayse}/agree", {"agreed_id": str(uuid.uuid4()), "statement": "Walk"}
    quicker(consultation, "save_agreed_goal", lambda: sign_in("grace")._call("POST", path, data=form))
    answer = grace.send(path, **form)
    assert answer.status_code == 200
    assert "The agreed goal is saved" in answer.text
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(AgreedGoal)) == 1


def test_an_answer_of_the_patient(ayse: Any, grace: Any, world: Any, story: Any, quicker: Any) -> None:
    follow_up = str(uuid.uuid4())
    assert grace.put(f"/api/v1/follow-ups/{follow_up}", {"patient_id": str(world.ayse)}).status_code == 201
    path = f"/goals/how-it-went/{follow_up}"
    form = {"answer_id": str(uuid.uuid4()), "result": "partly", "went": "Twice"}
    quicker(answers, "record_answer", lambda: ayse._call("POST", path, data=form))
    answer = ayse.send(path, **form)
    assert answer.status_code == 200
    assert "Your care team can see your answer" in answer.text
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(FollowUpAnswer)) == 1


def test_a_file_is_read_from_its_beginning_again(grace: Any, sign_in: Any, quicker: Any) -> None:
    file = b"patient,measure,value,unit,taken_on\nayse@test.example,weight,81,kg,2026-11-03\n"

    def send() -> Any:
        return sign_in("grace")._call(
            "POST", "/results/import", data={"file": (BytesIO(file), "results.csv")}
        )

    quicker(importing, "import_results", send, status=200)
    answer = grace._call("POST", "/results/import", data={"file": (BytesIO(file), "results.csv")})
    assert answer.status_code == 200
    assert "Choose a file" not in answer.text


def test_two_colleagues_finish_one_follow_up(grace: Any, world: Any, story: Any) -> None:
    """Both answers stay; what comes next is set once."""
    follow_up = str(uuid.uuid4())
    grace.put(f"/api/v1/follow-ups/{follow_up}", {"patient_id": str(world.ayse)})
    path = f"/patients/{world.ayse}/follow-ups/{follow_up}"
    for _colleague in range(2):
        answer = grace.send(path, answer_id=str(uuid.uuid4()), result="partly", went="Twice")
        assert answer.status_code == 200
    assert "was finished already" in answer.text
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(FollowUpAnswer)) == 2
        still_open = sa.select(sa.func.count()).select_from(FollowUp).where(FollowUp.outcome.is_(None))
        assert db.session.scalar(still_open) == 1
