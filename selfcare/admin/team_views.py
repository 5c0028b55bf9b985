"""Pages of administrators: teams, hand-overs, the audit trail."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from selfcare.admin import accounts, caseloads, teams, trail
from selfcare.admin.schemas import CareSchema, MemberSchema, TeamSchema, TrailSchema
from selfcare.admin.views import bp
from selfcare.caseload.schemas import TeamHandOverSchema
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Conflict, Invalid
from selfcare.people.acting import current_person

__all__ = ["bp"]  # the room's pages stand in several files; app.py takes the last


@bp.get("/teams")
@roles("administrator")
def team_list() -> ResponseReturnValue:
    """Teams."""
    return render_template("admin/teams.html", teams=teams.all_teams(current_person()))


@bp.route("/teams/new", methods=["GET", "POST"])
@roles("administrator")
def new_team() -> ResponseReturnValue:
    """Add a team."""
    form = Form(TeamSchema, {"id": str(uuid.uuid4())})
    if form.sent and form.ok:
        team = teams.add_team(current_person(), form.data.pop("id", None) or uuid.uuid4(), **form.data)
        flash(_("%(team)s is added. Put people into it", team=team.name), "success")
        return redirect(url_for("admin.team", team_id=team.id), 303)
    return render_template("admin/new_team.html", form=form), 422 if form.errors else 200


@bp.route("/teams/<uuid:team_id>", methods=["GET", "POST"])
@roles("administrator")
def team(team_id: uuid.UUID) -> ResponseReturnValue:
    """One team: its name, who works in it and who did."""
    actor = current_person()
    row = teams.team_row(actor, team_id)
    form = Form(TeamSchema, {"name": row.team.name, "phone": row.team.phone or ""})
    if form.sent and form.ok:
        form.data.pop("id", None)
        teams.change_team(actor, row.team, **form.data)
        return _saved(team_id, _("Saved"))
    members = teams.members_of(team_id)
    page = render_template(
        "admin/team.html",
        form=form,
        row=row,
        members=members,
        named=caseloads.named_to([each.person.id for each in members]),
        staff=teams.staff_outside(team_id),
    )
    return page, 422 if form.errors else 200


@bp.post("/teams/<uuid:team_id>/close")
@roles("administrator")
def close_team(team_id: uuid.UUID) -> ResponseReturnValue:
    """Close a team."""
    actor = current_person()
    try:
        teams.close_team(actor, teams.team_row(actor, team_id).team)
    except Invalid as problem:
        return _refused(team_id, problem)
    return _saved(team_id, _("The team is closed"))


@bp.post("/teams/<uuid:team_id>/members")
@roles("administrator")
def add_member(team_id: uuid.UUID) -> ResponseReturnValue:
    """Put a person into a team."""
    actor = current_person()
    form = Form(MemberSchema)
    try:
        if not form.ok:
            raise Invalid(form.errors)
        added = teams.add_member(actor, teams.team_row(actor, team_id).team, form.data["person_id"])
    except Invalid as problem:
        return _refused(team_id, problem)
    return _saved(team_id, _("Added. They see its patients from now") if added else _second_needed())


@bp.post("/teams/<uuid:team_id>/members/<uuid:membership_id>/end")
@roles("administrator")
def end_member(team_id: uuid.UUID, membership_id: uuid.UUID) -> ResponseReturnValue:
    """End somebody's time in a team."""
    actor = current_person()
    teams.end_member(actor, teams.team_row(actor, team_id).team, membership_id)
    return _saved(team_id, _("Ended. They do not see its patients any more"))


@bp.post("/people/<uuid:person_id>/care")
@roles("administrator")
def hand_over(person_id: uuid.UUID) -> ResponseReturnValue:
    """Let a team care for a patient, and end it for another: one hand-over."""
    actor = current_person()
    form = Form(CareSchema)
    try:
        if not form.ok:
            raise Invalid(form.errors)
        started = teams.start_care(actor, person_id, form.data["team_id"])
    except Invalid as problem:
        flash(next(iter(problem.errors.values()))[0], "error")
        return redirect(url_for("admin.person", person_id=person_id), 303)
    if started and form.data.get("ends"):
        teams.end_care(actor, person_id, form.data["ends"])
    flash(_("Handed over. It holds from now") if started else _second_needed(), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@bp.post("/people/<uuid:person_id>/care/<uuid:relationship_id>/end")
@roles("administrator")
def end_care(person_id: uuid.UUID, relationship_id: uuid.UUID) -> ResponseReturnValue:
    """End a care relationship."""
    teams.end_care(current_person(), person_id, relationship_id)
    flash(_("Ended. That team does not see the record any more"), "success")
    return redirect(url_for("admin.person", person_id=person_id), 303)


@bp.route("/people/<uuid:person_id>/caseload", methods=["GET", "POST"])
@roles("administrator")
def caseload(person_id: uuid.UUID) -> ResponseReturnValue:
    """How many patients are named to somebody, team by team, and handing them to a colleague. Numbers, no names."""
    actor = current_person()
    person = accounts.person_with_roles(person_id)
    form = Form(TeamHandOverSchema, {"to": ""})
    if form.sent and form.ok:
        given = form.data
        try:
            done, to = caseloads.hand_over(
                actor,
                person_id,
                given["team_id"],
                given["to"],
                expected=given["expected"],
                with_follow_ups=bool(given["follow_ups"]),
                with_visits=bool(given["visits"]),
            )
        except Conflict as problem:
            flash(problem.message, "error")
            return redirect(url_for("admin.caseload", person_id=person_id), 303)
        except Invalid as problem:
            form.refuse(problem)
        else:
            said = ngettext(
                "%(name)s looks after %(num)s patient now. The patient is told",
                "%(name)s looks after %(num)s patients now. Each is told",
                done,
                name=to.name,
            )
            flash(said, "success")
            return redirect(url_for("admin.caseload", person_id=person_id), 303)
    page = render_template(
        "admin/caseload.html", form=form, person=person, loads=caseloads.loads_of(actor, person_id)
    )
    return page, 422 if form.errors else 200


@bp.route("/audit", methods=["GET", "POST"])
@roles("administrator")
def audit_trail() -> ResponseReturnValue:
    """Who did what to whose record, and when. Filters and pages are posts: a name never stands in an address."""
    form = Form(TrailSchema)
    if form.sent and not form.ok:
        return render_template("admin/audit.html", form=form, found={"items": [], "next_cursor": None}), 422
    asked = dict(form.data)
    asked["words"] = asked.pop("q", None)
    return render_template("admin/audit.html", form=form, found=trail.find_events(current_person(), **asked))


def _second_needed() -> str:
    return _("This opens something to you, so another administrator decides. It waits under Requests")


def _saved(team_id: uuid.UUID, words: str) -> ResponseReturnValue:
    flash(words, "success")
    return redirect(url_for("admin.team", team_id=team_id), 303)


def _refused(team_id: uuid.UUID, problem: Invalid) -> ResponseReturnValue:
    flash(next(iter(problem.errors.values()))[0], "error")
    return redirect(url_for("admin.team", team_id=team_id), 303)
