"""The plan of one week: what, how much, when, on which days, and how confident. One plan for a goal and Monday."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.goals import confidence, problem_solving
from selfcare.goals.finding import goal_of, hold, replace
from selfcare.goals.models import Goal, WeeklyPlan
from selfcare.people.access import Record

WEEK = dt.timedelta(days=7)
# What a person plans; the answers about confidence stand apart.
DEED = ("what", "how_much", "when_text", "days")
WORDS = (*DEED, "barriers", "plan_for_barriers")
FIELDS = (*WORDS, "confidence", "confidence_words", "why_not_lower", "what_would_help")


def check_monday(monday: dt.date) -> dt.date:
    """Weeks are named by their Monday.

    :raises Invalid: another weekday.
    """
    if monday.weekday():
        raise Invalid(
            {"monday": _("A week is named by its Monday, such as %(day)s", day=clock.monday_of(monday))}
        )
    return monday


def plan_of(record: Record, goal_id: uuid.UUID, monday: dt.date) -> WeeklyPlan | None:
    """The plan of that week, or None.

    :raises NotFound: the goal is not theirs.
    """
    goal = goal_of(record, goal_id)
    return db.session.scalars(
        record.owned(WeeklyPlan).where(WeeklyPlan.goal_id == goal.id, WeeklyPlan.monday == monday)
    ).first()


def read_plan(record: Record, goal_id: uuid.UUID, monday: dt.date) -> WeeklyPlan:
    """The plan of that week.

    :raises NotFound: there is none, or the goal is not theirs.
    """
    plan = plan_of(record, goal_id, monday)
    if plan is None:
        raise NotFound
    audit.record(record.actor, "weekly_plan.read", record.patient, plan)
    return plan


def latest_plan(record: Record, goal: Goal) -> WeeklyPlan | None:
    """The plan of the latest week there is."""
    return db.session.scalars(
        record.owned(WeeklyPlan)
        .where(WeeklyPlan.goal_id == goal.id)
        .order_by(WeeklyPlan.monday.desc())
        .limit(1)
    ).first()


def in_hand(
    record: Record, goal: Goal, wanted: dt.date | None, today: dt.date
) -> tuple[dt.date, WeeklyPlan | None]:
    """The week that is being planned and its plan so far.

    A goal that is still being written goes on with its draft, in this week at the earliest. A running one: the week that a link
    names, this or the next, else this week.
    """
    this = clock.monday_of(today)
    if goal.lifecycle_status == "proposed":
        draft = latest_plan(record, goal)
        return (max(draft.monday, this), draft) if draft else (this, None)
    monday = wanted if wanted in (this, this + WEEK) else this
    return monday, plan_of(record, goal.id, monday)


def set_plan(record: Record, goal_id: uuid.UUID, monday: dt.date, **body: Any) -> tuple[WeeklyPlan, bool]:
    """Create or replace the whole plan of a week. A changed confidence is kept as a score of its own as well.

    :raises Invalid: no Monday, or confidence both in a number and in words.
    """
    check_monday(monday)
    goal = goal_of(record, goal_id, write=True)
    confidence.check_one_way(body.get("confidence"), body.get("confidence_words"))
    values = {name: body.get(name) for name in FIELDS} | {"status": "active"}
    values["days"] = values["days"] or []
    values["problem_step"] = problem_solving.step_of(values["barriers"], values["plan_for_barriers"])
    plan, created = _put(record, goal, monday, values)
    db.session.flush()
    return plan, created


def change_plan(record: Record, goal: Goal, monday: dt.date, **values: Any) -> WeeklyPlan:
    """Change parts of a week's plan, as the question pages do. Another deed means the old confidence no longer holds.

    The plan of a goal that is still being written is a draft.
    """
    goal_of(record, goal.id, write=True)
    plan = plan_of(record, goal.id, monday)
    if plan is None:
        before = latest_plan(record, goal)
        kept = {name: getattr(before, name) for name in WORDS} if before is not None else {}
        values = kept | {"status": "draft" if goal.lifecycle_status == "proposed" else "active"} | values
        values.setdefault("days", [])
    elif any(getattr(plan, name) != values[name] for name in DEED if name in values):
        values = {"confidence": None, "confidence_words": None} | values
    plan, _created = _put(record, goal, monday, values)
    db.session.flush()
    return plan


def begin_in_time(record: Record, plan: WeeklyPlan, today: dt.date) -> None:
    """A first week whose chosen days are all over is no week: the plan begins on the next Monday."""
    this = clock.monday_of(today)
    left = [name for name in plan.days if clock.WEEKDAYS.index(name) >= today.weekday()]
    if plan.monday == this and not left and plan_of(record, plan.goal_id, this + WEEK) is None:
        replace(plan, record.actor.id, {"monday": this + WEEK})
        db.session.flush()


def rate_plan(
    record: Record,
    plan: WeeklyPlan,
    score: int | None,
    words: str | None,
    *,
    why_not_lower: str | None,
    what_would_help: str | None,
    score_id: uuid.UUID,
) -> None:
    """Keep an answer about a plan. Every answer stays; the plan shows the latest. The same id twice counts once."""
    goal = goal_of(record, plan.goal_id, write=True)
    confidence.note_score(
        record,
        goal,
        monday=plan.monday,
        score=score,
        words=words,
        why_not_lower=why_not_lower,
        what_would_help=what_would_help,
        score_id=score_id,
    )
    values: dict[str, object] = {"confidence": score, "confidence_words": words}
    values |= {"why_not_lower": why_not_lower, "what_would_help": what_would_help}
    replace(plan, record.actor.id, values)
    db.session.flush()


def repeat(record: Record, goal: Goal, before: WeeklyPlan, monday: dt.date, *, status: str) -> WeeklyPlan:
    """The same plan for another week; a plan that is there already is left alone."""
    there = plan_of(record, goal.id, monday)
    if there is not None:
        return there
    values = {name: getattr(before, name) for name in WORDS} | {"status": status}
    values["problem_step"] = before.problem_step
    plan, _created = _put(record, goal, monday, values)
    db.session.flush()
    return plan


def _put(record: Record, goal: Goal, monday: dt.date, values: dict[str, Any]) -> tuple[WeeklyPlan, bool]:
    plan = hold(plan_of(record, goal.id, monday))
    before = (plan.confidence, plan.confidence_words) if plan else (None, None)
    created = plan is None
    if plan is None:
        plan = WeeklyPlan(
            id=uuid.uuid4(),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            goal_id=goal.id,
            monday=monday,
            **values,
        )
        db.session.add(plan)
    elif replace(plan, record.actor.id, values):
        plan.written_by = record.actor.id
    if (plan.confidence, plan.confidence_words) != before:
        confidence.note_score(
            record,
            goal,
            monday=monday,
            score=plan.confidence,
            words=plan.confidence_words,
            why_not_lower=plan.why_not_lower,
            what_would_help=plan.what_would_help,
        )
    audit.record(record.actor, "weekly_plan.set", record.patient, plan)
    return plan, created


def in_words(plan: WeeklyPlan | None, *, with_when: bool = True) -> str:
    """The plan as one line, the person's words unchanged: "Walk 15 minutes after lunch"."""
    if plan is None or not plan.what:
        return ""
    line = plan.what.strip()
    for part in (plan.how_much, plan.when_text if with_when else None):
        if part and part.strip():
            said = part.strip()
            # "Walk 15 minutes after lunch" reads as a sentence; what begins with a capital is set off.
            line += (" " if said[0].isdigit() or said[0].islower() else ", ") + said
    return line
