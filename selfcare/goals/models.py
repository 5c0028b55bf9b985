"""Tables of the goals. Words follow FHIR's Goal: ``lifecycle_status``, ``achievement_status``."""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column

from selfcare.database import Owned, Stateful
from selfcare.edge.arrivals import flags_of

# FHIR R4 Goal.lifecycleStatus, the codes we use. ``proposed`` is a goal still being written.
LIFECYCLE = ("proposed", "active", "on_hold", "completed", "cancelled")
# FHIR R4 Goal.achievementStatus, the codes we use.
ACHIEVEMENT = ("in_progress", "achieved", "not_achieved")
OUTCOMES = ("done", "not_done", "skipped")
SKIP_REASONS = ("unwell", "away", "busy", "other")
NEXT_STEPS = ("repeat", "change", "finish")
CHANNELS = ("app", "message", "phone", "peer_group", "visit")
# How a follow-up went. Who could not be reached has not been asked yet; the other four say that somebody looked back.
COULD_NOT_REACH = "could_not_reach"
RESULTS = ("went_to_plan", "partly", "not_done", COULD_NOT_REACH, "no_longer_wanted")
# What a person who is less sure than 7 chose to do about it (method.md); they may always keep the plan.
WAYS = ("steps", "smaller", "keep")


class Goal(Stateful):
    """What a patient wants, in their words. ``importance`` is on the ruler, 0 to 10.

    ``source`` says where it came from: ``patient`` or ``team`` (agreed in a visit). A goal on hold with a
    ``paused_until`` in the past counts as active again.
    """

    __tablename__ = "goals"

    statement: Mapped[str]
    importance: Mapped[int | None]
    importance_reason: Mapped[str | None]
    lifecycle_status: Mapped[str] = mapped_column(default="active")
    achievement_status: Mapped[str] = mapped_column(default="in_progress")
    started_on: Mapped[dt.date | None]
    paused_until: Mapped[dt.date | None]
    source: Mapped[str] = mapped_column(default="patient")


class WeeklyPlan(Stateful):
    """What, how much, when and on which days, for one calendar week; one plan for a goal and Monday.

    ``confidence`` (0 to 10) or ``confidence_words`` is the latest answer about this plan; every answer is a
    :class:`ConfidenceScore`. ``problem_step`` is one of ``problem_solving.STEPS``.
    """

    __tablename__ = "weekly_plans"
    __table_args__ = (sa.UniqueConstraint("goal_id", "monday"),)

    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goals.id"))
    monday: Mapped[dt.date] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(default="active")  # draft | active
    what: Mapped[str | None]
    how_much: Mapped[str | None]
    when_text: Mapped[str | None]  # `when` in the API: "after lunch"
    days: Mapped[list[str]] = mapped_column(default=list)  # of clock.WEEKDAYS, in their order
    confidence: Mapped[int | None]
    confidence_words: Mapped[str | None]
    why_not_lower: Mapped[str | None]
    what_would_help: Mapped[str | None]
    barriers: Mapped[str | None]
    plan_for_barriers: Mapped[str | None]
    problem_step: Mapped[str | None]


class ConfidenceScore(Owned):
    """One answer to "how confident are you?": a record, never changed. About a goal or, without one, a topic.

    ``score`` (0 to 10) or ``words``: words are never turned into a number. ``monday`` names the plan it was said of.
    """

    __tablename__ = "confidence_scores"
    __table_args__ = (
        sa.Index("ix_confidence_scores_goal", "goal_id", "recorded_at"),
        sa.Index("ix_confidence_scores_patient", "patient_id", "recorded_at"),
    )

    goal_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("goals.id"))
    topic: Mapped[str | None]
    score: Mapped[int | None]
    words: Mapped[str | None]
    why_not_lower: Mapped[str | None]
    what_would_help: Mapped[str | None]
    recorded_at: Mapped[dt.datetime]
    monday: Mapped[dt.date | None]
    corrects: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("confidence_scores.id"), index=True)

    @hybrid_property
    def said_at(self) -> dt.datetime:
        """When it counts as said: by the phone's clock, but never after it arrived. Else an answer from a phone whose clock is
        2 years ahead would be the latest for 2 years."""
        return min(self.recorded_at, self.received_at)

    @said_at.inplace.expression
    @classmethod
    def _said_at(cls) -> sa.ColumnElement[dt.datetime]:
        return sa.case((cls.recorded_at > cls.received_at, cls.received_at), else_=cls.recorded_at)

    @property
    def said(self) -> int | str | None:
        """The answer, whichever way it was given."""
        return self.words if self.score is None else self.score

    @property
    def flags(self) -> list[str]:
        """``late``, ``clock_skewed``."""
        return flags_of(self.recorded_at, self.received_at)


class GoalDay(Stateful):
    """What became of one day; one row for a goal and date. No row: not answered, which is different from not done.

    ``amount`` is in the plan's own unit (minutes, steps, pieces).
    """

    __tablename__ = "goal_days"
    __table_args__ = (sa.UniqueConstraint("goal_id", "date"),)

    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goals.id"))
    date: Mapped[dt.date] = mapped_column(index=True)
    monday: Mapped[dt.date]  # of its week, so that weeks are counted alike on every database
    outcome: Mapped[str]
    amount: Mapped[float | None]
    reason: Mapped[str | None]  # why skipped, one of SKIP_REASONS
    note: Mapped[str | None]


def day_id(goal_id: uuid.UUID, date: dt.date) -> uuid.UUID:
    """The id of a day's answer: the same again after it was taken back, so that its versions count on."""
    return uuid.uuid5(goal_id, date.isoformat())


class WeeklyReview(Stateful):
    """A look back at one week and the choice for the next: repeat, change or finish."""

    __tablename__ = "weekly_reviews"
    __table_args__ = (sa.UniqueConstraint("goal_id", "monday"),)

    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goals.id"))
    monday: Mapped[dt.date] = mapped_column(index=True)
    went_well: Mapped[str | None]
    got_in_the_way: Mapped[str | None]
    confidence: Mapped[int | None]
    confidence_words: Mapped[str | None]
    why_not_lower: Mapped[str | None]
    next: Mapped[str | None]


class AgreedGoal(Stateful):
    """A goal agreed in a visit, as the team wrote it down. ``goal_id`` is the patient's goal that it became,
    ``agenda_item_id`` what the patient had wanted to talk about when it came up."""

    __tablename__ = "agreed_goals"

    goal_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("goals.id"), index=True)
    statement: Mapped[str]
    confidence: Mapped[int | None]
    confidence_words: Mapped[str | None]
    who_does_what: Mapped[str | None]
    agreed_on: Mapped[dt.date]
    agenda_item_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("agenda_items.id"), index=True)


class FollowUp(Stateful):
    """When and how the team looks again with the patient. Open until it has an ``outcome``: one of ``RESULTS``, or words of a
    program's own; ``settled_on`` is the day on which it got one. ``assigned_to`` is who of the team does it; None: whoever wrote
    it."""

    __tablename__ = "follow_ups"

    goal_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("goals.id"), index=True)
    due_on: Mapped[dt.date] = mapped_column(index=True)
    channel: Mapped[str | None]
    outcome: Mapped[str | None]
    assigned_to: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    settled_on: Mapped[dt.date | None]


class FollowUpAnswer(Owned):
    """What was said at a follow-up, in the patient's words: a record, never changed. Several may belong to one follow-up.

    ``side`` says who typed it: ``patient`` (or their carer, in the app) or ``team`` (on the phone, at a visit). Below 7 another one
    says which ``way`` was chosen, at which ``step`` of ``problem_solving.STEPS`` the person is, and the ``idea`` they will try.
    """

    __tablename__ = "follow_up_answers"
    __table_args__ = (sa.Index("ix_follow_up_answers_follow_up", "follow_up_id", "received_at"),)

    follow_up_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("follow_ups.id"))
    goal_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("goals.id"), index=True)
    side: Mapped[str]  # patient | team
    result: Mapped[str | None]  # of RESULTS
    plan: Mapped[str | None]  # "What was your plan?"
    went: Mapped[str | None]  # "How did you get on?"
    in_the_way: Mapped[str | None]  # "If it did not happen, what got in the way?"
    confidence: Mapped[int | None]
    confidence_words: Mapped[str | None]  # in place of a number, and never turned into one
    way: Mapped[str | None]  # of WAYS
    step: Mapped[str | None]
    idea: Mapped[str | None]


class TeamNote(Stateful):
    """A note that the team keeps for itself, about an agreed goal or a follow-up (``subject_id``).

    It stands in a table of its own, so that no page of the patient's can show it by loading one column too many.
    """

    __tablename__ = "team_notes"
    __table_args__ = (sa.UniqueConstraint("subject_id"),)

    subject_id: Mapped[uuid.UUID]
    text: Mapped[str]
