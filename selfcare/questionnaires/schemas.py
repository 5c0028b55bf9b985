"""Shapes of questionnaires and answers, for JSON and forms."""

from __future__ import annotations

from functools import cache
from typing import Any, cast

from flask_babel import lazy_gettext as _l
from marshmallow import fields, validate

from selfcare.edge.schemas import Choice, Id, Instant, Line, Schema, Whole, YesOrNo
from selfcare.questionnaires.instruments import Instrument
from selfcare.questionnaires.packs import catalogue
from selfcare.questionnaires.readers import LONGEST

MOST_ITEMS = 100
SKIP = "skip"  # what the form sends for "I do not want to answer"


class AnswerSchema(Schema):
    """One answer that can be chosen."""

    value = Whole()
    text = fields.String()


class ItemSchema(Schema):
    """One question, with its number as the key of ``answers``."""

    number = fields.String()
    text = fields.String()


class LatestSchema(Schema):
    """The newest answers to it."""

    id = Id()
    score = fields.Float(allow_none=True)
    recorded_at = Instant()


class QuestionnaireSchema(Schema):
    """A questionnaire on offer, in its owner's words. ``read_by`` says who sees the answers and when."""

    id = fields.String(attribute="instrument.code")
    title = fields.String(attribute="instrument.title")
    name = fields.String(attribute="instrument.name")
    about = fields.String(attribute="instrument.about")
    text_id = Id(attribute="text.id")
    stem = fields.String(attribute="text.stem")
    items = fields.Method("dump_items", metadata={"type": "array"})
    answers = fields.Method("dump_answers", metadata={"type": "array"})
    notice = fields.String(attribute="text.notice")
    licence = fields.String(attribute="instrument.pack.licence")
    version = fields.String(attribute="instrument.pack.version")
    highest = fields.Float(attribute="instrument.highest")
    read_by = fields.String()
    approved = YesOrNo(attribute="instrument.pack.approved")
    latest = fields.Nested(LatestSchema, allow_none=True)

    def dump_items(self, offer: Any) -> list[dict[str, str]]:
        """Number and wording."""
        return [{"number": number, "text": words} for number, words in offer.items]

    def dump_answers(self, offer: Any) -> list[dict[str, Any]]:
        """Value and wording, the lowest first."""
        return [{"value": value, "text": words} for value, words in offer.choices]


class QuestionnaireListSchema(Schema):
    """Everything on offer: one page."""

    items = fields.List(fields.Nested(QuestionnaireSchema))
    next_cursor = fields.String(allow_none=True)


class ResponseSchema(Schema):
    """Answers to one questionnaire: item number → whole number, null or absent for one that was left out.

    ``text_id``: the wording that was answered; without it, the one in force.
    """

    id = Id(dump_only=True)
    questionnaire = Line(required=True, longest=40)
    answers = fields.Dict(
        keys=fields.String(validate=validate.Length(max=4)),
        values=Whole(allow_none=True),
        required=True,
        validate=validate.Length(max=MOST_ITEMS),
    )
    recorded_at = Instant(load_default=None)
    corrects = Id(load_default=None, allow_none=True)
    text_id = Id(load_default=None, allow_none=True)
    score = fields.Float(dump_only=True, allow_none=True)
    crisis_answer = fields.String(dump_only=True, allow_none=True)
    recorded_on = fields.Date(dump_only=True)
    written_by = Id(dump_only=True)
    received_at = Instant(dump_only=True)


class ResponseListSchema(Schema):
    """A page of answers, the newest first."""

    items = fields.List(fields.Nested(ResponseSchema))
    next_cursor = fields.String(allow_none=True)


class AcknowledgementSchema(Schema):
    """That the crisis card was read."""

    id = Id(dump_only=True)
    response_id = Id(required=True)
    recorded_at = Instant(load_default=None)
    written_by = Id(dump_only=True)
    received_at = Instant(dump_only=True)


class ReadForm(Schema):
    """The button under the crisis card."""

    id = Id(required=True)


class ReaderForm(Schema):
    """Who of a team reads one questionnaire; empty for nobody."""

    team_id = Id(required=True)
    questionnaire = Choice(tuple(catalogue()), required=True)
    clinician_id = Id(load_default=None, allow_none=True)
    within_days = Whole(least=1, most=LONGEST, load_default=None, allow_none=True, from_text=True)


def field_name(item: str) -> str:
    """The form's field for an item."""
    return f"q{item}"


@cache
def form_for(instrument: Instrument) -> type[Schema]:
    """The page's form: a choice for each item, one of them "I do not want to answer"; every item has to be chosen."""
    codes = (*(str(number) for number in instrument.numbers()), SKIP)
    asked: dict[str, Any] = {}
    for item in range(1, instrument.items + 1):
        said = _l("Question %(number)s: choose an answer, or “I do not want to answer”", number=item)
        asked[field_name(str(item))] = Choice(
            codes, required=True, say=said, error_messages={"required": said}
        )
    named = Id(load_default=None, allow_none=True)
    fixed = {"id": Id(required=True), "corrects": named, "text_id": named}
    return cast(
        type[Schema], Schema.from_dict({**fixed, **asked}, name=f"{instrument.code.capitalize()}Form")
    )


def answers_of(instrument: Instrument, data: dict[str, Any]) -> dict[str, int | None]:
    """The answers in a form that was read."""
    chosen = {str(item): data[field_name(str(item))] for item in range(1, instrument.items + 1)}
    return {item: None if value == SKIP else int(value) for item, value in chosen.items()}
