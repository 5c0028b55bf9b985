"""What the panel shows of goals: confidence and its change for many patients in one statement, and follow-ups that are due."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased

from selfcare.extensions import db
from selfcare.goals.models import ConfidenceScore, FollowUp
from selfcare.people.access import Part
from selfcare.people.models import SharingChoice


@dataclass(frozen=True)
class Latest:
    """How confident a patient said they are: the latest ``number`` and its ``change`` from the one before about the same goal or
    topic, None where there is no earlier one; ``words`` where the latest answer of all was given in words."""

    number: int | None = None
    change: int | None = None
    words: str | None = None


def confidence_of(patient_ids: Collection[uuid.UUID]) -> dict[uuid.UUID, Latest]:
    """The latest answer of each patient. One statement.

    Only patients who share their goals now appear. The caller names only patients whose record it may open.
    """
    if not patient_ids:
        return {}
    found: dict[uuid.UUID, Latest] = {}
    for row in db.session.execute(_latest(), {"patient_ids": list(patient_ids)}):
        if row.score is None:
            found[row.patient_id] = replace(found.get(row.patient_id, Latest()), words=row.words)
        else:
            found[row.patient_id] = Latest(row.score, None if row.before is None else row.score - row.before)
    return found


def is_due(patient_id: sa.SQLColumnExpression[Any]) -> sa.Exists:
    """Whether a follow-up of this patient is open and due by the parameter ``:today``."""
    return sa.exists().where(
        FollowUp.patient_id == patient_id,
        FollowUp.outcome.is_(None),
        FollowUp.due_on <= sa.bindparam("today"),
    )


def overdue_since(patient_id: sa.SQLColumnExpression[Any]) -> sa.ScalarSelect[dt.date]:
    """The day of the open follow-up that was due longest before ``:today``; NULL where none is over."""
    return (
        sa.select(sa.func.min(FollowUp.due_on))
        .where(
            FollowUp.patient_id == patient_id,
            FollowUp.outcome.is_(None),
            FollowUp.due_on < sa.bindparam("today"),
        )
        .scalar_subquery()
    )


@cache
def _latest() -> sa.Select[Any]:
    """Of each patient the latest number and the latest words, what was said first first.

    Built once: building it takes longer than running it.
    """
    score, later = ConfidenceScore, aliased(ConfidenceScore)
    kind = score.score.is_(None)  # numbers are compared with numbers
    about = (score.patient_id, score.goal_id, score.topic, kind)
    in_time = (score.said_at, score.received_at, score.id)
    shared = sa.exists().where(
        SharingChoice.patient_id == score.patient_id,
        SharingChoice.item == Part.GOALS.value,
        SharingChoice.current,
        SharingChoice.shared,
    )
    ranked = (
        sa.select(
            score.patient_id,
            score.score,
            score.words,
            *(each.label(f"in_time_{place}") for place, each in enumerate(in_time)),
            sa.func.lag(score.score).over(partition_by=about, order_by=in_time).label("before"),
            sa.func.row_number()
            .over(partition_by=(score.patient_id, kind), order_by=[each.desc() for each in in_time])
            .label("place"),
        )
        .where(
            score.patient_id.in_(sa.bindparam("patient_ids", expanding=True)),
            shared.correlate(score),
            ~sa.exists().where(later.corrects == score.id).correlate(score),
        )
        .subquery()
    )
    return (
        sa.select(ranked.c.patient_id, ranked.c.score, ranked.c.words, ranked.c.before)
        .where(ranked.c.place == 1)
        .order_by(*(ranked.c[f"in_time_{place}"] for place in range(len(in_time))))
    )
