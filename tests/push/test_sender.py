"""The sender against a push service that checks every signature and decrypts."""

from __future__ import annotations

import datetime as dt
import email.utils
import json
import time
from pathlib import Path

import pytest

from selfcare import clock
from selfcare.push import encryption, keys, payload
from selfcare.push.encryption import Encrypter
from selfcare.push.endpoint_guard import Guard
from selfcare.push.payload import Words
from selfcare.push.sender import Answer, Letter, Outcome, Sender
from tests.plugins.push_service import VAPID, Phone, PushService, base64url

ENCRYPTER = Encrypter(keys.load(VAPID.private), "mailto:push@test.example")
WORDS = Words("Time for your check-in", "Tap to open it", "en", "ltr")


def letter(phone: Phone, data: bytes = b"{}", **options: object) -> Letter:
    options = {"ttl": 3600, "urgency": "high"} | options
    sealed = ENCRYPTER.seal(
        data,
        origin=phone.service.origin,
        p256dh=phone.p256dh,
        auth=base64url(phone.auth),
        **options,  # type: ignore[arg-type]  # each test names its own
    )
    return Letter(phone.endpoint, sealed, reference=phone)


def send(service: PushService, *letters: Letter, seconds: float = 5.0, ca_file: str = "") -> list[Answer]:
    sender = Sender(Guard(frozenset({service.origin})), ca_file=ca_file)
    sender.post(letters)
    answers = sender.collect(seconds)
    sender.close()
    return answers


def test_a_message_arrives_whole_and_signed_for_this_origin_with_its_port(push_service: PushService) -> None:
    phone = push_service.phone()
    data = payload.message(WORDS, navigate="https://selfcare.example/diary/new", tag="abc")
    answers = send(push_service, letter(phone, data, topic="a" * 32))
    assert [(a.outcome, a.status) for a in answers] == [(Outcome.ACCEPTED, 201)]
    [message] = phone.messages
    assert message.json == {
        "web_push": 8030,
        "notification": {
            "title": "Time for your check-in",
            "body": "Tap to open it",
            "navigate": "https://selfcare.example/diary/new",
            "lang": "en",
            "dir": "ltr",
            "tag": "abc",
        },
    }
    assert message.claims["aud"] == push_service.origin
    assert message.claims["sub"] == "mailto:push@test.example"
    assert message.headers["ttl"] == "3600"
    assert message.headers["urgency"] == "high"
    assert message.headers["topic"] == "a" * 32
    assert push_service.wrong == []


@pytest.mark.parametrize("subject", ["mailto:a@b.example", "https://selfcare.example"])
def test_the_subject_is_written_as_it_was_given(push_service: PushService, subject: str) -> None:
    phone = push_service.phone()
    encrypter = Encrypter(keys.load(VAPID.private), subject)
    sealed = encrypter.seal(
        b"{}", origin=push_service.origin, p256dh=phone.p256dh, auth=base64url(phone.auth), ttl=60
    )
    send(push_service, Letter(phone.endpoint, sealed))
    assert phone.messages[0].claims["sub"] == subject


def test_over_https_with_the_operators_certificates_only(
    tls_push_service: tuple[PushService, Path],
) -> None:
    service, certificate = tls_push_service
    phone = service.phone()
    assert [a.outcome for a in send(service, letter(phone))] == [Outcome.FAILED]
    assert phone.messages == []
    assert [a.outcome for a in send(service, letter(phone), ca_file=str(certificate))] == [Outcome.ACCEPTED]
    assert len(phone.messages) == 1


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (201, Outcome.ACCEPTED),
        (200, Outcome.ACCEPTED),
        (202, Outcome.ACCEPTED),
        (204, Outcome.ACCEPTED),
        (404, Outcome.GONE),
        (410, Outcome.GONE),
        (429, Outcome.LATER),
        (500, Outcome.FAILED),
        (502, Outcome.FAILED),
        (503, Outcome.FAILED),
        (301, Outcome.REFUSED),
        (400, Outcome.REFUSED),
        (401, Outcome.REFUSED),
        (403, Outcome.REFUSED),
        (413, Outcome.REFUSED),
    ],
)
def test_each_status_by_number(push_service: PushService, status: int, outcome: Outcome) -> None:
    phone = push_service.phone().answers(status)
    assert [(a.outcome, a.status) for a in send(push_service, letter(phone))] == [(outcome, status)]


@pytest.mark.parametrize(
    ("said", "least", "most"), [("120", 120, 120), ("0", 1, 1), ("9999999", 21600, 21600)]
)
def test_429_says_how_long_to_wait_within_reason(
    push_service: PushService, said: str, least: int, most: int
) -> None:
    phone = push_service.phone().answers(429, retry_after=said)
    [answer] = send(push_service, letter(phone))
    assert answer.wait is not None
    assert least <= answer.wait <= most


def test_429_with_a_date_and_with_nonsense(push_service: PushService) -> None:
    date = email.utils.format_datetime(clock.now() + dt.timedelta(minutes=5), usegmt=False)
    dated = push_service.phone().answers(429, retry_after=date)
    silly = push_service.phone().answers(429, retry_after="soon")
    waits = {a.letter.reference.path: a.wait for a in send(push_service, letter(dated), letter(silly))}
    wait = waits[dated.path]
    assert wait is not None
    assert 290 <= wait <= 300
    assert waits[silly.path] is None


def test_nobody_there_is_a_failure_and_no_end() -> None:
    service = PushService()
    phone = service.phone()
    service.stop()
    assert [(a.outcome, a.status) for a in send(service, letter(phone))] == [(Outcome.FAILED, 0)]


@pytest.mark.slow
def test_a_service_that_hangs_is_cut_off_at_ten_seconds_and_delays_nobody(push_service: PushService) -> None:
    slow = PushService(VAPID.public)
    hanging = [slow.phone().hangs() for _ in range(20)]
    quick = [push_service.phone() for _ in range(20)]
    beside = push_service.phone().hangs()  # a slow phone at a quick service
    sender = Sender(Guard(frozenset({push_service.origin, slow.origin})))
    began = time.monotonic()
    sender.post([letter(phone) for phone in [*hanging, beside, *quick]])
    answers: list[Answer] = []
    while len(answers) < len(quick) and time.monotonic() - began < 5:
        answers += sender.collect(0.1)
    assert {a.letter.reference.path for a in answers} == {phone.path for phone in quick}
    assert time.monotonic() - began < 3
    assert sender.in_flight == 21
    # What is posted while they hang goes out as well.
    late = push_service.phone()
    sender.post([letter(late)])
    while late.messages == [] and time.monotonic() - began < 5:
        sender.collect(0.05)
    assert late.messages
    cut: list[Answer] = []
    while sender.in_flight:
        cut += sender.collect(1.0)
    took = time.monotonic() - began
    sender.close()
    slow.stop()
    assert {a.outcome for a in cut if a.letter.reference is not late} == {Outcome.FAILED}
    assert 9.5 <= took < 12.5


@pytest.mark.parametrize("hanging_first", [True, False])
def test_a_hanging_phone_does_not_hold_up_the_next_at_the_same_service(
    push_service: PushService, tls_push_service: tuple[PushService, Path], hanging_first: bool
) -> None:
    for service, ca_file in ((push_service, ""), (tls_push_service[0], str(tls_push_service[1]))):
        slow, quick = service.phone().hangs(4), service.phone()
        sender = Sender(Guard(frozenset({service.origin})), ca_file=ca_file)
        pair = (slow, quick) if hanging_first else (quick, slow)
        sender.post([letter(phone) for phone in pair])
        began = time.monotonic()
        while not quick.messages and time.monotonic() - began < 3:
            sender.collect(0.05)
        assert quick.messages
        assert not slow.messages
        sender.close()


@pytest.mark.slow
def test_more_than_a_services_share_waits_its_turn_and_is_given_up_in_time(
    push_service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("selfcare.push.sender.PER_SERVICE", 3)
    monkeypatch.setattr("selfcare.push.sender.LONGEST_QUEUE", 1.0)
    slow = PushService(VAPID.public)
    crowd = [slow.phone().hangs(3) for _ in range(8)]
    quick = [push_service.phone() for _ in range(30)]
    sender = Sender(Guard(frozenset({push_service.origin, slow.origin})))
    began = time.monotonic()
    sender.post([letter(phone) for phone in [*crowd, *quick]])
    answers: list[Answer] = []
    while sender.in_flight and time.monotonic() - began < 8:
        answers += sender.collect(0.2)
    sender.close()
    slow.stop()
    assert sum(len(phone.messages) for phone in quick) == 30
    assert max(slow.asked.values()) == 1
    said = [answer.outcome for answer in answers if answer.letter.reference in crowd]
    # 3 were begun and taken after 3 seconds; the others were never sent, so trying them again repeats nothing.
    assert sorted(said) == [Outcome.ACCEPTED] * 3 + [Outcome.FAILED] * 5
    assert sum(slow.asked.values()) == 3


def test_one_token_an_origin_for_hours_and_a_new_one_before_it_ends(
    push_service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    encrypter = Encrypter(keys.load(VAPID.private), "mailto:push@test.example")
    phone = push_service.phone()

    def token(origin: str) -> str:
        sealed = encrypter.seal(b"{}", origin=origin, p256dh=phone.p256dh, auth=base64url(phone.auth), ttl=60)
        return sealed.headers[0]

    first = token(push_service.origin)
    assert token(push_service.origin) == first
    assert token("https://fcm.googleapis.com") != first
    now = time.time()
    monkeypatch.setattr("selfcare.push.encryption.time.time", lambda: now + 9 * 3600)
    assert token(push_service.origin) == first
    monkeypatch.setattr("selfcare.push.encryption.time.time", lambda: now + 11 * 3600)
    assert token(push_service.origin) != first


def test_ttl_is_never_under_a_minute(push_service: PushService) -> None:
    phone = push_service.phone()
    send(push_service, letter(phone, ttl=0), letter(phone, ttl=-5), letter(phone, ttl=10**9))
    assert sorted(message.headers["ttl"] for message in phone.messages) == ["2419200", "60", "60"]


def test_a_message_that_fits_and_one_byte_more(push_service: PushService) -> None:
    phone = push_service.phone()
    fits = json.dumps("x" * (payload.MAX_SIZE - 2)).encode()
    assert [a.outcome for a in send(push_service, letter(phone, fits))] == [Outcome.ACCEPTED]
    assert phone.messages[0].data == fits
    with pytest.raises(payload.TooLong):
        letter(phone, fits + b" ")
    with pytest.raises(payload.TooLong):
        payload.message(Words("x" * 4000, "", "en", "ltr"), navigate="https://a.example/", tag="t")


@pytest.mark.parametrize("topic", ["", "a" * 33, "a b", "ü", "a/b", "a=b"])
def test_a_topic_that_a_push_service_would_refuse(push_service: PushService, topic: str) -> None:
    with pytest.raises(ValueError, match="topic"):
        letter(push_service.phone(), topic=topic)


def test_keys_that_are_none(push_service: PushService) -> None:
    phone = push_service.phone()
    good, secret = phone.p256dh, base64url(phone.auth)
    encryption.check_keys(good, secret)
    off_the_curve = base64url(b"\x04" + b"\x01" * 64)
    for p256dh, auth, field in (
        (good, base64url(b"1"), "auth"),
        (good, base64url(b"1" * 17), "auth"),
        (good, "!!!", "auth"),
        (off_the_curve, secret, "p256dh"),
        (base64url(b"\x04" * 64), secret, "p256dh"),
        (base64url(b"\x02" + b"\x01" * 32), secret, "p256dh"),
        ("", secret, "p256dh"),
    ):
        with pytest.raises(encryption.BadKeys) as refused:
            encryption.check_keys(p256dh, auth)
        assert refused.value.field == field


@pytest.mark.slow
def test_two_thousand_letters_over_few_connections(push_service: PushService) -> None:
    phones = [push_service.phone() for _ in range(20)]
    sender = Sender(Guard(frozenset({push_service.origin})))
    sender.post([letter(phones[n % 20], str(n).encode()) for n in range(2000)])
    answers: list[Answer] = []
    began = time.monotonic()
    while len(answers) < 2000 and time.monotonic() - began < 30:
        answers += sender.collect(1.0)
    sender.close()
    assert {a.outcome for a in answers} == {Outcome.ACCEPTED}
    assert sorted(int(message.data) for message in push_service.messages) == list(range(2000))
    assert push_service.connections <= 64
