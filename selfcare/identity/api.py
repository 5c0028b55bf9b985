"""``/api/v1/session``: sign in, who am I, sign out."""

from __future__ import annotations

from typing import Any

from flask import Response, request
from flask_login import current_user
from flask_wtf.csrf import generate_csrf

from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.errors import NotSignedIn
from selfcare.extensions import csrf
from selfcare.identity import devices, service, sessions
from selfcare.identity.schemas import SignInSchema
from selfcare.identity.views import clear_cache
from selfcare.people.acting import current_person
from selfcare.people.models import Person, describe

blp = ApiBlueprint("session_api", __name__, description="Sign in and out")


@blp.route("/session", methods=["POST"])
@csrf.exempt
@roles("anyone")
@blp.arguments(SignInSchema)
@blp.response(200)
def post_session(body: dict[str, Any]) -> dict[str, Any]:
    """Sign in. Needs our Origin; the CSRF token for what follows is in the answer."""
    signed_in = service.sign_in(body["email"], body["password"], devices.mark(), request.remote_addr)
    devices.remember(signed_in.person)
    return _describe(signed_in.person)


@blp.route("/session", methods=["GET"])
@roles("anyone")
@blp.response(200)
def get_session() -> dict[str, Any]:
    """Who is signed in.

    :raises NotSignedIn: nobody.
    """
    if not current_user.is_authenticated:
        raise NotSignedIn
    return _describe(current_person())


@blp.route("/session", methods=["DELETE"])
@roles("signed-in")
@blp.response(204)
def delete_session() -> None:
    """Sign out on this browser."""
    sessions.end(current_user)


@blp.route("/session/lock", methods=["POST"])
@roles("patient", "carer")
@blp.response(204)
def post_lock() -> Response:
    """Lock this browser: from now on it is answered as signed out, until the password is given again. Reminders stay."""
    sessions.lock(current_user)
    return clear_cache(Response(status=204))


def _describe(person: Person) -> dict[str, Any]:
    return {"user": describe(person), "csrf_token": generate_csrf()}
