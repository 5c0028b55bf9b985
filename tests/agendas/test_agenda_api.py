"""Ayşe writes what she wants to talk about: by the API, to the letter of the contract."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from selfcare import clock
from selfcare.agendas.models import Agenda
from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.history import EarlierVersion
from selfcare.visits.models import CANCELLED, Visit
from tests.agendas import scenes

KNEE = "My knee wakes me up at night. Is it the arthritis or my weight?"
SHAKY = "I get shaky before lunch if I walk. Should I eat first?"
SWIM = "Is swimming OK for my knees? There is a women’s class on Fridays."


@pytest.fixture
def visit(world: Any, story: Any) -> uuid.UUID:
    """Ayşe sees Grace in 2 days."""
    with story():
        return scenes.visit(world, days=2)


def put(who: Any, text: str, item: uuid.UUID | None = None, **more: Any) -> Any:
    item = item or uuid.uuid4()
    answer = who.put(f"/api/v1/agenda-items/{item}", {"text": text, **more})
    assert answer.status_code in (200, 201), answer.get_data(as_text=True)
    return answer


def agenda(who: Any, **query: Any) -> Any:
    answer = who.get("/api/v1/agenda", query_string=query)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return answer.json


def texts(who: Any, **query: Any) -> list[str]:
    items = agenda(who, **query)["items"]
    assert [item["position"] for item in items] == list(range(1, len(items) + 1))
    return [item["text"] for item in items]


def test_before_anything_is_written_the_list_of_the_next_visit_is_empty_and_unshared(
    ayse: Any, visit: uuid.UUID
) -> None:
    found = agenda(ayse)
    assert found["visit"]["id"] == str(visit)
    assert found["visit"]["with"] == {"name": "Grace Mensah", "job_title": "nurse"}
    assert found["team"]["name"] == "Hornsey Lane Surgery"
    assert found["items"] == []
    assert found["shared_at"] is None


def test_three_topics_in_her_order_with_the_most_important_marked(ayse: Any, visit: uuid.UUID) -> None:
    first, second, third = (uuid.uuid4() for _ in range(3))
    new = put(ayse, KNEE, first, visit=str(visit), position=1, kind="topic", most_important=True)
    assert new.status_code == 201
    assert new.json["id"] == str(first)
    assert new.json["written_by"] == str(ayse.id)
    put(ayse, SHAKY, second, visit=str(visit), position=2, kind="topic", most_important=False)
    put(ayse, SWIM, third, visit=str(visit), position=3, kind="topic", most_important=False)
    assert texts(ayse) == [KNEE, SHAKY, SWIM]
    assert [item["most_important"] for item in agenda(ayse)["items"]] == [True, False, False]
    moved = put(ayse, SWIM, third, visit=str(visit), position=1, kind="topic", most_important=True)
    assert moved.status_code == 200
    assert texts(ayse) == [SWIM, KNEE, SHAKY]
    assert [item["most_important"] for item in agenda(ayse)["items"]] == [True, False, False]


def test_sent_twice_it_changes_nothing(ayse: Any, visit: uuid.UUID, story: Any) -> None:
    item = uuid.uuid4()
    body = {"visit": str(visit), "position": 1, "kind": "topic", "most_important": True}
    first = put(ayse, KNEE, item, **body)
    again = put(ayse, KNEE, item, **body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert first.headers["ETag"] == again.headers["ETag"]
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(EarlierVersion)) == 0


def test_positions_close_up_when_one_is_deleted_and_can_be_deleted_twice(ayse: Any, visit: uuid.UUID) -> None:
    items = [uuid.uuid4() for _ in range(3)]
    for item, text in zip(items, (KNEE, SHAKY, SWIM), strict=True):
        put(ayse, text, item)
    assert ayse.delete(f"/api/v1/agenda-items/{items[1]}").status_code == 204
    assert ayse.delete(f"/api/v1/agenda-items/{items[1]}").status_code == 204
    assert texts(ayse) == [KNEE, SWIM]
    put(ayse, SHAKY, items[1], position=1)  # it may come back
    assert texts(ayse) == [SHAKY, KNEE, SWIM]


def test_an_absent_field_leaves_what_is_there(ayse: Any, visit: uuid.UUID) -> None:
    item = uuid.uuid4()
    put(ayse, SHAKY)
    put(ayse, KNEE, item, kind="question", most_important=True)
    put(ayse, KNEE + " Or both?", item, position=None, kind=None, most_important=None)
    found = agenda(ayse)["items"][1]
    assert (found["kind"], found["most_important"], found["position"]) == ("question", True, 2)


@pytest.mark.parametrize(("kind", "most"), [("topic", 3), ("question", 5)])
def test_there_is_room_for_three_topics_and_five_questions(
    ayse: Any, visit: uuid.UUID, kind: str, most: int
) -> None:
    for number in range(most):
        put(ayse, f"Number {number}", kind=kind)
    over = ayse.put(f"/api/v1/agenda-items/{uuid.uuid4()}", {"text": "One more", "kind": kind})
    assert over.status_code == 422
    assert str(most) in over.json["errors"]["text"][0]
    assert len(texts(ayse)) == most
    other = {"topic": "question", "question": "topic"}[kind]
    changed = put(ayse, "The other kind still fits", kind=other)
    assert changed.status_code == 201
    # Nor does one of the other kind turn into this one.
    turned = ayse.put(f"/api/v1/agenda-items/{changed.json['id']}", {"text": "Turn", "kind": kind})
    assert turned.status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": None},
        {"text": ""},
        {"text": " \n\t "},
        {"text": "x" * 2001},
        {"text": "a\x00b"},
        {"text": "a\x1bb"},
        {"text": 7},
        {"text": ["x"]},
        {"text": "x", "position": 0},
        {"text": "x", "position": 9},
        {"text": "x", "position": "1"},
        {"text": "x", "position": 1.5},
        {"text": "x", "kind": "complaint"},
        {"text": "x", "most_important": "yes"},
        {"text": "x", "most_important": 1},
        {"text": "x", "visit": "tomorrow"},
        {"text": "x", "visit": 5},
        {"text": "x", "colour": "red"},
    ],
)
def test_what_cannot_be_stored_is_refused_in_words(ayse: Any, visit: uuid.UUID, body: Any) -> None:
    answer = ayse.put(f"/api/v1/agenda-items/{uuid.uuid4()}", body)
    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert next(iter(answer.json["errors"].values()))[0]
    assert texts(ayse) == []


def test_two_thousand_characters_fit_whatever_the_script(ayse: Any, visit: uuid.UUID) -> None:
    for text in ("x" * 2000, "ağrı" * 500, "😀" * 2000):
        put(ayse, text)
    assert texts(ayse) == ["x" * 2000, "ağrı" * 500, "😀" * 2000]


AS_SHE_WRITES = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc"), include_characters="\n\t"),
    min_size=1,
    max_size=2000,
).filter(lambda text: text.strip())
HARD = [
    "  two spaces before, one after ",
    "<script>alert(1)</script> & <b>bold</b> &amp; {{ 7 * 7 }} %(name)s",
    "ركبتي تؤلمني في الليل \u200f(كثيرا)\u202e",
    "👩🏽‍⚕️ e\u0301 is not é; ﬁ is not fi",
    "line 1\nline 2\r\nline 3\r",
    '=HYPERLINK("x") \'; DROP TABLE agenda_items; --',
    "\ufeffa byte order mark",
]


def round_trip(ayse: Any, grace: Any, text: str, item: uuid.UUID) -> None:
    put(ayse, text, item)
    assert agenda(ayse)["items"][0]["text"].encode() == text.encode()
    summary = grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary").json
    assert summary["agenda"]["items"][0]["text"].encode() == text.encode()


@pytest.fixture
def shared_item(ayse: Any, visit: uuid.UUID) -> uuid.UUID:
    item = uuid.uuid4()
    put(ayse, KNEE, item)
    assert ayse.post("/api/v1/agenda/share").status_code == 200
    return item


@pytest.mark.parametrize("text", HARD)
def test_hard_words_reach_the_clinician_byte_for_byte(
    ayse: Any, grace: Any, shared_item: uuid.UUID, text: str
) -> None:
    round_trip(ayse, grace, text, shared_item)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=AS_SHE_WRITES)
def test_any_words_reach_the_clinician_byte_for_byte(
    ayse: Any, grace: Any, shared_item: uuid.UUID, text: str
) -> None:
    round_trip(ayse, grace, text, shared_item)


def test_nothing_is_shared_until_she_shares_and_then_changes_show_at_once(
    ayse: Any, grace: Any, visit: uuid.UUID
) -> None:
    item = uuid.uuid4()
    put(ayse, KNEE, item)
    before = grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary")
    assert before.json["agenda"] == {"shared_at": None, "look_back": [], "items": []}
    assert KNEE not in before.get_data(as_text=True)
    shared = ayse.post("/api/v1/agenda/share", {"visit": str(visit)})
    assert shared.status_code == 200
    assert shared.json["shared_at"]
    assert ayse.post("/api/v1/agenda/share").json["shared_at"] == shared.json["shared_at"]
    put(ayse, SHAKY, item)
    after = grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary").json["agenda"]
    assert after["shared_at"] == shared.json["shared_at"]
    assert [found["text"] for found in after["items"]] == [SHAKY]


def test_an_edit_after_sharing_keeps_the_earlier_words(ayse: Any, shared_item: uuid.UUID, story: Any) -> None:
    put(ayse, SHAKY, shared_item)
    with story():
        (old,) = db.session.scalars(
            sa.select(EarlierVersion).where(EarlierVersion.row_id == shared_item)
        ).all()
    assert old.body["text"] == KNEE
    assert old.replaced_by == uuid.UUID(ayse.id)


def test_an_empty_list_cannot_be_shared(ayse: Any, visit: uuid.UUID) -> None:
    answer = ayse.post("/api/v1/agenda/share")
    assert answer.status_code == 422
    assert agenda(ayse)["shared_at"] is None


def test_it_can_be_changed_until_the_visit_and_stays_as_it_was_afterwards(
    ayse: Any, visit: uuid.UUID, story: Any
) -> None:
    item = uuid.uuid4()
    put(ayse, KNEE, item)
    with story():
        scenes.move_visit(visit, hours=-2)
    late = ayse.put(f"/api/v1/agenda-items/{item}", {"text": SHAKY})
    assert late.status_code == 422
    assert ayse.delete(f"/api/v1/agenda-items/{item}").status_code == 422
    assert ayse.post("/api/v1/agenda/share", {"visit": str(visit)}).status_code == 422
    assert texts(ayse, visit=visit) == [KNEE]
    # The next list is a new one.
    assert texts(ayse) == []


def test_without_a_visit_there_is_a_list_that_waits_for_one(
    world: Any, ayse: Any, grace: Any, story: Any
) -> None:
    assert agenda(ayse)["visit"] is None
    put(ayse, KNEE)
    assert ayse.post("/api/v1/agenda/share").status_code == 200
    seen = grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary").json
    assert seen["visit"] is None
    assert [item["text"] for item in seen["agenda"]["items"]] == [KNEE]
    with story():
        booked = scenes.visit(world, days=3)
    assert texts(ayse) == texts(ayse, visit=booked) == [KNEE]
    put(ayse, SHAKY)
    assert texts(ayse, visit=booked) == [KNEE, SHAKY]
    with story():
        (row,) = db.session.scalars(sa.select(Agenda)).all()
        assert row.visit_id == booked
    with story():
        later = scenes.visit(world, days=30)
    assert texts(ayse, visit=later) == []


def test_what_was_written_for_a_cancelled_visit_goes_with_the_next(
    world: Any, ayse: Any, grace: Any, visit: uuid.UUID, story: Any
) -> None:
    item = uuid.uuid4()
    put(ayse, KNEE, item)
    ayse.post("/api/v1/agenda/share")
    with story():
        row = db.session.get(Visit, visit)
        assert row is not None
        row.status = CANCELLED
    assert texts(ayse) == [KNEE]
    with story():
        scenes.visit(world, days=9)
    put(ayse, KNEE + " Still.", item)
    seen = grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary").json
    assert [found["text"] for found in seen["agenda"]["items"]] == [KNEE + " Still."]


def test_an_item_stays_on_the_list_of_its_own_visit(world: Any, ayse: Any, visit: Any, story: Any) -> None:
    item = uuid.uuid4()
    put(ayse, KNEE, item)
    with story():
        other = scenes.visit(world, days=20)
    answer = ayse.put(f"/api/v1/agenda-items/{item}", {"text": KNEE, "visit": str(other)})
    assert answer.status_code == 422
    assert texts(ayse) == [KNEE]


def test_if_match_that_no_longer_holds_gives_both_versions(ayse: Any, visit: uuid.UUID) -> None:
    item = uuid.uuid4()
    tag = put(ayse, KNEE, item).headers["ETag"]
    put(ayse, SHAKY, item)
    stale = ayse.put(f"/api/v1/agenda-items/{item}", {"text": SWIM}, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert stale.json["current"]["text"] == SHAKY
    assert stale.json["yours"]["text"] == SWIM
    assert texts(ayse) == [SHAKY]


def test_the_list_has_an_etag_that_changes_with_it(ayse: Any, visit: uuid.UUID) -> None:
    tags = []
    item = uuid.uuid4()
    for change in (lambda: None, lambda: put(ayse, KNEE, item), lambda: ayse.post("/api/v1/agenda/share")):
        change()
        tags.append(ayse.get("/api/v1/agenda").headers["ETag"])
    assert len(set(tags)) == 3


def test_elif_writes_for_her_mother_and_is_named(
    world: Any, ayse: Any, carer: Any, grace: Any, visit: uuid.UUID
) -> None:
    item = uuid.uuid4()
    answer = carer.put(f"/api/v1/agenda-items/{item}?for={world.ayse}", {"text": SHAKY})
    assert answer.status_code == 201
    assert answer.json["written_by"] == str(world.elif_)
    assert answer.json["written_with"] == "daughter Elif"
    assert carer.post(f"/api/v1/agenda/share?for={world.ayse}").status_code == 200
    (seen,) = grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary").json["agenda"]["items"]
    assert (seen["written_by"], seen["written_by_name"]) == (str(world.elif_), "Elif Kaya")
    # Only moving or marking it leaves the words hers; Ayşe's own words are Ayşe's.
    put(ayse, SHAKY, item, most_important=True)
    assert agenda(ayse)["items"][0]["written_with"] == "daughter Elif"
    put(ayse, KNEE, item)
    (own,) = agenda(ayse)["items"]
    assert (own["written_by"], own["written_with"], own["raised_by"]) == (
        str(world.ayse),
        None,
        str(world.elif_),
    )


def test_ayse_is_told_when_her_team_first_read_it(ayse: Any, grace: Any, shared_item: uuid.UUID) -> None:
    assert agenda(ayse)["opened_at"] is None
    grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary")
    opened = agenda(ayse)["opened_at"]
    assert opened
    grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary")
    assert agenda(ayse)["opened_at"] == opened


def test_nobody_else_reads_or_writes_it(
    world: Any,
    ayse: Any,
    peter: Any,
    samuel: Any,
    ruth: Any,
    grace: Any,
    carer: Any,
    nobody: Any,
    shared_item: uuid.UUID,
    visit: uuid.UUID,
) -> None:
    item = f"/api/v1/agenda-items/{shared_item}"
    calls = [
        ("GET", f"/api/v1/agenda?for={world.ayse}", None),
        ("GET", f"/api/v1/agenda?visit={visit}", None),
        ("PUT", item, {"text": "Mine now"}),
        ("PUT", f"{item}?for={world.ayse}", {"text": "Mine now"}),
        ("PUT", f"/api/v1/agenda-items/{uuid.uuid4()}", {"text": "Mine", "visit": str(visit)}),
        ("DELETE", item, None),
        ("POST", "/api/v1/agenda/share", {"visit": str(visit)}),
        ("POST", f"/api/v1/agenda/share?for={world.ayse}", {}),
        ("GET", f"/api/v1/patients/{world.ayse}/agenda-summary", None),
    ]
    for method, path, body in calls:
        for who in (peter, samuel, ruth):
            answer = who._call(method, path, json=body)
            assert answer.status_code == 404, (method, path, answer.status_code)
            assert KNEE not in answer.get_data(as_text=True)
        assert nobody._call(method, path, json=body).status_code == 401
    # Grace reads the page and writes nothing of it; Elif without ?for= has no list of her own.
    assert grace.put(item, {"text": "Mine now"}).status_code == 404
    assert grace.get("/api/v1/agenda").status_code == 404
    assert carer.get("/api/v1/agenda").status_code == 404
    assert texts(ayse) == [KNEE]


def test_a_team_reads_only_the_lists_for_its_own_visits(
    world: Any, ayse: Any, grace: Any, samuel: Any, visit: uuid.UUID, story: Any
) -> None:
    """Archway cares for Ayşe as well: each practice reads what is meant for it."""
    with story():
        scenes.care_for(world.ayse, world.archway)
        theirs = scenes.visit(world, days=5, team=world.archway, clinician=world.samuel)
    put(ayse, KNEE, visit=str(visit))
    put(ayse, SWIM, visit=str(theirs))
    for each in (visit, theirs):
        assert ayse.post("/api/v1/agenda/share", {"visit": str(each)}).status_code == 200
    path = f"/api/v1/patients/{ayse.id}/agenda-summary"
    for who, text, not_his in ((grace, KNEE, theirs), (samuel, SWIM, visit)):
        seen = who.get(path).json
        assert [item["text"] for item in seen["agenda"]["items"]] == [text]
        assert who.get(f"{path}?visit={not_his}").status_code == 404


def test_a_visit_with_somebody_who_is_not_here_cannot_be_shared(
    world: Any, ayse: Any, grace: Any, story: Any
) -> None:
    with story():
        own = scenes.visit(world, days=1, team=None, clinician=None, with_whom="The foot clinic")
    put(ayse, KNEE, visit=str(own))
    assert ayse.post("/api/v1/agenda/share").status_code == 422
    seen = grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary").json
    assert seen["visit"] is None
    assert seen["agenda"]["items"] == []


def test_reading_and_writing_leave_their_mark_in_the_audit_trail_without_her_words(
    ayse: Any, grace: Any, shared_item: uuid.UUID, story: Any
) -> None:
    agenda(ayse)
    grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary")
    ayse.delete(f"/api/v1/agenda-items/{shared_item}")
    with story():
        rows = db.session.scalars(sa.select(AuditEvent)).all()
    actions = {row.action for row in rows if row.subject_id == uuid.UUID(ayse.id)}
    assert {
        "agenda_item.written",
        "agenda.shared",
        "agenda.read",
        "agenda_summary.read",
        "agenda_item.removed",
    } <= actions
    assert not any("knee" in str(row.details) for row in rows)


def test_the_summary_names_the_day_of_today(world: Any, ayse: Any, grace: Any, story: Any) -> None:
    """A visit that was this morning is still today's page: goals are recorded after it."""
    with story():
        today = scenes.visit(world, days=0)
        start = clock.day_bounds(clock.today("Europe/London"), "Europe/London")[0]
        scenes.move_visit(today, to=start + dt.timedelta(minutes=1))
    assert grace.get(f"/api/v1/patients/{ayse.id}/agenda-summary").json["visit"]["id"] == str(today)
