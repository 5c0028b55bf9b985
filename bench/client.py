"""A server in another process, and a client lean enough that its own cost hardly counts."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bench.world import SECRET
from selfcare.demo import accounts

START_SECONDS = 60


class ServerError(RuntimeError):
    """The server did not come up, or answered what nobody expects."""


@dataclass
class Server:
    """A running one."""

    port: int

    @property
    def origin(self) -> str:
        """Its address, which is its own Origin too."""
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def served(url: str, folder: Path, **more: str) -> Iterator[Server]:
    """``bench.served`` on this database, until the block ends. ``more``: further settings, by their short names."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        server = Server(probe.getsockname()[1])
    given = {
        "env": "demo",
        "database_url": url,
        "secret_key": SECRET,
        "base_url": server.origin,
        "scheduler": "off",
        "log_level": "info",  # as in production: one line a request
    }
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SELFCARE_")}
    environment |= {f"SELFCARE_{name.upper()}": value for name, value in (given | more).items()}
    log = folder / f"server-{server.port}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "bench.served", str(server.port)], env=environment, stdout=out, stderr=out
        )
    try:
        _wait(server, process, log)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while True:
        try:
            Client(server).get("/bench/hello")
        except OSError:
            if process.poll() is not None or time.monotonic() > until:
                said = log.read_text(errors="replace")[-3000:]
                raise ServerError(f"The server did not start:\n{said}") from None
            time.sleep(0.05)
        else:
            return


@dataclass
class Answer:
    """Status, headers (names in small letters; of several alike the last), body."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Client:
    """One keep-alive connection, one browser's cookies."""

    server: Server
    cookies: dict[str, str] = field(default_factory=dict)
    token: str = ""

    def __post_init__(self) -> None:
        self._socket = self._connect()

    def _connect(self) -> socket.socket:
        made = socket.create_connection(("127.0.0.1", self.server.port))
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return made

    def sign_in(self, email: str) -> None:
        """As one of the demonstration's people."""
        answer = self.send("POST", "/api/v1/session", {"email": email, "password": accounts.PASSWORD})
        if answer.status != 200:
            raise ServerError(f"{email} could not sign in: {answer.status} {answer.body!r}")
        self.token = answer.json["csrf_token"]

    def get(self, path: str, **headers: str) -> Answer:
        """A page."""
        return self.exchange(self.request("GET", path, None, **headers))

    def send(self, method: str, path: str, body: Any) -> Answer:
        """A JSON body, as a page of ours sends it."""
        return self.exchange(self.request(method, path, json.dumps(body).encode()))

    def request(self, method: str, path: str, body: bytes | None = None, /, **headers: str) -> bytes:
        """The bytes of a request, so that making them is not timed."""
        head = {"Host": f"127.0.0.1:{self.server.port}", "Accept-Encoding": "br"}
        if self.cookies:
            head["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            head |= {"Content-Type": "application/json", "Content-Length": str(len(body))}
            head |= {"Origin": self.server.origin, "X-CSRF-Token": self.token}
        head |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in head.items())]
        return "\r\n".join([*lines, "", ""]).encode() + (body or b"")

    def exchange(self, request: bytes) -> Answer:
        """Send these bytes and read the answer; once more where the server had closed a connection that lay idle."""
        try:
            self._socket.sendall(request)
            head, body = self._read()
        except ConnectionError:
            self._socket.close()
            self._socket = self._connect()
            self._socket.sendall(request)
            head, body = self._read()
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _colon, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                cookie, _semicolon, _rest = value.strip().partition(";")
                key, _equals, content = cookie.partition("=")
                self.cookies[key] = content
        if headers.get("connection") == "close":
            self._socket.close()
            self._socket = self._connect()
        return Answer(int(first.split(" ")[1]), headers, body)

    def seconds(self, request: bytes) -> float:
        """How long this request takes; the answer must be a 2xx.

        :raises ServerError: it is not.
        """
        started = time.perf_counter()
        self._socket.sendall(request)
        head, _body = self._read()
        seconds = time.perf_counter() - started
        if not head.startswith(b"HTTP/1.1 2"):
            raise ServerError(f"{request.split(b' HTTP')[0]!r}: {head[:200]!r}")
        return seconds

    def _read(self) -> tuple[bytes, bytes]:
        data = self._more()
        while (end := data.find(b"\r\n\r\n")) < 0:
            data += self._more()
        head, body = data[:end], data[end + 4 :]
        if head.startswith(b"HTTP/1.1 204"):
            return head, b""
        low = head.lower()
        place = low.find(b"\r\ncontent-length:")
        if place < 0:
            raise ServerError(f"an answer without a length: {head[:200]!r}")
        length = int(low[place + 17 :].split(b"\r\n", 1)[0])
        parts, size = [body], len(body)
        while size < length:
            parts.append(self._more())
            size += len(parts[-1])
        return head, b"".join(parts)

    def _more(self) -> bytes:
        data = self._socket.recv(1 << 18)
        if not data:
            raise ConnectionResetError("the server hung up")
        return data
