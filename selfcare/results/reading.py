"""Who sees which results: the team all of them, everybody else only what was released. Decided here for every door."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from selfcare import audit, clock
from selfcare.edge import paging
from selfcare.edge.filters import date_words, nhs_date
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record, owned
from selfcare.results import packs
from selfcare.results.catalogue import CHOICE, NUMBER, Measure
from selfcare.results.models import Result, ResultRelease


@dataclass(frozen=True)
class Correction:
    """That a result was another one before, in the patient's words, and why it was changed."""

    said: str
    reason: str | None


@dataclass(frozen=True)
class Told:
    """One result that holds, as the patient reads it. ``change`` compares it with the one before; empty for the first."""

    row: Result
    measure: Measure
    words: str
    change: str
    corrections: list[Correction]


@dataclass(frozen=True)
class Group:
    """Everything of one measure: the newest result, those before it, and what was taken back."""

    measure: Measure
    latest: Told | None
    earlier: list[Told] = field(default_factory=list)
    taken_back: list[Correction] = field(default_factory=list)

    @property
    def means(self) -> list[str]:
        """What it means, in plain words; nothing where they may not be shown here."""
        if self.latest is None or not packs.explained(self.measure):
            return []
        return self.measure.means(self.latest.row.values)


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


def _newest_first(record: Record) -> Sequence[Result]:
    order = (Result.taken_on.desc(), Result.received_at.desc(), Result.id)
    return record.rows(visible(record).order_by(*order)).scalars().all()


def all_of(record: Record) -> Sequence[Result]:
    """Every result for the team's page, newest first, corrected ones and held ones too. One statement."""
    audit.record(record.actor, "results.read", record.patient)
    return _newest_first(record)


def told(record: Record) -> list[Group]:
    """What the patient reads, in the catalogue's order; it counts as opened from now on. One statement, and one to note that.

    :raises NotFound: the actor may not see results.
    """
    rows = _newest_first(record)
    audit.record(record.actor, "results.read", record.patient)
    if record.is_own and any(row.release is not None and row.release.opened_at is None for row in rows):
        unopened = sa.update(ResultRelease).where(
            ResultRelease.patient_id == record.patient.id,
            ResultRelease.opened_at.is_(None),
            # Not what is released between the reading and this: nobody has seen that yet.
            ResultRelease.result_id.in_([row.id for row in rows]),
        )
        db.later(unopened.values(opened_at=clock.now()))
    found = []
    for code, measure in packs.catalogue().items():
        group = _group(measure, [row for row in rows if row.measure == code])
        if group is not None:
            found.append(group)
    return found


def _group(measure: Measure, rows: list[Result]) -> Group | None:
    if not rows:
        return None
    known = {row.id: row for row in rows}
    standing = [row for row in rows if row.correction is None]
    values = [row for row in standing if not row.taken_back]
    shown = [
        Told(
            row=row,
            measure=measure,
            words=measure.write_with_unit(row.values),
            change=change(measure, row, values[place + 1] if place + 1 < len(values) else None),
            corrections=_corrections(measure, row, known),
        )
        for place, row in enumerate(values)
    ]
    gone = [each for row in standing if row.taken_back for each in _corrections(measure, row, known)[:1]]
    if not shown and not gone:
        return None
    return Group(measure, shown[0] if shown else None, shown[1:], gone)


def _corrections(measure: Measure, row: Result, known: dict[uuid.UUID, Result]) -> list[Correction]:
    """What stood there before, newest correction first, as far as the patient could see it."""
    found = []
    while row.corrects in known:
        before = known[row.corrects]
        on = nhs_date(row.received_at)
        if before.taken_back:
            said = _("This result was put back on %(day)s.", day=on)
        elif row.taken_back:
            said = _(
                "This result was taken back on %(day)s: it said %(before)s.",
                day=on,
                before=measure.write(before.values),
            )
        elif before.values != row.values:
            said = _(
                "This result was corrected on %(day)s: it said %(before)s, it is %(now)s.",
                day=on,
                before=measure.write(before.values),
                now=measure.write(row.values),
            )
        else:
            said = _(
                "The date of this result was corrected on %(day)s: it said %(before)s.",
                day=on,
                before=nhs_date(before.taken_on),
            )
        found.append(Correction(said, row.reason))
        row = before
    return found


def change(measure: Measure, row: Result, before: Result | None) -> str:
    """``Down from 58 in March``: a fact, and no word on whether that is good. Empty where there is none before."""
    if before is None:
        return ""
    when = _when(before.taken_on, row.taken_on)
    was = measure.write(before.values)
    if before.values == row.values:
        return _("The same as %(when)s", when=when)
    if measure.kind == NUMBER:
        if row.values["value"] > before.values["value"]:
            return _("Up from %(was)s %(when)s", was=was, when=when)
        return _("Down from %(was)s %(when)s", was=was, when=when)
    if measure.kind == CHOICE:
        was = was[:1].lower() + was[1:]
    return _("It was %(was)s %(when)s", was=was, when=when)


def _when(day: dt.date, seen_from: dt.date) -> str:
    """``in March``; with the year where that could be another March; the day where it is the same month."""
    if (day.year, day.month) == (seen_from.year, seen_from.month):
        return _("on %(day)s", day=date_words(day, "d MMMM"))
    if (seen_from - day).days < 330:
        return _("in %(month)s", month=date_words(day, "MMMM"))
    return _("in %(month)s", month=date_words(day, "MMMM y"))


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


__all__ = [
    "Correction",
    "Group",
    "Told",
    "all_of",
    "change",
    "describe",
    "exported",
    "is_held",
    "is_released",
    "one",
    "page",
    "shown",
    "stands",
    "told",
    "unread",
    "visible",
]
