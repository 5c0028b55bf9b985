"""Pages of invitations for the person who is invited: from the link to Today, in three short steps.

The token stands in one address only, ``/join/<token>``, which leads on at once; from there the browser carries the hash it is stored
under in its own cookie, so the link is in no later address and no Referer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, TooMany
from selfcare.extensions import db
from selfcare.identity import devices, joining, service
from selfcare.identity.invitation_schemas import (
    AccountSchema,
    ConsentSchema,
    JoinSignInSchema,
    NewPasswordSchema,
    YearSchema,
)
from selfcare.identity.invitation_views import bp
from selfcare.identity.joining import Welcome
from selfcare.identity.tries import LinkEnded
from selfcare.identity.views import landing
from selfcare.people.acting import current_person

__all__ = ["bp"]  # the room's pages stand in several files; app.py takes the last

CARRIED, PROVEN, STAGED = "join", "join_proven", "join_staged"


class _OutOfOrder(Exception):
    """A step was opened before the one that leads to it."""


def step(view: Callable[[Welcome], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """Give a view the invitation that this browser carries, once the year of birth was right; else lead back to the start."""

    @wraps(view)
    def enter() -> ResponseReturnValue:
        try:
            who = joining.welcome(str(session.get(CARRIED, "")))
            if who.asks_year and session.get(PROVEN) != session[CARRIED]:
                raise _OutOfOrder
            return view(who)
        except LinkEnded as ended:
            return _ended(ended)
        except _OutOfOrder:
            return redirect(url_for("invitations.begin"), 303)

    return enter


@bp.get("/join/<token>")
@roles("anyone")
def join(token: str) -> ResponseReturnValue:
    """The link of an invitation. Opening it uses nothing up: mail scanners open links too."""
    _forget()
    try:
        session[CARRIED] = joining.find(token)
    except LinkEnded as ended:
        return _ended(ended)
    return redirect(url_for("invitations.begin"), 303)


@bp.route("/join", methods=["GET", "POST"])
@roles("anyone")
def begin() -> ResponseReturnValue:
    """Step 1: who invites you, and the year you were born."""
    if CARRIED not in session:
        return render_template("identity/join_how.html")
    try:
        who = joining.welcome(str(session[CARRIED]))
        if not who.asks_year:
            return redirect(url_for("invitations.account"), 303)
        form = Form(YearSchema)
        if form.sent and form.ok:
            try:
                joining.check_year(who, form.data["year"])
                session[PROVEN] = session[CARRIED]
                return redirect(url_for(_after_year(who)), 303)
            except Invalid as problem:
                form.refuse(problem)
    except LinkEnded as ended:
        return _ended(ended)
    return _page("identity/join_begin.html", form, who=who)


@bp.route("/join/account", methods=["GET", "POST"])
@roles("anyone")
@step
def account(who: Welcome) -> ResponseReturnValue:
    """Step 2: e-mail and password; for somebody who is known already the password alone, and done."""
    if not who.is_new_patient:
        return _new_password(who)
    form = Form(AccountSchema, {"email": who.invitation.staged_email or who.email or ""})
    if form.sent and form.ok:
        try:
            session[STAGED] = joining.stage_account(who, form.data["email"], form.data["password"])
            return redirect(url_for("invitations.sharing"), 303)
        except Invalid as problem:
            form.refuse(problem)
    return _page("identity/join_account.html", form, who=who)


@bp.route("/join/sharing", methods=["GET", "POST"])
@roles("anyone")
@step
def sharing(who: Welcome) -> ResponseReturnValue:
    """Step 3: who sees what, item by item. Then the account stands, and Today opens."""
    if not who.is_new_patient or not joining.is_staged(who, session.get(STAGED)):
        raise _OutOfOrder
    form = Form(ConsentSchema, {"shared": []})
    if form.sent and form.ok:
        try:
            signed_in = joining.join(who, form.data.get("shared") or [], session.get(STAGED))
            devices.remember(signed_in.person)
            flash(_("Welcome, %(name)s. This is your page", name=signed_in.person.known_as), "success")
            return redirect(landing(signed_in.person), 303)
        except Invalid as problem:
            form.refuse(problem)
    return _page("identity/join_sharing.html", form, who=who, known=None)


@bp.route("/join/sign-in", methods=["GET", "POST"])
@roles("anyone")
@step
def sign_in(who: Welcome) -> ResponseReturnValue:
    """Step 2 for somebody who has an account: sign in to accept."""
    if not who.is_new_patient:
        raise _OutOfOrder
    form = Form(JoinSignInSchema)
    status = None
    if form.sent and form.ok:
        carried, proven = session[CARRIED], session.get(PROVEN)
        try:
            signed_in = service.sign_in(
                form.data["email"], form.data["password"], devices.mark(), request.remote_addr
            )
            devices.remember(signed_in.person)
            # Signing in empties the cookie; what was proven before is still true.
            session[CARRIED], session[PROVEN] = carried, proven
            return redirect(url_for("invitations.existing"), 303)
        except Invalid as problem:
            form.refuse(problem)
        except TooMany as problem:
            form.errors["password"], status = problem.message, problem.status
    form.values.pop("password", None)
    return _page("identity/join_sign_in.html", form, status, who=who)


@bp.route("/join/existing", methods=["GET", "POST"])
@roles("anyone")
@step
def existing(who: Welcome) -> ResponseReturnValue:
    """Step 3 for somebody who has an account: this team joins, and sees what is ticked here."""
    if not who.is_new_patient or not current_user.is_authenticated:
        raise _OutOfOrder
    person = current_person()
    form = Form(ConsentSchema, {"shared": joining.sharing_now(person)})
    if form.sent and form.ok:
        try:
            joining.join_with_account(who, person, form.data.get("shared") or [])
            _forget()
            flash(
                _("%(team)s is now part of your care team", team=who.team.name if who.team else ""), "success"
            )
            return redirect(url_for("home.today"), 303)
        except Invalid as problem:
            form.refuse(problem)
    return _page("identity/join_sharing.html", form, who=who, known=person)


def _new_password(who: Welcome) -> ResponseReturnValue:
    form = Form(NewPasswordSchema)
    if form.sent and form.ok:
        try:
            signed_in = joining.set_new_password(who, form.data["password"])
            devices.remember(signed_in.person)
            flash(_("Your password is set. Other phones and computers are logged out"), "success")
            return redirect(landing(signed_in.person), 303)
        except Invalid as problem:
            form.refuse(problem)
    return _page("identity/join_password.html", form, who=who)


def _after_year(who: Welcome) -> str:
    return (
        "invitations.existing"
        if who.is_new_patient and current_user.is_authenticated
        else "invitations.account"
    )


def _page(template: str, form: Form, status: int | None = None, **values: Any) -> ResponseReturnValue:
    form.values.pop("password", None)
    return render_template(template, form=form, **values), status or (422 if form.errors else 200)


def _ended(ended: LinkEnded) -> ResponseReturnValue:
    db.rollback()
    _forget()
    return render_template("identity/join_ended.html", why=ended.why), ended.status


def _forget() -> None:
    for name in (CARRIED, PROVEN, STAGED):
        session.pop(name, None)
