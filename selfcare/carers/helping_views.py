"""The carer's pages: whom they help, leaving, and accepting an invitation.

The token stands in one address only, ``/helping/join/<token>``, which uses nothing up and leads on at once; from there the browser carries
the hash it is stored under in its own cookie. The patient's name stands on ``/helping/accept`` alone.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from selfcare.carers import accepting, links
from selfcare.carers.accepting import Asked
from selfcare.carers.schemas import CodeForm, NewCarerForm
from selfcare.carers.scope import for_carer
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, TooMany
from selfcare.extensions import db
from selfcare.identity import devices, service
from selfcare.identity.invitation_schemas import JoinSignInSchema
from selfcare.identity.tries import LinkEnded
from selfcare.people.acting import current_person

bp = Blueprint("helping", __name__)

CARRIED, STAGED = "helping", "helping_staged"


def step(view: Callable[[Asked], ResponseReturnValue]) -> Callable[[], ResponseReturnValue]:
    """Give a view the invitation that this browser carries; without one lead to the start."""

    @wraps(view)
    def enter() -> ResponseReturnValue:
        if CARRIED not in session:
            return redirect(url_for("helping.begin"), 303)
        try:
            return view(accepting.asked(str(session[CARRIED])))
        except LinkEnded as ended:
            return _ended(ended)

    return enter


@bp.get("/helping")
@roles("signed-in")
def index() -> ResponseReturnValue:
    """Everybody this person helps: choose whose pages to open, or stop helping."""
    return render_template(
        "carers/helping.html", helped=links.helped_by(current_person()), for_carer=for_carer
    )


@bp.route("/helping/<uuid:patient_id>/stop", methods=["GET", "POST"])
@roles("carer")
def leave(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Stop helping somebody: what was written stays."""
    carer = current_person()
    helped = links.helped_person(carer, patient_id)
    if request.method == "POST":
        links.leave(carer, patient_id)
        flash(_("You do not help %(name)s here any more", name=helped.person.known_as), "success")
        return redirect(url_for("helping.index"), 303)
    return render_template("carers/leave.html", helped=helped)


@bp.get("/helping/join/<token>")
@roles("anyone")
def join(token: str) -> ResponseReturnValue:
    """The link of an invitation. Opening it uses nothing up and shows nobody's name: scanners and previews open links too."""
    _forget()
    try:
        session[CARRIED] = accepting.find(token)
    except LinkEnded as ended:
        return _ended(ended)
    return redirect(url_for("helping.begin"), 303)


@bp.route("/helping/join", methods=["GET", "POST"])
@roles("anyone")
def begin() -> ResponseReturnValue:
    """What this is; or, without a link, where the code is typed."""
    form = Form(CodeForm)
    if form.sent and form.ok:
        try:
            session[CARRIED] = accepting.find(form.data["code"])
            return redirect(url_for("helping.begin"), 303)
        except LinkEnded as ended:
            if ended.why != "unknown":
                return _ended(ended)
            form.errors["code"] = _("There is no invitation with this code. Check each letter and number")
    if CARRIED not in session or form.sent:
        return _page("carers/code.html", form)
    try:
        accepting.asked(str(session[CARRIED]))
    except LinkEnded as ended:
        return _ended(ended)
    return render_template("carers/join.html")


@bp.route("/helping/account", methods=["GET", "POST"])
@roles("anyone")
@step
def account(who: Asked) -> ResponseReturnValue:
    """For somebody who is new here: name, e-mail and password. Nothing stands until they agree on the next page."""
    form = (
        Form(
            NewCarerForm,
            {"name": who.invitation.staged_name or "", "email": who.invitation.staged_email or ""},
        )
        if accepting.is_staged(who, session.get(STAGED))
        else Form(NewCarerForm)
    )
    if form.sent and form.ok:
        try:
            session[STAGED] = accepting.stage_account(who, **form.data)
            return redirect(url_for("helping.accept"), 303)
        except Invalid as problem:
            form.refuse(problem)
    return _page("carers/account.html", form)


@bp.route("/helping/sign-in", methods=["GET", "POST"])
@roles("anyone")
@step
def sign_in(who: Asked) -> ResponseReturnValue:
    """For somebody who has an account: sign in to see who asks."""
    form = Form(JoinSignInSchema)
    status = None
    if form.sent and form.ok:
        carried = session[CARRIED]
        try:
            signed_in = service.sign_in(
                form.data["email"], form.data["password"], devices.mark(), request.remote_addr
            )
            devices.remember(signed_in.person)
            session[CARRIED] = carried  # signing in empties the cookie
            return redirect(url_for("helping.accept"), 303)
        except Invalid as problem:
            form.refuse(problem)
        except TooMany as problem:
            form.errors["password"], status = problem.message, problem.status
    return _page("carers/sign_in.html", form, status)


@bp.route("/helping/accept", methods=["GET", "POST"])
@roles("anyone")
@step
def accept(who: Asked) -> ResponseReturnValue:
    """Who asks, and what they let you do: yes or no. Only for somebody who is signed in, or said who they are a page ago."""
    person = current_person() if current_user.is_authenticated else None
    if person is None and not accepting.is_staged(who, session.get(STAGED)):
        return redirect(url_for("helping.begin"), 303)
    problem: str | None = None
    if request.method == "POST":
        name = who.patient.known_as
        if request.form.get("answer") == "no":
            accepting.decline(who)
            _forget()
            return render_template("carers/declined.html")
        try:
            if person is None:
                devices.remember(accepting.accept_new(who, session.get(STAGED)).person)
            else:
                accepting.accept(who, person)
                _forget()
            flash(_("You can now help %(name)s", name=name), "success")
            return redirect(url_for("home.today") + f"?for={who.patient.id}", 303)
        except Invalid as refused:
            problem = next(iter(refused.errors.values()))[0]
    elif person is not None:
        problem = accepting.why_not(who, person)
    page = render_template("carers/accept.html", who=who, person=person, problem=problem)
    return page, 422 if problem and request.method == "POST" else 200


def _page(template: str, form: Form, status: int | None = None) -> ResponseReturnValue:
    values: dict[str, Any] = form.values
    values.pop("password", None)
    return render_template(template, form=form), status or (422 if form.errors else 200)


def _ended(ended: LinkEnded) -> ResponseReturnValue:
    db.rollback()
    _forget()
    return render_template("carers/ended.html", why=ended.why), ended.status


def _forget() -> None:
    for name in (CARRIED, STAGED):
        session.pop(name, None)
