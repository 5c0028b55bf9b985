"""The published text of the PHQ-9, as set-up installs it; and ways to answer it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

import config
from selfcare.extensions import db
from selfcare.questionnaires import texts
from selfcare.questionnaires.models import QuestionnaireReader

PUBLISHED = config.ROOT / "build" / "texts"
NOBODY_HARMED = {str(item): 1 for item in range(1, 9)} | {"9": 0}  # 8 of 27


@pytest.fixture
def installed(story: Any) -> None:
    """The PHQ-9's text is in force."""
    with story():
        assert texts.install_published(PUBLISHED) == ["phq9"], (
            "run `make packages`: the text is not in build/texts"
        )


@pytest.fixture
def read_by_grace(installed: None, story: Any, world: Any) -> None:
    """Grace reads what is answered to the PHQ-9 at Hornsey Lane within 3 days."""
    with story():
        db.session.add(
            QuestionnaireReader(
                team_id=world.hornsey,
                questionnaire="phq9",
                clinician_id=world.grace,
                within_days=3,
                set_by=world.grace,
            )
        )


@pytest.fixture
def answer(installed: None) -> Callable[..., Any]:
    """``answer(ayse, {"1": 3})``: what the API says to these answers to the PHQ-9."""

    def send(
        who: Any, answers: dict[str, Any], *, id_: uuid.UUID | None = None, query: str = "", **more: Any
    ) -> Any:
        body = {"questionnaire": "phq9", "answers": answers} | more
        return who.put(f"/api/v1/questionnaire-responses/{id_ or uuid.uuid4()}{query}", body)

    return send
