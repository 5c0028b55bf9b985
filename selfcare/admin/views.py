"""Pages of administrators: people and their access."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare.admin import accounts, caseloads, grants, teams
from selfcare.admin.schemas import DecisionSchema, FindSchema, NewPersonSchema, PersonSchema, RoleSchema
from selfcare.admin.words import ROLE_NAMES, STAFF_ROLES, in_words
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid
from selfcare.identity import invitations
from selfcare.identity.invitation_views import remember_link
from selfcare.people.acting import current_person

bp = Blueprint("admin", __name__, url_prefix="/admin")


@bp.context_processor
def words() -> dict[str, Any]:
    """What every page of the room shows: names of roles, and how many requests wait for a second administrator."""
    return {
        "role_names": ROLE_NAMES,
        "staff_roles": STAFF_ROLES,
        "in_words": in_words,
        "requests_waiting": grants.waiting_count,
    }


@bp.route("", methods=["GET", "POST"])
@roles("administrator")
def index() -> ResponseReturnValue:
    """People. Searching and turning the page are posts: a name never stands in an address."""
    form = Form(FindSchema)
    if form.sent and not form.ok:
        return render_template("admin/people.html", form=form, found={"items": [], "next_cursor": None}), 422
    found = accounts.find_people(current_person(), form.data.get("q"), cursor=form.data.get("cursor"))
    return render_template("admin/people.html", form=form, found=found)


@bp.route("/people/new", methods=["GET", "POST"])
@roles("administrator")
def new_person() -> ResponseReturnValue:
    """Add a member of staff; the next page has their link."""
    actor = current_person()
    form = Form(NewPersonSchema, {"id": str(uuid.uuid4()), "roles": [], "team_id": ""})
    if form.sent and form.ok:
        try:
            person = accounts.add_person(actor, form.data.pop("id"), **form.data)
            invitation, token = invitations.invite_account(actor, person)
            remember_link(invitation.id, token)
            flash(_("%(name)s is added. Hand over this link", name=person.name), "success")
            return redirect(url_for("invitations.show", invitation_id=invitation.id), 303)
        except Invalid as problem:
            form.refuse(problem)
    open_teams = teams.all_teams(actor, closed=False)
    return render_template("admin/new_person.html", form=form, teams=open_teams), 422 if form.errors else 200


@bp.route("/people/<uuid:person_id>", methods=["GET", "POST"])
@roles("administrator")
def person(person_id: uuid.UUID) -> ResponseReturnValue:
    """One person: who they are, roles, teams, access."""
    actor = current_person()
    found = accounts.account(actor, person_id)
    names = ("name", "known_as", "email", "job_title")
    form = Form(PersonSchema, {name: getattr(found, name) or "" for name in names})
    if form.sent and form.ok:
        try:
            accounts.change_person(actor, found, **form.data)
            return _saved(person_id, _("Saved"))
        except Invalid as problem:
            form.refuse(problem)
    page = render_template(
        "admin/person.html",
        form=form,
        person=found,
        memberships=accounts.memberships(person_id),
        invitation=accounts.open_invitation(person_id),
        care=teams.care_of(actor, person_id) if "patient" in found.roles else None,
        teams=teams.all_teams(actor, closed=False),
        own=person_id == actor.id,
        named=caseloads.named_to([person_id]).get(person_id, 0),
    )
    return page, 422 if form.errors else 200


@bp.post("/people/<uuid:person_id>/roles")
@roles("administrator")
def give_role(person_id: uuid.UUID) -> ResponseReturnValue:
    """Give a role."""
    form = Form(RoleSchema)
    if not form.ok:
        return _refused(person_id, form.errors)
    actor = current_person()
    given = accounts.give_role(actor, accounts.person_with_roles(person_id), form.data["role"])
    return _saved(person_id, _("The role holds from now") if given else _second_needed())


@bp.post("/people/<uuid:person_id>/roles/<role>/end")
@roles("administrator")
def end_role(person_id: uuid.UUID, role: str) -> ResponseReturnValue:
    """End a role."""
    try:
        accounts.end_role(current_person(), accounts.person_with_roles(person_id), role)
    except Invalid as problem:
        return _refused(person_id, {name: said[0] for name, said in problem.errors.items()})
    return _saved(person_id, _("The role is ended"))


@bp.post("/people/<uuid:person_id>/close")
@roles("administrator")
def close_access(person_id: uuid.UUID) -> ResponseReturnValue:
    """Close the account."""
    try:
        accounts.close_access(current_person(), accounts.person_with_roles(person_id))
    except Invalid as problem:
        return _refused(person_id, {name: said[0] for name, said in problem.errors.items()})
    if caseloads.named_to([person_id]):
        flash(_("The account is closed. Now hand the patients over"), "success")
        return redirect(url_for("admin.caseload", person_id=person_id), 303)
    return _saved(person_id, _("The account is closed, and logged out everywhere"))


@bp.post("/people/<uuid:person_id>/open")
@roles("administrator")
def open_access(person_id: uuid.UUID) -> ResponseReturnValue:
    """Open a closed account again."""
    accounts.open_access(current_person(), accounts.person_with_roles(person_id))
    return _saved(person_id, _("The account is open again"))


@bp.post("/people/<uuid:person_id>/log-out")
@roles("administrator")
def log_out(person_id: uuid.UUID) -> ResponseReturnValue:
    """End every session of a person."""
    accounts.log_out_everywhere(current_person(), accounts.person_with_roles(person_id))
    return _saved(person_id, _("Logged out everywhere"))


@bp.post("/people/<uuid:person_id>/new-link")
@roles("administrator")
def new_link(person_id: uuid.UUID) -> ResponseReturnValue:
    """A link with which a member of staff sets a password."""
    try:
        invitation, token = invitations.invite_account(
            current_person(), accounts.person_with_roles(person_id)
        )
    except Invalid as problem:
        return _refused(person_id, {name: said[0] for name, said in problem.errors.items()})
    remember_link(invitation.id, token)
    return redirect(url_for("invitations.show", invitation_id=invitation.id), 303)


@bp.get("/requests")
@roles("administrator")
def requests() -> ResponseReturnValue:
    """What waits for a second administrator."""
    return render_template("admin/requests.html", requests=grants.waiting(), me=current_person())


@bp.post("/requests/<uuid:request_id>")
@roles("administrator")
def decide(request_id: uuid.UUID) -> ResponseReturnValue:
    """Grant or refuse."""
    form = Form(DecisionSchema)
    if form.ok:
        try:
            grants.decide(current_person(), request_id, form.data["decision"] == "grant")
            flash(_("Granted") if form.data["decision"] == "grant" else _("Refused"), "success")
        except Invalid as problem:
            form.refuse(problem)
    if form.errors:
        flash(next(iter(form.errors.values())), "error")
    return redirect(url_for("admin.requests"), 303)


def _second_needed() -> str:
    return _("This opens something to you, so another administrator decides. It waits under Requests")


def _saved(person_id: uuid.UUID, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


def _refused(person_id: uuid.UUID, errors: dict[str, str]) -> ResponseReturnValue:
    flash(next(iter(errors.values())), "error")
    return redirect(url_for("admin.person", person_id=person_id), 303)
