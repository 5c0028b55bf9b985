"""The patient's pages: People who help me, inviting somebody, one person's scope, ending it."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare import clock
from selfcare.carers import inviting, links
from selfcare.carers.schemas import SEE, WRITE, InviteForm, ScopeForm
from selfcare.carers.scope import TICK_WORDS, in_words
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Conflict, Invalid
from selfcare.identity import qr
from selfcare.people.acting import acting

bp = Blueprint("carers", __name__)

# The newest link this browser made, so that its page can be loaded again; the server keeps only a hash.
LATEST = "carer_invitation"


@bp.get("/carers")
@roles("patient")
def index() -> ResponseReturnValue:
    """Who helps now, who is invited, who helped before."""
    helpers = links.everybody(acting())
    return render_template("carers/index.html", helpers=helpers, in_words=in_words)


@bp.route("/carers/new", methods=["GET", "POST"])
@roles("patient")
def new() -> ResponseReturnValue:
    """Invite somebody."""
    record = acting()
    form = Form(InviteForm, {"id": str(uuid.uuid4()), "also_sees": []})
    if form.sent and form.ok:
        try:
            invitation, token = inviting.invite(record, form.data.pop("id"), **form.data)
            session[LATEST] = [str(invitation.id), token]
            return redirect(url_for("carers.invitation", invitation_id=invitation.id), 303)
        except Invalid as problem:
            form.refuse(problem)
        except Conflict:
            return redirect(url_for("carers.index"), 303)
    page = render_template(
        "carers/new.html", form=form, ticks=TICK_WORDS, today=clock.today(record.person.time_zone)
    )
    return page, 422 if form.errors else 200


@bp.get("/carers/invitations/<uuid:invitation_id>")
@roles("patient")
def invitation(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """One invitation: link, square code and letters right after it was made; later what can be done with it."""
    row = inviting.invitation_of(acting(), invitation_id)
    token = _token_of(row.id) if row.is_open else None
    base = str(current_app.config["SETTINGS"].base_url)
    link = base + url_for("helping.join", token=token) if token else None
    return render_template(
        "carers/invitation.html",
        invitation=row,
        scope=in_words(row.may_write, row.also_sees),
        link=link,
        letters=token,
        typed_at=base.partition("://")[2] + url_for("helping.begin"),
        code=qr.draw(link) if link else None,
    )


@bp.post("/carers/invitations/<uuid:invitation_id>/renew")
@roles("patient")
def renew(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """A new link for the same person; the old one stops working."""
    session[LATEST] = [str(invitation_id), inviting.renew(acting(), invitation_id)]
    flash(_("Here is a new link. The old one does not work any more"), "success")
    return redirect(url_for("carers.invitation", invitation_id=invitation_id), 303)


@bp.post("/carers/invitations/<uuid:invitation_id>/withdraw")
@roles("patient")
def withdraw(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    inviting.withdraw(acting(), invitation_id)
    session.pop(LATEST, None)
    flash(_("The invitation is taken back. Its link does not work any more"), "success")
    return redirect(url_for("carers.index"), 303)


@bp.route("/carers/<uuid:link_id>", methods=["GET", "POST"])
@roles("patient")
def change(link_id: uuid.UUID) -> ResponseReturnValue:
    """What one person may see and do, and until when."""
    record = acting()
    helper = links.helper(record, link_id)
    if not helper.runs:
        return redirect(url_for("carers.index"), 303)
    link = helper.link
    form = Form(
        ScopeForm,
        {
            "relation": link.relation,
            "may": WRITE if link.may_write else SEE,
            "also_sees": link.also_sees,
            "ends_on": link.ends_on.isoformat() if link.ends_on else "",
        },
    )
    if form.sent and "also_sees" not in request.form:
        form.values["also_sees"] = []  # every tick taken away
    if form.sent and form.ok:
        try:
            links.change(record, link_id, **form.data)
            flash(_("Saved. It holds from now"), "success")
            return redirect(url_for("carers.index"), 303)
        except Invalid as problem:
            form.refuse(problem)
    page = render_template(
        "carers/change.html",
        form=form,
        helper=helper,
        ticks=TICK_WORDS,
        today=clock.today(record.person.time_zone),
    )
    return page, 422 if form.errors else 200


@bp.route("/carers/<uuid:link_id>/stop", methods=["GET", "POST"])
@roles("patient")
def stop(link_id: uuid.UUID) -> ResponseReturnValue:
    """The second of two taps: it ends at once, and nobody is told."""
    record = acting()
    helper = links.helper(record, link_id)
    if not helper.runs:
        return redirect(url_for("carers.index"), 303)
    if request.method == "POST":
        links.end(record, link_id)
        flash(_("%(name)s cannot see your pages any more", name=helper.known_as), "success")
        return redirect(url_for("carers.index"), 303)
    return render_template("carers/stop.html", helper=helper)


@bp.post("/carers/<uuid:link_id>/told")
@roles("patient")
def told(link_id: uuid.UUID) -> ResponseReturnValue:
    """The patient knows who accepted: Today says it no more."""
    links.told(acting(), link_id)
    return redirect(url_for("home.today"), 303)


def _token_of(invitation_id: uuid.UUID) -> str | None:
    found = session.get(LATEST)
    return str(found[1]) if found and found[0] == str(invitation_id) else None
