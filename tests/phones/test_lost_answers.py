"""An answer that was lost on its way is no conflict; a change that somebody else made is one, with both versions.

Ayşe's phone sends what it wrote without signal, each thing with the ETag it last knew, and sends it again when no answer came.
"""

from __future__ import annotations

import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from selfcare import clock

API = "/api/v1"
ZONE = "Europe/London"


def new() -> str:
    return str(uuid.uuid4())


@pytest.fixture
def goal(ayse: Any) -> str:
    goal = new()
    assert ayse.put(f"{API}/goals/{goal}", {"statement": "Walk after lunch"}).status_code == 201
    return goal


# Each: where it is, what was there, what the phone wrote, what another phone wrote meanwhile.
STATES: dict[str, tuple[str, Any, Any, Any]] = {
    "a goal's day": ("/goals/{goal}/days/{today}", {"outcome": "not_done"}, {"outcome": "done"}, {"outcome": "skipped"}),
    "a goal's week": ("/goals/{goal}/weeks/{monday}", {"what": "Walk"}, {"what": "Walk", "days": ["mon"]}, {"what": "Swim"}),
    "a review": ("/goals/{goal}/reviews/{monday}", {"went_well": "Sun"}, {"went_well": "Rain", "confidence": 6}, {"went_well": "Snow"}),
    "a goal": ("/goals/{goal}", {"statement": "Walk"}, {"statement": "Walk more"}, {"statement": "Swim"}),
    "a topic": ("/agenda-items/{id}", {"text": "My knee"}, {"text": "My knee wakes me"}, {"text": "My hip"}),
    "what she tracks": ("/trackers", {"measures": ["pain"]}, {"measures": ["pain", "sleep"]}, {"measures": ["mood"]}),
    "what she shares": ("/sharing", {"goals": True}, {"goals": False, "diary": False}, {"notes": True}),
    "a reminder": (
        "/reminders/{id}",
        {"about": "diary", "times": ["19:00"]},
        {"about": "diary", "times": ["20:00"]},
        {"about": "diary", "times": ["21:00"]},
    ),
    "quiet hours": ("/quiet-hours", {"from": "21:00", "to": "07:00"}, {"from": "22:00", "to": "07:00"}, {"from": "23:00", "to": "07:00"}),
    "a note": (
        "/notes/{id}",
        {"kind": "note", "text": "Heat helps"},
        {"kind": "note", "text": "Heat and rest"},
        {"kind": "note", "text": "Cold helps"},
    ),
    "how far she watched": ("/videos/small-steps/progress", {"seconds": 5}, {"seconds": 10}, {"seconds": 15}),
}  # fmt: skip


@pytest.fixture(params=STATES)
def state(request: pytest.FixtureRequest, goal: str) -> tuple[str, Any, Any, Any]:
    path, was, hers, other = STATES[request.param]
    today = clock.today(ZONE)
    given = {"goal": goal, "id": new(), "today": today, "monday": clock.monday_of(today)}
    return API + path.format(**given), was, hers, other


def tag_after(ayse: Any, path: str, body: Any) -> str:
    """The ETag that a PUT answers with (sharing's, as it is not made by one PUT, that GET gives)."""
    answer = ayse.put(path, body)
    assert answer.status_code in (200, 201), answer.json
    return str(answer.headers["ETag"])


def test_the_same_again_with_the_old_tag_is_answered_with_what_is_there(ayse: Any, state: Any) -> None:
    path, was, hers, _other = state
    known = tag_after(ayse, path, was)
    first = ayse.put(path, hers, headers={"If-Match": known})
    assert first.status_code == 200
    assert first.headers["ETag"] != known
    again = ayse.put(path, hers, headers={"If-Match": known})  # the first answer was lost
    assert again.status_code == 200, again.json
    assert again.json == first.json
    assert again.headers["ETag"] == first.headers["ETag"]


def test_what_another_phone_changed_meanwhile_is_shown_beside_hers(ayse: Any, state: Any) -> None:
    path, was, hers, other = state
    known = tag_after(ayse, path, was)
    now = tag_after(ayse, path, other)
    refused = ayse.put(path, hers, headers={"If-Match": known})
    assert refused.status_code == 412
    assert refused.json["yours"] == hers
    assert other.items() <= refused.json["current"].items()
    # And nothing of hers was stored: the tag is still the other phone's.
    assert tag_after(ayse, path, other) == now


# What she shares is always there: it cannot be begun.
@pytest.mark.parametrize("state", [name for name in STATES if name != "what she shares"], indirect=True)
def test_what_was_begun_without_signal_never_overwrites_what_is_there(ayse: Any, state: Any) -> None:
    path, _was, hers, other = state
    begun = {"If-None-Match": "*"}
    if path != f"{API}/goals/{path.rsplit('/', 1)[1]}":  # the goal of the scene is there already
        assert ayse.put(path, hers, headers=begun).status_code == 201
    else:
        assert ayse.put(path, hers).status_code == 200
    again = ayse.put(path, hers, headers=begun)
    assert again.status_code == 200, again.json
    refused = ayse.put(path, other, headers=begun)
    assert refused.status_code == 412
    assert refused.json["yours"] == other
    assert {name: refused.json["current"][name] for name in hers} == hers


def test_a_tag_of_what_is_not_there_is_refused(ayse: Any, goal: str) -> None:
    path = f"{API}/goals/{goal}/days/{clock.today(ZONE)}"
    refused = ayse.put(path, {"outcome": "done"}, headers={"If-Match": '"v1"'})
    assert refused.status_code == 412
    assert refused.json["current"] is None
    assert ayse.get(f"{API}/goals/{goal}").json["days"] == []


def test_what_was_changed_meanwhile_comes_before_what_is_wrong_with_hers(ayse: Any, goal: str) -> None:
    path = f"{API}/goals/{goal}/reviews/{clock.monday_of(clock.today(ZONE))}"
    known = tag_after(ayse, path, {"went_well": "Sun"})
    tag_after(ayse, path, {"went_well": "Snow"})
    both = {"confidence": 5, "confidence_words": "not at all"}
    assert ayse.put(path, both).status_code == 422
    assert ayse.put(path, both, headers={"If-Match": known}).status_code == 412


def test_a_day_that_was_cleared_and_set_again_is_another_version(ayse: Any, goal: str) -> None:
    path = f"{API}/goals/{goal}/days/{clock.today(ZONE)}"
    old = tag_after(ayse, path, {"outcome": "done"})
    for _time in range(2):
        assert ayse.delete(path).status_code == 204
        fresh = tag_after(ayse, path, {"outcome": "skipped"})
        assert fresh != old
        assert ayse.put(path, {"outcome": "not_done"}, headers={"If-Match": old}).status_code == 412
        assert ayse.delete(path, headers={"If-Match": old}).status_code == 412
        old = fresh


def test_a_reminder_that_was_deleted_and_made_again_is_another_version(ayse: Any) -> None:
    path, wish = f"{API}/reminders/{new()}", {"about": "diary", "times": ["19:00"]}
    old = tag_after(ayse, path, wish)
    assert ayse.delete(path).status_code == 204
    tag_after(ayse, path, wish | {"times": ["20:00"]})
    assert ayse.put(path, wish | {"times": ["21:00"]}, headers={"If-Match": old}).status_code == 412


def test_a_review_sent_twice_finishes_the_goal_once(ayse: Any, goal: str) -> None:
    """She finished, thought better of it on another phone, and then the first phone sent its review again."""
    path = f"{API}/goals/{goal}/reviews/{clock.monday_of(clock.today(ZONE))}"
    review = {"went_well": "All of it", "next": "finish"}
    assert ayse.put(path, review).status_code == 201
    assert ayse.get(f"{API}/goals/{goal}").json["lifecycle_status"] == "completed"
    running = {"statement": "Walk after lunch", "lifecycle_status": "active"}
    assert ayse.put(f"{API}/goals/{goal}", running).status_code == 200
    assert ayse.put(path, review, headers={"If-None-Match": "*"}).status_code == 200
    assert ayse.get(f"{API}/goals/{goal}").json["lifecycle_status"] == "active"


def test_the_tags_that_lists_give_are_what_if_match_wants(ayse: Any, goal: str) -> None:
    today = clock.today(ZONE)
    tag_after(ayse, f"{API}/goals/{goal}/weeks/{clock.monday_of(today)}", {"what": "Walk"})
    tag_after(ayse, f"{API}/goals/{goal}/days/{today}", {"outcome": "done"})
    card = ayse.get(f"{API}/goals/{goal}").json
    for path, body, tag in (
        (f"/goals/{goal}", {"statement": "Swim"}, card["etag"]),
        (f"/goals/{goal}/weeks/{clock.monday_of(today)}", {"what": "Swim"}, card["plan"]["etag"]),
        (f"/goals/{goal}/days/{today}", {"outcome": "skipped"}, card["days"][0]["etag"]),
    ):
        assert ayse.put(API + path, body, headers={"If-Match": tag}).status_code == 200
    day = dt.date.fromisoformat(card["days"][0]["date"])
    assert day == today


def test_a_day_that_is_gone_already_is_not_there(ayse: Any, goal: str) -> None:
    path = f"{API}/goals/{goal}/days/{clock.today(ZONE)}"
    known = {"If-Match": tag_after(ayse, path, {"outcome": "done"})}
    assert ayse.delete(path, headers=known).status_code == 204
    assert ayse.delete(path, headers=known).status_code == 404


def test_two_tabs_that_send_the_same_at_once_store_it_once(ayse: Any, state: Any) -> None:
    """Without navigator.locks both send. The slower one is answered as if it had come later, never with a conflict."""
    path, _was, hers, _other = state
    headers = {} if path.endswith("/sharing") else {"If-None-Match": "*"}
    if path.startswith(f"{API}/goals/") and path.count("/") == 4:
        assert ayse.put(path, hers).status_code == 200  # the goal of the scene
    with ThreadPoolExecutor(5) as tabs:
        keys = [{"Idempotency-Key": new()} for _tab in range(5)]
        answers = list(tabs.map(lambda key: ayse.put(path, hers, headers=headers | key), keys))
    assert [answer.json for answer in answers if answer.status_code not in (200, 201)] == []
    assert [answer.status_code for answer in answers].count(201) <= 1
    assert len({answer.headers["ETag"] for answer in answers if "ETag" in answer.headers}) == 1


def test_an_answer_on_the_ruler_sent_twice_at_once_is_kept_once(ayse: Any, goal: str) -> None:
    path = f"{API}/confidence-scores/{new()}"
    body = {"goal_id": goal, "score": 6, "recorded_at": clock.now().isoformat()}
    with ThreadPoolExecutor(5) as tabs:
        answers = list(tabs.map(lambda _tab: ayse.put(path, body), range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 200, 201]


def test_of_two_phones_with_the_same_tag_one_is_told_of_the_other(ayse: Any, goal: str) -> None:
    path = f"{API}/goals/{goal}/days/{clock.today(ZONE)}"
    known = {"If-Match": tag_after(ayse, path, {"outcome": "done"})}
    with ThreadPoolExecutor(5) as phones:
        answers = list(
            phones.map(lambda n: ayse.put(path, {"outcome": "done", "amount": n}, headers=known), range(1, 6))
        )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412, 412]
