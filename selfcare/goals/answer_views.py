"""The patient is asked in the app: "How did it go?", the same three questions in words for them."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare import audit
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid
from selfcare.goals import answers, confidence, plans, service
from selfcare.goals.door import asks_in_words, back_to, bp, switching, to, today_of, told
from selfcare.goals.models import FollowUpAnswer, Goal
from selfcare.goals.page_schemas import OwnAnswerForm
from selfcare.people.access import Record
from selfcare.people.acting import acting

BELOW_7 = ("partly", "not_done", "went_to_plan")


@bp.route("/goals/how-it-went/<uuid:follow_up_id>", methods=["GET", "POST"])
@roles("patient", "carer")
def how_it_went(follow_up_id: uuid.UUID) -> ResponseReturnValue:
    """How did it go? Only one question has to be answered."""
    record = acting()
    row = answers.to_answer(record, follow_up_id)
    goal = record.mine(Goal, row.goal_id) if row.goal_id else None
    form = Form(OwnAnswerForm, {"answer_id": str(uuid.uuid4())})
    if switching():
        form.errors = {}
    elif form.sent and form.ok:
        body = form.data | told(form.data)
        try:
            answer, _created = answers.record_answer(record, body.pop("answer_id"), row.id, **body)
            flash(_("Thank you. Your care team can see your answer."), "success")
            return redirect(_after(record, goal, answer), 303)
        except Invalid as problem:
            form.refuse(problem)
    audit.record(record.actor, "follow_up.read", record.patient, row)
    said = answers.answers_to(record, [row.id])[row.id]
    return render_template(
        "goals/how_it_went.html",
        form=form,
        row=row,
        goal=goal,
        title=service.card_of(record, goal).title if goal else None,
        answered=next((each for each in reversed(said) if each.side == "patient"), None),
        results=answers.OWN_RESULTS,
        name=record.person.known_as,
        in_words=asks_in_words(),
        words=confidence.WORDS,
    ), 422 if form.errors else 200


def _after(record: Record, goal: Goal | None, answer: FollowUpAnswer) -> str:
    """Below 7, with a plan in hand: what could help. Else the goal."""
    if goal is None:
        return back_to(None)
    low = confidence.is_low(answer.confidence, answer.confidence_words)
    if low and answer.result in BELOW_7 and goal.lifecycle_status == "active":
        monday, plan = plans.in_hand(record, goal, None, today_of(record))
        if plan is not None and plan.what:
            return to("help", goal_id=goal.id, week=monday)
    return to("show", goal_id=goal.id)
