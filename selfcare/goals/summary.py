"""The goals part of the clinician's page: days done of planned, confidence over time, what gets in the way, next step."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.goals import confidence, this_week
from selfcare.goals.models import AgreedGoal, FollowUp, Goal, GoalDay, WeeklyPlan, WeeklyReview
from selfcare.goals.plans import WEEK, in_words
from selfcare.people.access import Part, Record

WEEKS = 4
SCORES = 6


def section(record: Record, since: dt.date) -> list[dict[str, Any]]:
    """The running goals as plain data, oldest first. Three statements, however many goals.

    Each: id, statement, title (this week's plan in one line), started_on, agreed_on, weeks ([{monday, done, planned, skipped}], oldest
    first, the last 4 whatever ``since``), confidence (numbers, oldest first), confidence_words, in_the_way and why_not_lower in the
    patient's words, next_step ({due_on, channel} of the nearest open follow-up, or None).

    Where the patient does not share goals, only those agreed with the team, without what the patient wrote.
    """
    today = clock.today(record.person.time_zone)
    if not record.sees(Part.GOALS):
        return _agreed_only(record, today) if record.sees(Part.CONSULTATION) else []
    first = clock.monday_of(today) - (WEEKS - 1) * WEEK
    goals: dict[uuid.UUID, dict[str, Any]] = {}
    met: dict[uuid.UUID, str] = {}  # what did get in the way says more than what might
    rows: Any = db.session.execute(
        _everything(record, today, first)
    )  # outer joins: any but the goal may be None
    for goal, plan, review, agreed, follow_up in rows:
        about = goals.setdefault(goal.id, _blank(goal))
        _add_team(about, agreed, follow_up)
        if plan is not None and plan.monday <= today:
            about["title"] = in_words(plan) or goal.statement
            about["weeks"][plan.monday] = {
                "monday": plan.monday,
                "done": 0,
                "planned": len(plan.days),
                "skipped": 0,
            }
            about["in_the_way"] = plan.barriers or about["in_the_way"]
        if review is not None and review.got_in_the_way:
            met[goal.id] = review.got_in_the_way
    if not goals:
        return []
    for goal_id, monday, outcome, count in db.session.execute(
        sa.select(GoalDay.goal_id, GoalDay.monday, GoalDay.outcome, sa.func.count())
        .where(
            GoalDay.patient_id == record.patient.id,
            GoalDay.monday.between(first, today),
            GoalDay.goal_id.in_(goals),
        )
        .group_by(GoalDay.goal_id, GoalDay.monday, GoalDay.outcome)
    ):
        week = goals[goal_id]["weeks"].setdefault(
            monday, {"monday": monday, "done": 0, "planned": 0, "skipped": 0}
        )
        if outcome in ("done", "skipped"):
            week[outcome] = count
    for goal_id, scores in confidence.scores_of(record, goals).items():
        about = goals[goal_id]
        about["in_the_way"] = met.get(goal_id, about["in_the_way"])
        about["confidence"] = [row.score for row in scores if row.score is not None][-SCORES:]
        about["confidence_words"] = scores[-1].words if scores else None
        about["why_not_lower"] = next(
            (row.why_not_lower for row in reversed(scores) if row.why_not_lower), None
        )
    return [
        about | {"weeks": [about["weeks"][monday] for monday in sorted(about["weeks"])][-WEEKS:]}
        for about in goals.values()
    ]


def _everything(
    record: Record, today: dt.date, first: dt.date
) -> sa.Select[Goal, WeeklyPlan, WeeklyReview, AgreedGoal, FollowUp]:
    return (
        sa.select(Goal, WeeklyPlan, WeeklyReview, AgreedGoal, FollowUp)
        .outerjoin(WeeklyPlan, sa.and_(WeeklyPlan.goal_id == Goal.id, WeeklyPlan.monday >= first))
        .outerjoin(
            WeeklyReview,
            sa.and_(WeeklyReview.goal_id == Goal.id, WeeklyReview.monday == WeeklyPlan.monday),
        )
        .outerjoin(AgreedGoal, AgreedGoal.goal_id == Goal.id)
        .outerjoin(FollowUp, sa.and_(FollowUp.goal_id == Goal.id, FollowUp.outcome.is_(None)))
        .where(Goal.patient_id == record.patient.id, this_week.running(today))
        .order_by(Goal.received_at, Goal.id, WeeklyPlan.monday, AgreedGoal.agreed_on, FollowUp.due_on.desc())
    )


def _blank(goal: Goal) -> dict[str, Any]:
    return {
        "id": goal.id,
        "statement": goal.statement,
        "title": goal.statement,
        "started_on": goal.started_on,
        "agreed_on": None,
        "weeks": {},
        "confidence": [],
        "confidence_words": None,
        "in_the_way": None,
        "why_not_lower": None,
        "next_step": None,
    }


def _add_team(about: dict[str, Any], agreed: AgreedGoal | None, follow_up: FollowUp | None) -> None:
    if agreed is not None:
        about["agreed_on"] = agreed.agreed_on
    if follow_up is not None:
        about["next_step"] = {"due_on": follow_up.due_on, "channel": follow_up.channel}


def _agreed_only(record: Record, today: dt.date) -> list[dict[str, Any]]:
    goals: dict[uuid.UUID, dict[str, Any]] = {}
    for agreed, goal, follow_up in db.session.execute(
        sa.select(AgreedGoal, Goal, FollowUp)
        .join(Goal, Goal.id == AgreedGoal.goal_id)
        .outerjoin(FollowUp, sa.and_(FollowUp.goal_id == Goal.id, FollowUp.outcome.is_(None)))
        .where(AgreedGoal.patient_id == record.patient.id, this_week.running(today))
        .order_by(Goal.received_at, Goal.id, AgreedGoal.agreed_on, FollowUp.due_on.desc())
    ):
        about = goals.setdefault(goal.id, _blank(goal))
        about["statement"] = about["title"] = agreed.statement
        _add_team(about, agreed, follow_up)
    return [about | {"weeks": []} for about in goals.values()]
