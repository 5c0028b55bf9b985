"""This week's goals as cards: for Today, the list of goals, and one goal's page. Three statements, however many goals."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa

from selfcare import clock
from selfcare.goals import confidence
from selfcare.goals.models import AgreedGoal, ConfidenceScore, FollowUp, Goal, GoalDay, WeeklyPlan
from selfcare.goals.plans import WEEK, in_words
from selfcare.people.access import Part, Record, owned

SHOWN_SCORES = 6


@dataclass(frozen=True)
class DayDot:
    """One day of the week. ``state``: done, skip, missed (said: not done), none (planned, no answer), plan, free."""

    date: dt.date
    state: str
    today: bool
    answer: GoalDay | None = None

    @property
    def can_answer(self) -> bool:
        """Whether the day is here: what is to come cannot be answered yet."""
        return self.state != "plan" or self.today


@dataclass(frozen=True)
class GoalCard:
    """A goal in one week, with everything a page shows of it; ``may_write``: whether who looks may answer and plan."""

    goal: Goal
    monday: dt.date
    plan: WeeklyPlan | None
    next_plan: WeeklyPlan | None
    last_plan: WeeklyPlan | None
    days: list[DayDot]
    scores: list[ConfidenceScore]
    agreed: AgreedGoal | None
    follow_up: FollowUp | None
    done: int = 0
    planned: int = 0
    skipped: int = 0
    confidence: list[int | str | None] = field(default_factory=list)
    may_write: bool = False

    @property
    def title(self) -> str:
        """The plan in one line, or what the person wants while there is none."""
        return in_words(self.plan or self.next_plan) or self.goal.statement

    @property
    def agreed_by_team(self) -> bool:
        """Whether it was agreed in a visit."""
        return self.agreed is not None

    @property
    def today(self) -> DayDot | None:
        """Today's dot, if today is in this week."""
        return next((dot for dot in self.days if dot.today), None)

    @property
    def plan_days(self) -> list[str]:
        """The weekdays planned, ``mon`` first."""
        return self.plan.days if self.plan else []

    @property
    def to_go(self) -> int:
        """Planned days still open, today included."""
        return sum(1 for dot in self.days if dot.state == "plan")


def running(today: Any) -> sa.ColumnElement[bool]:
    """Goals that are active now: a pause whose day has come is over by itself.

    :param today: the day, or the parameter of a statement that is built once.
    """
    return sa.or_(
        Goal.lifecycle_status == "active",
        # NOT of this must be true for a pause without end: a bare comparison with NULL would be neither.
        sa.and_(
            Goal.lifecycle_status == "on_hold", Goal.paused_until.is_not(None), Goal.paused_until <= today
        ),
    )


def is_running(goal: Goal, today: dt.date) -> bool:
    """:func:`running` for a goal in hand."""
    over = goal.paused_until is not None and goal.paused_until <= today
    return goal.lifecycle_status == "active" or (goal.lifecycle_status == "on_hold" and over)


def goals_this_week(record: Record, today: dt.date) -> list[GoalCard]:
    """The running goals, oldest first, with this week's plan, days, confidence and what is agreed with the team."""
    record.require(Part.GOALS)
    return cards(record, today)


def cards(record: Record, today: dt.date, goal_ids: Collection[uuid.UUID] | None = None) -> list[GoalCard]:
    """Goals as cards of the week of ``today``: the running ones, or those with these ids."""
    monday = clock.monday_of(today)
    given: dict[str, Any] = {
        "team": record.sees(Part.CONSULTATION),
        "mondays": [monday - WEEK, monday, monday + WEEK],
    }
    given |= {"today": today} if goal_ids is None else {"goal_ids": list(goal_ids)}
    rows = record.rows(_cards(named=goal_ids is not None), **given).all()
    goals: dict[uuid.UUID, Goal] = {}
    plans: dict[tuple[uuid.UUID, dt.date], WeeklyPlan] = {}
    agreed: dict[uuid.UUID, AgreedGoal] = {}
    follow_ups: dict[uuid.UUID, FollowUp] = {}
    for goal, plan, agreement, follow_up in rows:
        goals[goal.id] = goal
        if plan is not None:
            plans[goal.id, plan.monday] = plan
        if agreement is not None:
            agreed[goal.id] = agreement  # ordered: the latest agreement stays
        if follow_up is not None:
            follow_ups[goal.id] = follow_up  # ordered: the nearest open date stays
    answers: dict[uuid.UUID, dict[dt.date, GoalDay]] = {each: {} for each in goals}
    if goals:
        for day in record.rows(_answers(), monday=monday, goal_ids=list(goals)).scalars():
            answers[day.goal_id][day.date] = day
    scores = confidence.scores_of(record, goals)
    return [
        card(
            goal,
            today,
            [plans.get((goal.id, monday + offset)) for offset in (-WEEK, dt.timedelta(), WEEK)],
            answers[goal.id],
            scores[goal.id],
            agreed.get(goal.id),
            follow_ups.get(goal.id),
            may_write=record.writes(Part.GOALS),
        )
        for goal in goals.values()
    ]


# Built once: building these takes longer than running them.


@cache
def _cards(*, named: bool) -> sa.Select[Goal, WeeklyPlan, AgreedGoal, FollowUp]:
    """``named``: the goals ``:goal_ids``, else the running ones. ``:team``: whether what is agreed with the team is seen."""
    team = sa.bindparam("team", type_=sa.Boolean())
    which = Goal.id.in_(sa.bindparam("goal_ids", expanding=True)) if named else running(sa.bindparam("today"))
    these_weeks = WeeklyPlan.monday.in_(sa.bindparam("mondays", expanding=True))
    return (
        sa.select(Goal, WeeklyPlan, AgreedGoal, FollowUp)
        .outerjoin(WeeklyPlan, sa.and_(WeeklyPlan.goal_id == Goal.id, these_weeks))
        .outerjoin(AgreedGoal, sa.and_(AgreedGoal.goal_id == Goal.id, team))
        .outerjoin(FollowUp, sa.and_(FollowUp.goal_id == Goal.id, FollowUp.outcome.is_(None), team))
        .where(Goal.patient_id == sa.bindparam("patient_id"), which)
        .order_by(Goal.received_at, Goal.id, AgreedGoal.agreed_on, FollowUp.due_on.desc())
    )


@cache
def _answers() -> sa.Select[GoalDay]:
    return owned(GoalDay).where(
        GoalDay.monday == sa.bindparam("monday"),
        GoalDay.goal_id.in_(sa.bindparam("goal_ids", expanding=True)),
    )


def card(
    goal: Goal,
    today: dt.date,
    plans: Sequence[WeeklyPlan | None],
    answers: dict[dt.date, GoalDay],
    scores: list[ConfidenceScore],
    agreed: AgreedGoal | None,
    follow_up: FollowUp | None,
    *,
    may_write: bool,
) -> GoalCard:
    """One card from its rows; ``plans`` are last, this and next week's."""
    last_plan, plan, next_plan = plans
    monday = clock.monday_of(today)
    days = dots(goal, plan, answers, monday, today)
    return GoalCard(
        goal=goal,
        monday=monday,
        plan=plan,
        next_plan=next_plan,
        last_plan=last_plan,
        days=days,
        scores=scores,
        agreed=agreed,
        follow_up=follow_up,
        done=sum(1 for dot in days if dot.state == "done"),
        planned=len(plan.days) if plan else 0,
        skipped=sum(1 for dot in days if dot.state == "skip"),
        confidence=[row.said for row in scores][-SHOWN_SCORES:],
        may_write=may_write,
    )


def dots(
    goal: Goal, plan: WeeklyPlan | None, answers: dict[dt.date, GoalDay], monday: dt.date, today: dt.date
) -> list[DayDot]:
    """The seven days of a week, Monday first."""
    found = []
    for offset, name in enumerate(clock.WEEKDAYS):
        date = monday + dt.timedelta(days=offset)
        answer = answers.get(date)
        if answer is not None:
            state = {"done": "done", "skipped": "skip", "not_done": "missed"}[answer.outcome]
        elif plan is None or name not in plan.days:
            state = "free"
        elif date >= today:
            state = "plan"
        else:
            # Days before the goal began were never a promise.
            state = "free" if goal.started_on is not None and date < goal.started_on else "none"
        found.append(DayDot(date, state, date == today, answer))
    return found
