"""A push service on this machine: real HTTP (or HTTPS), checks the signature (RFC 8292), decrypts (RFC 8291), remembers.

``push_service`` runs for one test; ``phone = push_service.phone()`` is a browser's subscription. What the service answers
to a phone is set by ``phone.answers(410)``, ``phone.answers(429, retry_after=120)``, ``phone.hangs()``.
"""

from __future__ import annotations

import base64
import datetime as dt
import ipaddress
import json
import os
import ssl
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import http_ece
import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from cryptography.x509.oid import NameOID
from flask import Flask

from selfcare.push import courier, keys


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Message:
    """One message as it came: decrypted, with its headers and the claims of its signature."""

    phone: Phone
    headers: dict[str, str]
    claims: dict[str, Any]
    data: bytes
    at: float

    @property
    def json(self) -> Any:
        return json.loads(self.data)

    @property
    def notification(self) -> dict[str, Any]:
        return dict(self.json["notification"])


@dataclass
class Phone:
    """One subscription, as a browser holds it: with the private half."""

    service: PushService
    path: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    auth: bytes = field(default_factory=lambda: os.urandom(16))
    status: int = 201
    headers: dict[str, str] = field(default_factory=dict)
    wait: float = 0.0

    @property
    def endpoint(self) -> str:
        return self.service.origin + self.path

    @property
    def p256dh(self) -> str:
        return base64url(self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))

    def to_json(self) -> dict[str, Any]:
        """What ``PushSubscription.toJSON()`` gives."""
        return {
            "endpoint": self.endpoint,
            "expirationTime": None,
            "keys": {"p256dh": self.p256dh, "auth": base64url(self.auth)},
        }

    def answers(self, status: int, *, retry_after: str | int | None = None, location: str = "") -> Phone:
        self.status, self.wait, self.headers = status, 0.0, {}
        if retry_after is not None:
            self.headers["Retry-After"] = str(retry_after)
        if location:
            self.headers["Location"] = location
        return self

    def hangs(self, seconds: float = 60.0) -> Phone:
        self.wait = seconds
        return self

    @property
    def messages(self) -> list[Message]:
        return [message for message in self.service.messages if message.phone is self]


class PushService:
    """The service. ``public_key``: the application server key that signatures must carry; None takes any."""

    def __init__(self, public_key: str | None = None, tls: tuple[Path, Path] | None = None) -> None:
        self.public_key = public_key
        self.messages: list[Message] = []
        self.wrong: list[str] = []
        self.asked: Counter[str] = Counter()
        self.connections = 0
        self._phones: dict[str, Phone] = {}
        self._changed = threading.Condition()
        self._over = threading.Event()
        service = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def setup(self) -> None:
                with service._changed:
                    service.connections += 1
                super().setup()

            def do_POST(self) -> None:
                status, headers = service.take(
                    self.path,
                    {name.lower(): value for name, value in self.headers.items()},
                    self.rfile.read(int(self.headers.get("Content-Length") or 0)),
                )
                self.send_response_only(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *arguments: Any) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 256

            def handle_error(self, request: Any, client_address: Any) -> None:
                """A sender that hangs up is its own affair."""

        self._server = Server(("127.0.0.1", 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.origin = f"{'https' if tls else 'http'}://127.0.0.1:{self._server.server_port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    def let_go(self) -> None:
        """Answer whoever hangs, now: the test is over."""
        self._over.set()

    def stop(self) -> None:
        self.let_go()
        self._server.shutdown()
        self._server.server_close()

    def phone(self) -> Phone:
        phone = Phone(self, f"/wpush/v2/{uuid.uuid4().hex}")
        self._phones[phone.path] = phone
        return phone

    def take(self, path: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str]]:
        """One post: what the service answers."""
        with self._changed:
            self.asked[path] += 1
            self._changed.notify_all()
        phone = self._phones.get(path)
        if phone is None:
            return 404, {}
        if phone.wait:
            self._over.wait(phone.wait)
        if phone.status != 201:
            return phone.status, dict(phone.headers)
        try:
            message = self._open(phone, headers, body)
        except Exception as problem:
            self.wrong.append(f"{type(problem).__name__}: {problem}")
            return 400, {}
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()
        return 201, {"Location": self.origin + "/m/1"}

    def _open(self, phone: Phone, headers: dict[str, str], body: bytes) -> Message:
        assert len(body) <= 4096, "larger than any push service takes"
        assert headers["content-encoding"] == "aes128gcm"
        assert int(headers["ttl"]) >= 0
        scheme, _space, parameters = headers["authorization"].partition(" ")
        assert scheme == "vapid"
        given = dict(part.strip().split("=", 1) for part in parameters.split(","))
        if self.public_key is not None:
            assert given["k"] == self.public_key, "signed by another application"
        point = base64.urlsafe_b64decode(given["k"] + "==")
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        claims = jwt.decode(given["t"], public, algorithms=["ES256"], audience=self.origin)
        assert claims["exp"] - time.time() <= 24 * 3600, "a token for more than a day"
        data = http_ece.decrypt(body, private_key=phone.key, auth_secret=phone.auth)
        return Message(phone, headers, claims, data, time.time())

    def wait_for(self, count: int = 1, seconds: float = 5.0) -> list[Message]:
        """Wait until so many messages came; fails if they do not."""
        return self._wait(lambda: len(self.messages) >= count, seconds, lambda: self.messages)

    def wait_asked(self, phone: Phone, count: int = 1, seconds: float = 5.0) -> None:
        """Wait until the phone's address was posted to so often, whatever was answered."""
        self._wait(lambda: self.asked[phone.path] >= count, seconds, list)

    def _wait(
        self, done: Callable[[], bool], seconds: float, give: Callable[[], list[Message]]
    ) -> list[Message]:
        with self._changed:
            came = self._changed.wait_for(done, seconds)
        assert came, f"after {seconds} s: {len(self.messages)} messages, {dict(self.asked)}, {self.wrong}"
        return give()


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate of our own for 127.0.0.1, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "push service of the tests")])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "push.pem", folder / "push.key"
    certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, private


VAPID = keys.new_key()


@pytest.fixture
def push_service() -> Iterator[PushService]:
    """A push service over plain HTTP."""
    service = PushService(VAPID.public)
    yield service
    service.stop()


@pytest.fixture
def tls_push_service(tmp_path: Path) -> Iterator[tuple[PushService, Path]]:
    """A push service over HTTPS, and the file with its certificate."""
    tls = certificate(tmp_path)
    service = PushService(VAPID.public, tls)
    yield service, tls[0]
    service.stop()


@pytest.fixture
def pushing(app: Flask, push_service: PushService) -> Iterator[PushService]:
    """The application set up to send to ``push_service``."""
    before = app.config["SETTINGS"]
    app.config["SETTINGS"] = before.model_copy(
        update={"vapid_private_key": VAPID.private, "push_allowed_origins": push_service.origin}
    )
    yield push_service
    push_service.let_go()
    courier.stop_all(app)  # what is still on its way must not write into the next test's database
    app.config["SETTINGS"] = before
