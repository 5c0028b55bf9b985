"""Sign in, lock, log out, change the password."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, Response, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, TooMany
from selfcare.identity import carrying, devices, service, sessions
from selfcare.identity.schemas import LONGEST_NEXT, PasswordSchema, SignInForm, UnlockSchema
from selfcare.people.acting import current_person
from selfcare.people.models import Person

bp = Blueprint("identity", __name__)


@bp.route("/sign-in", methods=["GET", "POST"])
@roles("anyone")
def sign_in() -> ResponseReturnValue:
    """Email and password, on a locked browser the password alone; then where the person was going."""
    if current_user.is_authenticated:
        if request.method == "GET":
            # Signed in meanwhile, in another tab: where a message led to still holds.
            return redirect(own_path(request.args.get("next")) or landing(current_user.person))
    elif "other" not in request.args and "email" not in request.form:
        locked = sessions.locked_here()
        if locked is not None:
            return _unlock(locked)
    form = Form(SignInForm, {"next": own_path(request.args.get("next"))})
    return _let_in(
        "identity/sign_in.html",
        form,
        lambda: service.sign_in(
            form.data["email"], form.data["password"], devices.mark(), request.remote_addr
        ),
    )


def _unlock(locked: Person) -> ResponseReturnValue:
    form = Form(UnlockSchema, {"next": own_path(request.args.get("next"))})
    return _let_in(
        "identity/unlock.html",
        form,
        lambda: service.unlock(locked, form.data["password"], devices.mark(), request.remote_addr),
    )


def _let_in(template: str, form: Form, enter: Callable[[], sessions.SignedIn]) -> ResponseReturnValue:
    """Go on to where the person was going, or show the form (again)."""
    status, headers = 200, {}
    if form.sent and form.ok:
        try:
            signed_in = enter()
            devices.remember(signed_in.person)
            back = carrying.come_back(signed_in.person, form.data.get("carried"))
            return back or redirect(own_path(form.data.get("next")) or landing(signed_in.person), 303)
        except Invalid as problem:
            form.refuse(problem)
        except TooMany as problem:
            form.errors["password"], status, headers = problem.message, problem.status, problem.headers()
    form.values.pop("password", None)
    if form.errors and status == 200:
        status = 422
    return render_template(template, form=form), status, headers


@bp.post("/lock")
@roles("patient", "carer")
def lock() -> ResponseReturnValue:
    """Lock this phone: the password alone brings it back, and reminders stay."""
    sessions.lock(current_user)
    return clear_cache(make_response(redirect(url_for("identity.sign_in"), 303)))


@bp.route("/sign-out", methods=["GET", "POST"])
@roles("signed-in")
def sign_out() -> ResponseReturnValue:
    """Say what logging out does, then log out on this phone."""
    if request.method == "GET":
        return render_template("identity/sign_out.html", back_to=account_page(current_person()))
    sessions.end(current_user)
    return clear_cache(make_response(redirect(url_for("identity.sign_in"), 303)))


def clear_cache(response: Response) -> Response:
    """Let the browser forget pages; never ``storage``: that holds the outbox, the worker and the subscription (safety.md)."""
    response.headers["Clear-Site-Data"] = '"cache"'
    return response


@bp.route("/password", methods=["GET", "POST"])
@roles("signed-in")
def password() -> ResponseReturnValue:
    """Change one's own password; every other phone and computer is logged out."""
    person = current_person()
    form = Form(PasswordSchema)
    status, headers = 200, {}
    if form.sent and form.ok:
        try:
            signed_in = service.change_password(
                person, form.data["current"], form.data["password"], devices.mark(), request.remote_addr
            )
            devices.remember(signed_in.person)
            flash(_("Your password is changed. Other phones and computers are logged out"), "success")
            return redirect(account_page(signed_in.person), 303)
        except Invalid as problem:
            form.refuse(problem)
        except TooMany as problem:
            form.errors["current"], status, headers = problem.message, problem.status, problem.headers()
    form.values.clear()
    if form.errors and status == 200:
        status = 422
    return render_template("identity/password.html", form=form, back_to=account_page(person)), status, headers


@bp.get("/forgotten-password")
@roles("anyone")
def forgotten() -> ResponseReturnValue:
    """What to do about a forgotten password: the care team gives out a new link."""
    return render_template("identity/forgotten.html")


def own_path(path: str | None) -> str | None:
    """``path`` if it leads to a page of ours, else None.

    Never another host: browsers read a backslash as a slash, and drop tabs and line breaks before they look.
    """
    if not path or not path.startswith("/") or path.startswith("//") or "\\" in path:
        return None
    if len(path) > LONGEST_NEXT:  # the form would refuse it, and with it the sign-in
        return None
    return path if path.isprintable() and " " not in path else None


def landing(person: Person) -> str:
    """The first page after sign-in, by role."""
    if "patient" in person.roles or ("carer" in person.roles and not person.roles & sessions.STAFF_ROLES):
        return url_for("home.today")  # at work a nurse who also helps her mother begins with her work
    if "clinician" in person.roles:
        return url_for("agendas.panel")
    if "administrator" in person.roles:
        return url_for("admin.index")
    return url_for("home.today") if "carer" in person.roles else url_for("home.account")


def account_page(person: Person) -> str:
    """Where a person changes what belongs to their account: More for patients and carers, else their first page."""
    return url_for("home.more") if person.roles & {"patient", "carer"} else landing(person)
