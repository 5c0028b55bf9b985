"""The team's follow-ups: the list, doing one, what to do below 7, handing one over, and the story of a goal."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare import audit
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid
from selfcare.goals import answers, confidence, consultation, follow_up, team_notes, thread, worklist
from selfcare.goals.door import asks_in_words, bp, day_told, still_to_come, switching, today_of, told
from selfcare.goals.models import COULD_NOT_REACH, FollowUp, FollowUpAnswer
from selfcare.goals.page_schemas import HandOverForm, LookBackForm, WayForm
from selfcare.goals.problem_solving import STEPS
from selfcare.people import teams
from selfcare.people.access import Part, Record
from selfcare.people.acting import current_person, record_of

Told = tuple[int | None, str | None]  # confidence: a number, or words, or neither


@bp.route("/follow-ups")
@roles("clinician")
def worklist_page() -> ResponseReturnValue:
    """Mine or ours; all that are open, overdue, or answered by the patient. What is chosen stays in the address."""
    whose, only = request.args.get("whose"), request.args.get("only")
    page = worklist.read(
        current_person(),
        whose=whose if whose in worklist.WHOSE else None,
        only=only if only in worklist.ONLY else None,
        cursor=request.args.get("cursor"),
    )
    return render_template(
        "goals/worklist.html", page=page, channels=follow_up.CHANNEL_NAMES, results=answers.RESULT_NAMES
    )


@bp.route("/patients/<uuid:patient_id>/follow-ups/<uuid:follow_up_id>", methods=["GET", "POST"])
@roles("clinician")
def look_back(patient_id: uuid.UUID, follow_up_id: uuid.UUID) -> ResponseReturnValue:
    """The script, the answers in the patient's words, the result, and the next follow-up."""
    record = record_of(patient_id)
    row = answers.to_answer(record, follow_up_id)
    said = answers.answers_to(record, [row.id])[row.id]
    theirs = next((each for each in reversed(said) if each.side == "patient" and each.result), None)
    values = {
        "answer_id": str(uuid.uuid4()),
        "result": theirs.result if theirs else None,
        "next": "proposed",
        "channel": row.channel or "",
        "team_note": team_notes.notes_about(record, [row.id]).get(row.id, ""),
    }
    form = Form(LookBackForm, values)
    before = _told([theirs] if theirs else [])
    if switching():
        form.errors = {}
    elif form.sent and form.ok:
        try:
            return _settle(record, row, form.data, before)
        except Invalid as problem:
            form.refuse(problem)
    audit.record(record.actor, "follow_up.read", record.patient, row)
    return render_template(
        "goals/look_back.html",
        form=form,
        said=said,
        typed=request.method == "POST",  # stays, even where a colleague has finished it meanwhile
        colleagues=teams.colleagues(patient_id, record.actor.id),
        later=follow_up.next_after(record, None),
        sooner=follow_up.next_after(record, None, 0),
        in_words=asks_in_words(before[1] or follow_up.last_said(record)[1]),
        words=confidence.WORDS,
        today=today_of(record),
        **_about(record, row),
    ), 422 if form.errors else 200


def _settle(record: Record, row: FollowUp, given: dict[str, Any], before: Told) -> ResponseReturnValue:
    """Keep what was said, set the next follow-up, and go on: below 7 to what could help, else back to the list.

    :param before: how sure the patient said they are in the app, where the team does not ask again.
    """
    names = ("result", "plan", "went", "in_the_way", "why_not_lower", "what_would_help")
    body = {name: given.get(name) for name in names} | told(given)
    asked = (body["confidence"], body["confidence_words"])
    now = before if asked == (None, None) else asked
    following = _following(record, given, now)
    first = answers.is_open(row)  # else a colleague was quicker, and has set what comes next
    answer, created = answers.record_answer(record, given["answer_id"], row.id, **body)
    finishes = first and created
    if "team_note" in request.form:
        # Only who finishes it has seen the whole note; a page opened before that takes nothing of it away.
        keep = team_notes.save_note if finishes else team_notes.add_to_note
        keep(record, row.id, given.get("team_note"))
    next_id = uuid.uuid5(answer.id, "next")  # the same again if the button is pressed twice
    if finishes and following is not None:
        follow_up.save_follow_up(
            record,
            next_id,
            goal_id=row.goal_id,
            due_on=following,
            channel=given.get("channel"),
            assigned_to=None,
        )
    stored = follow_up.find(record, next_id)
    if not finishes and stored is None:
        flash(_("Saved. This follow-up was finished already, so no other one is set."), "warning")
        return redirect(url_for("goals.worklist_page"), 303)
    flash(
        _("Saved. The next follow-up is on %(day)s.", day=day_told(record, stored.due_on))
        if stored
        else _("Saved. There is no next follow-up."),
        "success",
    )
    if confidence.is_low(*now) and body["result"] not in (COULD_NOT_REACH, "no_longer_wanted"):
        return redirect(url_for("goals.way_on", patient_id=record.patient.id, follow_up_id=row.id), 303)
    return redirect(url_for("goals.worklist_page"), 303)


def _following(record: Record, given: dict[str, Any], now: Told) -> Any:
    if given["next"] == "none":
        return None
    if given["next"] == "proposed":
        return follow_up.next_after(record, given["result"], *now)
    if given.get("next_on") is None:
        raise Invalid({"next_on": _("Enter a date for the next follow-up")})
    still_to_come(record, "next_on", given["next_on"])
    return given["next_on"]


@bp.route("/patients/<uuid:patient_id>/follow-ups/<uuid:follow_up_id>/help", methods=["GET", "POST"])
@roles("clinician")
def way_on(patient_id: uuid.UUID, follow_up_id: uuid.UUID) -> ResponseReturnValue:
    """Below 7: the seven steps from where the person is, a smaller plan, or the plan as it is."""
    record = record_of(patient_id)
    row = answers.to_answer(record, follow_up_id)
    step = answers.step_now(record, row.goal_id)
    said = answers.answers_to(record, [row.id])[row.id]
    form = Form(WayForm, {"answer_id": str(uuid.uuid4()), "step": step})
    if switching():
        form.errors = {}
    elif form.sent and form.ok:
        body = {name: form.data.get(name) for name in ("way", "step", "idea")} | told(form.data)
        if body["way"] != "steps":
            body["step"] = None  # nothing was said about the steps
        try:
            answers.record_answer(record, form.data["answer_id"], row.id, **body)
            flash(_("Saved. %(name)s sees it with the goal.", name=record.person.known_as), "success")
            return redirect(url_for("goals.worklist_page"), 303)
        except Invalid as problem:
            form.refuse(problem)
    audit.record(record.actor, "follow_up.read", record.patient, row)
    score, words = _told(said)
    return render_template(
        "goals/way_on.html",
        form=form,
        step=step,
        steps=STEPS,
        score=score,
        said_in_words=words,
        in_words=asks_in_words(words),
        words=confidence.WORDS,
        in_the_way=next((each.in_the_way for each in reversed(said) if each.in_the_way), None),
        **_about(record, row),
    ), 422 if form.errors else 200


def _told(said: Sequence[FollowUpAnswer]) -> Told:
    """How sure the patient is, as said last in these answers."""
    pairs = ((each.confidence, each.confidence_words) for each in reversed(said))
    return next((pair for pair in pairs if pair != (None, None)), (None, None))


@bp.post("/patients/<uuid:patient_id>/follow-ups/<uuid:follow_up_id>/hand-over")
@roles("clinician")
def hand_over(patient_id: uuid.UUID, follow_up_id: uuid.UUID) -> ResponseReturnValue:
    """Give a follow-up to a colleague of the team."""
    record = record_of(patient_id)
    answers.to_answer(record, follow_up_id)
    form = Form(HandOverForm)
    if not form.ok:
        raise Invalid(form.errors)
    follow_up.hand_over(record, follow_up_id, form.data["to"])
    names = {each.id: each.name for each in teams.colleagues(patient_id, record.actor.id)}
    flash(_("%(name)s does this follow-up now.", name=names[form.data["to"]]), "success")
    return redirect(url_for("goals.worklist_page"), 303)


@bp.route("/patients/<uuid:patient_id>/goals/<uuid:goal_id>/thread")
@roles("clinician")
def goal_thread(patient_id: uuid.UUID, goal_id: uuid.UUID) -> ResponseReturnValue:
    """The story of a goal, as far as the patient shows it to the team."""
    record = record_of(patient_id)
    return render_template(
        "goals/thread.html",
        record=record,
        story=thread.story(record, goal_id),
        shared=record.sees(Part.GOALS),
        today=today_of(record),
        **thread.words(),
    )


def _about(record: Record, row: FollowUp) -> dict[str, Any]:
    goal = consultation.goal_words(record, row.goal_id)
    over_time: list[int | str | None] = []
    if row.goal_id is not None and record.sees(Part.GOALS):
        scores = confidence.scores_of(record, [row.goal_id])[row.goal_id]
        over_time = [each.said for each in scores][-4:]
    return {
        "record": record,
        "row": row,
        "goal": goal,
        "over_time": over_time,
        "results": answers.RESULT_NAMES,
        "channels": follow_up.CHANNEL_NAMES,
    }
