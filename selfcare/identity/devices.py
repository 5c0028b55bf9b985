"""The cookie that tells a browser which has signed in to an account before; it opens nothing, it only has its own lane in the throttle."""

from __future__ import annotations

from flask import after_this_request, current_app, request
from flask.wrappers import Response

from selfcare.identity import throttle
from selfcare.people.models import Person


def _name() -> str:
    # With __Host- no sibling subdomain and no plain-HTTP answer can plant another.
    return "__Host-selfcare-device" if current_app.config["SESSION_COOKIE_SECURE"] else "selfcare_device"


def mark() -> str | None:
    """The mark that this browser carries, if any."""
    return request.cookies.get(_name())


def remember(person: Person) -> None:
    """Leave a fresh mark for this account; each sign-in has its own."""
    value = throttle.device_mark(person.email or "")

    @after_this_request
    def put(response: Response) -> Response:
        response.set_cookie(
            _name(),
            value,
            max_age=int(throttle.DEVICE_LIFE.total_seconds()),
            httponly=True,
            samesite="Lax",
            secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        )
        return response
