"""Sign-in and log-out pages."""

from __future__ import annotations

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, TooMany
from selfcare.identity import service, sessions
from selfcare.identity.api import DEVICE_COOKIE, remember_device
from selfcare.identity.schemas import SignInSchema
from selfcare.people.models import Person

bp = Blueprint("identity", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@roles("anyone")
def sign_in() -> ResponseReturnValue:
    """Email and password; then where the person was going."""
    if current_user.is_authenticated and request.method == "GET":
        return redirect(landing(current_user.person))
    form = Form(SignInSchema, {"next": request.args.get("next", "")})
    status = 200
    if form.sent and form.ok:
        try:
            device = request.cookies.get(DEVICE_COOKIE)
            signed_in = service.sign_in(form.data["email"], form.data["password"], device)
            remember_device(form.data["email"])
            return redirect(own_path(form.data.get("next")) or landing(signed_in.person), 303)
        except Invalid as problem:
            form.refuse(problem)
        except TooMany as problem:
            form.errors["password"], status = problem.message, problem.status
    form.values.pop("password", None)
    if form.errors and status == 200:
        status = 422
    return render_template("identity/sign_in.html", form=form), status


@bp.route("/sign-out", methods=["POST"])
@roles("signed-in")
def sign_out() -> ResponseReturnValue:
    """Log out on this phone. Caches are cleared; the outbox and the push subscription are not (safety.md)."""
    sessions.end(current_user)
    response = make_response(redirect(url_for("identity.sign_in"), 303))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


def own_path(path: str | None) -> str | None:
    """``path`` if it leads to a page of ours, else None: never another host, never a backslash trick."""
    if not path or not path.startswith("/") or path.startswith(("//", "/\\")) or "\\" in path or "\n" in path:
        return None
    return path


def landing(person: Person) -> str:
    """The first page after sign-in, by role."""
    if "patient" in person.roles or "carer" in person.roles:
        return url_for("home.today")
    if "clinician" in person.roles:
        return url_for("agendas.panel")
    if "administrator" in person.roles:
        return url_for("admin.index")
    return url_for("home.account")
