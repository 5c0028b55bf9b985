"""What is said at a follow-up, whoever types it: the patient in the app, or the team in the patient's words.

The script is method.md's: what was your plan, how did you get on, and if it did not happen, what got in the way. Every answer is a
record and stays. The team's result settles the follow-up. The patient's settles it when all went to plan and confidence is not
below 7; anything else waits for somebody of the team to look (docs/decisions/0033).
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from selfcare import audit, clock
from selfcare.errors import Conflict, Invalid, NotFound
from selfcare.extensions import db
from selfcare.goals.confidence import check_one_way, is_low, note_score
from selfcare.goals.finding import hold, replace
from selfcare.goals.models import COULD_NOT_REACH, RESULTS, WAYS, FollowUp, FollowUpAnswer, Goal, WeeklyPlan
from selfcare.goals.problem_solving import STEPS
from selfcare.people.access import Part, Record

# Of the team, about the patient; and as the patient says it.
RESULT_NAMES = {
    "went_to_plan": _l("Went to plan"),
    "partly": _l("Partly"),
    "not_done": _l("Did not happen"),
    COULD_NOT_REACH: _l("Could not reach"),
    "no_longer_wanted": _l("No longer wanted"),
}
OWN_RESULTS = {
    "went_to_plan": _l("It went to plan"),
    "partly": _l("Some of it"),
    "not_done": _l("It did not happen"),
    "no_longer_wanted": _l("I do not want this goal any more"),
}
WAY_NAMES = {
    "steps": _l("Work on what gets in the way"),
    "smaller": _l("Make the plan smaller"),
    "keep": _l("Keep the plan as it is"),
}
SAID = ("result", "plan", "went", "in_the_way", "confidence", "confidence_words", "way", "step", "idea")


def record_answer(
    record: Record,
    answer_id: uuid.UUID,
    follow_up_id: uuid.UUID,
    *,
    why_not_lower: str | None = None,
    what_would_help: str | None = None,
    **body: Any,
) -> tuple[FollowUpAnswer, bool]:
    """Keep what was said at a follow-up, and settle it if that is so. Returns the answer and whether it is new.

    :param body: result, plan, went, in_the_way, confidence or confidence_words; below 7 way, step, idea.
    :raises NotFound: no such follow-up, or not the actor's to answer.
    :raises Conflict: the id is there with another body.
    :raises Invalid: a result that this side cannot give, or confidence both in a number and in words.
    """
    follow_up = to_answer(record, follow_up_id)
    side = side_of(record)
    given = {name: body.get(name) for name in SAID}
    _check(side, given)
    found = record.mine(FollowUpAnswer, answer_id)
    if found is not None:
        if found.follow_up_id != follow_up_id or any(getattr(found, name) != given[name] for name in SAID):
            raise Conflict(_("There is already another answer under this id"))
        return found, False
    hold(follow_up)
    answer = FollowUpAnswer(
        id=answer_id,
        patient_id=record.patient.id,
        written_by=record.actor.id,
        received_at=clock.now(),
        follow_up_id=follow_up.id,
        goal_id=follow_up.goal_id,
        side=side,
        **given,
    )
    db.session.add(answer)
    audit.record(record.actor, "follow_up.answered", record.patient, answer, result=answer.result)
    goal = record.mine(Goal, follow_up.goal_id) if follow_up.goal_id else None
    if goal is not None:
        note_score(
            record,
            goal,
            monday=clock.monday_of(clock.today(record.person.time_zone)),
            score=answer.confidence,
            words=answer.confidence_words,
            why_not_lower=why_not_lower,
            what_would_help=what_would_help,
        )
    ended: dict[str, object] = {"outcome": answer.result, "settled_on": clock.today(record.person.time_zone)}
    if settles(side, answer) and follow_up.outcome is None and replace(follow_up, record.actor.id, ended):
        follow_up.written_by = record.actor.id
        audit.record(record.actor, "follow_up.set", record.patient, follow_up, outcome=answer.result)
    db.session.flush()
    return answer, True


def settles(side: str, answer: FollowUpAnswer) -> bool:
    """Whether this answer ends the follow-up."""
    if side == "team":
        return answer.result is not None
    return answer.result == "went_to_plan" and not is_low(answer.confidence, answer.confidence_words)


def side_of(record: Record) -> str:
    """Who types: ``team`` or ``patient``, as a carer does for them."""
    return "team" if record.acting_as == "clinician" else "patient"


def to_answer(record: Record, follow_up_id: uuid.UUID) -> FollowUp:
    """The follow-up, for somebody who may answer it.

    :raises NotFound: there is none, or they may not.
    """
    if side_of(record) == "team":
        record.require(Part.CONSULTATION, write=True)
    else:
        record.require(Part.CONSULTATION)
        record.require(Part.GOALS, write=True)  # a carer who only looks does not answer
    follow_up = record.mine(FollowUp, follow_up_id)
    if follow_up is None:
        raise NotFound
    return follow_up


def is_open(follow_up: FollowUp) -> bool:
    """Whether nobody has settled it, which nobody else can until this transaction ends."""
    hold(follow_up)
    return follow_up.outcome is None


def answers_to(record: Record, follow_up_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, list[FollowUpAnswer]]:
    """What was said at each of these follow-ups, oldest first. One statement, or none."""
    record.require(Part.CONSULTATION)
    found: dict[uuid.UUID, list[FollowUpAnswer]] = {each: [] for each in follow_up_ids}
    if found:
        rows = record.owned(FollowUpAnswer).where(FollowUpAnswer.follow_up_id.in_(found))
        for row in db.session.scalars(rows.order_by(FollowUpAnswer.received_at, FollowUpAnswer.id)):
            found[row.follow_up_id].append(row)
    return found


def _check(side: str, given: dict[str, Any]) -> None:
    check_one_way(given["confidence"], given["confidence_words"])
    errors = {}
    allowed = RESULTS if side == "team" else tuple(OWN_RESULTS)
    if given["result"] is not None and given["result"] not in allowed:
        errors["result"] = _("Select how it went")
    if given["way"] is not None and given["way"] not in WAYS:
        errors["way"] = _("Select what to do")
    if given["step"] is not None and given["step"] not in STEPS:
        errors["step"] = _("Select 1 of the 7 steps")
    if all(given[name] is None for name in SAID):
        errors["result"] = _("Select how it went")
    if errors:
        raise Invalid(errors)


def asked_now(record: Record, open_ones: Collection[FollowUp], today: dt.date) -> list[FollowUp]:
    """Of the open follow-ups those that the app asks about today: due, by app or with no way chosen, and not answered yet.

    One statement, or none.
    """
    if not record.writes(Part.GOALS):
        return []
    due = [row for row in open_ones if row.due_on <= today and row.channel in (None, "app")]
    said = answers_to(record, [row.id for row in due])
    return [row for row in due if not any(each.side == "patient" for each in said[row.id])]


def step_now(record: Record, goal_id: uuid.UUID | None) -> str | None:
    """At which of the seven steps the person is: what was said last, at a follow-up or (where the actor sees it) in a plan."""
    if goal_id is None:
        return None
    answer = db.session.scalars(
        record.owned(FollowUpAnswer)
        .where(FollowUpAnswer.goal_id == goal_id, FollowUpAnswer.step.is_not(None))
        .order_by(FollowUpAnswer.received_at.desc(), FollowUpAnswer.id)
        .limit(1)
    ).first()
    plan = None
    if record.sees(Part.GOALS):
        plan = db.session.scalars(
            record.owned(WeeklyPlan)
            .where(WeeklyPlan.goal_id == goal_id, WeeklyPlan.problem_step.is_not(None))
            .order_by(WeeklyPlan.monday.desc())
            .limit(1)
        ).first()
    if answer is not None and (plan is None or answer.received_at > plan.updated_at):
        return answer.step
    return plan.problem_step if plan is not None else None
