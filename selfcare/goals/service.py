"""Goals: create, replace, read, pause, finish. Other rooms ask here for this week's goals."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.edge import paging
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.goals import confidence, this_week
from selfcare.goals.finding import goal_of, hold, replace
from selfcare.goals.models import ConfidenceScore, Goal, GoalDay, WeeklyPlan, WeeklyReview
from selfcare.goals.this_week import DayDot, GoalCard, goals_this_week
from selfcare.people.access import Part, Record

__all__ = ["DayDot", "GoalCard", "GoalPage", "goals_this_week"]

EARLIER_WEEKS = 8


@dataclass(frozen=True)
class PastWeek:
    """One earlier week of a goal: days done of days planned."""

    monday: dt.date
    done: int
    planned: int
    skipped: int
    review: WeeklyReview | None


@dataclass(frozen=True)
class GoalPage:
    """Everything one goal's page shows."""

    card: GoalCard
    earlier: list[PastWeek]
    reason: ConfidenceScore | None  # why it was not lower, to show back when a score has dropped


def find(record: Record, goal_id: uuid.UUID) -> Goal | None:
    """The goal with this id, or None.

    :raises NotFound: it is another patient's.
    """
    record.require(Part.GOALS)
    return record.mine(Goal, goal_id)


def save_goal(record: Record, goal_id: uuid.UUID, **body: Any) -> tuple[Goal, bool]:
    """Create the goal or replace it. Without ``lifecycle_status`` a new goal is active and an old one stays as it is.

    :param body: statement, importance, importance_reason, lifecycle_status, achievement_status, paused_until.
    :returns: the goal, and whether it is new.
    """
    record.require(Part.GOALS, write=True)
    goal = hold(record.mine(Goal, goal_id))
    values = {
        name: body.get(name) for name in ("statement", "importance", "importance_reason", "paused_until")
    }
    for name, first in (("lifecycle_status", "active"), ("achievement_status", "in_progress")):
        values[name] = body.get(name) or (getattr(goal, name) if goal else first)
    if values["lifecycle_status"] != "on_hold":
        values["paused_until"] = None
    if values["lifecycle_status"] == "active" and (goal is None or goal.started_on is None):
        values["started_on"] = clock.today(record.person.time_zone)
    created = goal is None
    if goal is None:
        goal = Goal(id=goal_id, patient_id=record.patient.id, written_by=record.actor.id, **values)
        db.session.add(goal)
    elif replace(goal, record.actor.id, values):
        goal.written_by = record.actor.id
    audit.record(
        record.actor,
        "goal.created" if created else "goal.replaced",
        record.patient,
        goal,
        status=goal.lifecycle_status,
    )
    db.session.flush()
    return goal, created


def change_goal(record: Record, goal_id: uuid.UUID, **values: Any) -> Goal:
    """Change parts of a goal, as the pages do."""
    goal = goal_of(record, goal_id, write=True)
    names = (
        "statement",
        "importance",
        "importance_reason",
        "lifecycle_status",
        "achievement_status",
        "paused_until",
    )
    changed, _created = save_goal(record, goal.id, **{name: getattr(goal, name) for name in names} | values)
    return changed


def to_write(record: Record, goal_id: uuid.UUID) -> Goal:
    """The goal, for somebody who may write it.

    :raises NotFound: not theirs.
    """
    goal = goal_of(record, goal_id, write=True)
    audit.record(record.actor, "goal.read", record.patient, goal)
    return goal


def draft(record: Record, goal_id: uuid.UUID, **values: Any) -> Goal:
    """Begin to write a goal. Sent twice under one id it is one goal, and one that runs already goes on running."""
    if find(record, goal_id) is not None:
        return change_goal(record, goal_id, **values)
    goal, _created = save_goal(record, goal_id, lifecycle_status="proposed", **values)
    return goal


def start(record: Record, goal_id: uuid.UUID, monday: dt.date) -> Goal:
    """A goal that was being written begins, with the plan of its first week."""
    goal = change_goal(record, goal_id, lifecycle_status="active")
    plan = db.session.scalars(
        record.owned(WeeklyPlan).where(WeeklyPlan.goal_id == goal.id, WeeklyPlan.monday == monday)
    ).first()
    if plan is not None:
        replace(plan, record.actor.id, {"status": "active"})
    db.session.flush()
    return goal


def pause(record: Record, goal_id: uuid.UUID, until: dt.date | None) -> Goal:
    """Rest a goal, until a day or until the person takes it up again. A pause breaks nothing.

    :raises Invalid: the day is not to come.
    """
    if until is not None and until <= clock.today(record.person.time_zone):
        raise Invalid({"paused_until": _("Enter a day after today")})
    return change_goal(record, goal_id, lifecycle_status="on_hold", paused_until=until)


def resume(record: Record, goal_id: uuid.UUID) -> Goal:
    """Take a paused, finished or stopped goal up again."""
    return change_goal(record, goal_id, lifecycle_status="active", achievement_status="in_progress")


def finish(record: Record, goal_id: uuid.UUID, *, achieved: bool) -> Goal:
    """Finish and celebrate, or stop without."""
    status, result = ("completed", "achieved") if achieved else ("cancelled", "not_achieved")
    return change_goal(record, goal_id, lifecycle_status=status, achievement_status=result)


def read_goal(record: Record, goal_id: uuid.UUID) -> GoalCard:
    """One goal in this week.

    :raises NotFound: not theirs.
    """
    goal = goal_of(record, goal_id)
    audit.record(record.actor, "goal.read", record.patient, goal)
    return card_of(record, goal)


def card_of(record: Record, goal: Goal) -> GoalCard:
    """A goal in hand as this week's card."""
    return this_week.cards(record, clock.today(record.person.time_zone), [goal.id])[0]


def list_goals(record: Record, **query: Any) -> dict[str, Any]:
    """A page of goals, newest first, as cards: ``{"items": [GoalCard], "next_cursor"}``. Four statements.

    :param query: limit, cursor, and ``from_`` / ``to``: first and last day on which the goal was made.
    """
    record.require(Part.GOALS)
    audit.record(record.actor, "goals.read", record.patient)
    rows, zone = record.owned(Goal), record.person.time_zone
    if query.get("from_"):
        rows = rows.where(Goal.received_at >= clock.day_bounds(query["from_"], zone)[0])
    if query.get("to"):
        rows = rows.where(Goal.received_at < clock.day_bounds(query["to"], zone)[1])
    page = paging.page(
        rows,
        by=Goal.received_at,
        key=Goal.id,
        limit=query.get("limit"),
        cursor=query.get("cursor"),
        dump=lambda goal: goal.id,
    )
    found = {card.goal.id: card for card in this_week.cards(record, clock.today(zone), page["items"])}
    return page | {"items": [found[each] for each in page["items"]]}


@dataclass(frozen=True)
class Shelf:
    """The page of all goals: running, paused, being written, finished."""

    running: list[GoalCard]
    paused: list[Goal]
    drafts: list[Goal]
    ended: list[Goal]


def shelf(record: Record) -> Shelf:
    """Every goal of the person, sorted for the page."""
    record.require(Part.GOALS)
    audit.record(record.actor, "goals.read", record.patient)
    today = clock.today(record.person.time_zone)
    others = db.session.scalars(
        record.owned(Goal).where(~this_week.running(today)).order_by(Goal.updated_at.desc(), Goal.id)
    ).all()
    return Shelf(
        running=goals_this_week(record, today),
        paused=[goal for goal in others if goal.lifecycle_status == "on_hold"],
        drafts=[goal for goal in others if goal.lifecycle_status == "proposed"],
        ended=[goal for goal in others if goal.lifecycle_status in ("completed", "cancelled")],
    )


def page_of(record: Record, goal_id: uuid.UUID) -> GoalPage:
    """One goal's page.

    :raises NotFound: not theirs.
    """
    card = read_goal(record, goal_id)
    weeks = db.session.execute(
        sa.select(WeeklyPlan, WeeklyReview)
        .outerjoin(
            WeeklyReview,
            sa.and_(WeeklyReview.goal_id == WeeklyPlan.goal_id, WeeklyReview.monday == WeeklyPlan.monday),
        )
        .where(
            WeeklyPlan.patient_id == record.patient.id,
            WeeklyPlan.goal_id == goal_id,
            WeeklyPlan.monday < card.monday,
        )
        .order_by(WeeklyPlan.monday.desc())
        .limit(EARLIER_WEEKS)
    ).all()
    counts = count_days(record, goal_id)
    earlier = [
        PastWeek(
            plan.monday,
            counts.get((plan.monday, "done"), 0),
            len(plan.days),
            counts.get((plan.monday, "skipped"), 0),
            review,
        )
        for plan, review in weeks
    ]
    return GoalPage(card, earlier, confidence.dropped_from(card.scores))


def count_days(record: Record, goal_id: uuid.UUID) -> dict[tuple[dt.date, str], int]:
    """Days of a goal by week and outcome."""
    rows = db.session.execute(
        sa.select(GoalDay.monday, GoalDay.outcome, sa.func.count())
        .where(GoalDay.patient_id == record.patient.id, GoalDay.goal_id == goal_id)
        .group_by(GoalDay.monday, GoalDay.outcome)
    )
    return {(monday, outcome): count for monday, outcome, count in rows}
