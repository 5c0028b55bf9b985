"""The goals part of the clinician's page: days done of planned, confidence over time, what gets in the way, next step."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cache
from typing import Any

import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.goals import confidence, looking_back, this_week
from selfcare.goals.models import (
    AgreedGoal,
    ConfidenceScore,
    FollowUp,
    Goal,
    GoalDay,
    WeeklyPlan,
    WeeklyReview,
)
from selfcare.goals.plans import WEEK, in_words
from selfcare.people import hands
from selfcare.people.access import Part, Record, owned

WEEKS = 4
SCORES = 6


def section(record: Record, since: dt.date) -> list[dict[str, Any]]:
    """The running goals as plain data, oldest first. Two statements, however many goals.

    Each: id, statement, title (this week's plan in one line), started_on, agreed_on, weeks ([{monday, done, planned, skipped}], oldest
    first, the last 4 whatever ``since``), confidence (numbers, oldest first), confidence_words, in_the_way and why_not_lower in the
    patient's words, hand (who wrote it, where that was a carer), next_step ({due_on, channel} of the nearest open follow-up, or
    None), looked_on (up to when somebody has looked back on it).

    Where the patient does not share goals, only those agreed with the team, without what the patient wrote.
    """
    today = clock.today(record.person.time_zone)
    if not record.sees(Part.GOALS):
        return _agreed_only(record, today) if record.sees(Part.CONSULTATION) else []
    first = clock.monday_of(today) - (WEEKS - 1) * WEEK
    goals: dict[uuid.UUID, dict[str, Any]] = {}
    met: dict[uuid.UUID, str] = {}  # what did get in the way says more than what might
    rows: Any = record.rows(
        _everything(), today=today, first=first
    )  # outer joins: any but the goal may be None
    for goal, plan, review, agreed, follow_up, looked_on, writer, relation in rows:
        about = goals.setdefault(goal.id, _blank(goal, looked_on) | {"hand": hands.words(writer, relation)})
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
    scores: dict[uuid.UUID, list[Any]] = {goal_id: [] for goal_id in goals}
    given = {"patient_id": record.patient.id, "first": first, "today": today, "goal_ids": list(goals)}
    for row in db.session.execute(_days_and_scores(), given):
        if row.what == "score":
            scores[row.goal_id].append(row)
            continue
        week = goals[row.goal_id]["weeks"].setdefault(
            row.monday, {"monday": row.monday, "done": 0, "planned": 0, "skipped": 0}
        )
        if row.words in ("done", "skipped"):
            week[row.words] = row.number
    for goal_id, about in goals.items():
        said = scores[goal_id]
        about["in_the_way"] = met.get(goal_id, about["in_the_way"])
        about["confidence"] = [row.number for row in said if row.number is not None][-SCORES:]
        about["confidence_words"] = said[-1].words if said else None
        about["why_not_lower"] = next(
            (row.why_not_lower for row in reversed(said) if row.why_not_lower), None
        )
    return [
        about | {"weeks": [about["weeks"][monday] for monday in sorted(about["weeks"])][-WEEKS:]}
        for about in goals.values()
    ]


# Built once: building these takes longer than running them.


@cache
def _everything() -> sa.Select[
    Goal, WeeklyPlan, WeeklyReview, AgreedGoal, FollowUp, dt.date, str | None, str | None
]:
    return (
        sa.select(
            Goal,
            WeeklyPlan,
            WeeklyReview,
            AgreedGoal,
            FollowUp,
            looking_back.looked_on(),
            *hands.columns(Goal),
        )
        .outerjoin(
            WeeklyPlan, sa.and_(WeeklyPlan.goal_id == Goal.id, WeeklyPlan.monday >= sa.bindparam("first"))
        )
        .outerjoin(
            WeeklyReview,
            sa.and_(WeeklyReview.goal_id == Goal.id, WeeklyReview.monday == WeeklyPlan.monday),
        )
        .outerjoin(AgreedGoal, AgreedGoal.goal_id == Goal.id)
        .outerjoin(FollowUp, sa.and_(FollowUp.goal_id == Goal.id, FollowUp.outcome.is_(None)))
        .where(Goal.patient_id == sa.bindparam("patient_id"), this_week.running(sa.bindparam("today")))
        .order_by(Goal.received_at, Goal.id, WeeklyPlan.monday, AgreedGoal.agreed_on, FollowUp.due_on.desc())
    )


@cache
def _days_and_scores() -> sa.CompoundSelect[Any]:
    """Days counted by goal, week and outcome, and every standing score, oldest first: one statement for both, since the
    page may run six in all (performance.md, goal 7)."""
    day, score = GoalDay, ConfidenceScore
    these: sa.BindParameter[Any] = sa.bindparam("goal_ids", expanding=True)
    days = (
        sa.select(
            sa.literal("day").label("what"),
            day.goal_id,
            day.monday,
            day.outcome.label("words"),
            sa.func.count().label("number"),
            sa.cast(sa.null(), sa.Text).label("why_not_lower"),
            sa.cast(sa.null(), score.recorded_at.type).label("said_at"),
            sa.cast(sa.null(), score.received_at.type).label("received_at"),
            sa.cast(sa.null(), sa.Uuid).label("id"),
        )
        .where(
            day.patient_id == sa.bindparam("patient_id"),
            day.monday.between(sa.bindparam("first"), sa.bindparam("today")),
            day.goal_id.in_(these),
        )
        .group_by(day.goal_id, day.monday, day.outcome)
    )
    scores = (
        owned(score)
        .where(confidence.stands(), score.goal_id.in_(these))
        .with_only_columns(
            sa.literal("score"),
            score.goal_id,
            score.monday,
            score.words,
            score.score,
            score.why_not_lower,
            score.said_at,
            score.received_at,
            score.id,
        )
    )
    both: Any = sa.union_all(days, scores)
    return both.order_by("said_at", "received_at", "id")


def _blank(goal: Goal, looked_on: dt.date | None) -> dict[str, Any]:
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
        "hand": None,
        "looked_on": looked_on,
    }


def _add_team(about: dict[str, Any], agreed: AgreedGoal | None, follow_up: FollowUp | None) -> None:
    if agreed is not None:
        about["agreed_on"] = agreed.agreed_on
    if follow_up is not None:
        about["next_step"] = {"due_on": follow_up.due_on, "channel": follow_up.channel}


def _agreed_only(record: Record, today: dt.date) -> list[dict[str, Any]]:
    goals: dict[uuid.UUID, dict[str, Any]] = {}
    for agreed, goal, follow_up, looked_on in record.rows(_agreed(), today=today):
        about = goals.setdefault(goal.id, _blank(goal, looked_on))
        about["statement"] = about["title"] = agreed.statement
        _add_team(about, agreed, follow_up)
    return [about | {"weeks": []} for about in goals.values()]


@cache
def _agreed() -> sa.Select[AgreedGoal, Goal, FollowUp, dt.date]:
    return (
        sa.select(AgreedGoal, Goal, FollowUp, looking_back.looked_on())
        .join(Goal, Goal.id == AgreedGoal.goal_id)
        .outerjoin(FollowUp, sa.and_(FollowUp.goal_id == Goal.id, FollowUp.outcome.is_(None)))
        .where(AgreedGoal.patient_id == sa.bindparam("patient_id"), this_week.running(sa.bindparam("today")))
        .order_by(Goal.received_at, Goal.id, AgreedGoal.agreed_on, FollowUp.due_on.desc())
    )
