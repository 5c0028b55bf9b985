"""Who sees which results: the team all of them, everybody else only what was released. Decided here for every door."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from selfcare import audit
from selfcare.edge import paging
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record, owned
from selfcare.results import packs
from selfcare.results.models import Result, ResultRelease


def visible(record: Record) -> sa.Select[Result]:
    """The results of this record that the actor may see: a held one is there for the care team alone.

    :raises NotFound: the actor may see none.
    """
    record.require(Part.RESULTS)
    return _for_team() if record.acting_as == "clinician" else _released()


def stands() -> sa.ColumnElement[bool]:
    """Whether no later row corrects this result."""
    later = sa.orm.aliased(Result)
    return ~sa.exists().where(later.corrects == Result.id).correlate(Result)


def is_released() -> sa.ColumnElement[bool]:
    """Whether the patient may see this result."""
    return sa.exists().where(ResultRelease.result_id == Result.id).correlate(Result)


def is_held() -> sa.ColumnElement[bool]:
    """Whether this result waits for its release: what was corrected or taken back before does not."""
    return sa.and_(~Result.taken_back, ~is_released(), stands())


@cache
def _for_team() -> sa.Select[Result]:
    """Built once, as what follows: building such a statement takes longer than running it."""
    return owned(Result).options(
        joinedload(Result.writer),
        joinedload(Result.release),
        joinedload(Result.correction),
        joinedload(Result.before).joinedload(Result.release),
    )


@cache
def _released() -> sa.Select[Result]:
    return _for_team().where(is_released())


@cache
def _unread() -> sa.Select[int]:
    return (
        sa.select(sa.func.count())
        .select_from(ResultRelease)
        .where(ResultRelease.patient_id == sa.bindparam("patient_id"), ResultRelease.opened_at.is_(None))
    )


def unread(record: Record) -> int:
    """How many released results the patient has not opened yet; 0 for somebody who may see none. One statement."""
    if not record.sees(Part.RESULTS):
        return 0
    return record.rows(_unread()).scalar() or 0


def newest_first(record: Record) -> Sequence[Result]:
    """Everything that the actor may see, not audited: the page that shows it does that. One statement."""
    order = (Result.taken_on.desc(), Result.received_at.desc(), Result.id)
    return record.rows(visible(record).order_by(*order)).scalars().all()


def all_of(record: Record) -> Sequence[Result]:
    """Every result for the team's page, newest first, corrected ones and held ones too. One statement."""
    audit.record(record.actor, "results.read", record.patient)
    return newest_first(record)


def page(record: Record, query: dict[str, Any]) -> dict[str, Any]:
    """A page for the API, the newest first; corrected ones and their corrections both. One statement."""
    rows = visible(record)
    audit.record(record.actor, "results.read", record.patient)
    return paging.page(
        rows.params(patient_id=record.patient.id),
        by=Result.taken_on,
        key=Result.id,
        limit=query.get("limit"),
        cursor=query.get("cursor"),
        dump=lambda row: describe(record, row),
    )


def describe(record: Record, row: Result) -> dict[str, Any]:
    """One result as the API gives it; to the patient without a trace of what was held."""
    measure = packs.catalogue()[row.measure]
    team = record.acting_as == "clinician"
    named = row.before is not None and (team or row.before.release is not None)
    body: dict[str, Any] = {
        "id": row.id,
        "patient_id": row.patient_id,
        "measure": row.measure,
        "name": measure.name if team else measure.plain,
        "value": row.values.get("value"),
        "values": dict(row.values) if measure.kind == "pair" and row.values else None,
        "unit": measure.unit_ or None,
        "words": "" if row.taken_back else measure.write_with_unit(row.values),
        "taken_on": row.taken_on,
        "status": "released" if row.release else "held",
        "released_at": row.release.released_at if row.release else None,
        "opened_at": row.release.opened_at if row.release else None,
        "corrects": row.corrects if named else None,
        "corrected_by": row.correction.id if row.correction else None,
        "taken_back": row.taken_back,
        "reason": row.reason if named else None,
        "received_at": row.received_at,
        "means": measure.means(row.values) if packs.explained(measure) else [],
        "question": measure.question,
        "clinically_approved": measure.pack.approved,
    }
    if team:
        body |= {"written_by": row.written_by, "confirmed": row.confirmed, "sent": row.sent}
    return body


def exported(patient_id: uuid.UUID) -> list[dict[str, Any]]:
    """The released results for a copy of the patient's data. Held ones wait for their release here as everywhere.

    An id that only a held result has is left out too. One statement.
    """
    table = Result.__table__
    rows = db.session.execute(
        sa.select(*table.c).select_from(Result).where(Result.patient_id == patient_id, is_released())
    ).mappings()
    found = [dict(row) for row in rows]
    known = {row["id"] for row in found}
    for row in found:
        if row["corrects"] not in known:
            row["corrects"] = row["reason"] = None
        if row["original_id"] not in known:
            row["original_id"] = None
    return found


def one(record: Record, result_id: uuid.UUID) -> Result | None:
    """The result with everything that describes it, as it stands now; None where the actor may see none with this id."""
    return record.rows(visible(record).where(Result.id == result_id)).scalars().first()


def shown(record: Record, result_id: uuid.UUID) -> dict[str, Any]:
    """The same as the API gives it, after it was written or released.

    :raises NotFound: the actor may see none with this id.
    """
    row = one(record, result_id)
    if row is None:
        raise NotFound
    return describe(record, row)
