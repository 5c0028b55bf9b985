"""The weekly review: days done, what helped, what got in the way, confidence for next week; repeat, change or finish.

Weeks run Monday to Sunday in the person's own zone. From the review day they chose (Sunday by default) the week that
ends is due; before it, last week's still is, so that a review can be late.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.goals import confidence, plans, problem_solving, service, this_week
from selfcare.goals.finding import goal_of, hold, replace
from selfcare.goals.models import Goal, GoalDay, WeeklyPlan, WeeklyReview
from selfcare.goals.plans import WEEK, in_words
from selfcare.goals.this_week import DayDot
from selfcare.people.access import Part, Record

FIELDS = ("went_well", "got_in_the_way", "confidence", "confidence_words", "why_not_lower", "next")


@dataclass(frozen=True)
class ReviewDue:
    """A week of a goal that waits for its review."""

    goal_id: uuid.UUID
    title: str
    monday: dt.date
    planned: int = 0  # days


@dataclass(frozen=True)
class WeekCount:
    """A week that waits for its review, in numbers of days."""

    due: ReviewDue
    done: int
    planned: int
    skipped: int


@dataclass(frozen=True)
class ReviewPage:
    """What a person looks back on."""

    goal: Goal
    monday: dt.date
    plan: WeeklyPlan | None
    days: list[DayDot]
    done: int
    skipped: int
    review: WeeklyReview | None


def week_to_review(today: dt.date, review_day: str) -> dt.date:
    """The Monday of the week that a review on this day looks back on."""
    monday = clock.monday_of(today)
    return monday if today.weekday() >= clock.WEEKDAYS.index(review_day) else monday - WEEK


def next_review_day(today: dt.date, review_day: str) -> dt.date:
    """The next day on which a review comes up, today included."""
    return today + dt.timedelta(days=(clock.WEEKDAYS.index(review_day) - today.weekday()) % 7)


def due(record: Record, today: dt.date) -> list[ReviewDue]:
    """Running goals whose week was planned and is not reviewed yet, oldest first. One statement."""
    record.require(Part.GOALS)
    monday = week_to_review(today, record.patient.review_day)
    rows = record.rows(_due(), monday=monday, today=today)
    return [
        ReviewDue(goal.id, in_words(plan) or goal.statement, monday, len(plan.days)) for goal, plan in rows
    ]


def counted(record: Record, dues: Sequence[ReviewDue]) -> list[WeekCount]:
    """Weeks that wait, with what became of their days. One statement for all."""
    record.require(Part.GOALS)
    rows = db.session.execute(
        sa.select(GoalDay.goal_id, GoalDay.outcome, sa.func.count())
        .where(
            GoalDay.patient_id == record.patient.id,
            GoalDay.goal_id.in_([due.goal_id for due in dues]),
            GoalDay.monday.in_({due.monday for due in dues}),
        )
        .group_by(GoalDay.goal_id, GoalDay.outcome)
    )
    counts = {(goal_id, outcome): count for goal_id, outcome, count in rows}
    return [
        WeekCount(
            due=due,
            done=counts.get((due.goal_id, "done"), 0),
            planned=due.planned,
            skipped=counts.get((due.goal_id, "skipped"), 0),
        )
        for due in dues
    ]


@cache
def _due() -> sa.Select[Goal, WeeklyPlan]:
    """Built once: building it takes longer than running it."""
    monday: sa.BindParameter[dt.date] = sa.bindparam("monday")
    return (
        sa.select(Goal, WeeklyPlan)
        .join(WeeklyPlan, sa.and_(WeeklyPlan.goal_id == Goal.id, WeeklyPlan.monday == monday))
        .outerjoin(WeeklyReview, sa.and_(WeeklyReview.goal_id == Goal.id, WeeklyReview.monday == monday))
        .where(
            Goal.patient_id == sa.bindparam("patient_id"),
            this_week.running(sa.bindparam("today")),
            WeeklyReview.id.is_(None),
        )
        .order_by(Goal.received_at, Goal.id)
    )


def review_of(record: Record, goal_id: uuid.UUID, monday: dt.date) -> WeeklyReview | None:
    """The review of that week, or None.

    :raises NotFound: the goal is not theirs.
    """
    goal = goal_of(record, goal_id)
    return db.session.scalars(
        record.owned(WeeklyReview).where(WeeklyReview.goal_id == goal.id, WeeklyReview.monday == monday)
    ).first()


def read_review(record: Record, goal_id: uuid.UUID, monday: dt.date) -> WeeklyReview:
    """The review of that week.

    :raises NotFound: there is none, or the goal is not theirs.
    """
    review = review_of(record, goal_id, monday)
    if review is None:
        raise NotFound
    audit.record(record.actor, "weekly_review.read", record.patient, review)
    return review


def look_back(record: Record, goal_id: uuid.UUID, monday: dt.date) -> ReviewPage:
    """The week as the review's page shows it.

    :raises NotFound: the goal is not theirs.
    """
    plans.check_monday(monday)
    goal = goal_of(record, goal_id)
    audit.record(record.actor, "goal.read", record.patient, goal)
    plan = plans.plan_of(record, goal.id, monday)
    answers = {
        day.date: day
        for day in db.session.scalars(
            record.owned(GoalDay).where(GoalDay.goal_id == goal.id, GoalDay.monday == monday)
        )
    }
    days = this_week.dots(goal, plan, answers, monday, clock.today(record.person.time_zone))
    return ReviewPage(
        goal=goal,
        monday=monday,
        plan=plan,
        days=days,
        done=sum(1 for dot in days if dot.state == "done"),
        skipped=sum(1 for dot in days if dot.state == "skip"),
        review=review_of(record, goal.id, monday),
    )


def save_review(
    record: Record, goal_id: uuid.UUID, monday: dt.date, **body: Any
) -> tuple[WeeklyReview, bool]:
    """Create or replace the review of a week, and do what it chose for the next.

    *repeat* copies the plan to the next week, *change* makes a draft of it there, *finish* completes the goal. Choosing again
    never overwrites a plan that the next week already has.

    :param body: went_well, got_in_the_way, confidence or confidence_words, why_not_lower, next.
    :raises Invalid: no Monday, a week to come, or confidence both in a number and in words.
    """
    plans.check_monday(monday)
    goal = goal_of(record, goal_id, write=True)
    if monday > clock.monday_of(clock.today(record.person.time_zone) + dt.timedelta(days=1)):
        raise Invalid({"monday": _("This week is still to come")})
    confidence.check_one_way(body.get("confidence"), body.get("confidence_words"))
    values = {name: body.get(name) for name in FIELDS}
    review = hold(review_of(record, goal.id, monday))
    said = (review.confidence, review.confidence_words) if review else (None, None)
    if review is not None and review.next == "finish" and values["next"] not in (None, "finish"):
        service.resume(record, goal.id)  # thought better of it
    created = review is None
    if review is None:
        review = WeeklyReview(
            id=uuid.uuid4(),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            goal_id=goal.id,
            monday=monday,
            **values,
        )
        db.session.add(review)
    elif replace(review, record.actor.id, values):
        review.written_by = record.actor.id
    else:
        return review, False  # sent again: what it chose is done, and may have been thought better of since
    audit.record(record.actor, "weekly_review.set", record.patient, review, next=review.next)
    db.session.flush()
    following = _go_on(record, goal, monday, review)
    if (review.confidence, review.confidence_words) != said:
        confidence.note_score(
            record,
            goal,
            monday=monday + WEEK,
            score=review.confidence,
            words=review.confidence_words,
            why_not_lower=review.why_not_lower,
        )
        if following is not None:
            told: dict[str, object] = {
                "confidence": review.confidence,
                "confidence_words": review.confidence_words,
            }
            if review.why_not_lower:
                told["why_not_lower"] = review.why_not_lower
            replace(following, record.actor.id, told)
    db.session.flush()
    return review, created


def _go_on(record: Record, goal: Goal, monday: dt.date, review: WeeklyReview) -> WeeklyPlan | None:
    """Do what the review chose; returns the next week's plan, if there is one."""
    if review.next == "finish":
        service.finish(record, goal.id, achieved=True)
        return None
    before = plans.plan_of(record, goal.id, monday)
    if before is None or review.next is None:
        return plans.plan_of(record, goal.id, monday + WEEK)
    status = "active" if review.next == "repeat" else "draft"
    following = plans.repeat(record, goal, before, monday + WEEK, status=status)
    step = problem_solving.after_a_week(following.problem_step, review.got_in_the_way)
    if step != following.problem_step:
        replace(following, record.actor.id, {"problem_step": step})
    return following
