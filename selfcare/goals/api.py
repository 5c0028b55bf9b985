"""``/api/v1``: goals, their weeks, days and reviews, confidence; and what the team writes after a visit."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import marshmallow as ma

from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.edge.schemas import read_day
from selfcare.errors import Invalid
from selfcare.goals import answers, confidence, consultation, days, follow_up, plans, service, weekly_review
from selfcare.goals.models import (
    AgreedGoal,
    ConfidenceScore,
    FollowUp,
    FollowUpAnswer,
    GoalDay,
    WeeklyPlan,
    WeeklyReview,
)
from selfcare.goals.schemas import (
    AgreedGoalOut,
    AgreedGoalSchema,
    CardOut,
    DayOut,
    DaySchema,
    FollowUpAnswerOut,
    FollowUpAnswerSchema,
    FollowUpOut,
    FollowUpSchema,
    GoalPageOut,
    GoalQuery,
    GoalSchema,
    ReviewOut,
    ReviewSchema,
    ScoreOut,
    ScoreSchema,
    WeekOut,
    WeekSchema,
)
from selfcare.people.acting import acting, record_of

blp = ApiBlueprint("goals_api", __name__, description="Goals, plans, confidence, reviews")


def day(field: str, text: str) -> dt.date:
    """A date of the path.

    :raises Invalid: no such date.
    """
    try:
        return read_day(text)
    except ma.ValidationError as problem:
        raise Invalid({field: [str(said) for said in problem.messages]}) from None


@blp.route("/goals", methods=["GET"])
@roles("patient", "carer")
@blp.arguments(GoalQuery, location="query")
@blp.response(200, GoalPageOut)
def list_goals(query: dict[str, Any]) -> dict[str, Any]:
    """A person's goals, newest first, each with this week's plan, days and latest confidence."""
    return service.list_goals(acting(), **query)


@blp.route("/goals/<uuid:goal_id>", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, CardOut)
def get_goal(goal_id: uuid.UUID) -> service.GoalCard:
    """One goal in this week."""
    card = service.read_goal(acting(), goal_id)
    etag.send(card.goal)
    return card


@blp.route("/goals/<uuid:goal_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(GoalSchema)
@blp.response(200, CardOut)
@blp.alt_response(201, schema=CardOut)
def put_goal(body: dict[str, Any], goal_id: uuid.UUID) -> tuple[service.GoalCard, int]:
    """Create or replace a goal."""
    record = acting()
    there = service.find(record, goal_id)
    goal, status = etag.put(
        there,
        lambda: CardOut().dump(service.card_of(record, there)) if there else None,
        lambda: service.save_goal(record, goal_id, **body),
    )
    return service.card_of(record, goal), status


@blp.route("/goals/<uuid:goal_id>/weeks/<monday>", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, WeekOut)
def get_week(goal_id: uuid.UUID, monday: str) -> WeeklyPlan:
    """The plan of one week, named by its Monday."""
    plan = plans.read_plan(acting(), goal_id, plans.check_monday(day("monday", monday)))
    etag.send(plan)
    return plan


@blp.route("/goals/<uuid:goal_id>/weeks/<monday>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(WeekSchema)
@blp.response(200, WeekOut)
@blp.alt_response(201, schema=WeekOut)
def put_week(body: dict[str, Any], goal_id: uuid.UUID, monday: str) -> tuple[WeeklyPlan, int]:
    """Create or replace the plan of one week. A changed confidence is kept as a score as well."""
    record, start = acting(), plans.check_monday(day("monday", monday))
    before = plans.plan_of(record, goal_id, start)
    return etag.put(
        before, lambda: WeekOut().dump(before), lambda: plans.set_plan(record, goal_id, start, **body)
    )


@blp.route("/goals/<uuid:goal_id>/days/<date>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(DaySchema)
@blp.response(200, DayOut)
@blp.alt_response(201, schema=DayOut)
def put_day(body: dict[str, Any], goal_id: uuid.UUID, date: str) -> tuple[GoalDay, int]:
    """Say what became of a day."""
    record, which = acting(), day("date", date)
    before = days.day_of(record, goal_id, which)
    return etag.put(
        before, lambda: DayOut().dump(before), lambda: days.set_day(record, goal_id, which, **body)
    )


@blp.route("/goals/<uuid:goal_id>/days/<date>", methods=["DELETE"])
@roles("patient", "carer")
@blp.response(204)
def delete_day(goal_id: uuid.UUID, date: str) -> None:
    """Take a day's answer back."""
    record, which = acting(), day("date", date)
    before = days.day_of(record, goal_id, which)
    if before is not None:  # what is gone already is not there (404), whatever the phone last knew
        etag.check(before, DayOut().dump(before), None)
    days.clear_day(record, goal_id, which)


@blp.route("/goals/<uuid:goal_id>/reviews/<monday>", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, ReviewOut)
def get_review(goal_id: uuid.UUID, monday: str) -> WeeklyReview:
    """The review of one week."""
    review = weekly_review.read_review(acting(), goal_id, plans.check_monday(day("monday", monday)))
    etag.send(review)
    return review


@blp.route("/goals/<uuid:goal_id>/reviews/<monday>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(ReviewSchema)
@blp.response(200, ReviewOut)
@blp.alt_response(201, schema=ReviewOut)
def put_review(body: dict[str, Any], goal_id: uuid.UUID, monday: str) -> tuple[WeeklyReview, int]:
    """Look back at a week, and repeat, change or finish."""
    record, start = acting(), plans.check_monday(day("monday", monday))
    before = weekly_review.review_of(record, goal_id, start)
    return etag.put(
        before,
        lambda: ReviewOut().dump(before),
        lambda: weekly_review.save_review(record, goal_id, start, **body),
    )


@blp.route("/confidence-scores/<uuid:score_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(ScoreSchema)
@blp.response(200, ScoreOut)
@blp.alt_response(201, schema=ScoreOut)
def put_score(body: dict[str, Any], score_id: uuid.UUID) -> tuple[ConfidenceScore, int]:
    """Keep an answer on the ruler: a record, written once."""
    row, created = confidence.record_score(acting(), score_id, **body)
    return row, 201 if created else 200


@blp.route("/agreed-goals/<uuid:agreed_id>", methods=["PUT"])
@roles("clinician")
@blp.arguments(AgreedGoalSchema)
@blp.response(200, AgreedGoalOut)
@blp.alt_response(201, schema=AgreedGoalOut)
def put_agreed_goal(body: dict[str, Any], agreed_id: uuid.UUID) -> tuple[AgreedGoal, int]:
    """Write down a goal agreed in a visit; it becomes the patient's own."""
    record = record_of(body.pop("patient_id"))
    before = consultation.find(record, agreed_id)
    return etag.put(
        before,
        lambda: AgreedGoalOut().dump(before),
        lambda: consultation.save_agreed_goal(record, agreed_id, **body),
    )


@blp.route("/follow-ups/<uuid:follow_up_id>", methods=["PUT"])
@roles("clinician")
@blp.arguments(FollowUpSchema)
@blp.response(200, FollowUpOut)
@blp.alt_response(201, schema=FollowUpOut)
def put_follow_up(body: dict[str, Any], follow_up_id: uuid.UUID) -> tuple[FollowUp, int]:
    """Set when and how to look again."""
    record = record_of(body.pop("patient_id"))
    before = follow_up.find(record, follow_up_id)
    return etag.put(
        before,
        lambda: FollowUpOut().dump(before),
        lambda: follow_up.save_follow_up(record, follow_up_id, **body),
    )


@blp.route("/follow-up-answers/<uuid:answer_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(FollowUpAnswerSchema)
@blp.response(200, FollowUpAnswerOut)
@blp.alt_response(201, schema=FollowUpAnswerOut)
def put_follow_up_answer(body: dict[str, Any], answer_id: uuid.UUID) -> tuple[FollowUpAnswer, int]:
    """Say how it went, when the care team asks: a record, written once."""
    row, created = answers.record_answer(acting(), answer_id, body.pop("follow_up_id"), **body)
    return row, 201 if created else 200
