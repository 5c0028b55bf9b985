"""A scene for the tests that walk every route: Ayşe writes into everything, with a canary in each text.

A canary is a word nobody would write; where it turns up, Ayşe's words turned up.
"""

from __future__ import annotations

import datetime as dt
import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from selfcare import clock
from selfcare.database import Base
from selfcare.extensions import db
from selfcare.questionnaires.models import QuestionnaireResponse, QuestionnaireText

CANARY = "zanzibarine"
# What Elif is not to see (mood and notes are not ticked for her) and Grace neither (notes are not shared with the team).
NOTE_CANARY = "quixotrope"
# In a result that her nurse holds back: nobody but the team is to meet it, by any door.
HELD = "vermilionade"
# What neither Ayşe nor Elif is to see: the team's own notes.
TEAM_CANARY = "palimpsestic"

ZONE = "Europe/London"

# Tables that every request writes: who looked, and when a session was last seen.
OF_EVERY_REQUEST = {"audit_events", "record_views", "login_sessions", "sign_in_tries", "audit_heads"}


@dataclass
class Scene:
    """Where Ayşe's things are: parameter of a rule → values to put there."""

    ayse: str
    ids: dict[str, list[str]]
    valid: dict[str, dict[str, Any]]
    withheld: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def paths(self, rule: str) -> Iterator[str]:
        """The rule with Ayşe's ids in place of its parameters; for patients' doors also with ``?for=`` Ayşe."""
        names = re.findall(r"<(?:[^:<>]+:)?([^<>]+)>", rule)
        path = rule
        for name in names:
            values = self.ids.get(name) or [str(uuid.uuid4())]
            path = re.sub(rf"<(?:[^:<>]+:)?{name}>", values[0], path, count=1)
        yield path
        if "/patients/" not in rule:
            yield f"{path}?for={self.ayse}"

    def bodies(self, rule: str) -> list[dict[str, Any]]:
        """An empty body, and one that would be stored if the record were open."""
        return [{}, *([self.valid[rule]] if rule in self.valid else [])]


def monday() -> dt.date:
    return clock.monday_of(clock.today(ZONE))


def write_canaries(ayse: Any, grace: Any, world: Any) -> Scene:
    """Ayşe and her nurse use everything there is, once."""
    today, week = clock.today(ZONE).isoformat(), monday().isoformat()
    now = clock.now().isoformat()
    ids = {
        name: str(uuid.uuid4())
        for name in (
            "goal",
            "score",
            "entry",
            "visit",
            "topic",
            "reminder",
            "note",
            "agreed",
            "follow_up",
            "result",
            "answer",
            "response",
            "acknowledgement",
        )
    }
    valid: dict[str, dict[str, Any]] = {}

    def put(caller: Any, rule: str, path: str, body: dict[str, Any]) -> None:
        answer = caller.put(f"/api/v1{path}", body)
        assert answer.status_code in (200, 201), (path, answer.get_data(as_text=True))
        valid[f"/api/v1{rule}"] = body

    goal = {"statement": f"Walk after lunch {CANARY}", "importance": 8, "importance_reason": CANARY}
    plan = {
        "what": f"Walk {CANARY}",
        "how_much": "15 minutes",
        "when": "after lunch",
        "days": ["mon", "tue", "thu"],
        "confidence": 5,
        "why_not_lower": f"The path is flat {CANARY}",
        "barriers": CANARY,
    }
    put(ayse, "/goals/<uuid:goal_id>", f"/goals/{ids['goal']}", goal)
    put(ayse, "/goals/<uuid:goal_id>/weeks/<string:monday>", f"/goals/{ids['goal']}/weeks/{week}", plan)
    put(
        ayse,
        "/goals/<uuid:goal_id>/days/<string:date>",
        f"/goals/{ids['goal']}/days/{today}",
        {"outcome": "done", "note": CANARY},
    )
    put(
        ayse,
        "/confidence-scores/<uuid:score_id>",
        f"/confidence-scores/{ids['score']}",
        {"goal_id": ids["goal"], "score": 6, "why_not_lower": CANARY, "recorded_at": now},
    )
    put(ayse, "/trackers", "/trackers", {"measures": ["pain", "glucose", "mood"]})
    put(
        ayse,
        "/diary-entries/<uuid:entry_id>",
        f"/diary-entries/{ids['entry']}",
        {
            "experienced_at": now,
            "recorded_at": now,
            "values": {"pain": 4, "mood": 3},
            "note": f"Bad night {CANARY}",
        },
    )
    put(
        ayse,
        "/reminders/<uuid:reminder_id>",
        f"/reminders/{ids['reminder']}",
        {"about": "diary", "times": ["19:00"], "time_zone": ZONE, "channels": ["push"], "active": True},
    )
    put(
        ayse,
        "/notes/<uuid:note_id>",
        f"/notes/{ids['note']}",
        {"kind": "medicine", "text": f"Metformin {NOTE_CANARY}"},
    )
    put(
        ayse,
        "/agenda-items/<uuid:item_id>",
        f"/agenda-items/{ids['topic']}",
        {"position": 1, "text": f"My knee wakes me {CANARY}", "kind": "topic", "most_important": True},
    )
    stand_in_text(ayse.http.application)
    put(
        ayse,
        "/questionnaire-responses/<uuid:response_id>",
        f"/questionnaire-responses/{ids['response']}",
        {"questionnaire": "phq9", "answers": {"1": 2, "9": 1}, "recorded_at": now},
    )
    its_words(ayse.http.application, ids["response"], f"Often {NOTE_CANARY}")
    put(
        ayse,
        "/crisis-acknowledgements/<uuid:acknowledgement_id>",
        f"/crisis-acknowledgements/{ids['acknowledgement']}",
        {"response_id": ids["response"], "recorded_at": now},
    )
    assert ayse.post("/api/v1/agenda/share").status_code == 200
    invited = str(uuid.uuid4())
    answer = ayse.send("/carers/new", id=invited, known_as=CANARY, relation="friend", may="see")
    assert answer.status_code == 200, answer.get_data(as_text=True)
    put(
        grace,
        "/agreed-goals/<uuid:agreed_id>",
        f"/agreed-goals/{ids['agreed']}",
        {
            "patient_id": str(world.ayse),
            "statement": f"Swim on Fridays {CANARY}",
            "confidence": 7,
            "who_does_what": CANARY,
        },
    )
    put(
        grace,
        "/follow-ups/<uuid:follow_up_id>",
        f"/follow-ups/{ids['follow_up']}",
        {"patient_id": str(world.ayse), "goal_id": ids["goal"], "channel": "phone"},
    )
    put(
        grace,
        "/results/<uuid:result_id>",
        f"/results/{ids['result']}",
        {
            "patient_id": str(world.ayse),
            "measure": "hba1c",
            "value": 58,
            "unit": "mmol/mol",
            "taken_on": today,
        },
    )
    assert grace.post(f"/api/v1/results/{ids['result']}/release").status_code == 200
    # Held, and so is its correction, in which the canary stands.
    wrong = str(uuid.uuid4())
    weight: dict[str, Any] = {"patient_id": str(world.ayse), "measure": "weight", "unit": "kg"}
    weight |= {"value": 91.4, "taken_on": today}
    assert grace.put(f"/api/v1/results/{wrong}", weight).status_code == 201
    weight |= {"value": 81.4, "corrects": wrong, "reason": HELD}
    assert grace.put(f"/api/v1/results/{uuid.uuid4()}", weight).status_code == 201
    # What the team notes for itself is for no patient and no carer.
    for place, fields in (
        (f"/patients/{world.ayse}/agree", {"agreed_id": str(uuid.uuid4()), "statement": f"Rest {CANARY}"}),
        (
            f"/patients/{world.ayse}/follow-ups/{ids['follow_up']}",
            {"answer_id": str(uuid.uuid4()), "result": "partly", "went": CANARY, "confidence": "7"},
        ),
    ):
        assert grace.send(place, **fields, team_note=TEAM_CANARY).status_code == 200
    put(
        grace,
        "/follow-ups/<uuid:follow_up_id>",
        f"/follow-ups/{ids['follow_up']}",
        {"patient_id": str(world.ayse), "goal_id": ids["goal"], "channel": "app", "due_on": today},
    )
    put(
        ayse,
        "/follow-up-answers/<uuid:answer_id>",
        f"/follow-up-answers/{ids['answer']}",
        {"follow_up_id": ids["follow_up"], "result": "partly", "went": f"Twice {CANARY}", "confidence": 7},
    )
    return Scene(
        ayse=str(world.ayse),
        ids={
            "goal_id": [ids["goal"]],
            "link_id": [each["id"] for each in ayse.get("/api/v1/carers").json["items"]],
            "invitation_id": [invited],
            "score_id": [ids["score"]],
            "entry_id": [ids["entry"]],
            "reminder_id": [ids["reminder"]],
            "note_id": [ids["note"]],
            "item_id": [ids["topic"]],
            "agreed_id": [ids["agreed"]],
            "agreed_goal_id": [ids["agreed"]],
            "follow_up_id": [ids["follow_up"]],
            "result_id": [ids["result"]],
            "answer_id": [ids["answer"]],
            "response_id": [ids["response"]],
            "acknowledgement_id": [ids["acknowledgement"]],
            "code": ["phq2"],
            "patient_id": [str(world.ayse)],
            "person_id": [str(world.ayse)],
            "team_id": [str(world.hornsey)],
            "monday": [week],
            "date": [today],
            "day": [today],
            "video_id": ["small-steps"],
        },
        valid=valid,
        withheld={
            "ayse": (TEAM_CANARY, HELD),
            "elif": (NOTE_CANARY, TEAM_CANARY, HELD),
            "grace": (NOTE_CANARY,),
            "peter": (NOTE_CANARY, TEAM_CANARY, HELD),
            "samuel": (TEAM_CANARY, HELD),
            "nobody": (TEAM_CANARY, HELD),
            "ruth": (NOTE_CANARY, TEAM_CANARY, HELD),
        },
    )


def stand_in_text(app: Any) -> None:
    """A text for the PHQ-9 that is nobody's wording: the walks need none."""
    with app.app_context(), db.scope(), db.transaction():
        db.session.add(
            QuestionnaireText(
                questionnaire="phq9",
                stem="Lately",
                items=[f"Question {item}" for item in range(1, 10)],
                answers=["Never", "Seldom", "Often", "Always"],
                notice="A stand-in of the tests",
                source="tests",
                text_hash="0" * 64,
            )
        )


def its_words(app: Any, response_id: str, words: str) -> None:
    """Put a canary where the words of the answer about harm stand."""
    with app.app_context(), db.scope(), db.transaction():
        db.session.get_one(QuestionnaireResponse, uuid.UUID(response_id)).crisis_answer = words


def rows_of_ayse(story: Any, scene: Scene) -> dict[str, Any]:
    """Every row of every table that belongs to Ayşe: to see that nothing changed."""
    found: dict[str, Any] = {}
    with story():
        for table in Base.metadata.sorted_tables:
            if "patient_id" in table.c and table.name not in OF_EVERY_REQUEST:
                # That somebody of the team opened a list is noted as they read it, like any look.
                columns = [column for column in table.c if column.name not in ("opened_at", "opened_by")]
                rows = db.session.execute(
                    sa.select(*columns).where(table.c.patient_id == uuid.UUID(scene.ayse))
                )
                found[table.name] = sorted(str(row) for row in rows)
    return found
