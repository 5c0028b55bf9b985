"""A push service in a process of its own, as lean as Python allows: takes every post with 201 and counts.

    python -m bench.peer       prints its port; ends when its input closes

``GET /counts`` gives what came since the last time it was asked: posts, different addresses, and the first body.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from collections import Counter

TAKEN = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"


class PushService(asyncio.Protocol):
    """One connection. All of them share the counts."""

    posts: Counter[bytes] = Counter()  # noqa: RUF012 - shared on purpose
    first = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._out, self._waiting = transport, b""

    def data_received(self, data: bytes) -> None:
        self._waiting += data
        while (end := self._waiting.find(b"\r\n\r\n")) >= 0:
            head = self._waiting[:end].lower()
            place = head.find(b"\r\ncontent-length:")
            length = int(head[place + 17 :].split(b"\r\n", 1)[0]) if place >= 0 else 0
            if len(self._waiting) < end + 4 + length:
                return
            body = self._waiting[end + 4 : end + 4 + length]
            path = self._waiting[:end].split(b" ", 2)[1]
            self._waiting = self._waiting[end + 4 + length :]
            if path == b"/counts":
                self._tell()
                continue
            PushService.posts[path] += 1
            PushService.first = PushService.first or body
            self._out.write(TAKEN)

    def _tell(self) -> None:
        counts = PushService.posts
        said = {
            "posts": sum(counts.values()),
            "addresses": len(counts),
            "most": max(counts.values(), default=0),
            "first": base64.b64encode(PushService.first).decode(),
        }
        PushService.posts, PushService.first = Counter(), b""
        body = json.dumps(said).encode()
        self._out.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))


async def serve() -> None:
    """Until standard input closes."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(PushService, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
