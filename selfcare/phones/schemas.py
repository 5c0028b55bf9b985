"""Shapes of the phone's key and of its facts."""

from __future__ import annotations

import base64
from typing import Any

from marshmallow import fields

from selfcare.agendas.models import MOST
from selfcare.edge import etag
from selfcare.edge.schemas import Instant, Schema
from selfcare.phones.facts import Facts
from selfcare.phones.models import PhoneKey


class NothingSchema(Schema):
    """Nothing is needed."""


class PhoneKeySchema(Schema):
    """A pair as WebCrypto imports it: ``spki`` and ``pkcs8``, base64url without padding. ``ends_at``: when the phone must
    have forgotten the private half."""

    person = fields.UUID()
    public_key = fields.String()
    private_key = fields.String()
    ends_at = Instant()


class DayFactSchema(Schema):
    """One day of a goal's week as its row of days shows it. ``outcome`` and ``etag`` are null while it is not answered."""

    date = fields.Date()
    state = fields.String()  # done, skip, missed, none, plan, free
    can_answer = fields.Boolean()
    outcome = fields.Function(
        lambda dot: dot.answer.outcome if dot.answer else None, metadata={"type": ["string", "null"]}
    )
    etag = fields.Function(
        lambda dot: etag.quoted(dot.answer) if dot.answer else None, metadata={"type": ["string", "null"]}
    )


class GoalFactSchema(Schema):
    """A running goal in this week."""

    id = fields.UUID(attribute="goal.id")
    title = fields.String()
    agreed = fields.Boolean(attribute="agreed_by_team")
    monday = fields.Date()
    plan_days = fields.List(fields.String())
    plan_etag = fields.Function(
        lambda card: etag.quoted(card.plan) if card.plan else None, metadata={"type": ["string", "null"]}
    )
    days = fields.List(fields.Nested(DayFactSchema))


class ReviewFactSchema(Schema):
    """A week that waits for its review. ``etag`` is null, since there is no review yet: send ``If-None-Match: *``."""

    goal_id = fields.UUID(attribute="due.goal_id")
    title = fields.String(attribute="due.title")
    monday = fields.Date(attribute="due.monday")
    done = fields.Integer()
    planned = fields.Integer()
    skipped = fields.Integer()
    etag = fields.Constant(None)


class VisitFactSchema(Schema):
    """The next visit; ``with`` is whom it is with, in words."""

    id = fields.UUID()
    starts_at = Instant()
    with_ = fields.String(attribute="with_name", data_key="with")


class RoomFactSchema(Schema):
    """How many more fit."""

    topic = fields.Integer()
    question = fields.Integer()


class AgendaFactSchema(Schema):
    """The list for the next visit, or without any the one that waits; in numbers only."""

    visit = fields.UUID(allow_none=True)
    topics = fields.Integer()
    questions = fields.Integer()
    room_for = fields.Nested(RoomFactSchema)


class SunSchema(Schema):
    """One of this week's seven days: on (wrote something), now, off."""

    date = fields.Date()
    state = fields.String()


class FactsSchema(Schema):
    """The few facts that forms need without signal. ``now`` is the server's instant, to tell a phone whose clock is wrong."""

    person = fields.UUID()
    known_as = fields.String()
    now = Instant()
    time_zone = fields.String()
    today = fields.Date()
    trackers = fields.List(fields.String())
    logged_today = fields.Boolean()
    goals = fields.List(fields.Nested(GoalFactSchema))
    reviews = fields.List(fields.Nested(ReviewFactSchema))
    review_on = fields.Date()
    visit = fields.Nested(VisitFactSchema, allow_none=True)
    agenda = fields.Nested(AgendaFactSchema)
    sun = fields.List(fields.Nested(SunSchema))


def key_body(key: PhoneKey, ends_at: Any) -> dict[str, Any]:
    """A pair as :class:`PhoneKeySchema` gives it."""
    return {
        "person": key.person_id,
        "public_key": _base64url(key.public_key),
        "private_key": _base64url(key.private_key),
        "ends_at": ends_at,
    }


def facts_body(facts: Facts) -> dict[str, Any]:
    """Facts as :class:`FactsSchema` gives them."""
    today, agenda = facts.today, facts.agenda
    person = today.record.person
    counts = {"topic": len(agenda.topics), "question": len(agenda.questions)}
    return {
        "person": person.id,
        "known_as": person.known_as,
        "now": facts.now,
        "time_zone": person.time_zone,
        "today": today.date,
        "trackers": [measure.code for measure in today.trackers],
        "logged_today": today.logged,
        "goals": today.goals,
        "reviews": facts.reviews,
        "review_on": today.review_on,
        "visit": today.visit,
        "agenda": {
            "visit": agenda.visit.id if agenda.visit else None,
            "topics": counts["topic"],
            "questions": counts["question"],
            "room_for": {kind: 0 if agenda.is_over else MOST[kind] - counts[kind] for kind in counts},
        },
        "sun": today.sun,
    }


def _base64url(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode("ascii")
