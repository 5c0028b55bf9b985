"""Phones that take reminders: subscribe, test, forget; each person's own."""

from __future__ import annotations

import datetime as dt
import time
import uuid
from typing import Any

import pytest

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.models import CarerLink
from selfcare.push import courier, service
from selfcare.push.models import PushSubscription
from tests.plugins.push_service import VAPID, PushService

pytestmark = pytest.mark.usefixtures("pushing")

HERE = "/api/v1/push-subscriptions/"


def path() -> str:
    return HERE + str(uuid.uuid4())


def takers_of(story: Any, *patients: uuid.UUID) -> list[Any]:
    with story():
        return list(db.session.execute(service.takers(patients)))


def test_anyone_may_read_the_key_that_browsers_subscribe_with(nobody: Any) -> None:
    answer = nobody.get("/api/v1/push/key")
    assert answer.status_code == 200
    assert answer.json == {"key": VAPID.public}


def test_without_a_key_in_the_settings_push_is_not_offered(app: Any, ayse: Any, push_service: Any) -> None:
    app.config["SETTINGS"] = app.config["SETTINGS"].model_copy(update={"vapid_private_key": ""})
    assert ayse.get("/api/v1/push/key").status_code == 404
    assert ayse.put(path(), push_service.phone().to_json()).status_code == 422


def test_ayse_takes_reminders_on_her_phone_and_sending_it_again_changes_nothing(
    ayse: Any, push_service: PushService
) -> None:
    phone, here = push_service.phone(), path()
    agent = {
        "User-Agent": "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/130.0 Mobile Safari/537.36"
    }
    first = ayse.put(here, phone.to_json(), headers=agent)
    assert first.status_code == 201, first.json
    assert first.json["label"] == "Chrome · Android"
    assert first.json["last_delivered_at"] is None
    assert first.json["active"] is True
    again = ayse.put(here, phone.to_json(), headers=agent)
    assert again.status_code == 200
    assert again.headers["ETag"] == first.headers["ETag"]
    listed = ayse.get("/api/v1/push-subscriptions").json["items"]
    assert [item["id"] for item in listed] == [first.json["id"]]


def test_a_new_address_under_the_same_id_replaces_the_old_one(
    ayse: Any, push_service: PushService, story: Any, world: Any
) -> None:
    here, new = path(), push_service.phone()
    tag = ayse.put(here, push_service.phone().to_json()).headers["ETag"]
    assert ayse.put(here, new.to_json(), headers={"If-Match": '"v99"'}).status_code == 412
    assert ayse.put(here, new.to_json(), headers={"If-Match": tag}).status_code == 200
    assert [row.endpoint for row in takers_of(story, world.ayse)] == [new.endpoint]


def test_a_test_arrives_at_once_and_says_nothing_about_health(ayse: Any, push_service: PushService) -> None:
    phone, here = push_service.phone(), path()
    ayse.put(here, phone.to_json())
    assert ayse.post(here + "/test").status_code == 202
    [message] = push_service.wait_for(1)
    assert message.notification["title"] == "This is a test"
    assert message.notification["navigate"] == "http://localhost/reminders"
    assert int(message.headers["ttl"]) >= 60
    assert wait_until(lambda: ayse.get(here).json["last_delivered_at"] is not None)


def test_a_test_does_not_wait_for_a_slow_push_service(ayse: Any, push_service: PushService) -> None:
    slow, quick = push_service.phone().hangs(3), push_service.phone()
    one, other = path(), path()
    ayse.put(one, slow.to_json())
    ayse.put(other, quick.to_json())
    began = time.monotonic()
    assert ayse.post(one + "/test").status_code == 202
    assert ayse.post(other + "/test").status_code == 202
    assert time.monotonic() - began < 1.5
    push_service.wait_asked(slow)
    push_service.wait_for(1, seconds=2)
    assert quick.messages


def test_a_phone_that_is_gone_is_pruned_and_its_test_is_not_there(
    ayse: Any, push_service: PushService, story: Any, world: Any
) -> None:
    for status in (404, 410):
        phone, here = push_service.phone().answers(status), path()
        ayse.put(here, phone.to_json())
        assert ayse.post(here + "/test").status_code == 202
        assert wait_until(lambda here=here: ayse.get(here).json["pruned_at"] is not None)
        assert ayse.post(here + "/test").status_code == 404
    assert takers_of(story, world.ayse) == []


def test_a_pruned_phone_may_subscribe_again_and_is_told_when_it_needs_a_new_address(
    ayse: Any, push_service: PushService
) -> None:
    phone, here = push_service.phone().answers(410), path()
    ayse.put(here, phone.to_json())
    ayse.post(here + "/test")
    assert wait_until(lambda: ayse.get(here).json["pruned_at"] is not None)
    same = ayse.put(here, phone.to_json())
    assert (same.status_code, same.json["renew"], same.json["active"]) == (201, True, True)
    new = ayse.put(here, push_service.phone().to_json())
    assert (new.status_code, new.json["renew"]) == (200, False)


@pytest.mark.parametrize("status", [400, 429, 500, 503])
def test_other_troubles_never_prune(ayse: Any, push_service: PushService, status: int, app: Any) -> None:
    phone, here = push_service.phone().answers(status), path()
    ayse.put(here, phone.to_json())
    ayse.post(here + "/test")
    push_service.wait_asked(phone)
    courier.stop_all(app)
    said = ayse.get(here).json
    assert said["active"] is True
    assert said["failed_at"] is not None
    phone.answers(201)
    assert ayse.post(here + "/test").status_code == 202
    assert push_service.asked[phone.path] >= 1
    push_service.wait_for(1)
    assert wait_until(lambda: ayse.get(here).json["failed_at"] is None)


def test_no_retry_of_a_test(ayse: Any, push_service: PushService, app: Any) -> None:
    phone, here = push_service.phone().answers(503, retry_after=1), path()
    ayse.put(here, phone.to_json())
    ayse.post(here + "/test")
    push_service.wait_asked(phone)
    time.sleep(1.3)
    courier.stop_all(app)
    assert push_service.asked[phone.path] == 1


def test_delete_ends_it(ayse: Any, push_service: PushService, story: Any, world: Any) -> None:
    here = path()
    ayse.put(here, push_service.phone().to_json())
    assert ayse.delete(here).status_code == 204
    assert ayse.get(here).status_code == 404
    assert ayse.delete(here).status_code == 404
    assert ayse.post(here + "/test").status_code == 404
    assert takers_of(story, world.ayse) == []


def test_peter_cannot_see_use_or_replace_ayses_phone(
    ayse: Any, peter: Any, push_service: PushService
) -> None:
    phone, here = push_service.phone(), path()
    ayse.put(here, phone.to_json())
    assert peter.get(here).status_code == 404
    assert peter.put(here, push_service.phone().to_json()).status_code == 404
    assert peter.delete(here).status_code == 404
    assert peter.post(here + "/test").status_code == 404
    assert peter.get("/api/v1/push-subscriptions").json["items"] == []
    assert ayse.get(here).json["endpoint"] == phone.endpoint


@pytest.mark.parametrize("who", ["grace", "samuel", "ruth", "nobody"])
def test_staff_and_strangers_have_no_way_in(
    who: str, request: pytest.FixtureRequest, ayse: Any, push_service: PushService
) -> None:
    here = path()
    ayse.put(here, push_service.phone().to_json())
    caller = request.getfixturevalue(who)
    expected = 401 if who == "nobody" else 404
    assert caller.get(here).status_code == expected
    assert caller.post(here + "/test").status_code in (expected, 403)
    assert caller.put(path(), push_service.phone().to_json()).status_code in (expected, 403)


def test_elif_gets_her_mothers_reminders_on_her_own_phone_until_the_link_ends(
    ayse: Any, carer: Any, world: Any, story: Any, push_service: PushService
) -> None:
    phone, here = push_service.phone(), path()
    assert carer.put(here, phone.to_json()).status_code == 404
    assert carer.put(f"{here}?for={world.ayse}", phone.to_json()).status_code == 201
    assert carer.put(f"{path()}?for={world.peter}", phone.to_json()).status_code == 404
    assert [row.endpoint for row in takers_of(story, world.ayse)] == [phone.endpoint]
    with story():
        link = db.session.query(CarerLink).one().id
    assert ayse.delete(f"/api/v1/carers/{link}").status_code == 204
    assert takers_of(story, world.ayse) == []
    assert carer.post(f"{here}/test?for={world.ayse}").status_code == 404
    # And not after a last day that is over, whatever the day is elsewhere.
    over = clock.now() - dt.timedelta(seconds=1)
    with story():
        db.session.query(CarerLink).one().ended_at = None
    assert len(takers_of(story, world.ayse)) == 1
    with story():
        link = db.session.query(CarerLink).one()
        link.ends_on, link.ends_at = clock.today("Europe/London"), over
    assert takers_of(story, world.ayse) == []


def test_a_shared_phone_serves_whoever_subscribed_on_it_last(
    ayse: Any, peter: Any, carer: Any, world: Any, story: Any, push_service: PushService
) -> None:
    phone = push_service.phone()
    ayse.put(path(), phone.to_json())
    peter.put(path(), phone.to_json())
    assert takers_of(story, world.ayse) == []
    assert len(takers_of(story, world.peter)) == 1
    # The same browser twice for the same person is one phone.
    peter.put(path(), phone.to_json())
    assert len(takers_of(story, world.peter)) == 1


def test_knowing_ayses_address_is_not_enough_to_silence_her(
    ayse: Any, peter: Any, world: Any, story: Any, push_service: PushService
) -> None:
    phone, stranger = push_service.phone(), push_service.phone()
    ayse.put(path(), phone.to_json())
    guessed = stranger.to_json() | {"endpoint": phone.endpoint}
    peter.put(path(), guessed)
    assert len(takers_of(story, world.ayse)) == 1


def test_bodies_that_no_browser_sends(ayse: Any, push_service: PushService, story: Any) -> None:
    good = push_service.phone().to_json()
    keys = good["keys"]
    bad: list[Any] = [
        {},
        {"endpoint": good["endpoint"]},
        good | {"endpoint": None},
        good | {"endpoint": 7},
        good | {"endpoint": "https://evil.example/x"},
        good | {"endpoint": good["endpoint"] + "\n"},
        good | {"endpoint": good["endpoint"] + "x" * 3000},
        good | {"keys": None},
        good | {"keys": []},
        good | {"keys": {"p256dh": keys["p256dh"]}},
        good | {"keys": keys | {"auth": "AA"}},
        good | {"keys": keys | {"auth": "\ud800"}},
        good | {"keys": keys | {"p256dh": keys["p256dh"][:-4]}},
        good | {"keys": keys | {"extra": "1"}},
        good | {"expirationTime": "soon"},
        good | {"unknown": 1},
        [],
        "x",
    ]
    for body in bad:
        answer = ayse.put(path(), body)
        assert 400 <= answer.status_code < 500, body
        assert answer.content_type == "application/problem+json"
    with story():
        assert db.session.query(PushSubscription).count() == 0
    assert ayse.put(HERE + "not-an-id", good).status_code == 404


def wait_until(true: Any, seconds: float = 5.0) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False
