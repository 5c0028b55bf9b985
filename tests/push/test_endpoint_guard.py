"""Hostile endpoints: none is ever connected to."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from selfcare.push.encryption import Sealed
from selfcare.push.endpoint_guard import Guard, Refused, is_public
from selfcare.push.sender import Letter, Outcome, Sender
from tests.plugins.push_service import PushService

NOTHING = Sealed(b"x", ["TTL: 60"])

REAL = (
    "https://fcm.googleapis.com/fcm/send/fv3jabydF5c:APA91bEc8gXe",
    "https://fcm.googleapis.com:443/wp/abc",
    "https://updates.push.services.mozilla.com/wpush/v2/gAAAAABc",
    "https://web.push.apple.com/QGuQyavXutnMH",
    "https://api.push.apple.com/3/device/1",
    "https://wns2-par02p.notify.windows.com/w/?token=BQYAAAD%2bAb",
    "HTTPS://FCM.googleapis.com/fcm/send/x",
)

HOSTILE = (
    # other schemes
    "http://fcm.googleapis.com/fcm/send/x",
    "ftp://fcm.googleapis.com/x",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "dict://127.0.0.1:11211/stats",
    "javascript:alert(1)",
    "data:text/plain,x",
    "//fcm.googleapis.com/x",
    "fcm.googleapis.com/fcm/send/x",
    "",
    # this machine, and those beside it
    "https://127.0.0.1/",
    "https://127.0.0.1:{port}/",
    "http://127.0.0.1:{port}/",
    "https://localhost:{port}/",
    "https://0.0.0.0:{port}/",
    "https://0:{port}/",
    "https://127.1:{port}/",
    "https://2130706433:{port}/",
    "https://0x7f000001:{port}/",
    "https://0177.0.0.1:{port}/",
    "https://[::1]:{port}/",
    "https://[::]:{port}/",
    "https://[::ffff:127.0.0.1]:{port}/",
    "https://[::ffff:7f00:1]:{port}/",
    "https://[64:ff9b::7f00:1]:{port}/",
    "https://[2002:7f00:1::]:{port}/",
    "https://[fe80::1%25lo]:{port}/",
    "https://[fd00::1]/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://metadata.google.internal/",
    # names that only look like a push service's
    "https://fcm.googleapis.com.evil.example/x",
    "https://evil.example/fcm.googleapis.com",
    "https://evilfcm.googleapis.com/x",
    "https://fcm-googleapis.com/x",
    "https://push.apple.com/x",
    "https://.push.apple.com/x",
    "https://a..push.apple.com/x",
    "https://-a.push.apple.com/x",
    "https://notify.windows.com.evil.example/x",
    "https://evilnotify.windows.com/x",
    "https://fcm.googleapis.com./x",
    "https://fcm。googleapis。com/x",
    "https://ｆcm.googleapis.com/x",
    "https://fcm%2egoogleapis.com/x",
    "https://127.0.0.1%2f.push.apple.com/x",
    # what two parsers read differently
    "https://fcm.googleapis.com@127.0.0.1:{port}/",
    "https://fcm.googleapis.com:443@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}#@fcm.googleapis.com/",
    "https://127.0.0.1:{port}\\@fcm.googleapis.com/",
    "https://fcm.googleapis.com\\@127.0.0.1:{port}/",
    "https://fcm.googleapis.com#@127.0.0.1:{port}/",
    "https://fcm.googleapis.com/x#y",
    "https://127.0.0.1:{port}/?https://fcm.googleapis.com/",
    "https:/\\fcm.googleapis.com/x",
    "https:fcm.googleapis.com/x",
    "https://fcm.googleapis.com /x",
    " https://fcm.googleapis.com/x",
    "https://fcm.googleapis.com/x\r\nHost: 127.0.0.1",
    "https://fcm.googleapis.com/x\ty",
    "https://fcm.googleapis.com/\x00",
    "https://fcm.googleapis.com\n127.0.0.1:{port}/",
    "https://user:pass@fcm.googleapis.com/x",
    # other doors of a known service
    "https://fcm.googleapis.com:8443/x",
    "https://fcm.googleapis.com:80/x",
    "https://fcm.googleapis.com:0/x",
    "https://fcm.googleapis.com:99999/x",
    "https://fcm.googleapis.com:/x",
    "https://fcm.googleapis.com:{port}/x",
    "https://fcm.googleapis.com/" + "x" * 3000,
)


@pytest.fixture
def trap() -> Iterator[tuple[int, list[object]]]:
    """A listener on every loopback address of this machine that notes who comes."""
    server = socket.socket(socket.AF_INET6)
    server.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    server.bind(("::", 0))
    server.listen(64)
    came: list[object] = []

    def accept() -> None:
        while True:
            try:
                connection, address = server.accept()
            except OSError:
                return
            came.append(address)
            connection.close()

    threading.Thread(target=accept, daemon=True).start()
    yield server.getsockname()[1], came
    server.close()


def test_the_services_of_the_known_browsers_are_let_through() -> None:
    for url in REAL:
        endpoint = Guard().check(url)
        assert not endpoint.named
        assert endpoint.origin.startswith("https://")


def test_more_than_sixty_hostile_endpoints_are_refused_and_none_is_connected_to(
    trap: tuple[int, list[object]],
) -> None:
    port, came = trap
    with socket.create_connection(("127.0.0.1", port)):  # the trap does catch
        until = time.monotonic() + 10
        while not came and time.monotonic() < until:
            time.sleep(0.01)
    assert len(came) == 1
    sender = Sender(Guard())
    urls = [url.replace("{port}", str(port)) for url in HOSTILE]
    assert len(set(urls)) >= 60
    sender.post(Letter(url, NOTHING, reference=url) for url in urls)
    assert sender.in_flight == 0
    answers = sender.collect(1.0)
    sender.close()
    assert [(a.letter.reference, a.outcome) for a in answers] == [(url, Outcome.REFUSED) for url in urls]
    time.sleep(0.2)
    assert len(came) == 1


def test_a_known_name_that_leads_to_this_machine_is_not_followed(trap: tuple[int, list[object]]) -> None:
    # The name passes, its address does not: what a poisoned or rebinding DNS would do. Port 443 may be taken here, so
    # the guard is widened by the port alone, and curl is told the address before it asks DNS.
    port, came = trap

    class AnyPort(Guard):
        def check(self, url: str):  # type: ignore[no-untyped-def]  # as its base has it
            endpoint = super().check(url.replace(f":{port}", ""))
            return type(endpoint)(url, endpoint.origin, named=False)

    for address in ("127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"):  # noqa: S104 - an attacker names it
        sender = Sender(AnyPort(), resolve=[f"fcm.googleapis.com:{port}:{address}"])
        sender.post([Letter(f"https://fcm.googleapis.com:{port}/x", NOTHING)])
        answers = sender.collect(5.0)
        sender.close()
        assert [answer.outcome for answer in answers] == [Outcome.FAILED], address
    assert came == []


def test_an_origin_that_the_operator_named_may_be_private_but_only_exactly_that_one() -> None:
    guard = Guard(frozenset({"http://127.0.0.1:9999", "https://push.internal"}))
    assert guard.check("http://127.0.0.1:9999/wpush/1").named
    assert guard.check("https://push.internal:443/1").origin == "https://push.internal"
    for url in (
        "https://127.0.0.1:9999/1",
        "http://127.0.0.1:9998/1",
        "http://localhost:9999/1",
        "http://127.0.0.1/1",
        "http://push.internal/1",
        "https://push.internal:8443/1",
        "https://x.push.internal/1",
    ):
        with pytest.raises(Refused):
            guard.check(url)


@pytest.mark.parametrize(
    "origin", ["push.example", "ftp://push.example", "https://push.example/path", "https://*"]
)
def test_a_setting_that_is_no_origin_stops_the_start(origin: str) -> None:
    with pytest.raises(ValueError, match="SELFCARE_PUSH_ALLOWED_ORIGINS"):
        Guard(frozenset({origin}))


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.2.3",
        "172.31.0.1",
        "192.168.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",  # noqa: S104 - an attacker names it
        "224.0.0.1",
        "255.255.255.255",
        "240.0.0.1",
        "::1",
        "::",
        "fe80::1",
        "fe80::1%eth0",
        "fd12::1",
        "ff02::1",
        "::ffff:10.0.0.1",
        "::ffff:127.0.0.1",
        "::127.0.0.1",
        "64:ff9b::a00:1",
        "2002:a00:1::",
        "2001:0:4136:e378:8000:63bf:f5ff:fffe",
        "2001:db8::1",
        "",
        "fcm.googleapis.com",
    ],
)
def test_addresses_that_are_not_of_the_open_internet(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["142.250.70.138", "17.188.143.34", "2a00:1450:4009::200a", "64:ff9b::8efa:468a"]
)
def test_addresses_of_the_open_internet(address: str) -> None:
    assert is_public(address)


def test_a_redirect_is_not_followed(push_service: PushService) -> None:
    other = PushService()
    phone, target = push_service.phone(), other.phone()
    phone.answers(307, location=target.endpoint)
    sender = Sender(Guard(frozenset({push_service.origin, other.origin})))
    sender.post([Letter(phone.endpoint, NOTHING)])
    answers = sender.collect(5.0)
    sender.close()
    other.stop()
    assert [(answer.outcome, answer.status) for answer in answers] == [(Outcome.REFUSED, 307)]
    assert other.connections == 0


def test_a_proxy_in_the_environment_is_not_used(
    trap: tuple[int, list[object]], push_service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    port, came = trap
    for name in ("http_proxy", "https_proxy", "all_proxy", "ALL_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    sender = Sender(Guard(frozenset({push_service.origin})))
    sender.post([Letter(push_service.phone().endpoint, NOTHING)])
    sender.collect(5.0)
    sender.close()
    assert came == []
    assert push_service.connections == 1
