"""Bodies of the goals. Shape only; meaning is checked by the services."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_babel import lazy_gettext as _l

from selfcare import clock
from selfcare.edge import etag
from selfcare.edge.paging import PageQuery
from selfcare.edge.schemas import Choice, Choices, Day, Id, Instant, Ruler, Schema, Text
from selfcare.goals.answers import OWN_RESULTS
from selfcare.goals.confidence import WORDS
from selfcare.goals.models import ACHIEVEMENT, CHANNELS, LIFECYCLE, NEXT_STEPS, OUTCOMES, SKIP_REASONS

LINE = 300  # characters of a plan's what, how much and when
STATEMENT = 500
MOST = 1_000_000  # of a day's amount: more steps than anybody walks


class Amount(ma.fields.Float):
    """How much was done, in the plan's own unit; 0 to a million."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            allow_none=True,
            validate=ma.validate.Range(min=0, max=MOST, error=str(_l("Enter a number from 0 to 1000000"))),
            **options,
        )

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        from_form = bool(getattr(self.root, "from_form", False))
        if isinstance(value, bool) or not isinstance(value, int | float | (str if from_form else float)):
            raise ma.ValidationError(str(_l("Enter a number from 0 to 1000000")))
        return super()._deserialize(value, attr, data, **kwargs)


class GoalSchema(Schema):
    """What a goal is created from or replaced by."""

    statement = Text(required=True, longest=STATEMENT, empty=_l("Enter what you want to do"))
    importance = Ruler()
    importance_reason = Text()
    lifecycle_status = Choice(LIFECYCLE)
    achievement_status = Choice(ACHIEVEMENT)
    paused_until = Day()


class WeekSchema(Schema):
    """The plan of one week."""

    what = Text(required=True, longest=LINE, empty=_l("Enter what you will do this week"))
    how_much = Text(longest=LINE)
    when_text = Text(longest=LINE, data_key="when")
    days = Choices(clock.WEEKDAYS, allow_none=True, say=_l("Select days from mon to sun"))
    confidence = Ruler()
    confidence_words = Choice(tuple(WORDS))
    why_not_lower = Text()
    what_would_help = Text()
    barriers = Text()
    plan_for_barriers = Text()


class DaySchema(Schema):
    """What became of a day."""

    outcome = Choice(OUTCOMES, required=True, say=_l("Select what happened: done, not_done or skipped"))
    amount = Amount()
    reason = Choice(SKIP_REASONS)
    note = Text()


class ReviewSchema(Schema):
    """A look back at a week."""

    went_well = Text()
    got_in_the_way = Text()
    confidence = Ruler()
    confidence_words = Choice(tuple(WORDS))
    why_not_lower = Text()
    next = Choice(NEXT_STEPS)


class ScoreSchema(Schema):
    """One answer on the ruler."""

    goal_id = Id(allow_none=True)
    topic = Text(longest=200)
    score = Ruler()
    words = Choice(tuple(WORDS))
    why_not_lower = Text()
    what_would_help = Text()
    recorded_at = Instant()
    corrects = Id(allow_none=True)


class AgreedGoalSchema(Schema):
    """A goal agreed in a visit. ``goal_id`` is a goal that the patient has already, ``agenda_item_id`` what they had wanted to
    talk about."""

    patient_id = Id(required=True)
    statement = Text(required=True, longest=STATEMENT, empty=_l("Enter the goal you agreed"))
    confidence = Ruler()
    confidence_words = Choice(tuple(WORDS))
    who_does_what = Text()
    agreed_on = Day()
    goal_id = Id(allow_none=True)
    agenda_item_id = Id(allow_none=True)


class FollowUpSchema(Schema):
    """When and how to look again."""

    patient_id = Id(required=True)
    goal_id = Id(allow_none=True)
    due_on = Day()
    channel = Choice(CHANNELS)
    outcome = Text()
    assigned_to = Id(allow_none=True)


class FollowUpAnswerSchema(Schema):
    """What the patient says at a follow-up; all but ``result`` may be left out."""

    follow_up_id = Id(required=True)
    result = Choice(tuple(OWN_RESULTS), required=True)
    plan = Text()
    went = Text()
    in_the_way = Text()
    confidence = Ruler()
    confidence_words = Choice(tuple(WORDS))
    why_not_lower = Text()
    what_would_help = Text()


class GoalQuery(PageQuery):
    """A page of goals, by the day they were made."""

    from_ = Day(data_key="from")
    to = Day()


# --- answers ---------------------------------------------------------------------------------------------------------


class ScoreOut(Schema):
    """One answer as it is given back."""

    id = ma.fields.UUID()
    goal_id = ma.fields.UUID(allow_none=True)
    topic = ma.fields.String(allow_none=True)
    score = ma.fields.Integer(allow_none=True)
    words = ma.fields.String(allow_none=True)
    why_not_lower = ma.fields.String(allow_none=True)
    what_would_help = ma.fields.String(allow_none=True)
    recorded_at = ma.fields.AwareDateTime()
    received_at = ma.fields.AwareDateTime()
    flags = ma.fields.List(ma.fields.String())
    corrects = ma.fields.UUID(allow_none=True)
    written_by = ma.fields.UUID()


class StateOut(Schema):
    """What every replaceable row gives back."""

    id = ma.fields.UUID()
    written_by = ma.fields.UUID()
    updated_at = ma.fields.AwareDateTime()
    etag = ma.fields.Function(etag.quoted, metadata={"type": "string"})


class WeekOut(StateOut):
    """A week's plan."""

    goal_id = ma.fields.UUID()
    monday = ma.fields.Date()
    status = ma.fields.String()
    what = ma.fields.String(allow_none=True)
    how_much = ma.fields.String(allow_none=True)
    when_text = ma.fields.String(data_key="when", allow_none=True)
    days = ma.fields.List(ma.fields.String())
    confidence = ma.fields.Integer(allow_none=True)
    confidence_words = ma.fields.String(allow_none=True)
    why_not_lower = ma.fields.String(allow_none=True)
    what_would_help = ma.fields.String(allow_none=True)
    barriers = ma.fields.String(allow_none=True)
    plan_for_barriers = ma.fields.String(allow_none=True)
    problem_step = ma.fields.String(allow_none=True)


class DayOut(StateOut):
    """A day's answer."""

    goal_id = ma.fields.UUID()
    date = ma.fields.Date()
    outcome = ma.fields.String()
    amount = ma.fields.Float(allow_none=True)
    reason = ma.fields.String(allow_none=True)
    note = ma.fields.String(allow_none=True)


class ReviewOut(StateOut):
    """A week's review."""

    goal_id = ma.fields.UUID()
    monday = ma.fields.Date()
    went_well = ma.fields.String(allow_none=True)
    got_in_the_way = ma.fields.String(allow_none=True)
    confidence = ma.fields.Integer(allow_none=True)
    confidence_words = ma.fields.String(allow_none=True)
    why_not_lower = ma.fields.String(allow_none=True)
    next = ma.fields.String(allow_none=True)


class AgreedGoalOut(StateOut):
    """An agreed goal; ``goal_id`` is the patient's goal that it became."""

    patient_id = ma.fields.UUID()
    goal_id = ma.fields.UUID()
    statement = ma.fields.String()
    confidence = ma.fields.Integer(allow_none=True)
    confidence_words = ma.fields.String(allow_none=True)
    who_does_what = ma.fields.String(allow_none=True)
    agreed_on = ma.fields.Date()
    agenda_item_id = ma.fields.UUID(allow_none=True)


class FollowUpOut(StateOut):
    """A follow-up."""

    patient_id = ma.fields.UUID()
    goal_id = ma.fields.UUID(allow_none=True)
    due_on = ma.fields.Date()
    channel = ma.fields.String(allow_none=True)
    outcome = ma.fields.String(allow_none=True)
    assigned_to = ma.fields.UUID(allow_none=True)
    settled_on = ma.fields.Date(allow_none=True)


class FollowUpAnswerOut(Schema):
    """An answer as it is given back."""

    id = ma.fields.UUID()
    follow_up_id = ma.fields.UUID()
    goal_id = ma.fields.UUID(allow_none=True)
    result = ma.fields.String(allow_none=True)
    plan = ma.fields.String(allow_none=True)
    went = ma.fields.String(allow_none=True)
    in_the_way = ma.fields.String(allow_none=True)
    confidence = ma.fields.Integer(allow_none=True)
    confidence_words = ma.fields.String(allow_none=True)
    received_at = ma.fields.AwareDateTime()
    written_by = ma.fields.UUID()


class GoalOut(StateOut):
    """A goal; ``etag`` is what ``If-Match`` wants."""

    statement = ma.fields.String()
    importance = ma.fields.Integer(allow_none=True)
    importance_reason = ma.fields.String(allow_none=True)
    lifecycle_status = ma.fields.String()
    achievement_status = ma.fields.String()
    started_on = ma.fields.Date(allow_none=True)
    paused_until = ma.fields.Date(allow_none=True)
    source = ma.fields.String()


class CardOut(Schema):
    """A goal with this week's plan, days and confidence; ``done`` and ``planned`` count days."""

    plan = ma.fields.Nested(WeekOut, allow_none=True)
    days = ma.fields.Function(
        lambda card: [DayOut().dump(dot.answer) for dot in card.days if dot.answer is not None],
        metadata={"type": "array", "items": {"type": "object"}},
    )
    done = ma.fields.Integer()
    planned = ma.fields.Integer()
    skipped = ma.fields.Integer()
    confidence = ma.fields.Function(
        lambda card: ScoreOut().dump(card.scores[-1]) if card.scores else None,
        metadata={"type": ["object", "null"]},
    )
    agreed = ma.fields.Nested(AgreedGoalOut, allow_none=True)
    follow_up = ma.fields.Nested(FollowUpOut, allow_none=True)

    @ma.post_dump(pass_original=True)
    def with_goal(self, data: dict[str, Any], card: Any, **_options: Any) -> dict[str, Any]:
        """The goal's own fields stand beside the week's."""
        goal: dict[str, Any] = dict(GoalOut().dump(card.goal))
        return goal | data


class GoalPageOut(Schema):
    """A page of goals."""

    items = ma.fields.List(ma.fields.Nested(CardOut))
    next_cursor = ma.fields.String(allow_none=True)
