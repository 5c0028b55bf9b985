"""What Ayşe withholds appears nowhere: every part with a canary of its own, every door of everybody, part by part.

The doors come from the table of routes, so that a new one is walked from its first day. A part that is withheld is in no page, print, PDF,
answer of the API, text to copy, list or search; the same part, shared, is there (else the test would see nothing at all).
"""

from __future__ import annotations

import datetime as dt
import io
import re
import uuid
from collections.abc import Iterable
from typing import Any

import pypdf
import pytest
import sqlalchemy as sa
from flask import Flask

from selfcare import clock
from selfcare.edge.roles import route_table
from selfcare.extensions import db
from selfcare.people.access import CARER_TICKS, SHAREABLE
from selfcare.people.models import CarerLink, Person, TeamMembership
from tests import factories, scene
from tests.factories import World

pytestmark = pytest.mark.slow

API = "/api/v1"
# Words nobody would write, and a number nobody would count. Several of one part: each stands in another field of it.
CANARIES: dict[str, tuple[str, ...]] = {
    "agenda": ("alabastrine",),
    "goals": (
        *("quokkawish", "quokkawhy", "quokkaplan", "quokkahow", "quokkabarrier", "quokkaway", "quokkaday"),
        *("quokkascore", "quokkareview"),
    ),
    "diary": ("tarragonal", r"\b23,?457\b"),
    "mood": ("perihelionic",),
    "notes": ("mugwortian", "mugwortold", "mugwortwhy"),
    "questionnaires": ("flamboyantine",),
    "videos": ("Small steps: planning a week",),
}
BUILT = {part.value for part in SHAREABLE}


def new() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def written(app: Flask, ayse: Any, grace: Any, world: World, story: Any) -> scene.Scene:
    """Everything that can be withheld, beside everything else that the scene writes; Maria works with Grace."""
    with story():
        maria = factories.make_person("Maria Silva", "clinician", job_title="physiotherapist")
        db.session.add(TeamMembership(team_id=world.hornsey, person_id=maria.id))
    found = scene.write_canaries(ayse, grace, world)
    goal, monday = new(), scene.monday().isoformat()
    now, today = clock.now().isoformat(), clock.today(scene.ZONE).isoformat()

    def put(path: str, body: dict[str, Any]) -> None:
        answer = ayse.put(API + path, body)
        assert answer.status_code in (200, 201), (path, answer.get_data(as_text=True))

    body: dict[str, Any] = {"statement": "", "importance": 8, "importance_reason": "quokkawhy"}
    put(f"/goals/{goal}", body | {"statement": "I want quokkawish"})
    plan: dict[str, Any] = {
        "what": "quokkaplan",
        "how_much": "quokkahow",
        "when": "after lunch",
        "days": ["mon", "tue", "sun"],
    }
    plan |= {"confidence": 5, "why_not_lower": "it is flat", "barriers": "quokkabarrier"}
    put(f"/goals/{goal}/weeks/{monday}", plan | {"plan_for_barriers": "quokkaway"})
    put(f"/goals/{goal}/days/{today}", {"outcome": "done", "note": "quokkaday"})
    score = {"goal_id": goal, "score": 4, "why_not_lower": "quokkascore", "recorded_at": now}
    put(f"/confidence-scores/{new()}", score)
    review = {"went_well": "quokkareview", "got_in_the_way": None, "confidence": 6, "next": "repeat"}
    put(f"/goals/{goal}/reviews/{monday}", review)
    put("/trackers", {"measures": ["pain", "steps", "mood"]})
    for hours, values, note in ((3, {"steps": 23457}, "tarragonal"), (2, {"mood": 1}, "perihelionic")):
        at = (clock.now() - dt.timedelta(hours=hours)).isoformat()
        entry = {"experienced_at": at, "recorded_at": at, "values": values, "note": note}
        put(f"/diary-entries/{new()}", entry | {"confirmed": list(values)})
    put(f"/notes/{new()}", {"kind": "medicine", "text": "mugwortian"})
    stopped = {"kind": "medicine", "text": "mugwortold", "since": today, "stopped_on": today}
    put(f"/notes/{new()}", stopped | {"stop_reason": "mugwortwhy"})
    assert ayse.put(f"{API}/videos/small-steps/progress", {"seconds": 9, "completed": True}).status_code < 300
    response, answers = new(), {"questionnaire": "phq9", "answers": {"9": 3}}
    put(f"/questionnaire-responses/{response}", answers)
    scene.its_words(app, response, "flamboyantine")
    item = {"position": 2, "text": "alabastrine", "kind": "question"}
    put(f"/agenda-items/{new()}", item)
    follow_up: dict[str, Any] = {
        "patient_id": str(world.ayse),
        "goal_id": goal,
        "channel": "phone",
        "due_on": today,
    }
    made = new()
    assert grace.put(f"{API}/follow-ups/{made}", follow_up).status_code == 201
    found.ids["goal_id"].append(goal)
    found.ids["follow_up_id"].append(made)
    return found


def texts(answer: Any) -> str:
    if answer.content_type == "application/pdf":
        pages = pypdf.PdfReader(io.BytesIO(answer.get_data())).pages
        return re.sub(r"-\n", "", "\n".join(page.extract_text() for page in pages))
    return str(answer.get_data().decode(errors="replace"))


def everything(
    app: Flask,
    caller: Any,
    written: scene.Scene,
    opened: set[str] | None = None,
    *,
    only: set[str] | None = None,
) -> dict[str, str]:
    """What every door that answers a GET gives this caller, and what searches by name give: path → text.

    :param opened: the doors that were not closed are noted there.
    :param only: of the doors in the table of routes, no others than these.
    """
    found = {}
    for row in route_table(app):
        if "GET" not in row["methods"]:
            continue
        for goal, follow_up in zip(written.ids["goal_id"], written.ids["follow_up_id"], strict=True):
            here = scene.Scene(
                written.ayse, written.ids | {"goal_id": [goal], "follow_up_id": [follow_up]}, {}
            )
            for path in here.paths(row["rule"]):
                if path not in found and (only is None or path in only):
                    answer = caller.get(path)
                    found[path] = texts(answer)
                    if opened is not None and answer.status_code not in (403, 404):
                        opened.add(path)
    for path in ("/panel?show=team", "/panel?only=agenda", "/panel?only=results", "/follow-ups?whose=team",
                 "/follow-ups?only=answered", f"{API}/panel?sort=name"):  # fmt: skip
        found[path] = texts(caller.get(path))
    found["search"] = texts(caller.post(f"{API}/panel/search", {"q": "ayse"}))
    found["search page"] = texts(caller.send("/panel/search", q="ayse"))
    return found


def where(seen: dict[str, str], words: Iterable[str]) -> dict[str, list[str]]:
    """Canary → the doors at which it stands."""
    hits = {word: [path for path, body in seen.items() if re.search(word, body)] for word in words}
    return {word: paths for word, paths in hits.items() if paths}


def check(seen: dict[str, str], shown: set[str]) -> None:
    """These parts alone are there, each with at least one of its canaries; the others with none."""
    for part, words in CANARIES.items():
        hits = where(seen, words)
        if part in shown:
            assert hits, f"{part} is shared, and nothing of it is anywhere: this would see no leak"
        else:
            assert hits == {}, f"{part} is withheld"


def test_every_part_has_a_canary() -> None:
    assert set(CANARIES) == BUILT | {"mood", "agenda"}
    assert {"mood", "questionnaires", "notes"} == CARER_TICKS


@pytest.mark.parametrize("name", ["grace", pytest.param("maria", marks=pytest.mark.any_database)])
def test_the_care_team_part_by_part(
    name: str, app: Flask, ayse: Any, written: scene.Scene, sign_in: Any
) -> None:
    """Grace is named, Maria is of her team: the same for both.

    With nothing shared and with all, every door is tried; with one part, those that were open with either.
    """
    caller = sign_in(name)
    opened: set[str] = set()

    def round_with(shared: set[str], **doors: Any) -> dict[str, str]:
        choices = {part.value: part.value in shared for part in SHAREABLE}
        assert ayse.put(f"{API}/sharing", choices).status_code == 200
        seen = everything(app, caller, written, **doors)
        # The list is shared with its own button; mood belongs to the diary for the team.
        check(seen, shared | {"agenda"} | ({"mood"} if "diary" in shared else set()))
        return seen

    round_with(set(), opened=opened)
    seen = round_with(BUILT, opened=opened)
    for part in sorted(BUILT):
        round_with({part}, only=opened)
    # With all shared, the eye reaches every kind of door, the PDF's letters among them.
    doors = {path for paths in where(seen, CANARIES["goals"]).values() for path in paths}
    here = f"/patients/{written.ayse}"
    for door in (f"{here}/agenda", f"{here}/agenda.pdf", f"{API}{here}/agenda-summary", here, "/follow-ups"):
        assert door in doors, door
    assert any(door.endswith("/thread") for door in doors)


def test_a_list_that_is_not_shared(
    app: Flask, ayse: Any, grace: Any, written: scene.Scene, story: Any
) -> None:
    with story():
        db.session.execute(sa.text("UPDATE agendas SET shared_at = NULL"))
    check(everything(app, grace, written), {"goals", "diary", "mood"})


@pytest.mark.parametrize("name", ["samuel", "peter", "ruth", "nobody"])
def test_everybody_else_sees_nothing_although_all_is_shared(
    name: str, app: Flask, ayse: Any, written: scene.Scene, sign_in: Any
) -> None:
    ayse.put(f"{API}/sharing", {part.value: True for part in SHAREABLE})
    seen = everything(app, sign_in(None if name == "nobody" else name), written)
    library = {path for path in seen if path.startswith(("/learn", f"{API}/videos", "/offline"))}
    check({path: body for path, body in seen.items() if path not in library}, set())


@pytest.mark.parametrize(
    ("ticks", "may_write"),
    [
        ((), True),
        pytest.param((), False, marks=pytest.mark.any_database),
        (("mood",), True),
        pytest.param(("notes",), True, marks=pytest.mark.any_database),
        pytest.param(("questionnaires",), True, marks=pytest.mark.any_database),
        (("mood", "notes", "questionnaires"), False),
    ],
)
def test_a_carer_tick_by_tick(
    ticks: tuple[str, ...], may_write: bool, app: Flask, carer: Any, written: scene.Scene, story: Any
) -> None:
    with story():
        db.session.execute(sa.update(CarerLink).values(also_sees=list(ticks), may_write=may_write))
    seen = everything(app, carer, written)
    check(seen, {"agenda", "goals", "diary", "videos"} | set(ticks))
    assert where(seen, (scene.TEAM_CANARY, scene.HELD)) == {}


def test_who_left_the_team_or_the_role_sees_nothing(
    app: Flask, ayse: Any, grace: Any, written: scene.Scene, story: Any, world: World
) -> None:
    ayse.put(f"{API}/sharing", {part.value: True for part in SHAREABLE})
    with story():
        db.session.execute(
            sa.update(TeamMembership)
            .where(TeamMembership.person_id == world.grace)
            .values(ended_at=clock.now())
        )
    seen = everything(app, grace, written)
    check(seen, set())
    assert where(seen, ("Ayşe", "Kaya")) == {}
    with story():
        assert db.session.get_one(Person, world.grace).disabled_at is None
