"""What reminders ask about goals and reviews. ``app`` registers both with ``reminders.sources``."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import clock
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.goals import days, this_week
from selfcare.goals.finding import goal_of
from selfcare.goals.models import Goal, GoalDay, WeeklyPlan, WeeklyReview
from selfcare.goals.plans import in_words, latest_plan
from selfcare.goals.weekly_review import week_to_review
from selfcare.people.access import Part, Record
from selfcare.people.due import Due
from selfcare.people.models import Patient


class GoalSource:
    """Reminders about one goal; the key is its id."""

    kind = "goal"

    def exists(self, record: Record, key: str) -> bool:
        """Whether the key names a goal of this record."""
        try:
            goal_of(record, uuid.UUID(key))
        except (NotFound, ValueError):
            return False
        return True

    def done(self, dues: Sequence[Due]) -> set[uuid.UUID]:
        """Dues whose day has an answer already, and those of goals that rest or have ended. One statement."""
        asked = {due.id: uuid.UUID(due.key) for due in dues}
        if not asked:
            return set()
        rows = db.session.execute(
            sa.select(Goal, GoalDay.date)
            .outerjoin(
                GoalDay, sa.and_(GoalDay.goal_id == Goal.id, GoalDay.date.in_({due.day for due in dues}))
            )
            .where(Goal.id.in_(set(asked.values())))
        ).all()
        goals = {goal.id: goal for goal, _date in rows}
        answered = {(goal.id, date) for goal, date in rows}
        return {
            due.id
            for due in dues
            if (goal := goals.get(asked[due.id])) is None
            or goal.patient_id != due.patient_id
            or not this_week.is_running(goal, due.day)
            or (goal.id, due.day) in answered
        }

    def mark_done(self, record: Record, due: Due) -> None:
        """Tick the due's own day, as "Done today" does; how much and a note that stand there already stay.

        :raises NotFound: no such goal any more, or the actor may not write.
        """
        goal_id = uuid.UUID(due.key)
        said = days.day_of(record, goal_id, due.day)
        if said is not None and said.outcome == "done":
            goal_of(record, goal_id, write=True)
            return
        kept = {"amount": said.amount, "note": said.note} if said is not None else {}
        days.set_day(record, goal_id, due.day, outcome="done", **kept)

    def path(self, key: str) -> str:
        """The page with the goal's Done button."""
        return f"/goals/{key}"

    def label(self, record: Record, key: str) -> str:
        """The goal in the person's own words."""
        goal = goal_of(record, uuid.UUID(key))
        return in_words(latest_plan(record, goal)) or goal.statement


class ReviewSource:
    """Reminders about the weekly review; there is one for all goals, so the key is empty."""

    kind = "review"

    def exists(self, record: Record, key: str) -> bool:
        """The review is always there."""
        return key == "" and record.sees(Part.GOALS)

    def done(self, dues: Sequence[Due]) -> set[uuid.UUID]:
        """Dues of people without a week to review: all reviewed, or nothing planned. One statement."""
        if not dues:
            return set()
        asked = [due.day for due in dues]
        earliest = clock.monday_of(min(asked)) - dt.timedelta(days=7)
        rows = db.session.execute(
            sa.select(Patient.id, Patient.review_day, Goal, WeeklyPlan.monday)
            .join(Goal, Goal.patient_id == Patient.id)
            .join(WeeklyPlan, WeeklyPlan.goal_id == Goal.id)
            .outerjoin(
                WeeklyReview,
                sa.and_(WeeklyReview.goal_id == Goal.id, WeeklyReview.monday == WeeklyPlan.monday),
            )
            .where(
                Patient.id.in_({due.patient_id for due in dues}),
                WeeklyPlan.monday.between(earliest, max(asked)),
                WeeklyReview.id.is_(None),
            )
        ).all()
        waiting = {
            due.id
            for due in dues
            for patient_id, review_day, goal, monday in rows
            if patient_id == due.patient_id
            and this_week.is_running(goal, due.day)
            and monday == week_to_review(due.day, review_day)
        }
        return {due.id for due in dues} - waiting

    def path(self, key: str) -> str:
        """The first review that waits."""
        return "/goals/review"

    def label(self, record: Record, key: str) -> str:
        """The reminder's name on its owner's own page."""
        return _("Weekly review")
