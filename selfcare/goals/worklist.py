"""The team's follow-ups in one list: mine and ours, what is overdue, what patients have answered. Nearest first; nobody is ranked."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from selfcare import audit, clock
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.goals.confidence import stands
from selfcare.goals.models import AgreedGoal, ConfidenceScore, FollowUp, FollowUpAnswer, Goal
from selfcare.people.access import Part, open_to
from selfcare.people.models import Patient, Person, SharingChoice

MOST = 50
WHOSE = ("mine", "team")
ONLY = ("overdue", "answered")
# How long what a patient's own answer has settled still stands under "Answered", for the team to see.
SEEN_FOR = dt.timedelta(days=14)


@dataclass(frozen=True)
class Row:
    """One follow-up. ``goal`` is in words that the team may read, None where there are none; ``before`` and ``now`` are how
    sure the patient was when it was set and since, a number on the ruler or a code of words, both as text; ``answer`` is what the
    patient said of it, a code of ``RESULTS``, and ``answered_at`` when."""

    id: uuid.UUID
    patient_id: uuid.UUID
    name: str
    goal_id: uuid.UUID | None
    goal: str | None
    due_on: dt.date
    channel: str | None
    outcome: str | None
    who: str | None
    is_mine: bool
    before: str | None
    now: str | None
    answer: str | None
    answered_at: dt.datetime | None
    overdue: bool


@dataclass(frozen=True)
class Worklist:
    """A page of it, and how many stand under each filter."""

    rows: list[Row]
    next_cursor: str | None
    whose: str
    only: str | None
    counts: dict[str, int]  # mine, team; all, overdue, answered of those chosen
    today: dt.date


def read(
    clinician: Person, *, whose: str | None = None, only: str | None = None, cursor: str | None = None
) -> Worklist:
    """A page of 50. Two statements, however many rows.

    :param whose: ``mine``, what this clinician wrote or was handed; ``team``, all of the patients of their teams; None: mine, if
        there is any.
    :param only: ``overdue``, or ``answered`` by the patient.
    :param cursor: the id of the last follow-up of the page before.
    :raises Invalid: the cursor is none of ours.
    """
    today = clock.today(clinician.time_zone)
    given: dict[str, Any] = {"clinician_id": clinician.id, "today": today, "since": clock.now() - SEEN_FOR}
    told = db.session.execute(_counts(), given).mappings().one()
    counts = {name: int(told[name] or 0) for name in told}
    whose = whose or ("mine" if counts["mine"] else "team")
    if cursor:
        try:
            given["last_id"] = uuid.UUID(cursor)
        except ValueError:
            raise Invalid({"cursor": _("Use the next_cursor of the page before")}) from None
    statement = _page(whose, only, after=bool(cursor))
    found = db.session.execute(statement, given | {"most": MOST + 1}).all()
    more, found = len(found) > MOST, found[:MOST]
    rows = [Row(**row._mapping, overdue=row.outcome is None and row.due_on < today) for row in found]
    audit.record(clinician, "follow_ups.read", None, patients=sorted({str(row.patient_id) for row in rows}))
    return Worklist(
        rows=rows,
        next_cursor=str(rows[-1].id) if more else None,
        whose=whose,
        only=only,
        counts={
            "mine": counts["mine"],
            "team": counts["team"],
            "all": counts[whose],
            "overdue": counts[f"{whose}_overdue"],
            "answered": counts[f"{whose}_answered"],
        },
        today=today,
    )


# Conditions of FollowUp, for the parameters above.


def _is_mine() -> sa.ColumnElement[bool]:
    me: sa.BindParameter[uuid.UUID] = sa.bindparam("clinician_id", type_=sa.Uuid())
    return sa.func.coalesce(FollowUp.assigned_to, FollowUp.written_by) == me


def _is_open() -> sa.ColumnElement[bool]:
    return FollowUp.outcome.is_(None)


def _is_overdue() -> sa.ColumnElement[bool]:
    return sa.and_(_is_open(), FollowUp.due_on < sa.bindparam("today"))


def _is_answered() -> sa.ColumnElement[bool]:
    """By the patient, and nobody of the team has closed it; what their own answer has settled counts for 14 days."""
    answered = sa.exists().where(
        FollowUpAnswer.follow_up_id == FollowUp.id,
        FollowUpAnswer.side == "patient",
        sa.or_(
            _is_open(),
            sa.and_(
                FollowUp.written_by == FollowUpAnswer.written_by,
                FollowUpAnswer.received_at > sa.bindparam("since", type_=FollowUpAnswer.received_at.type),
            ),
        ),
    )
    return answered.correlate(FollowUp)


def _may_see(patient_id: Any) -> sa.ColumnElement[bool]:
    return patient_id.in_(open_to(sa.bindparam("clinician_id")).with_only_columns(Patient.id))


@cache
def _counts() -> sa.Select[Any]:
    def number(*conditions: sa.ColumnElement[bool]) -> sa.ColumnElement[Any]:
        return sa.func.sum(sa.case((sa.and_(*conditions), 1), else_=0))

    columns = []
    for whose, condition in (("mine", _is_mine()), ("team", sa.true())):
        columns += [
            number(condition, _is_open()).label(whose),
            number(condition, _is_overdue()).label(f"{whose}_overdue"),
            number(condition, _is_answered()).label(f"{whose}_answered"),
        ]
    return (
        sa.select(*columns)
        .select_from(FollowUp)
        .join(Person, Person.id == FollowUp.patient_id)
        .where(_may_see(FollowUp.patient_id), Person.disabled_at.is_(None))
    )


@cache
def _page(whose: str, only: str | None, *, after: bool) -> sa.Select[Any]:
    """Built once for each way to look: building it takes longer than running it."""
    keeper = aliased(Person)
    shares = (
        sa.exists()
        .where(
            SharingChoice.patient_id == FollowUp.patient_id,
            SharingChoice.item == Part.GOALS.value,
            SharingChoice.current,
            SharingChoice.shared,
        )
        .correlate(FollowUp)
    )
    rows = (
        sa.select(
            FollowUp.id,
            FollowUp.patient_id,
            Person.name,
            FollowUp.goal_id,
            sa.case((shares, Goal.statement), else_=_agreed(AgreedGoal.statement)).label("goal"),
            FollowUp.due_on,
            FollowUp.channel,
            FollowUp.outcome,
            keeper.name.label("who"),
            _is_mine().label("is_mine"),
            sa.case((shares, _score(until=True)), else_=_agreed(_how_sure(AgreedGoal))).label("before"),
            sa.case(
                (shares, sa.func.coalesce(_score(until=False), _said(_how_sure))),
                else_=_said(_how_sure),
            ).label("now"),
            _said(lambda of: of.result, patient=True).label("answer"),
            _said(lambda of: of.received_at, patient=True).label("answered_at"),
        )
        .join(Person, Person.id == FollowUp.patient_id)
        .outerjoin(Goal, Goal.id == FollowUp.goal_id)
        .outerjoin(keeper, keeper.id == sa.func.coalesce(FollowUp.assigned_to, FollowUp.written_by))
        .where(_may_see(FollowUp.patient_id), Person.disabled_at.is_(None))
    )
    rows = rows.where({"overdue": _is_overdue, "answered": _is_answered}.get(only or "", _is_open)())
    if whose == "mine":
        rows = rows.where(_is_mine())
    if after:
        last = aliased(FollowUp)
        rows = rows.join(last, last.id == sa.bindparam("last_id", type_=sa.Uuid())).where(
            sa.tuple_(FollowUp.due_on, FollowUp.id) > sa.tuple_(last.due_on, last.id)
        )
    return rows.order_by(FollowUp.due_on, FollowUp.id).limit(sa.bindparam("most", type_=sa.Integer()))


def _agreed(column: Any) -> sa.ScalarSelect[Any]:
    """Of the latest agreement on the goal: what the team itself wrote down."""
    newest = (
        sa.select(column)
        .where(AgreedGoal.goal_id == FollowUp.goal_id)
        .order_by(AgreedGoal.agreed_on.desc(), AgreedGoal.id)
        .limit(1)
    )
    return newest.correlate(FollowUp).scalar_subquery()


def _how_sure(of: Any) -> sa.ColumnElement[str | None]:
    """A number on the ruler or words, in one column: the row says which it was by what it holds."""
    return sa.func.coalesce(sa.cast(of.confidence, sa.Text), of.confidence_words)


def _score(*, until: bool) -> sa.ScalarSelect[Any]:
    """The latest answer about the goal when the follow-up was set, or since."""
    score = ConfidenceScore
    when = score.said_at <= FollowUp.received_at if until else score.said_at > FollowUp.received_at
    newest = (
        sa.select(sa.func.coalesce(sa.cast(score.score, sa.Text), score.words))
        .where(score.goal_id == FollowUp.goal_id, when, stands())
        .order_by(score.said_at.desc(), score.received_at.desc(), score.id)
        .limit(1)
    )
    return newest.correlate(FollowUp).scalar_subquery()


def _said(column: Callable[[Any], Any], *, patient: bool = False) -> sa.ScalarSelect[Any]:
    """Of the latest answer that says it; ``patient``: only of what the patient typed."""
    of = aliased(FollowUpAnswer)
    wanted = column(of)
    newest = sa.select(wanted).where(of.follow_up_id == FollowUp.id, wanted.is_not(None))
    if patient:
        newest = newest.where(of.side == "patient")
    return newest.order_by(of.received_at.desc(), of.id).limit(1).correlate(FollowUp).scalar_subquery()
