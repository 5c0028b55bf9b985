"""After a visit: the team writes down an agreed goal and sets a follow-up, two clicks each."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid
from selfcare.goals import answers, around, confidence, consultation, follow_up, team_notes
from selfcare.goals.door import asks_in_words, bp, day_told, still_to_come, switching, today_of, told
from selfcare.goals.page_schemas import AgreeForm, FollowUpForm
from selfcare.people.access import Part
from selfcare.people.acting import record_of


@bp.route("/patients/<uuid:patient_id>/agree", methods=["GET", "POST"])
@roles("clinician")
def agree(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Write down an agreed goal. ``?goal=`` starts from the patient's own goal."""
    record = record_of(patient_id)
    record.require(Part.CONSULTATION, write=True)
    goals = consultation.goals_to_choose(record)
    chosen = next((goal for goal in goals if str(goal.id) == request.args.get("goal")), None)
    values = {
        "agreed_id": str(uuid.uuid4()),
        "goal_id": str(chosen.id) if chosen else "",
        "statement": chosen.statement if chosen else "",
    }
    form = Form(AgreeForm, values)
    if switching():
        form.errors = {}
    elif form.sent and form.ok:
        body = form.data | told(form.data)
        note = body.pop("team_note", None)
        try:
            agreed, _created = consultation.save_agreed_goal(record, body.pop("agreed_id"), **body)
            team_notes.save_note(record, agreed.id, note)
            words = _("The agreed goal is saved. %(name)s sees it on Today.", name=record.person.known_as)
            flash(words, "success")
            return redirect(url_for("agendas.summary", patient_id=patient_id), 303)
        except Invalid as problem:
            form.refuse(problem)
    return render_template(
        "goals/agree.html",
        form=form,
        record=record,
        goals=goals,
        chosen=chosen,
        topics=around.topics(record),
        in_words=asks_in_words(follow_up.last_said(record)[1]),
        words=confidence.WORDS,
    ), 422 if form.errors else 200


@bp.route("/patients/<uuid:patient_id>/follow-up", methods=["GET", "POST"], endpoint="follow_up")
@roles("clinician")
def follow_up_page(patient_id: uuid.UUID) -> ResponseReturnValue:
    """When and how to look again: in 14 days unless confidence is low."""
    record = record_of(patient_id)
    record.require(Part.CONSULTATION, write=True)
    goals = consultation.goals_to_choose(record)
    score, words = follow_up.last_said(record)
    proposed = today_of(record) + follow_up.first_interval(score, words)
    values = {
        "follow_up_id": str(uuid.uuid4()),
        "due_on": proposed.isoformat(),
        "goal_id": str(goals[0].id) if len(goals) == 1 else "",
    }
    form = Form(FollowUpForm, values)
    if form.sent and form.ok:
        body = dict(form.data)
        note = body.pop("team_note", None)
        try:
            there = follow_up.find(record, body["follow_up_id"])
            if there is not None and not answers.is_open(there):  # Back, and saved again
                team_notes.add_to_note(record, there.id, note)
                flash(_("This follow-up was finished already, so it stays as it is."), "warning")
            else:
                still_to_come(record, "due_on", body["due_on"])
                row, _created = follow_up.save_follow_up(record, body.pop("follow_up_id"), **body)
                team_notes.save_note(record, row.id, note)
                flash(_("The follow-up on %(day)s is saved.", day=day_told(record, row.due_on)), "success")
            return redirect(url_for("agendas.summary", patient_id=patient_id), 303)
        except Invalid as problem:
            form.refuse(problem)
    return render_template(
        "goals/follow_up.html",
        form=form,
        record=record,
        goals=goals,
        channels=follow_up.CHANNEL_NAMES,
        low=(words or score) if confidence.is_low(score, words) else None,
        tomorrow=today_of(record),
    ), 422 if form.errors else 200
