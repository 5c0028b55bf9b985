"""Pages of invitations for the people who invite: make one, show its link and letter, see which are open, take one back."""

from __future__ import annotations

import uuid

from flask import Blueprint, current_app, flash, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Conflict, Invalid
from selfcare.identity import invitations, qr
from selfcare.identity.invitation_schemas import InvitePatientSchema
from selfcare.people import teams
from selfcare.people.acting import current_person
from selfcare.people.conditions import CONDITIONS

bp = Blueprint("invitations", __name__)

# The newest link this browser made, so that the page with its QR code can be loaded again; the server keeps only a hash.
LATEST = "invitation_link"


@bp.get("/invitations")
@roles("clinician", "administrator")
def index() -> ResponseReturnValue:
    """Invitations that nobody has taken up yet."""
    return render_template(
        "identity/invitations.html", invitations=invitations.open_invitations(current_person())
    )


@bp.route("/invitations/new", methods=["GET", "POST"])
@roles("clinician")
def new() -> ResponseReturnValue:
    """Invite a patient."""
    actor = current_person()
    ours = teams.teams_of(actor)
    first = str(ours[0].id) if len(ours) == 1 else ""
    form = Form(InvitePatientSchema, {"id": str(uuid.uuid4()), "team_id": first, "conditions": []})
    if form.sent and form.ok:
        try:
            invitation, token = invitations.invite_patient(actor, form.data.pop("id"), **form.data)
            remember_link(invitation.id, token)
            return redirect(url_for("invitations.show", invitation_id=invitation.id), 303)
        except Invalid as problem:
            form.refuse(problem)
        except Conflict:
            return redirect(url_for("invitations.index"), 303)
    page = render_template("identity/invite.html", form=form, teams=ours, conditions=list(CONDITIONS.items()))
    return page, 422 if form.errors else 200


@bp.get("/invitations/<uuid:invitation_id>")
@roles("clinician", "administrator")
def show(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """One invitation: its link, QR code and letter right after it was made; later what can be done with it."""
    invitation = invitations.invitation_of(current_person(), invitation_id)
    link = link_of(invitation_id) if invitation.is_open else None
    return render_template(
        "identity/invitation.html", invitation=invitation, link=link, code=qr.draw(link) if link else None
    )


@bp.post("/invitations/<uuid:invitation_id>/renew")
@roles("clinician", "administrator")
def renew(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """A new link for the same person; the old one stops working."""
    actor = current_person()
    invitation = invitations.invitation_of(actor, invitation_id)
    remember_link(invitation_id, invitations.renew(actor, invitation))
    flash(_("Here is a new link. The old one does not work any more"), "success")
    return redirect(url_for("invitations.show", invitation_id=invitation_id), 303)


@bp.post("/invitations/<uuid:invitation_id>/revoke")
@roles("clinician", "administrator")
def revoke(invitation_id: uuid.UUID) -> ResponseReturnValue:
    """Take an invitation back."""
    actor = current_person()
    invitations.revoke(actor, invitations.invitation_of(actor, invitation_id))
    session.pop(LATEST, None)
    flash(_("The invitation is taken back. Its link does not work any more"), "success")
    return redirect(url_for("invitations.index"), 303)


@bp.post("/patients/<uuid:patient_id>/new-link")
@roles("clinician")
def again(patient_id: uuid.UUID) -> ResponseReturnValue:
    """A patient forgot the password: a link with which they choose a new one."""
    invitation, token = invitations.invite_again(current_person(), patient_id)
    remember_link(invitation.id, token)
    return redirect(url_for("invitations.show", invitation_id=invitation.id), 303)


def remember_link(invitation_id: uuid.UUID, token: str) -> None:
    """Carry the link to the page that shows it."""
    session[LATEST] = [str(invitation_id), token]


def link_of(invitation_id: uuid.UUID) -> str | None:
    """The whole link, if this browser made it last. Built from our own address, never from the Host header."""
    found = session.get(LATEST)
    if not found or found[0] != str(invitation_id):
        return None
    return str(current_app.config["SETTINGS"].base_url) + url_for("invitations.join", token=found[1])
