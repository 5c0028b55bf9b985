"""Forms of the pages: one question each, with the words that say how to put a mistake right."""

from __future__ import annotations

from typing import Any, TypeVar

import marshmallow as ma
from flask_babel import lazy_gettext as _l

from selfcare import clock
from selfcare.edge.schemas import Choice, Choices, Day, Id, Line, Ruler, Schema, Text
from selfcare.goals.answers import OWN_RESULTS
from selfcare.goals.confidence import WORDS
from selfcare.goals.models import CHANNELS, NEXT_STEPS, OUTCOMES, RESULTS, SKIP_REASONS, WAYS
from selfcare.goals.problem_solving import STEPS
from selfcare.goals.schemas import LINE, STATEMENT, Amount

Field = TypeVar("Field", bound=ma.fields.Field[Any])

DONT_KNOW = "dont_know"
HOW_CONFIDENT = _l("Select how confident you are, from 0 to 10")
HOW_SURE = _l("Select how sure you are")
NUMBERS = tuple(str(number) for number in range(11))


def asked(field: Field, say: Any) -> Field:
    """The field with the sentence that says what to do where nothing was chosen."""
    setattr(field, "empty", say)  # noqa: B010 - read by Schema.on_bind_field
    return field


class WantForm(Schema):
    """Page 1: what I want; how important it is, for those who like to say."""

    goal_id = Id()
    idea = Line()
    statement = Text(required=True, longest=STATEMENT, empty=_l("Enter what you want to do"))
    importance = Ruler()
    importance_reason = Text()


class DeedForm(Schema):
    """Page 2: this week, what and how much."""

    what = Text(required=True, longest=LINE, empty=_l("Enter what you will do this week"))
    how_much = Text(required=True, longest=LINE, empty=_l("Enter how much, such as 15 minutes"))


class WhenForm(Schema):
    """Page 3: when, and on which days."""

    when_text = Text(required=True, longest=LINE, empty=_l("Enter when you will do it, such as after lunch"))
    days = asked(Choices(clock.WEEKDAYS, required=True, allow_none=False), _l("Select at least 1 day"))


class ConfidenceForm(Schema):
    """Page 4: the ruler, and the reasons."""

    score_id = Id(required=True)
    confidence = asked(Choice((*NUMBERS, DONT_KNOW), required=True, say=HOW_CONFIDENT), HOW_CONFIDENT)
    why_not_lower = Text()
    what_would_help = Text()


class WordsForm(Schema):
    """Page 4 for people whom numbers do not suit."""

    score_id = Id(required=True)
    confidence_words = asked(Choice((*WORDS, DONT_KNOW), required=True, say=HOW_SURE), HOW_SURE)
    why_not_lower = Text()
    what_would_help = Text()


class HelpForm(Schema):
    """Page 5, below 7: what could get in the way, a plan for it; or a smaller plan; or the plan as it is."""

    barriers = Text()
    plan_for_barriers = Text()
    go = Choice(("plan", "smaller", "keep"), load_default="plan")


class DayForm(Schema):
    """A day's answer from a page. ``outcome`` ``clear`` takes it back."""

    outcome = Choice((*OUTCOMES, "clear"), required=True)
    amount = Amount()
    reason = Choice(SKIP_REASONS)
    note = Text()
    next = Line(longest=500)


class SkipForm(Schema):
    """Why a day was skipped: nobody has to say."""

    reason = Choice(SKIP_REASONS)
    note = Text()
    next = Line(longest=500)


class ReviewForm(Schema):
    """The weekly review on one page."""

    went_well = Text()
    got_in_the_way = Text()
    confidence = Choice((*NUMBERS, DONT_KNOW), say=HOW_CONFIDENT)
    confidence_words = Choice((*WORDS, DONT_KNOW), say=HOW_SURE)
    in_words = Choice(("yes",))
    why_not_lower = Text()
    next = asked(Choice(NEXT_STEPS, required=True), _l("Select what you want to do next week"))


class PauseForm(Schema):
    """A rest, with or without a day on which it ends."""

    paused_until = Day()


class EndForm(Schema):
    """The end of a goal: reached, or let go."""

    how = asked(Choice(("achieved", "stopped"), required=True), _l("Select how it ended"))


class AgreeForm(Schema):
    """A goal agreed in a visit."""

    agreed_id = Id(required=True)
    statement = Text(required=True, longest=STATEMENT, empty=_l("Enter the goal you agreed"))
    confidence = Choice((*NUMBERS, DONT_KNOW), say=HOW_CONFIDENT)
    confidence_words = Choice((*WORDS, DONT_KNOW), say=HOW_SURE)
    in_words = Choice(("yes",))
    who_does_what = Text()
    goal_id = Id()
    agenda_item_id = Id()
    team_note = Text()


class FollowUpForm(Schema):
    """When and how to look again."""

    follow_up_id = Id(required=True)
    goal_id = Id()
    due_on = asked(Day(required=True), _l("Enter a date for the follow-up"))
    channel = Choice(CHANNELS)  # two clicks set the proposed date; how can follow
    team_note = Text()


class LookBackForm(Schema):
    """A follow-up that happens: the script, the result, and the next one. Only the result has to be said."""

    answer_id = Id(required=True)
    result = asked(Choice(RESULTS, required=True), _l("Select how it went"))
    plan = Text()
    went = Text()
    in_the_way = Text()
    confidence = Choice((*NUMBERS, DONT_KNOW), say=HOW_CONFIDENT)
    confidence_words = Choice((*WORDS, DONT_KNOW), say=HOW_SURE)
    in_words = Choice(("yes",))
    why_not_lower = Text()
    what_would_help = Text()
    next = Choice(("proposed", "other", "none"), load_default="proposed")
    next_on = Day()
    channel = Choice(CHANNELS)
    team_note = Text()


class WayForm(Schema):
    """Below 7: the seven steps go on, a smaller plan, or the plan as it is; one button each."""

    answer_id = Id(required=True)
    way = asked(Choice(WAYS, required=True), _l("Select what to do"))
    step = Choice(tuple(STEPS))
    idea = Text()
    confidence = Choice((*NUMBERS, DONT_KNOW), say=HOW_CONFIDENT)
    confidence_words = Choice((*WORDS, DONT_KNOW), say=HOW_SURE)
    in_words = Choice(("yes",))


class HandOverForm(Schema):
    """Who of the team does it."""

    to = asked(Id(required=True), _l("Select somebody of your team"))


class OwnAnswerForm(Schema):
    """The same three questions, as the patient answers them in the app."""

    answer_id = Id(required=True)
    result = asked(Choice(tuple(OWN_RESULTS), required=True), _l("Select how it went"))
    plan = Text()
    went = Text()
    in_the_way = Text()
    confidence = Choice((*NUMBERS, DONT_KNOW), say=HOW_CONFIDENT)
    confidence_words = Choice((*WORDS, DONT_KNOW), say=HOW_SURE)
    in_words = Choice(("yes",))
    why_not_lower = Text()
    what_would_help = Text()
