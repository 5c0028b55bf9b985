"""Confidence: the answers on the ruler, each kept for ever, and what is asked after an answer.

From method.md: whole numbers 0 to 10; "Why 6 and not a lower number?", "What would help it become an 8?"; nobody is asked why
it is not higher. Below 7: problem solving or a smaller plan, and the plan may always stay as it is. Where numbers do not
suit: *not at all / somewhat / very sure*, kept as words.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import aliased

from selfcare import audit, clock
from selfcare.errors import Conflict, Invalid
from selfcare.extensions import db
from selfcare.goals.finding import goal_of, hold, replace
from selfcare.goals.models import ConfidenceScore, Goal, WeeklyPlan
from selfcare.people.access import Part, Record, owned

LOW = 7  # below it, help is offered
WORDS = {"not at all": _l("Not at all sure"), "somewhat": _l("Somewhat sure"), "very sure": _l("Very sure")}
LOW_WORDS = frozenset({"not at all", "somewhat"})
# What a replay of the same record must agree in.
COMPARED = (
    "goal_id",
    "topic",
    "score",
    "words",
    "why_not_lower",
    "what_would_help",
    "recorded_at",
    "corrects",
)


def is_low(score: int | None, words: str | None = None) -> bool:
    """Whether the answer calls for help. "I do not know" (neither) does not: it is no low confidence."""
    return score < LOW if score is not None else words in LOW_WORDS


def check_one_way(score: int | None, words: str | None) -> None:
    """An answer is a number or words.

    :raises Invalid: it is both.
    """
    if score is not None and words is not None:
        raise Invalid({"confidence_words": _("Answer with a number or in words, not both")})


def as_said(answer: int | str | None) -> str:
    """An answer as a page shows it: a number as it is, the code of words in full."""
    return "" if answer is None else str(WORDS.get(str(answer), answer))


def step_after(score: int | None, words: str | None, *, offered: bool) -> str:
    """What comes after an answer: ``"help"`` once for a low one, else ``"done"``. Nobody is asked in a circle."""
    return "help" if is_low(score, words) and not offered else "done"


def record_score(record: Record, score_id: uuid.UUID, **body: Any) -> tuple[ConfidenceScore, bool]:
    """Keep one answer, sent by a phone under its own id. Returns it and whether it is new.

    :param body: goal_id or topic; score or words; why_not_lower, what_would_help, recorded_at, corrects.
    :raises Conflict: the id is there with another body.
    :raises Invalid: it is about nothing, or corrects what is not there.
    """
    record.require(Part.GOALS, write=True)
    given = {name: body.get(name) for name in COMPARED}
    found = record.mine(ConfidenceScore, score_id)
    if found is not None:
        same = all(
            getattr(found, name) == value
            for name, value in given.items()
            if not (name == "recorded_at" and value is None)
        )
        if not same:
            raise Conflict(_("There is already another answer under this id. Send a correction as a new one"))
        return found, False
    _check_meaning(given)
    goal = goal_of(record, given["goal_id"], write=True) if given["goal_id"] else None
    if given["corrects"] and record.mine(ConfidenceScore, given["corrects"]) is None:
        raise Invalid({"corrects": _("There is no such answer to correct")})
    recorded_at = given.pop("recorded_at") or clock.now()
    said_at = min(recorded_at, clock.now())  # whatever week the phone thinks it is in
    monday = clock.monday_of(clock.local(said_at, record.person.time_zone).date()) if goal else None
    row = _keep(record, score_id, recorded_at=recorded_at, monday=monday, **given)
    if goal is not None:
        _tell_plan(record, goal, row)
    db.session.flush()
    return row, True


def note_score(
    record: Record,
    goal: Goal,
    *,
    monday: dt.date,
    score: int | None,
    words: str | None,
    why_not_lower: str | None = None,
    what_would_help: str | None = None,
    score_id: uuid.UUID | None = None,
) -> None:
    """Keep an answer that was given together with a plan or a review. The same id twice is kept once."""
    if score is None and words is None:
        return
    if score_id is not None and record.mine(ConfidenceScore, score_id) is not None:
        return
    _keep(
        record,
        score_id or uuid.uuid4(),
        goal_id=goal.id,
        monday=monday,
        score=score,
        words=words,
        why_not_lower=why_not_lower,
        what_would_help=what_would_help,
        recorded_at=clock.now(),
    )


def standing(record: Record) -> sa.Select[ConfidenceScore]:
    """The answers of this record that no later one corrects."""
    return record.owned(ConfidenceScore).where(stands())


def stands() -> sa.ColumnElement[bool]:
    """An answer that no later one corrects."""
    later = aliased(ConfidenceScore)
    return ~sa.exists().where(later.corrects == ConfidenceScore.id).correlate(ConfidenceScore)


def scores_of(record: Record, goal_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, list[ConfidenceScore]]:
    """Every standing answer about these goals, oldest first. One statement."""
    ids = list(goal_ids)
    found: dict[uuid.UUID, list[ConfidenceScore]] = {each: [] for each in ids}
    if not ids:
        return found
    for row in record.rows(_of_goals(), goal_ids=ids).scalars():
        if row.goal_id is not None:
            found[row.goal_id].append(row)
    return found


@cache
def _of_goals() -> sa.Select[ConfidenceScore]:
    """Built once: building it takes longer than running it."""
    return (
        owned(ConfidenceScore)
        .where(stands(), ConfidenceScore.goal_id.in_(sa.bindparam("goal_ids", expanding=True)))
        .order_by(ConfidenceScore.said_at, ConfidenceScore.received_at, ConfidenceScore.id)
    )


def dropped_from(scores: list[ConfidenceScore]) -> ConfidenceScore | None:
    """When the last number is lower than the one before: the latest earlier answer that says why it was not lower.

    It is shown back in a hard week (method.md).
    """
    numbers = [row for row in scores if row.score is not None]
    if len(numbers) < 2 or (numbers[-1].score or 0) >= (numbers[-2].score or 0):
        return None
    return next((row for row in reversed(numbers[:-1]) if row.why_not_lower), None)


def _check_meaning(given: dict[str, Any]) -> None:
    errors = {}
    if (given["goal_id"] is None) == (not given["topic"]):
        errors["goal_id"] = _("Say what this is about: a goal or a topic")
    if (given["score"] is None) == (given["words"] is None):
        errors["score"] = _("Select how confident you are, from 0 to 10")
    if errors:
        raise Invalid(errors)


def _keep(record: Record, score_id: uuid.UUID, **values: Any) -> ConfidenceScore:
    row = ConfidenceScore(
        id=score_id,
        patient_id=record.patient.id,
        written_by=record.actor.id,
        received_at=clock.now(),
        **values,
    )
    db.session.add(row)
    audit.record(record.actor, "confidence.recorded", record.patient, row)
    return row


def _tell_plan(record: Record, goal: Goal, row: ConfidenceScore) -> None:
    """The plan of that week shows the latest answer; one that arrives late, from a phone without signal, changes nothing."""
    plan = hold(
        db.session.scalars(
            record.owned(WeeklyPlan).where(WeeklyPlan.goal_id == goal.id, WeeklyPlan.monday == row.monday)
        ).first()
    )
    newer = db.session.scalars(
        record.owned(ConfidenceScore).where(
            ConfidenceScore.goal_id == goal.id,
            ConfidenceScore.monday == row.monday,
            ConfidenceScore.said_at > row.said_at,
            ConfidenceScore.id != row.id,
        )
    ).first()
    if plan is None or newer is not None:
        return
    values: dict[str, object] = {"confidence": row.score, "confidence_words": row.words}
    for name in ("why_not_lower", "what_would_help"):
        if said := getattr(row, name):
            values[name] = said
    replace(plan, record.actor.id, values)
