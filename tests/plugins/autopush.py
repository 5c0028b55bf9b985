"""Mozilla's push service on this machine: real Firefox subscribes at it, and gets what is posted to it.

Firefox speaks autopush's protocol over a WebSocket (mozilla-push-service, "SimplePush Protocol" with Web Push); applications
post to an address over HTTP (RFC 8030). The message stays encrypted all the way: only Firefox can read it.
"""

from __future__ import annotations

import base64
import json
import secrets
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import ServerConnection, serve
from websockets.typing import Subprotocol


class Autopush:
    """The service: ``preferences`` lead a Firefox to it, ``origin`` is where applications post."""

    def __init__(self) -> None:
        self.posted: list[dict[str, str]] = []  # the headers of each message
        self.acknowledged: list[str] = []
        self._channels: dict[str, tuple[str, ServerConnection]] = {}
        self._known: set[str] = set()
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response_only(service.forward(self.path, dict(self.headers.items()), body))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *arguments: Any) -> None:
                """Quiet."""

        self._posts = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._phones = serve(
            self._talk, "127.0.0.1", 0, subprotocols=[Subprotocol("push-notification")], compression=None
        )
        self.origin = f"http://127.0.0.1:{self._posts.server_port}"
        for server in (self._posts, self._phones):
            threading.Thread(target=server.serve_forever, daemon=True).start()

    @property
    def preferences(self) -> dict[str, bool | int | str]:
        """For Firefox: this service, and a person who allows notifications."""
        return {
            "dom.push.serverURL": f"ws://127.0.0.1:{self._phones.socket.getsockname()[1]}/",
            "dom.push.testing.allowInsecureServerURL": True,
            "permissions.default.desktop-notification": 1,
            "alerts.useSystemBackend": False,
            # What Firefox recommends to itself under automation switches push off, and cannot be taken back one by one.
            "remote.prefs.recommended": False,
        }

    def stop(self) -> None:
        self._posts.shutdown()
        self._posts.server_close()
        self._phones.shutdown()

    def forget_everybody(self) -> None:
        """Lose all phones: each connects again, is not known, and has to subscribe anew."""
        phones = {phone for _channel, phone in self._channels.values()}
        self._channels, self._known = {}, set()
        for phone in phones:
            phone.close()

    def forward(self, path: str, headers: dict[str, str], body: bytes) -> int:
        """What an application posts goes to the phone as it is; the status that says so."""
        channel, phone = self._channels.get(path, ("", None))
        if phone is None:
            return 404
        if not headers["Authorization"].startswith("vapid t=") or headers["Content-Encoding"] != "aes128gcm":
            return 400
        self.posted.append(headers)
        said = {
            "messageType": "notification",
            "channelID": channel,
            "version": secrets.token_hex(8),
            "ttl": int(headers["TTL"]),
            "data": base64.urlsafe_b64encode(body).rstrip(b"=").decode(),
            "headers": {"encoding": "aes128gcm"},
        }
        phone.send(json.dumps(said))
        return 201

    def _talk(self, phone: ServerConnection) -> None:
        try:
            for text in phone:
                answer = self._answer(phone, json.loads(text))
                if answer is not None:
                    phone.send(json.dumps(answer))
        except ConnectionClosed:
            return

    def _answer(self, phone: ServerConnection, said: dict[str, Any]) -> dict[str, Any] | None:
        same = {name: said[name] for name in ("messageType", "channelID") if name in said}
        match said.get("messageType"):
            case "hello":
                uaid = said.get("uaid")
                if uaid not in self._known:
                    self._known.add(uaid := secrets.token_hex(16))
                return same | {"uaid": uaid, "status": 200, "use_webpush": True, "broadcasts": {}}
            case "register":
                path = f"/wpush/v2/{secrets.token_urlsafe(24)}"
                self._channels[path] = (said["channelID"], phone)
                return same | {"status": 200, "pushEndpoint": self.origin + path}
            case "unregister":
                self._channels = {
                    path: one for path, one in self._channels.items() if one[0] != said["channelID"]
                }
                return same | {"status": 200}
            case "ack":
                self.acknowledged += [update["version"] for update in said["updates"]]
                return None
            case None:
                return {}  # a ping
        return None


@pytest.fixture(scope="session")
def autopush() -> Iterator[Autopush]:
    """The push service of this run's Firefox."""
    service = Autopush()
    yield service
    service.stop()
