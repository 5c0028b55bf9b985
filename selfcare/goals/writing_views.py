"""Writing a goal: one question a page. What was answered is kept after every page, as a goal that is still proposed.

1 what I want · 2 this week: what and how much · 3 when and which days · 4 how confident · 5 below 7: what could help.
The same pages change the plan of a goal that runs already.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask import redirect, render_template, request
from flask.typing import ResponseReturnValue

from selfcare import clock
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.goals import confidence, ideas, plans, problem_solving, service
from selfcare.goals.door import bp, monday_in_query, number, to, today_of
from selfcare.goals.models import Goal, WeeklyPlan
from selfcare.goals.page_schemas import (
    DONT_KNOW,
    ConfidenceForm,
    DeedForm,
    HelpForm,
    WantForm,
    WhenForm,
    WordsForm,
)
from selfcare.people.access import Part, Record
from selfcare.people.acting import acting

LAST_STEP = 5


def _in_hand(record: Record, goal_id: uuid.UUID) -> tuple[Goal, dt.date, WeeklyPlan | None]:
    """The goal, the week that is being planned, and its plan so far."""
    goal = service.to_write(record, goal_id)
    monday, plan = plans.in_hand(record, goal, monday_in_query(), today_of(record))
    return goal, monday, plan


def _next(endpoint: str, goal: Goal, monday: dt.date, **values: Any) -> ResponseReturnValue:
    return redirect(_path(endpoint, goal, monday, **values), 303)


def _path(endpoint: str, goal: Goal, monday: dt.date, **values: Any) -> str:
    week = {} if goal.lifecycle_status == "proposed" else {"week": monday}
    return to(endpoint, goal_id=goal.id, **week, **values)


def _page(
    template: str, form: Form, goal: Goal | None, monday: dt.date, **values: Any
) -> ResponseReturnValue:
    values |= {"form": form, "goal": goal, "monday": monday, "last_step": LAST_STEP}
    values["is_new"] = goal is None or goal.lifecycle_status == "proposed"
    values["path"] = lambda endpoint, **more: _path(endpoint, goal, monday, **more) if goal else to(endpoint)
    return render_template(f"goals/{template}.html", **values), 422 if form.errors else 200


@bp.route("/goals/new", methods=["GET", "POST"])
@roles("patient", "carer")
def new() -> ResponseReturnValue:
    """Page 1: what do you want?"""
    record = acting()
    record.require(Part.GOALS, write=True)
    started = ideas.sentence_of(request.args.get("idea"))
    form = Form(WantForm, {"goal_id": str(uuid.uuid4()), "statement": started or ""})
    if form.sent and request.form.get("idea"):
        _start_sentence(form, record)
    elif form.sent and form.ok:
        goal = service.draft(record, form.data.get("goal_id") or uuid.uuid4(), **_wanted(form))
        return redirect(to("deed", goal_id=goal.id), 303)
    return _page(
        "want",
        form,
        None,
        clock.monday_of(today_of(record)),
        starters=ideas.starters(record.patient.conditions),
    )


@bp.route("/goals/<uuid:goal_id>/want", methods=["GET", "POST"])
@roles("patient", "carer")
def want(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Page 1 again: other words for what I want."""
    record = acting()
    goal, monday, _plan = _in_hand(record, goal_id)
    values = {
        "goal_id": str(goal.id),
        "statement": goal.statement,
        "importance": goal.importance,
        "importance_reason": goal.importance_reason,
    }
    form = Form(WantForm, values)
    if form.sent and request.form.get("idea"):
        _start_sentence(form, record)
    elif form.sent and form.ok:
        service.change_goal(record, goal.id, **_wanted(form))
        if goal.lifecycle_status == "proposed":
            return _next("deed", goal, monday)
        return redirect(to("show", goal_id=goal.id), 303)
    return _page("want", form, goal, monday, starters=ideas.starters(record.patient.conditions))


@bp.route("/goals/<uuid:goal_id>/week", methods=["GET", "POST"])
@roles("patient", "carer")
def deed(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Page 2: this week, what will you do, and how much?"""
    record = acting()
    goal, monday, plan = _in_hand(record, goal_id)
    before = plan or plans.latest_plan(record, goal)
    form = Form(
        DeedForm, {name: getattr(before, name) or "" for name in ("what", "how_much")} if before else {}
    )
    if form.sent and form.ok:
        plans.change_plan(record, goal, monday, **form.data)
        return _next("when", goal, monday)
    return _page("deed", form, goal, monday)


@bp.route("/goals/<uuid:goal_id>/when", methods=["GET", "POST"])
@roles("patient", "carer")
def when(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Page 3: when, and on which days? A new goal whose days are all over begins next Monday."""
    record = acting()
    goal, monday, plan = _in_hand(record, goal_id)
    if plan is None or not plan.what:
        return _next("deed", goal, monday)
    form = Form(WhenForm, {"when_text": plan.when_text or "", "days": plan.days})
    if form.sent and "days" not in request.form:
        form.values["days"] = []  # every box was unticked
    if form.sent and form.ok:
        plan = plans.change_plan(record, goal, monday, **form.data)
        if goal.lifecycle_status == "proposed":
            plans.begin_in_time(record, plan, today_of(record))
        return _next("confident", goal, plan.monday)
    return _page("when", form, goal, monday, plan=plan, weekdays=clock.WEEKDAYS)


@bp.route("/goals/<uuid:goal_id>/confidence", methods=["GET", "POST"])
@roles("patient", "carer")
def confident(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Page 4: how confident? On the ruler, or with ``?words=1`` in words."""
    record = acting()
    goal, monday, plan = _in_hand(record, goal_id)
    if plan is None or not plan.what:
        return _next("deed", goal, monday)
    in_words = request.args.get("words") == "1"
    form = Form(WordsForm if in_words else ConfidenceForm, _rated(goal, plan, in_words))
    if form.sent and form.ok:
        score = None if in_words else number(form.data["confidence"])
        words = form.data.get("confidence_words")
        words = None if words == DONT_KNOW else words
        if plan.monday != monday:
            plan = plans.change_plan(
                record, goal, monday
            )  # a draft that was left for a while goes on in this week
        why, help_ = form.data.get("why_not_lower"), form.data.get("what_would_help")
        plans.rate_plan(
            record,
            plan,
            score,
            words,
            why_not_lower=why,
            what_would_help=help_,
            score_id=form.data["score_id"],
        )
        if confidence.step_after(score, words, offered=plan.problem_step is not None) == "help":
            return _next("help", goal, monday)
        return _begin(record, goal, monday)
    return _page("confident", form, goal, monday, plan=plan, in_words=in_words, words=confidence.WORDS)


@bp.route("/goals/<uuid:goal_id>/help", methods=["GET", "POST"])
@roles("patient", "carer")
def help(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Page 5, below 7: a plan for what gets in the way, a smaller plan, or the plan as it is."""
    record = acting()
    goal, monday, plan = _in_hand(record, goal_id)
    if plan is None or not plan.what:
        return _next("deed", goal, monday)
    values = {"barriers": plan.barriers or "", "plan_for_barriers": plan.plan_for_barriers or ""}
    form = Form(HelpForm, values)
    if form.sent and form.ok:
        typed = {name: form.data.get(name) for name in ("barriers", "plan_for_barriers")}
        step = problem_solving.step_of(**typed) or "name"
        plans.change_plan(record, goal, monday, **typed, problem_step=step)
        if form.data["go"] == "smaller":
            return _next("deed", goal, monday)
        if form.data["go"] == "plan" and any(typed.values()):
            return _next("confident", goal, monday)
        return _begin(record, goal, monday)
    scores = confidence.scores_of(record, [goal.id])[goal.id]
    return _page(
        "help",
        form,
        goal,
        monday,
        plan=plan,
        # What was said last, at a follow-up as well; with another deed what was said no longer holds.
        said=scores[-1].said if scores and (plan.confidence is not None or plan.confidence_words) else None,
        reason=confidence.dropped_from(scores),
        steps=problem_solving.STEPS,
    )


@bp.route("/goals/<uuid:goal_id>/ready")
@roles("patient", "carer")
def ready(goal_id: uuid.UUID) -> ResponseReturnValue:
    """The end: the goal is set."""
    record = acting()
    monday = monday_in_query() or clock.monday_of(today_of(record))
    page = service.page_of(record, goal_id)
    plan = plans.plan_of(record, goal_id, monday)
    return render_template(
        "goals/ready.html",
        card=page.card,
        plan=plan,
        reason=page.reason,
        starts_later=plan is not None and monday > today_of(record),
        is_new=request.args.get("new") == "1",
        words=confidence.WORDS,
    )


@bp.route("/goals/<uuid:goal_id>/same-again", methods=["POST"])
@roles("patient", "carer")
def same_again(goal_id: uuid.UUID) -> ResponseReturnValue:
    """The plan of the last week again for this one: one button."""
    record = acting()
    goal = service.to_write(record, goal_id)
    monday = clock.monday_of(today_of(record))
    before = plans.latest_plan(record, goal)
    if before is None:
        return redirect(to("deed", goal_id=goal.id), 303)
    plans.repeat(record, goal, before, monday, status="active")
    return redirect(to("confident", goal_id=goal.id, week=monday), 303)


def _begin(record: Record, goal: Goal, monday: dt.date) -> ResponseReturnValue:
    first = {"new": 1} if goal.lifecycle_status == "proposed" else {}
    service.start(record, goal.id, monday)
    return redirect(to("ready", goal_id=goal.id, week=monday, **first), 303)


def _wanted(form: Form) -> dict[str, Any]:
    return {name: form.data.get(name) for name in ("statement", "importance", "importance_reason")}


def _start_sentence(form: Form, record: Record) -> None:
    """An idea was tapped: its words stand in the field, after what the person had written themself."""
    idea = ideas.sentence_of(request.form.get("idea"))
    typed = request.form.get("statement", "").strip()
    ready_made = {str(each.sentence) for each in ideas.starters(record.patient.conditions)}
    if idea:
        form.values["statement"] = idea if not typed or typed in ready_made else f"{typed}\n{idea}"
    form.errors.clear()


def _rated(goal: Goal, plan: WeeklyPlan, in_words: bool) -> dict[str, Any]:
    """A draft shows what was answered; a running plan starts with an empty ruler, so that the last number does not lead."""
    values: dict[str, Any] = {"score_id": str(uuid.uuid4()), "confidence": None, "confidence_words": None}
    if goal.lifecycle_status == "proposed":
        name = "confidence_words" if in_words else "confidence"
        values |= {name: getattr(plan, name)}
    if plan.confidence is None and plan.confidence_words is None:
        return values
    return values | {"why_not_lower": plan.why_not_lower or "", "what_would_help": plan.what_would_help or ""}
