"""Posts encrypted messages to push services: many at once, each cut off at 10 seconds, none waiting for another.

``post`` hands letters over, ``collect`` gives back what came of them so far. A letter that hangs stays in flight over
several calls and holds nobody up. Not for more than one thread at a time.
"""

from __future__ import annotations

import datetime as dt
import email.utils
import socket
import time
import uuid
from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import pycurl

from selfcare import clock
from selfcare.push.encryption import Sealed
from selfcare.push.endpoint_guard import Endpoint, Guard, Refused, is_public

CUT_OFF_MS = 10_000  # a post that takes longer is given up (safety.md)
CONNECT_MS = 5_000
PER_SERVICE = (
    64  # posts at the same time; a slow service holds no more than these, the rest of its letters wait
)
IN_ALL = 512  # posts at the same time
LONGEST_QUEUE = 10.0  # seconds; a letter that could not even be begun by then is tried again later
SOCKET_WAIT = 0.05  # seconds that one look for answers may sleep

# A Retry-After is obeyed between these bounds, in seconds: a wrong header must neither hammer nor lose a reminder's day.
LEAST_WAIT, MOST_WAIT = 1, 6 * 3600


class Outcome(StrEnum):
    """What came of one post."""

    ACCEPTED = "accepted"  # 2xx
    GONE = "gone"  # 404, 410: the subscription is no more
    LATER = "later"  # 429: as the service asked
    FAILED = "failed"  # 5xx, time-out, no connection: try again
    REFUSED = "refused"  # anything else, or an address we never contact: trying again changes nothing


@dataclass(frozen=True)
class Letter:
    """A message for one subscription. ``reference`` is the sender's own; it comes back with the answer.

    ``checked``: what the guard made of the endpoint, by whoever sealed the message a moment ago; else it is asked here.
    """

    endpoint: str
    sealed: Sealed
    subscription_id: uuid.UUID | None = None
    reference: Any = None
    checked: Endpoint | None = None


@dataclass(frozen=True)
class Answer:
    """What a push service said. ``status`` is 0 where it said nothing; ``wait`` in seconds, after 429 or 503."""

    letter: Letter
    outcome: Outcome
    status: int
    wait: int | None
    at: dt.datetime


@dataclass
class _Flight:
    letter: Letter
    endpoint: Endpoint
    queued_at: float
    headers: list[bytes] = field(default_factory=list)


class Sender:
    """One curl multi handle and its connections, kept between ticks."""

    def __init__(self, guard: Guard, *, ca_file: str = "", resolve: Iterable[str] = ()) -> None:
        """Make ready; connects nowhere yet.

        :param ca_file: certificates for the origins that the operator named.
        :param resolve: ``host:port:address`` entries that go before DNS, for tests of what a name may lead to.
        """
        self._guard, self._ca_file, self._resolve = guard, ca_file, list(resolve)
        self._multi = pycurl.CurlMulti()
        self._multi.setopt(pycurl.M_MAX_HOST_CONNECTIONS, PER_SERVICE)
        self._multi.setopt(pycurl.M_MAX_TOTAL_CONNECTIONS, IN_ALL)
        self._flying: dict[Any, _Flight] = {}
        # A queue for each origin: 10 seconds are counted from a post's own beginning, and no service uses another's share.
        self._queues: dict[str, deque[_Flight]] = {}
        self._begun: Counter[str] = Counter()
        self._idle: dict[bool, list[Any]] = {True: [], False: []}
        self._answers: list[Answer] = []

    @property
    def in_flight(self) -> int:
        """Letters without an answer yet."""
        return len(self._flying) + sum(map(len, self._queues.values()))

    def post(self, letters: Iterable[Letter]) -> None:
        """Send these; answers come from ``collect``."""
        now = time.monotonic()
        for letter in letters:
            try:
                endpoint = letter.checked or self._guard.check(letter.endpoint)
            except Refused:
                self._answers.append(Answer(letter, Outcome.REFUSED, 0, None, clock.now()))
                continue
            self._queues.setdefault(endpoint.origin, deque()).append(_Flight(letter, endpoint, now))
        self._begin()

    def collect(self, seconds: float) -> list[Answer]:
        """The answers that have come, waiting at most so long while letters are in flight."""
        until = time.monotonic() + seconds
        while self._flying or self._queues:
            self._multi.perform()
            self._read()
            self._begin()
            if not self._flying or time.monotonic() >= until:
                break
            self._multi.select(min(SOCKET_WAIT, max(until - time.monotonic(), 0.001)))
        answers, self._answers = self._answers, []
        return answers

    def close(self) -> None:
        """Give up what is in flight and close every connection."""
        for handle in list(self._flying):
            self._multi.remove_handle(handle)
            handle.close()
        self._flying.clear()
        self._queues.clear()
        for handle in self._idle[True] + self._idle[False]:
            handle.close()
        self._multi.close()

    def _read(self) -> None:
        left = 1
        while left:
            left, done, broken = self._multi.info_read()
            for handle in done:
                self._land(handle, handle.getinfo(pycurl.RESPONSE_CODE))
            for handle, _number, _text in broken:
                self._land(handle, 0)

    def _begin(self) -> None:
        """Begin as many posts as each service's share allows; give up letters that waited too long for it."""
        oldest = time.monotonic() - LONGEST_QUEUE
        for origin in list(self._queues):
            queue = self._queues[origin]
            while queue and queue[0].queued_at < oldest:
                self._answers.append(Answer(queue.popleft().letter, Outcome.FAILED, 0, None, clock.now()))
            while queue and self._begun[origin] < PER_SERVICE and len(self._flying) < IN_ALL:
                self._launch(queue.popleft())
            if not queue:
                del self._queues[origin]

    def _launch(self, flight: _Flight) -> None:
        endpoint, sealed = flight.endpoint, flight.letter.sealed
        pool = self._idle[endpoint.named]
        handle = pool.pop() if pool else self._new_handle(named=endpoint.named)
        handle.setopt(pycurl.URL, endpoint.url)
        handle.setopt(pycurl.HTTPHEADER, [*sealed.headers, "Expect:"])
        handle.setopt(pycurl.POSTFIELDS, sealed.body)
        handle.setopt(pycurl.HEADERFUNCTION, flight.headers.append)
        self._flying[handle] = flight
        self._begun[endpoint.origin] += 1
        self._multi.add_handle(handle)

    def _land(self, handle: Any, status: int) -> None:
        flight = self._flying.pop(handle)
        self._begun[flight.endpoint.origin] -= 1
        self._multi.remove_handle(handle)
        self._idle[flight.endpoint.named].append(handle)
        wait = _retry_after(flight.headers) if status in (429, 503) else None
        self._answers.append(Answer(flight.letter, outcome_of(status), status, wait, clock.now()))

    def _new_handle(self, *, named: bool) -> Any:
        handle = pycurl.Curl()
        handle.setopt(pycurl.POST, 1)
        handle.setopt(pycurl.FOLLOWLOCATION, 0)
        handle.setopt(pycurl.PROTOCOLS, pycurl.PROTO_HTTPS | (pycurl.PROTO_HTTP if named else 0))
        handle.setopt(pycurl.PROXY, "")  # else curl would take one from the environment, and past the guard
        handle.setopt(pycurl.NOSIGNAL, 1)
        handle.setopt(pycurl.CONNECTTIMEOUT_MS, CONNECT_MS)
        handle.setopt(pycurl.TIMEOUT_MS, CUT_OFF_MS)
        handle.setopt(pycurl.MAXFILESIZE, 64 * 1024)
        handle.setopt(pycurl.WRITEFUNCTION, _throw_away)
        handle.setopt(pycurl.USERAGENT, "Selfcare")
        # HTTP/2 where it is spoken. Not PIPEWAIT: a letter would wait for the connection of one that hangs.
        handle.setopt(pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS)
        ca_file = self._ca_file if named and self._ca_file else system_certificates()
        if ca_file:
            handle.setopt(pycurl.CAINFO, ca_file)
        if self._resolve:
            handle.setopt(pycurl.RESOLVE, self._resolve)
        if not named:
            handle.setopt(pycurl.OPENSOCKETFUNCTION, _open_public)
        return handle


def outcome_of(status: int) -> Outcome:
    """What an HTTP status means for the subscription (RFC 8030; 0 is no answer). Only 404 and 410 end it."""
    if 200 <= status < 300:
        return Outcome.ACCEPTED
    if status in (404, 410):
        return Outcome.GONE
    if status == 429:
        return Outcome.LATER
    if status == 0 or status in (408, 425) or status >= 500:
        return Outcome.FAILED
    return Outcome.REFUSED


def _open_public(purpose: int, address: Any) -> Any:
    # Called by curl with the very address it is about to connect to, after its own look-up: nothing lies between the
    # check and the connection, so a name that answers differently the second time gains nothing.
    family, kind, protocol, place = address
    if not is_public(place[0] if isinstance(place, tuple) else ""):
        return pycurl.SOCKET_BAD
    return socket.socket(family, kind, protocol)


def _throw_away(data: bytes) -> None:
    """Whatever a push service says in its body is of no use."""


def _retry_after(headers: list[bytes]) -> int | None:
    said = None
    for line in headers:
        name, _colon, value = line.partition(b":")
        if name.strip().lower() == b"retry-after":
            said = value.strip().decode("latin-1")
    if not said:
        return None
    if said.isascii() and said.isdigit() and len(said) < 9:
        wait = float(said)
    else:
        try:
            wait = (email.utils.parsedate_to_datetime(said) - clock.now()).total_seconds()
        except (ValueError, TypeError):
            return None
    return int(min(max(wait, LEAST_WAIT), MOST_WAIT))


@cache
def system_certificates() -> str:
    """The machine's own bundle of certificates; the curl of the wheel does not know where each system keeps it."""
    places = (
        "/etc/ssl/certs/ca-certificates.crt",
        "/etc/pki/tls/certs/ca-bundle.crt",
        "/etc/ssl/ca-bundle.pem",
        "/etc/ssl/cert.pem",
    )
    return next((place for place in places if Path(place).exists()), "")
