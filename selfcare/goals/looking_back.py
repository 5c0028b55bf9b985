"""Goals from last time that nobody has looked back on yet: the first item of the next agenda (method.md).

The words are those that the team may read: the patient's own where they share their goals, else those that were agreed.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa

from selfcare.goals import this_week
from selfcare.goals.models import COULD_NOT_REACH, AgreedGoal, FollowUp, Goal
from selfcare.people.access import Part, Record, shared_parts

MOST = 3  # on an agenda: the ones that wait longest


@dataclass(frozen=True)
class LookBack:
    """One goal to look back on. ``since`` is when it was agreed, or when somebody was to ask."""

    goal_id: uuid.UUID
    text: str
    since: dt.date


def waits_since(
    agreed_on: dt.date | None, looked_on: dt.date | None, due_on: dt.date | None, day: dt.date
) -> dt.date | None:
    """Since when a goal waits to be looked back on at a visit on ``day``; None if it does not.

    It waits if it was agreed before that day and nobody looked since, or if a follow-up is due by then and open.

    :param looked_on: as :func:`looked_on` gives it.
    :param due_on: of the nearest follow-up without an outcome.
    """
    waits = agreed_on is not None and agreed_on < day and (looked_on is None or looked_on <= agreed_on)
    if due_on is not None and due_on <= day:
        return min(due_on, agreed_on) if waits and agreed_on is not None else due_on
    return agreed_on if waits else None


def unreviewed(record: Record, day: dt.date) -> list[LookBack]:
    """What waits at a visit on ``day``, the longest first. Two statements.

    :raises NotFound: the actor may not see what is agreed with the team.
    """
    record.require(Part.CONSULTATION)
    shared = Part.GOALS in shared_parts(record.patient.id)
    found = []
    rows: Any = record.rows(_waiting(), today=day)
    for goal, agreed_on, agreed_words, looked, due_on in rows:
        since = waits_since(agreed_on, looked, due_on, day)
        words = goal.statement if shared else agreed_words
        if since is not None and words is not None:
            found.append(LookBack(goal.id, words, since))
    return longest_first(found)


def of_parts(goals: list[dict[str, Any]], day: dt.date) -> list[LookBack]:
    """The same from ``summary.section``'s goals, without a statement."""
    found = []
    for goal in goals:
        due_on = goal["next_step"]["due_on"] if goal["next_step"] else None
        since = waits_since(goal["agreed_on"], goal["looked_on"], due_on, day)
        if since is not None:
            found.append(LookBack(goal["id"], goal["statement"], since))
    return longest_first(found)


def longest_first(found: list[LookBack]) -> list[LookBack]:
    """Those that wait longest, at most 3: the rest is on the worklist."""
    return sorted(found, key=lambda each: (each.since, each.goal_id))[:MOST]


def looked_on() -> sa.ScalarSelect[dt.date]:
    """Up to when somebody has looked back on a goal of the statement around it, from the follow-ups about it or about all goals.

    Who could not be reached has not looked back. A follow-up that was settled before its day, as at the visit where the next
    step was agreed, looks back on what came before that day and no further.
    """
    early = FollowUp.settled_on < FollowUp.due_on
    upto = (
        sa.select(sa.func.max(sa.case((early, FollowUp.settled_on), else_=FollowUp.due_on)))
        .where(
            FollowUp.patient_id == Goal.patient_id,
            sa.or_(FollowUp.goal_id == Goal.id, FollowUp.goal_id.is_(None)),
            FollowUp.outcome.is_not(None),
            FollowUp.outcome != COULD_NOT_REACH,
        )
        .correlate(Goal)
    )
    return upto.scalar_subquery()


@cache
def _waiting() -> sa.Select[Any]:
    """Built once: building it takes longer than running it."""
    newest = (
        sa.select(AgreedGoal.statement)
        .where(AgreedGoal.goal_id == Goal.id)
        .order_by(AgreedGoal.agreed_on.desc(), AgreedGoal.id)
        .limit(1)
        .correlate(Goal)
    )
    agreed_on = sa.select(sa.func.max(AgreedGoal.agreed_on)).where(AgreedGoal.goal_id == Goal.id)
    due_on = sa.select(sa.func.min(FollowUp.due_on)).where(
        FollowUp.goal_id == Goal.id, FollowUp.outcome.is_(None)
    )
    return (
        sa.select(
            Goal,
            agreed_on.correlate(Goal).scalar_subquery(),
            newest.scalar_subquery(),
            looked_on(),
            due_on.correlate(Goal).scalar_subquery(),
        )
        .where(Goal.patient_id == sa.bindparam("patient_id"), this_week.running(sa.bindparam("today")))
        .order_by(Goal.received_at, Goal.id)
    )
