"""Safe by header: a nonce CSP, no caching of personal pages, and state changes only from our own Origin."""

from __future__ import annotations

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request, session
from flask_babel import gettext as _

from selfcare.errors import Refused

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def csp_nonce() -> str:
    """The nonce of this answer, for the one inline script of the page template."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def check_origin(origins: frozenset[str]) -> None:
    """A state change must come from a page of ours.

    :raises Refused: (403) the Origin is another's, or neither Origin nor Referer tells.
    """
    if request.method in SAFE_METHODS:
        return
    origin = request.headers.get("Origin")
    if origin is None and (referrer := request.headers.get("Referer")):
        parts = urlsplit(referrer)
        origin = f"{parts.scheme}://{parts.netloc}"
    if origin not in origins:
        raise Refused(
            _("This was sent from another place, so nothing was changed. Open the app and try again")
        )


def register(app: Flask, *, secure: bool, origins: frozenset[str]) -> None:
    """Check before, dress after."""
    app.jinja_env.globals["csp_nonce"] = csp_nonce

    @app.before_request
    def origin() -> None:
        check_origin(origins)

    @app.after_request
    def dress(response: Response) -> Response:
        nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
        response.headers["Content-Security-Policy"] = (
            f"default-src 'none'; script-src 'self'{nonce}; style-src 'self'; img-src 'self'; media-src 'self'; font-src 'none'; "
            "connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; "
            "object-src 'none'; base-uri 'none'; frame-ancestors 'none'"
        )
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = (
            "camera=(), microphone=(), geolocation=(), payment=(), interest-cohort=()"
        )
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if secure:
            response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        # Whatever a signed-in person is shown stays out of every cache: the phone may be shared.
        if "Cache-Control" not in response.headers or "_user_id" in session:
            response.headers["Cache-Control"] = "no-store"
        return response
