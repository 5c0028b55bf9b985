"""One push message, encrypted and signed: by our sender, bare with ``cryptography``, and by ``webpush`` used the plain way."""

from __future__ import annotations

import base64
import json
import os
import struct
import time
from collections.abc import Callable
from io import BytesIO

import http_ece
import jwt
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from webpush import WebPush, WebPushSubscription

from bench import report
from bench.measure import Result, interleave, per_piece
from bench.world import Run
from selfcare.push import keys, payload
from selfcare.push.encryption import Encrypter

EACH = 150
ORIGIN = "https://push.example.org"
SUBJECT = "mailto:bench@example.org"


class Browser:
    """The private half of a subscription."""

    def __init__(self) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.secret = os.urandom(16)
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.p256dh, self.auth = payload.base64url(self.point), payload.base64url(self.secret)

    def opens(self, body: bytes) -> bytes:
        """The message, by another library than those that closed it."""
        return bytes(http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret))


class Bare:
    """RFC 8291 with nothing around it; the signature (RFC 8292) is made once."""

    def __init__(self, key: ec.EllipticCurvePrivateKey) -> None:
        claims = {"aud": ORIGIN, "exp": int(time.time()) + 12 * 3600, "sub": SUBJECT}
        token = jwt.encode(claims, key, algorithm="ES256")
        self.authorization = f"vapid t={token}, k={keys.public_text(key)}"

    def seal(self, message: bytes, p256dh: str, auth: str) -> tuple[bytes, dict[str, str]]:
        """Body and headers."""
        theirs = base64.urlsafe_b64decode(p256dh + "=" * (-len(p256dh) % 4))
        secret = base64.urlsafe_b64decode(auth + "=" * (-len(auth) % 4))
        private = ec.generate_private_key(ec.SECP256R1())
        ours = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        shared = private.exchange(
            ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs)
        )
        salt = os.urandom(16)
        key_material = _hmac(_hmac(secret, shared), b"WebPush: info\0" + theirs + ours + b"\x01")
        pseudo = _hmac(salt, key_material)
        content_key = _hmac(pseudo, b"Content-Encoding: aes128gcm\0\x01")[:16]
        nonce = _hmac(pseudo, b"Content-Encoding: nonce\0\x01")[:12]
        sealed = AESGCM(content_key).encrypt(nonce, message + b"\x02", None)
        head = {"Authorization": self.authorization, "Content-Encoding": "aes128gcm", "TTL": "3600"}
        return salt + struct.pack("!IB", 4096, len(ours)) + ours + sealed, head


def _hmac(key: bytes, data: bytes) -> bytes:
    made = hmac.HMAC(key, hashes.SHA256())
    made.update(data)
    return made.finalize()


def plain_webpush(key: ec.EllipticCurvePrivateKey) -> WebPush:
    """The library as its readme shows it."""
    private, public = keys.pems(key)
    return WebPush(
        private_key=BytesIO(private),
        public_key=BytesIO(public),
        subscriber="bench@example.org",
        ttl=3600,
        expiration=12 * 3600,
    )


def a_message() -> bytes:
    """As long as a reminder's."""
    notification = {"title": "Time for your check-in", "body": "Tap to open it", "lang": "en", "dir": "ltr"}
    notification |= {"navigate": "https://selfcare.example.org/diary/new", "tag": "x" * 32}
    return json.dumps({"web_push": 8030, "notification": notification}).encode()


def run(run: Run) -> list[Result]:
    """Three ways in one process; each must be opened by a fourth."""
    key = keys.load(run.world.vapid.private)
    browser, message = Browser(), a_message()
    ours, bare, plain = Encrypter(key, SUBJECT), Bare(key), plain_webpush(key)

    def by_us() -> bytes:
        sealed = ours.seal(
            message, origin=ORIGIN, p256dh=browser.p256dh, auth=browser.auth, ttl=3600, topic="x" * 32
        )
        return sealed.body

    def by_webpush() -> bytes:
        subscription = WebPushSubscription.model_validate(
            {"endpoint": f"{ORIGIN}/abc", "keys": {"p256dh": browser.p256dh, "auth": browser.auth}}
        )
        return bytes(plain.get(message, subscription).encrypted)

    ways: dict[str, Callable[[], bytes]] = {
        "ours": by_us,
        "bare": lambda: bare.seal(message, browser.p256dh, browser.auth)[0],
        "webpush": by_webpush,
    }
    for name, way in ways.items():
        if browser.opens(way()) != message:
            raise RuntimeError(f"{name} made something that its receiver cannot read")

    def many(way: Callable[[], bytes]) -> Callable[[], int]:
        def work() -> int:
            for _each in range(EACH):
                way()
            return EACH

        return work

    rounds = run.rounds(25)
    with report.progress("Encryption", rounds) as step:
        times = interleave({name: per_piece(many(way)) for name, way in ways.items()}, rounds, step)
    own = times["ours"]
    return [
        Result(
            "our sender's seal",
            against,
            own.against(times[name]),
            also=f"{own.p50 * 1e6:.0f} µs (there {times[name].p50 * 1e6:.0f})",
            figures={"us": own.p50 * 1e6, "yardstick_us": times[name].p50 * 1e6},
        )
        for name, against in (("bare", "bare crypto, token cached"), ("webpush", "webpush, the plain way"))
    ]
