"""Follow-up: when and how the team looks again. 14 days is the ideal first interval, sooner when confidence is low (method.md)."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from selfcare import audit, clock
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.goals.confidence import is_low, standing
from selfcare.goals.finding import hold, replace
from selfcare.goals.models import COULD_NOT_REACH, AgreedGoal, ConfidenceScore, FollowUp, Goal
from selfcare.people import teams
from selfcare.people.access import Part, Record
from selfcare.people.models import Person

FIRST = dt.timedelta(days=14)
SOONER = dt.timedelta(days=7)

CHANNEL_NAMES = {
    "app": _l("In the app"),
    "message": _l("By message"),
    "phone": _l("By phone"),
    "peer_group": _l("In the group"),
    "visit": _l("At a visit"),
}


def first_interval(score: int | None, words: str | None = None) -> dt.timedelta:
    """How long until the first follow-up."""
    return SOONER if is_low(score, words) else FIRST


def last_said(record: Record) -> tuple[int | None, str | None]:
    """The patient's latest answer that the team may see, a number or words; neither where there is none."""
    record.require(Part.CONSULTATION)
    if not record.sees(Part.GOALS):
        # What the team wrote down itself in the visit is its own.
        newest = record.owned(AgreedGoal).order_by(AgreedGoal.updated_at.desc()).limit(1)
        agreed = db.session.scalars(newest).first()
        return (agreed.confidence, agreed.confidence_words) if agreed else (None, None)
    said = db.session.scalars(standing(record).order_by(ConfidenceScore.said_at.desc()).limit(1)).first()
    return (said.score, said.words) if said else (None, None)


def save_follow_up(record: Record, follow_up_id: uuid.UUID, **body: Any) -> tuple[FollowUp, bool]:
    """Create or replace a follow-up; without ``due_on`` it is in 14 days. Returns it and whether it is new.

    :param body: goal_id, due_on, channel, outcome; assigned_to (who of the team does it; absent, it stays: at first the actor).
    :raises Invalid: the goal is not this patient's, or nobody of that id works in the team.
    """
    record.require(Part.CONSULTATION, write=True)
    row = hold(record.mine(FollowUp, follow_up_id))
    today = clock.today(record.person.time_zone)
    values = {name: body.get(name) for name in ("goal_id", "due_on", "channel", "outcome")}
    if values["goal_id"] is not None and _goal(record, values["goal_id"]) is None:
        raise Invalid({"goal_id": _("There is no such goal of this person")})
    if values["due_on"] is None:
        values["due_on"] = row.due_on if row else today + FIRST
    values["assigned_to"] = row.assigned_to if row else record.actor.id
    if body.get("assigned_to") is not None:
        values["assigned_to"] = _colleague(record, body["assigned_to"])
    ended = row is not None and row.outcome is not None
    values["settled_on"] = None if values["outcome"] is None else row.settled_on if row and ended else today
    created = row is None
    if row is None:
        row = FollowUp(id=follow_up_id, patient_id=record.patient.id, written_by=record.actor.id, **values)
        db.session.add(row)
    elif replace(row, record.actor.id, values):
        row.written_by = record.actor.id
    audit.record(record.actor, "follow_up.set", record.patient, row)
    db.session.flush()
    return row, created


def hand_over(record: Record, follow_up_id: uuid.UUID, to: uuid.UUID) -> FollowUp:
    """Let a colleague of the team do it.

    :raises NotFound: there is no such follow-up.
    :raises Invalid: nobody of that id works in a team of the actor's that cares for the patient.
    """
    record.require(Part.CONSULTATION, write=True)
    row = hold(record.mine(FollowUp, follow_up_id))
    if row is None:
        raise NotFound
    if replace(row, record.actor.id, {"assigned_to": _colleague(record, to)}):
        audit.record(record.actor, "follow_up.handed_over", record.patient, row, to=str(to))
    db.session.flush()
    return row


def open_with(
    person_id: uuid.UUID, patient_ids: Collection[uuid.UUID], *, held: bool = False
) -> Sequence[FollowUp]:
    """Open follow-ups of these patients that this member of the team does. One statement.

    :param held: nobody else changes them until this transaction ends.

    It asks nobody's leave: for a hand-over, which has asked.
    """
    rows = sa.select(FollowUp).where(
        FollowUp.patient_id.in_(patient_ids),
        FollowUp.outcome.is_(None),
        sa.func.coalesce(FollowUp.assigned_to, FollowUp.written_by) == person_id,
    )
    rows = rows.order_by(FollowUp.id)
    if held:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(rows).all()


def pass_on(
    actor: Person, from_id: uuid.UUID, to_id: uuid.UUID, patient_ids: Collection[uuid.UUID]
) -> list[FollowUp]:
    """Let a colleague do these patients' open follow-ups; the earlier version of each is kept.

    It asks nobody's leave: for a hand-over, which has asked.
    """
    found = open_with(from_id, patient_ids, held=True)
    for row in found:
        replace(row, actor.id, {"assigned_to": to_id})
    return list(found)


def _colleague(record: Record, person_id: uuid.UUID) -> uuid.UUID:
    known = {each.id for each in teams.colleagues(record.patient.id, record.actor.id)}
    if person_id not in known:
        raise Invalid({"assigned_to": _("Select somebody of your team")})
    return person_id


def next_after(
    record: Record, result: str | None, score: int | None = None, words: str | None = None
) -> dt.date | None:
    """The day to propose for the next look: in 14 days, in 7 when less sure than 7, none for a goal that is not wanted any more."""
    if result == "no_longer_wanted":
        return None
    wait = SOONER if result == COULD_NOT_REACH else first_interval(score, words)
    return clock.today(record.person.time_zone) + wait


def find(record: Record, follow_up_id: uuid.UUID) -> FollowUp | None:
    """The follow-up with this id, or None.

    :raises NotFound: it is another patient's.
    """
    record.require(Part.CONSULTATION)
    return record.mine(FollowUp, follow_up_id)


def open_follow_ups(record: Record) -> list[FollowUp]:
    """Follow-ups without an outcome, nearest first. One statement."""
    record.require(Part.CONSULTATION)
    rows = record.owned(FollowUp).where(FollowUp.outcome.is_(None))
    return list(db.session.scalars(rows.order_by(FollowUp.due_on, FollowUp.id)))


def due_list(patient_ids: Collection[uuid.UUID], until: dt.date) -> dict[uuid.UUID, list[FollowUp]]:
    """Open follow-ups of these patients that are due by ``until``, nearest first. One statement, for the panel.

    The caller names only patients whose record it may open.
    """
    found: dict[uuid.UUID, list[FollowUp]] = {each: [] for each in patient_ids}
    if found:
        rows = db.session.scalars(
            sa.select(FollowUp)
            .where(FollowUp.patient_id.in_(found), FollowUp.outcome.is_(None), FollowUp.due_on <= until)
            .order_by(FollowUp.due_on, FollowUp.id)
        )
        for row in rows:
            found[row.patient_id].append(row)
    return found


def _goal(record: Record, goal_id: uuid.UUID) -> Goal | None:
    try:
        return record.mine(Goal, goal_id)
    except NotFound:
        return None
