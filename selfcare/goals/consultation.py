"""Goals agreed in a visit. The team writes them down; the goal itself is the patient's, to plan and to change."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.goals import around
from selfcare.goals.confidence import check_one_way, note_score
from selfcare.goals.finding import hold, replace
from selfcare.goals.models import AgreedGoal, Goal
from selfcare.people.access import Part, Record

FIELDS = ("statement", "confidence", "confidence_words", "who_does_what")


def save_agreed_goal(record: Record, agreed_id: uuid.UUID, **body: Any) -> tuple[AgreedGoal, bool]:
    """Write down an agreed goal, or replace it. Returns it and whether it is new.

    A new one becomes an active goal of the patient under the same id, unless that id or ``goal_id`` is a goal of theirs already,
    which is then the goal agreed on, once more at each visit. Replacing corrects the goal's words only where the patient has not
    changed them since.

    :param body: statement, confidence or confidence_words (the patient's answer in the visit), who_does_what, agreed_on, goal_id,
        agenda_item_id (what they had wanted to talk about; absent, it stays as it is).
    :raises Invalid: the goal or the topic is not this patient's, or not the team's to read; or confidence both in a number and in
        words.
    """
    record.require(Part.CONSULTATION, write=True)
    check_one_way(body.get("confidence"), body.get("confidence_words"))
    agreed = hold(record.mine(AgreedGoal, agreed_id))
    values = {name: body.get(name) for name in FIELDS}
    today = clock.today(record.person.time_zone)
    values["agreed_on"] = body.get("agreed_on") or (agreed.agreed_on if agreed else today)
    values["agenda_item_id"] = _topic(record, body.get("agenda_item_id"), agreed)
    said = (agreed.confidence, agreed.confidence_words) if agreed else (None, None)
    created = agreed is None
    if agreed is None:
        goal = hold(_goal(record, body.get("goal_id")) or record.mine(Goal, agreed_id))
        if goal is None:
            goal = Goal(
                id=agreed_id,
                patient_id=record.patient.id,
                written_by=record.actor.id,
                statement=values["statement"],
                source="team",
                started_on=values["agreed_on"],
            )
            db.session.add(goal)
        elif goal.lifecycle_status != "active":
            begun = {
                "lifecycle_status": "active",
                "started_on": goal.started_on or today,
                "paused_until": None,
            }
            replace(goal, record.actor.id, begun)
        db.session.flush()
        agreed = AgreedGoal(
            id=agreed_id,
            patient_id=record.patient.id,
            written_by=record.actor.id,
            goal_id=goal.id,
            **values,
        )
        db.session.add(agreed)
    else:
        found = hold(record.mine(Goal, agreed.goal_id))
        if found is None:
            raise NotFound
        goal = found
        if goal.statement == agreed.statement:
            replace(goal, record.actor.id, {"statement": values["statement"]})
        if replace(agreed, record.actor.id, values):
            agreed.written_by = record.actor.id
    if (agreed.confidence, agreed.confidence_words) != said:
        monday, words = clock.monday_of(today), agreed.confidence_words
        note_score(record, goal, monday=monday, score=agreed.confidence, words=words)
    audit.record(record.actor, "agreed_goal.set", record.patient, agreed)
    db.session.flush()
    return agreed, created


def _goal(record: Record, goal_id: uuid.UUID | None) -> Goal | None:
    if goal_id is None:
        return None
    try:
        goal = record.mine(Goal, goal_id)
    except NotFound:
        goal = None
    if goal is None:
        raise Invalid({"goal_id": _("There is no such goal of this person")})
    return goal


def _topic(record: Record, item_id: uuid.UUID | None, agreed: AgreedGoal | None) -> uuid.UUID | None:
    if item_id is None:
        return agreed.agenda_item_id if agreed else None
    if item_id not in around.named(record, [item_id]):
        raise Invalid({"agenda_item_id": _("There is no such topic that this person shared")})
    return item_id


def find(record: Record, agreed_id: uuid.UUID) -> AgreedGoal | None:
    """The agreed goal with this id, or None.

    :raises NotFound: it is another patient's.
    """
    record.require(Part.CONSULTATION)
    return record.mine(AgreedGoal, agreed_id)


@dataclass(frozen=True)
class GoalToChoose:
    """A goal in a list of goals, in words that who chooses may read."""

    id: uuid.UUID
    statement: str


def goals_to_choose(record: Record) -> list[GoalToChoose]:
    """Running goals that a follow-up can be about: the patient's if they share them, else those agreed with the team.

    Where the patient does not share goals, in the words that were agreed: what they made of them since is theirs.
    """
    record.require(Part.CONSULTATION)
    goals = record.owned(Goal).where(Goal.lifecycle_status.in_(("active", "on_hold")))
    order: list[Any] = [Goal.received_at.desc(), Goal.id]
    words = Goal.statement
    if not record.sees(Part.GOALS):
        goals, words = goals.join(AgreedGoal, AgreedGoal.goal_id == Goal.id), AgreedGoal.statement
        order += [AgreedGoal.agreed_on, AgreedGoal.id]  # agreed several times: the latest words stay
    chosen = goals.with_only_columns(Goal.id, words).order_by(*order)
    found = {goal_id: GoalToChoose(goal_id, said) for goal_id, said in db.session.execute(chosen)}
    return list(found.values())


def goal_words(record: Record, goal_id: uuid.UUID | None) -> str | None:
    """A goal in words that the actor may read: the patient's own where they share goals, else those last agreed; None without."""
    record.require(Part.CONSULTATION)
    if goal_id is None:
        return None
    if record.sees(Part.GOALS):
        goal = record.mine(Goal, goal_id)
        return goal.statement if goal is not None else None
    newest = record.owned(AgreedGoal).where(AgreedGoal.goal_id == goal_id)
    agreed = db.session.scalars(newest.order_by(AgreedGoal.agreed_on.desc(), AgreedGoal.id).limit(1)).first()
    return agreed.statement if agreed is not None else None
