"""The one translation of errors to HTTP: ``application/problem+json`` for the API, a page for people."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from flask import Flask, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from selfcare.errors import (
    Conflict,
    DomainError,
    Invalid,
    NotFound,
    NotHelping,
    NotSignedIn,
    Refused,
    TooMany,
    Unavailable,
)
from selfcare.extensions import db, login_manager

log = structlog.get_logger()

PAGES = {
    404: "not_found",
    401: "signed_out",
    403: "forbidden",
    429: "too_many",
    501: "not_built",
    503: "unavailable",
}


# What answers a form that arrives from nobody: a room above this floor knows; None: nothing is carried.
_carry: Callable[[DomainError], Response | None] = lambda error: None  # noqa: E731 - until somebody wires it


def carry(page: Callable[[DomainError], Response | None]) -> None:
    """Let a form whose sender's session has ended be answered with a sign-in that carries it."""
    global _carry  # noqa: PLW0603 - wired once, at the start
    _carry = page


def is_api() -> bool:
    """Whether a program is asking."""
    return request.path.startswith(("/api/", "/fhir/"))


def answer(error: DomainError) -> Response:
    """The HTTP answer to a domain error."""
    response = _problem(error) if is_api() else _page(error)
    response.headers.update(error.headers())
    return response


def _problem(error: DomainError) -> Response:
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": error.message or _title(error.status),
        "status": error.status,
    }
    body |= error.extra()
    response = jsonify(body)
    response.status_code = error.status
    response.content_type = "application/problem+json"
    return response


def _title(status: int) -> str:
    return {
        400: _("This could not be read"),
        401: _("Sign in first"),
        403: _("This did not come from this app"),
        404: _("Not found"),
        405: _("This cannot be done here"),
        409: _("There is already something else under this id"),
        413: _("This is too long"),
        415: _("Send JSON"),
        429: _("Too many tries. Wait a little"),
        503: _("Nothing was saved. Try again in a moment"),
    }.get(status, _("There is a problem"))


def _page(error: DomainError) -> Response:
    if isinstance(error, NotSignedIn):
        carried = _carry(error)
        if carried is not None:
            return carried
        # Only the path, so that a link can never lead away from here.
        there = request.full_path.rstrip("?") if request.method == "GET" else None
        return make_response(redirect(url_for("identity.sign_in", next=there)))
    page = error.template if isinstance(error, NotHelping) else PAGES.get(error.status, "problem")
    return make_response(render_template(f"errors/{page}.html", error=error), error.status)


def _from_http(exception: HTTPException) -> Response:
    if (
        exception.response is not None
        and isinstance(exception.response, Response)
        and (exception.code or 500) < 400
    ):
        return exception.response
    status = exception.code or 500
    if status < 400:
        return make_response(exception.get_response())
    data = getattr(exception, "data", None) or {}
    error: DomainError
    if status == 422 and "messages" in data:
        error = Invalid(_flat(data["messages"]))
    elif status == 404:
        error = NotFound(_("Not found") if is_api() else "")
    elif status == 429:
        error = TooMany(_("Too many tries. Wait a minute, then try again"), 60)
    else:
        error = DomainError(_("This is too long. Send it in parts") if status == 413 else "")
        error.status = status
    response = answer(error)
    for name, value in exception.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _flat(messages: dict[str, Any]) -> dict[str, list[str]]:
    """marshmallow's nested messages as field → sentences; webargs puts them under the place they came from."""
    flat: dict[str, list[str]] = {}

    def walk(path: str, said: Any) -> None:
        if isinstance(said, dict):
            for key, inner in said.items():
                walk(f"{path}.{key}" if path else str(key), inner)
        else:
            flat[path or "body"] = [str(s) for s in (said if isinstance(said, list) else [said])]

    for place, said in messages.items():
        walk("" if place in ("json", "query", "form", "_schema") else str(place), said)
    return flat


def register(app: Flask) -> None:
    """Wire the translation. Everything that is raised ends here."""

    @app.errorhandler(DomainError)
    def domain(error: DomainError) -> Response:
        return answer(error)

    @app.errorhandler(CSRFError)
    def csrf(error: CSRFError) -> Response:
        return answer(Refused(_("This page was open for a long time. Go back, reload it and try again")))

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Response:
        return _from_http(error)

    @app.errorhandler(IntegrityError)
    def twice(error: IntegrityError) -> Response:
        # Two copies of one request raced; the first is stored, and sending again answers for it.
        db.rollback()
        return answer(Conflict(_("This was sent twice at the same time. Try once more")))

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def gone(error: SQLAlchemyError) -> Response:
        db.rollback()
        log.error("database_unavailable", kind=type(error).__name__)
        return answer(Unavailable(_("Nothing was saved. Try again in a moment")))

    @app.errorhandler(Exception)
    def unforeseen(error: Exception) -> Response:
        db.rollback()
        log_slip(error)
        if app.testing:
            raise error
        failure = DomainError()
        failure.status = 500
        return answer(failure)


def know_reader(error: Exception) -> None:
    """Settle who reads the page that says what went wrong, before any word of it is chosen; nobody, where the database cannot say."""
    if isinstance(error, OperationalError | PoolTimeout):
        # Whoever is known already stays known. Nobody is asked: that would be a second wait for what has just failed.
        g.setdefault("_login_user", login_manager.anonymous_user())
    try:
        _known = current_user.is_authenticated
    except SQLAlchemyError:
        db.rollback()
        g._login_user = login_manager.anonymous_user()


def log_slip(error: BaseException) -> None:
    """Log a mistake of ours. The message of an exception may carry what somebody wrote: only its kind and place are logged."""
    log.error("unforeseen", kind=type(error).__name__, endpoint=request.endpoint, where=_place(error))


def _place(error: BaseException) -> str:
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}")
        trace = trace.tb_next
    return " > ".join(frames[-4:])
