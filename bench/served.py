"""The application behind the very server that ``selfcare serve`` starts, with two yardsticks on the same server.

``/bench/hello`` answers two words, ``/bench/cpu`` the CPU seconds that the process has used. A page asked for with the
header ``X-Bench-Page: NAME`` has its template and context kept; ``/bench/bare/NAME`` renders them again and does nothing
else: no session, no CSRF, no access check, no database, no audit. Both come out byte for byte the same, which the client
checks.

    python -m bench.served PORT        settings from the environment
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask import Flask, before_render_template, g, request

import config
from selfcare.app import create_app
from selfcare.cli import serving
from selfcare.extensions import db

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

HELLO = b"Hello, world"


@dataclass(frozen=True)
class _Kept:
    template: Any
    context: dict[str, Any]
    of_request: dict[str, Any]  # flask.g itself, which the rendering fills: person, nonce, token, language
    path: str
    query: str


class Yardsticks:
    """Stands before the application and answers what begins with ``/bench/``."""

    def __init__(self, app: Flask) -> None:
        self._app, self._inner = app, app.wsgi_app
        self._kept: dict[str, _Kept] = {}
        before_render_template.connect(self._keep, app)

    def _keep(self, sender: Flask, template: Any, context: dict[str, Any], **rest: Any) -> None:
        name = request.headers.get("X-Bench-Page")
        if name:
            db.session.expunge_all()  # what the context holds is to stay loaded after this request's transaction
            self._kept[name] = _Kept(
                template, context, vars(g._get_current_object()), request.path, request.query_string.decode()
            )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        if path == "/bench/hello":
            return _answer(start_response, HELLO)
        if path == "/bench/cpu":
            return _answer(start_response, repr(time.process_time()).encode())
        if path.startswith("/bench/bare/"):
            kept = self._kept[path.rpartition("/")[2]]
            environ["PATH_INFO"], environ["QUERY_STRING"] = kept.path, kept.query
            with self._app.request_context(environ):
                vars(g).update(kept.of_request)
                text = kept.template.render(kept.context)
            return _answer(start_response, text.encode())
        return self._inner(environ, start_response)


def _answer(start_response: StartResponse, body: bytes) -> Iterable[bytes]:
    head = [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
    start_response("200 OK", head)
    return [body]


def main() -> None:
    app = create_app(config.load())
    door: WSGIApplication = Yardsticks(app)
    app.wsgi_app = door  # type: ignore[method-assign]  # the way that Flask documents
    serving.serve_app(app, "127.0.0.1", int(sys.argv[1]))


if __name__ == "__main__":
    main()
