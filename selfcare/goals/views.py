"""Pages of the goals: the list, one goal, its days, the weekly review; pause and end."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, NotFound
from selfcare.goals import (
    confidence,
    days,
    ideas,
    service,
    thread,
    weekly_review,
)
from selfcare.goals.door import asks_in_words, back_to, bp, day_in_path, number, sure, switching, to, today_of
from selfcare.goals.page_schemas import DayForm, EndForm, PauseForm, ReviewForm, SkipForm
from selfcare.people.access import Part
from selfcare.people.acting import acting
from selfcare.people.hands import hands_of

REASONS = {
    "unwell": _l("I was unwell"),
    "away": _l("I was away"),
    "busy": _l("I was too busy"),
    "other": _l("Another reason"),
}


@bp.route("/goals")
@roles("patient", "carer")
def index() -> ResponseReturnValue:
    """Running goals with their week, paused ones, drafts, and those that ended; ideas while there is none."""
    record = acting()
    return render_template(
        "goals/index.html",
        shelf=service.shelf(record),
        starters=ideas.starters(record.patient.conditions),
        reviews=weekly_review.due(record, today_of(record)),
        review_on=weekly_review.next_review_day(today_of(record), record.patient.review_day),
        may_write=record.writes(Part.GOALS),
    )


@bp.route("/goals/<uuid:goal_id>")
@roles("patient", "carer")
def show(goal_id: uuid.UUID) -> ResponseReturnValue:
    """One goal: plan, week, confidence over time, what gets in the way."""
    record = acting()
    page = service.page_of(record, goal_id)
    return render_template(
        "goals/show.html",
        page=page,
        card=page.card,
        goal=page.card.goal,
        today=today_of(record),
        reviews=[due for due in weekly_review.due(record, today_of(record)) if due.goal_id == goal_id],
        may_write=record.writes(Part.GOALS),
        hands=hands_of(record, _writers(page)),
        story=thread.story(record, goal_id),
        own=record.is_own,
        name=record.person.known_as,
        **thread.words(),
    )


def _writers(page: service.GoalPage) -> set[uuid.UUID]:
    """Whoever wrote anything that the page shows."""
    card = page.card
    rows = [card.goal, card.plan, card.next_plan, *(dot.answer for dot in card.days), *card.scores]
    return {row.written_by for row in rows if row is not None}


# --- days ------------------------------------------------------------------------------------------------------------


@bp.route("/goals/<uuid:goal_id>/days/<date>", methods=["GET"])
@roles("patient", "carer")
def day(goal_id: uuid.UUID, date: str) -> ResponseReturnValue:
    """How a day went: to answer it late, or to put an answer right."""
    record, which = acting(), day_in_path(date)
    return render_template(
        "goals/day.html",
        card=service.read_goal(record, goal_id),
        date=which,
        answer=days.day_of(record, goal_id, which),
        to_come=which > today_of(record),
        reasons=REASONS,
        back=back_to(request.args.get("next") or to("show", goal_id=goal_id)),
    )


@bp.route("/goals/<uuid:goal_id>/days/<date>", methods=["POST"])
@roles("patient", "carer")
def tick(goal_id: uuid.UUID, date: str) -> ResponseReturnValue:
    """One button: done, not done, skipped, or Undo. Leads back to where it was tapped."""
    record, which = acting(), day_in_path(date)
    service.to_write(record, goal_id)
    form = Form(DayForm)
    if not form.ok:
        raise Invalid(form.errors)
    outcome = form.data["outcome"]
    if outcome == "clear":
        with suppress(NotFound):  # undone twice is undone
            days.clear_day(record, goal_id, which)
    else:
        said = {name: form.data.get(name) for name in ("amount", "reason", "note")}
        days.set_day(record, goal_id, which, outcome=outcome, **said)
    flash(_said(outcome, is_today=which == today_of(record)), "success")
    return redirect(back_to(form.data.get("next")), 303)


@bp.route("/goals/<uuid:goal_id>/days/<date>/skip", methods=["GET", "POST"])
@roles("patient", "carer")
def skip(goal_id: uuid.UUID, date: str) -> ResponseReturnValue:
    """Skip a day, with a reason for those who like to give one."""
    record, which = acting(), day_in_path(date)
    form = Form(SkipForm, {"next": request.args.get("next", "")})
    if form.sent and form.ok:
        days.set_day(
            record,
            goal_id,
            which,
            outcome="skipped",
            reason=form.data.get("reason"),
            note=form.data.get("note"),
        )
        flash(_("Skipped. That is fine. A skipped day never counts against you."), "success")
        return redirect(back_to(form.data.get("next")), 303)
    return render_template(
        "goals/skip.html",
        form=form,
        card=service.read_goal(record, goal_id),
        date=which,
        is_today=which == today_of(record),
        reasons=REASONS,
        back=back_to(form.values.get("next")),
    ), 422 if form.errors else 200


def _said(outcome: str, *, is_today: bool) -> str:
    if outcome == "done":
        return _("Well done. Today is ticked.") if is_today else _("Well done. The day is ticked.")
    if outcome == "clear":
        return _("Undone. The day has no answer now.")
    if outcome == "not_done":
        return _("Saved. Every week has days like this.")
    return _("Skipped. That is fine. A skipped day never counts against you.")


# --- weekly review ---------------------------------------------------------------------------------------------------


@bp.route("/goals/review")
@roles("patient", "carer")
def review_next() -> ResponseReturnValue:
    """The first review that waits; or when the next one comes."""
    record = acting()
    waiting = weekly_review.due(record, today_of(record))
    if waiting:
        return redirect(to("review", goal_id=waiting[0].goal_id, monday=waiting[0].monday))
    return render_template(
        "goals/no_review.html",
        review_on=weekly_review.next_review_day(today_of(record), record.patient.review_day),
    )


@bp.route("/goals/<uuid:goal_id>/review", methods=["GET", "POST"])
@roles("patient", "carer")
def review(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Days done, what helped, what got in the way, confidence, and what comes next: one page."""
    record = acting()
    text = request.args.get("monday")
    monday = (
        day_in_path(text)
        if text
        else weekly_review.week_to_review(today_of(record), record.patient.review_day)
    )
    if monday.weekday():
        raise NotFound
    look = weekly_review.look_back(record, goal_id, monday)
    before = look.review
    form = Form(
        ReviewForm,
        {name: getattr(before, name) for name in ("went_well", "got_in_the_way", "why_not_lower", "next")}
        if before
        else {},
    )
    if switching():
        form.errors = {}
    elif form.sent and form.ok:
        body = {
            name: form.data.get(name) for name in ("went_well", "got_in_the_way", "why_not_lower", "next")
        }
        score, words = number(form.data.get("confidence")), sure(form.data.get("confidence_words"))
        if score is None and words is None and before is not None:
            score, words = before.confidence, before.confidence_words
        try:
            weekly_review.save_review(
                record, goal_id, monday, confidence=score, confidence_words=words, **body
            )
            return redirect(_after_review(goal_id, monday, body["next"]), 303)
        except Invalid as problem:
            form.refuse(problem)
    page = render_template(
        "goals/review.html",
        form=form,
        look=look,
        next_monday=monday + dt.timedelta(days=7),
        in_words=asks_in_words(before.confidence_words if before else None),
        words=confidence.WORDS,
    )
    return page, 422 if form.errors else 200


def _after_review(goal_id: uuid.UUID, monday: dt.date, chosen: str | None) -> str:
    if chosen == "change":
        flash(_("Your review is saved. Now change your plan for next week."), "success")
        return to("deed", goal_id=goal_id, week=monday + dt.timedelta(days=7))
    return to("reviewed", goal_id=goal_id, monday=monday)


@bp.route("/goals/<uuid:goal_id>/reviewed")
@roles("patient", "carer")
def reviewed(goal_id: uuid.UUID) -> ResponseReturnValue:
    """The end of a review: what comes next, in kind facts."""
    record = acting()
    monday = day_in_path(request.args.get("monday", ""))
    if monday.weekday():
        raise NotFound
    look = weekly_review.look_back(record, goal_id, monday)
    if look.review is None:
        raise NotFound
    page = service.page_of(record, goal_id)
    return render_template(
        "goals/reviewed.html",
        look=look,
        card=page.card,
        reason=page.reason,
        waiting=weekly_review.due(record, today_of(record)),
    )


# --- pause and end ---------------------------------------------------------------------------------------------------


@bp.route("/goals/<uuid:goal_id>/pause", methods=["GET", "POST"])
@roles("patient", "carer")
def pause(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Rest a goal, until a day or until it is taken up again."""
    record = acting()
    card = service.read_goal(record, goal_id)
    form = Form(PauseForm)
    if form.sent and form.ok:
        try:
            service.pause(record, goal_id, form.data.get("paused_until"))
            flash(_("Your goal is paused. It will wait for you."), "success")
            return redirect(to("index"), 303)
        except Invalid as problem:
            form.refuse(problem)
    return render_template(
        "goals/pause.html", form=form, card=card, tomorrow=today_of(record) + dt.timedelta(days=1)
    ), 422 if form.errors else 200


@bp.route("/goals/<uuid:goal_id>/resume", methods=["POST"])
@roles("patient", "carer")
def resume(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Take a goal up again: one button."""
    service.resume(acting(), goal_id)
    flash(_("Your goal is back. Welcome back to it."), "success")
    return redirect(to("show", goal_id=goal_id), 303)


@bp.route("/goals/<uuid:goal_id>/end", methods=["GET", "POST"])
@roles("patient", "carer")
def end(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Finish a goal, or let it go."""
    record = acting()
    card = service.read_goal(record, goal_id)
    form = Form(EndForm)
    if form.sent and form.ok:
        achieved = form.data["how"] == "achieved"
        service.finish(record, goal_id, achieved=achieved)
        flash(
            _("You did it. Well done. Your goal is with your finished goals.")
            if achieved
            else _("You have stopped this goal. You can take it up again at any time."),
            "success",
        )
        return redirect(to("index"), 303)
    return render_template("goals/end.html", form=form, card=card), 422 if form.errors else 200
