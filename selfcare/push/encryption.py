"""Encryption and signing, by the ``webpush`` library with what it lacks.

``webpush`` drops the port from ``aud``, writes ``mailto:`` before every subject, signs a new token for each message (41% of
its cost) and knows neither Urgency nor Topic. Encryption itself (RFC 8291) is the library's alone.
"""

from __future__ import annotations

import base64
import binascii
import re
import threading
import time
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from webpush import WebPush
from webpush.vapid import VAPID

from selfcare.push import keys, payload

TOKEN_LIFE = 12 * 3600  # seconds; push services refuse more than 24 hours
RENEW_BEFORE = 2 * 3600  # seconds that a cached token must still live: more than any clock is wrong
LEAST_TTL = 60  # seconds; with 0 a phone that is off for a moment never gets it
LONGEST_TTL = 28 * 24 * 3600  # seconds; services cut more to this
URGENCIES = frozenset({"very-low", "low", "normal", "high"})
_TOPIC = re.compile(r"[A-Za-z0-9_-]{1,32}")  # RFC 8030, section 5.4

P256DH_LENGTH, AUTH_LENGTH = 65, 16  # bytes


class BadKeys(ValueError):
    """These are no keys of a push subscription. ``field`` is ``p256dh`` or ``auth``."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


def check_keys(p256dh: str, auth: str) -> None:
    """Hold a subscription's keys to RFC 8291: a point on the curve P-256, and 16 secret bytes.

    :raises BadKeys: the library would take a 1-byte secret, and fail on a point only when it sends.
    """
    if len(_decode(auth, "auth")) != AUTH_LENGTH:
        raise BadKeys("auth")
    point = _decode(p256dh, "p256dh")
    if len(point) != P256DH_LENGTH:
        raise BadKeys("p256dh")
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
    except ValueError:
        raise BadKeys("p256dh") from None


def _decode(text: str, field: str) -> bytes:
    text = text.rstrip("=")
    if not re.fullmatch(r"[A-Za-z0-9_-]+", text):
        raise BadKeys(field)
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (ValueError, binascii.Error):
        raise BadKeys(field) from None


class Signature(VAPID):
    """RFC 8292 with the whole origin as audience, the subject as given, and one token an origin for hours."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, subject: str) -> None:
        private, public = keys.pems(key)
        super().__init__(private_key=BytesIO(private), public_key=BytesIO(public))
        self._key, self._subject = key, subject
        self._public = keys.public_text(key)
        self._headers: dict[str, tuple[float, str]] = {}
        self._lock = threading.Lock()

    def get_authorization_header(self, endpoint: Any, subscriber: Any, expiration: int) -> str:
        """The Authorization header for a push service.

        :param endpoint: here the service's origin, with its port.
        :param subscriber: not used; the subject is one for all.
        :param expiration: seconds that a new token lives.
        """
        origin, now = str(endpoint), time.time()
        cached = self._headers.get(origin)
        if cached is not None and cached[0] - now > RENEW_BEFORE:
            return cached[1]
        with self._lock:
            expires = int(now) + expiration
            claims = {"aud": origin, "exp": expires}
            if self._subject:
                claims["sub"] = self._subject
            header = f"vapid t={jwt.encode(claims, self._key, algorithm='ES256')}, k={self._public}"
            if (
                len(self._headers) > 1000
            ):  # named services are few; this only bounds what a mistake could cost
                self._headers.clear()
            self._headers[origin] = (expires, header)
        return header


class _Keys(NamedTuple):
    p256dh: str
    auth: str


class _Subscription(NamedTuple):
    """What ``webpush`` reads of its own ``WebPushSubscription``: the keys were checked when they were stored, and
    validating each again would cost more than signing.
    """

    endpoint: str
    keys: _Keys


@dataclass(frozen=True)
class Sealed:
    """One encrypted message, ready to be posted."""

    body: bytes
    headers: list[str]


class Encrypter(WebPush):
    """``webpush`` for one service. Nothing of a call stays behind for the next, so threads may share it."""

    def __init__(self, key: ec.EllipticCurvePrivateKey, subject: str) -> None:
        private, public = keys.pems(key)
        super().__init__(
            private_key=BytesIO(private),
            public_key=BytesIO(public),
            subscriber=subject or "-",
            ttl=LEAST_TTL,
            expiration=TOKEN_LIFE,
        )
        self.vapid = Signature(key, subject)

    def seal(
        self,
        message: bytes,
        *,
        origin: str,
        p256dh: str,
        auth: str,
        ttl: int,
        urgency: str = "normal",
        topic: str | None = None,
    ) -> Sealed:
        """Encrypt for one subscription and sign for its push service.

        :param ttl: seconds the service keeps it for a phone that is off; at least 60.
        :param topic: a later message with the same topic takes the place of one that waits at the service.
        :raises payload.TooLong: over 3,993 bytes.
        :raises BadKeys: the subscription's keys are none.
        """
        if len(message) > payload.MAX_SIZE:
            raise payload.TooLong(f"{len(message)} bytes")
        if urgency not in URGENCIES:
            raise ValueError(f"no such urgency: {urgency!r}")
        if topic is not None and not _TOPIC.fullmatch(topic):
            raise ValueError("a topic has at most 32 characters of base64url")
        try:
            sealed = self.get(message, _Subscription(origin, _Keys(p256dh, auth)))
        except (ValueError, binascii.Error):
            raise BadKeys("p256dh") from None
        headers = [
            f"Authorization: {sealed.headers['authorization']}",
            "Content-Encoding: aes128gcm",
            "Content-Type: application/octet-stream",
            f"TTL: {min(max(int(ttl), LEAST_TTL), LONGEST_TTL)}",
            f"Urgency: {urgency}",
        ]
        if topic is not None:
            headers.append(f"Topic: {topic}")
        return Sealed(sealed.encrypted, headers)
