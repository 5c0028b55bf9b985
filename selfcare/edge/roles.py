"""The table of routes by role. Closed by default: an endpoint that names no role is refused, and fails a test.

``@roles("patient", "carer")`` stands on every view; ``"anyone"`` needs no session.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, current_app, request
from flask_babel import gettext as _
from flask_login import current_user

from selfcare.errors import NotFound, NotSignedIn

F = TypeVar("F", bound=Callable[..., Any])

ROLES = (
    "anyone",
    "signed-in",
    "patient",
    "carer",
    "clinician",
    "facilitator",
    "trainer",
    "programme_lead",
    "commissioner",
    "administrator",
)

# Flask's own file route and flask-smorest's documents: everyone may read them.
LIBRARY_ENDPOINTS = {"static": ("anyone",), "api-docs.openapi_json": ("anyone",)}


def roles(*names: str) -> Callable[[F], F]:
    """Let people with any of these roles through; everyone else is answered as if the page were not there."""
    unknown = set(names) - set(ROLES)
    if unknown or not names:
        raise ValueError(f"no such role: {sorted(unknown) or 'none named'}")

    def mark(view: F) -> F:
        view.roles = names  # type: ignore[attr-defined]  # the table is the views themselves
        return view

    return mark


def roles_of(app: Flask, endpoint: str) -> tuple[str, ...] | None:
    """The roles an endpoint names; None when it names none."""
    if endpoint in LIBRARY_ENDPOINTS:
        return LIBRARY_ENDPOINTS[endpoint]
    view: Any = app.view_functions.get(endpoint)
    while view is not None:
        if hasattr(view, "roles"):
            return tuple(view.roles)
        view = getattr(view, "__wrapped__", None)
    return None


def route_table(app: Flask) -> list[dict[str, Any]]:
    """Every rule: ``{rule, methods, endpoint, roles}``; ``roles`` is empty where none is named."""
    rows = []
    for rule in app.url_map.iter_rules():
        methods = sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        named = roles_of(app, rule.endpoint) or ()
        rows.append({"rule": rule.rule, "methods": methods, "endpoint": rule.endpoint, "roles": list(named)})
    return sorted(rows, key=lambda row: (row["rule"], row["methods"]))


def check_roles() -> None:
    """Before every request: may this person enter at all? (What is inside is decided by ``people.access``.)

    :raises NotSignedIn: nobody is signed in and the route is not for anyone.
    :raises NotFound: the route is for other roles, or stands in no table.
    """
    if request.endpoint is None:
        return
    allowed = roles_of(current_app, request.endpoint)
    if allowed is None:
        raise NotFound
    if "anyone" in allowed:
        return
    if not current_user.is_authenticated:
        raise NotSignedIn(_("Sign in to see this page"))
    if "signed-in" not in allowed and not set(allowed) & set(current_user.person.roles):
        raise NotFound
