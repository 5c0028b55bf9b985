"""Write and read the diary. Other rooms ask here too: what is tracked, who wrote when."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from types import SimpleNamespace
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import aliased

from selfcare import audit, clock
from selfcare.diaries import back_dating, packs, ranges
from selfcare.diaries.models import DiaryEntry
from selfcare.diaries.trackers import on_offer, readable, trackers_of
from selfcare.edge import paging
from selfcare.errors import Conflict, Invalid, NotFound
from selfcare.extensions import db
from selfcare.people import hands
from selfcare.people.access import Part, Record
from selfcare.people.hands import Hand


@dataclass(frozen=True)
class Entry:
    """An entry as one actor may see it. ``corrected``: a later entry holds instead."""

    id: uuid.UUID
    written_by: uuid.UUID
    experienced_at: dt.datetime  # on the phone's own clock
    experienced_on: dt.date
    recorded_at: dt.datetime
    received_at: dt.datetime
    values: dict[str, Any]
    tags: dict[str, Any]
    note: str | None
    corrects: uuid.UUID | None
    flags: list[str]
    corrected: bool = False
    hand: Hand | None = None  # the carer who wrote it, where that was asked for


def record_entry(
    record: Record,
    entry_id: uuid.UUID,
    *,
    experienced_at: dt.datetime,
    recorded_at: dt.datetime | None = None,
    values: Mapping[str, Any] | None = None,
    tags: Mapping[str, Any] | None = None,
    units: Mapping[str, str] | None = None,
    note: str | None = None,
    corrects: uuid.UUID | None = None,
    confirmed: Collection[str] | None = None,
) -> tuple[Entry, bool]:
    """Store an entry, and say whether it is new; the same body again changes nothing, however much later it comes.

    :param experienced_at: when it was felt, with the phone's own offset.
    :param recorded_at: when it was saved on the phone; None means now.
    :param values: measure code → number, true / false, or a choice's code; None as a value means not answered.
    :param tags: measure code → code of its tag.
    :param units: measure code → the unit its number was typed in (``mg/dL``), where it is another than the measure's.
    :param corrects: an entry of the same patient which this one replaces in charts; both stay.
    :param confirmed: measures whose unlikely values are right.
    :raises NotFound: the actor may not write here, or the id is another patient's.
    :raises Conflict: the id is taken by another body.
    :raises Invalid: a value that is not possible, nothing at all, too long ago, or ``corrects`` names no entry of theirs.
    :raises NeedsConfirming: a possible but unlikely value.
    """
    record.require(Part.DIARY, write=True)
    _refuse_unseen(record, values)
    # Hashed as it was sent, so that a replay is known again whatever has become of the catalogue or the clock since.
    body_hash = _hash(
        experienced_at=experienced_at.isoformat(),
        recorded_at=recorded_at.isoformat() if recorded_at else None,
        values=_present(values),
        tags=_present(tags),
        units=_present(units),
        note=note if note and note.strip() else None,
        corrects=str(corrects) if corrects else None,
    )
    try:
        read = ranges.read_values(
            on_offer(record), values or {}, units=units or {}, confirmed=confirmed or ()
        )
        read_tags = ranges.read_tags(on_offer(record), tags or {}, read)
        note = note if note and note.strip() else None
        if not read and note is None:
            raise Invalid({"values": _("Write down at least 1 thing, or a note")})
        times = back_dating.judge(experienced_at, recorded_at, clock.now())
        before = _corrected(record, entry_id, corrects)
    except Invalid:
        # Rules and clocks move on: what was stored once is answered for, even where it would be refused today.
        there = record.mine(DiaryEntry, entry_id)
        if there is None:
            raise
        return _replayed(record, there, body_hash), False
    if before is not None:
        # A helper who cannot see mood corrects the rest: what is hidden from them stays as the patient wrote it.
        hidden = _hidden_codes(record, before)
        read |= {code: before.values[code] for code in hidden}
        note = before.note if hidden and note is None else note
    row = {
        "id": entry_id,
        "patient_id": record.patient.id,
        "written_by": record.actor.id,
        "received_at": times.received_at,
        "experienced_at": times.experienced_at,
        "experienced_offset": times.offset,
        "experienced_on": times.day,
        "recorded_at": times.recorded_at,
        "values": read,
        "tags": read_tags,
        "note": note,
        "corrects": corrects,
        "original_id": before.original_id if before else entry_id,
        "revision": before.revision + 1 if before else 0,
        "flags": times.flags,
        "body_hash": body_hash,
    }
    if not _store(row):
        there = record.mine(DiaryEntry, entry_id)
        if there is None:
            raise NotFound
        return _replayed(record, there, body_hash), False
    entry = SimpleNamespace(**row, __tablename__=DiaryEntry.__tablename__)
    audit.record(record.actor, "diary_entry.recorded", record.patient, entry, measures=sorted(read))
    return show(record, entry), True


def _refuse_unseen(record: Record, values: Mapping[str, Any] | None) -> None:
    """A helper who may not see mood is answered as if there were no such measure, before anything is compared."""
    seen = readable(record)
    hidden = [code for code in values or {} if code in packs.catalogue() and code not in seen]
    if hidden:
        raise Invalid({code: _("There is no measure called %(code)s", code=code) for code in hidden})


def _present(given: Mapping[str, Any] | None) -> dict[str, Any]:
    """Without what is null: absent and null are the same body. 7 and 7.0 are the same number."""
    return {
        key: int(value) if isinstance(value, float) and value.is_integer() else value
        for key, value in (given or {}).items()
        if value is not None
    }


def _hash(**body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()


def _replayed(record: Record, there: DiaryEntry, body_hash: str) -> Entry:
    if there.body_hash != body_hash:
        raise Conflict(_("This entry is already saved with something else in it"))
    return show(record, there)


def _corrected(record: Record, entry_id: uuid.UUID, corrects: uuid.UUID | None) -> DiaryEntry | None:
    if corrects is None:
        return None
    before = db.session.scalars(record.owned(DiaryEntry).where(DiaryEntry.id == corrects)).first()
    if before is None or corrects == entry_id or _is_hidden(record, before):
        raise Invalid({"corrects": _("There is no such entry")})
    return before


def _store(row: dict[str, Any]) -> bool:
    """Insert unless the id is there already: an outbox that is flushed twice at once sends two copies of one request.

    One statement and no ORM, since saving is what people wait for.
    """
    return db.session.connection().execute(_insert(db.engine.dialect.name), row).first() is not None


@cache
def _insert(dialect: str) -> Any:
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[dialect]
    table = DiaryEntry.__table__
    # The id comes back only for a row that was stored; a row count is not told by every driver.
    return insert(table).on_conflict_do_nothing(index_elements=["id"]).returning(table.c.id)


def show(record: Record, row: Any, corrected: bool = False, hand: Hand | None = None) -> Entry:
    """The entry without what the actor may not see."""
    seen = readable(record)
    offset = dt.timezone(dt.timedelta(minutes=row.experienced_offset))
    return Entry(
        id=row.id,
        written_by=row.written_by,
        experienced_at=row.experienced_at.astimezone(offset),
        experienced_on=row.experienced_on,
        recorded_at=row.recorded_at,
        received_at=row.received_at,
        values={code: value for code, value in row.values.items() if code in seen},
        tags={code: tag for code, tag in row.tags.items() if code in seen},
        # A note stands beside everything of its entry, so it may well be about what is hidden.
        note=None if _hidden_codes(record, row) else row.note,
        corrects=row.corrects,
        flags=row.flags,
        corrected=corrected,
        hand=hand,
    )


def _is_hidden(record: Record, row: Any) -> bool:
    """Whether an entry is about mood alone, to somebody who may not see mood."""
    return bool(row.values) and not row.values.keys() & readable(record).keys()


def _hidden_codes(record: Record, row: Any) -> set[str]:
    """What was recorded in this entry and the actor may not see."""
    return set(row.values.keys() - readable(record).keys())


def entries_page(
    record: Record,
    *,
    start: dt.datetime | None,
    end: dt.datetime | None,
    limit: int | None,
    cursor: str | None,
) -> dict[str, Any]:
    """Entries felt from ``start`` until before ``end``, newest first, corrected ones and their corrections both. One statement.

    :raises NotFound: the actor may not see the diary.
    :raises Invalid: the cursor is none of ours.
    """
    record.require(Part.DIARY)
    rows = record.owned(DiaryEntry)
    if start:
        rows = rows.where(DiaryEntry.experienced_at >= start)
    if end:
        rows = rows.where(DiaryEntry.experienced_at < end)
    audit.record(record.actor, "diary.read", record.patient)
    return paging.page(
        rows,
        by=DiaryEntry.experienced_at,
        key=DiaryEntry.id,
        limit=limit,
        cursor=cursor,
        dump=lambda row: show(record, row),
    )


def entries_between(
    record: Record, first: dt.date, last: dt.date, *, with_hands: bool = False
) -> list[Entry]:
    """Entries of these days of the phone's calendar, both included, oldest first, each told whether a later one holds instead.

    One statement. Not audited here: the page that shows them does that once.

    :param with_hands: name the carer who wrote an entry, in the same statement.

    :raises NotFound: the actor may not see the diary.
    """
    record.require(Part.DIARY)
    rows = record.rows(_between(with_hands=with_hands), **_days(first, last))
    return [show(record, row, row.superseded, _hand(row) if with_hands else None) for row in rows]


def _hand(row: Any) -> Hand | None:
    return Hand(row.writer_name or "", row.writer_relation) if row.writer_relation is not None else None


def read_diary(record: Record, first: dt.date, last: dt.date) -> list[Entry]:
    """The same for a page: audited."""
    audit.record(record.actor, "diary.read", record.patient)
    return entries_between(record, first, last)


def read_entry(record: Record, entry_id: uuid.UUID) -> Entry:
    """One entry, for the page that corrects it.

    :raises NotFound: it is not theirs, or the actor may not see the diary.
    """
    record.require(Part.DIARY)
    row = record.mine(DiaryEntry, entry_id)
    if row is None:
        raise NotFound
    audit.record(record.actor, "diary_entry.read", record.patient, row)
    return show(record, row)


def _superseded() -> sa.ColumnElement[bool]:
    """Whether a later entry of the same chain holds: deeper down it, or as deep and received later (two phones)."""
    later = aliased(DiaryEntry)
    return (
        sa.exists(sa.literal(1))
        .where(
            later.original_id == DiaryEntry.original_id,
            sa.tuple_(later.revision, later.received_at, later.id)
            > sa.tuple_(DiaryEntry.revision, DiaryEntry.received_at, DiaryEntry.id),
        )
        .correlate(DiaryEntry)
    )


# Statements that pages run are built once: building one takes longer than running it.


@cache
def _between(*, with_hands: bool = False) -> sa.Select[Any]:
    table = sa.inspect(DiaryEntry).columns
    return (
        sa.select(
            *table, _superseded().label("superseded"), *(hands.columns(DiaryEntry) if with_hands else ())
        )
        .where(*_on_days())
        .order_by(DiaryEntry.experienced_at, DiaryEntry.id)
    )


@cache
def _written_days() -> sa.Select[dt.date]:
    return sa.select(DiaryEntry.experienced_on).where(*_on_days()).distinct()


@cache
def _two_entries() -> sa.Select[uuid.UUID]:
    return (
        sa.select(DiaryEntry.id)
        .where(DiaryEntry.patient_id == sa.bindparam("patient_id"), DiaryEntry.corrects.is_(None))
        .limit(2)
    )


def _on_days() -> tuple[sa.ColumnElement[bool], ...]:
    """Entries of ``:patient_id`` on the days that :func:`_days` names."""
    return (
        DiaryEntry.patient_id == sa.bindparam("patient_id"),
        DiaryEntry.experienced_at >= sa.bindparam("start"),
        DiaryEntry.experienced_at < sa.bindparam("end"),
        DiaryEntry.experienced_on >= sa.bindparam("first"),
        DiaryEntry.experienced_on <= sa.bindparam("last"),
    )


def _days(first: dt.date, last: dt.date) -> dict[str, Any]:
    """These days of the phone's calendar; the instants, a day wider for any offset, are what the index is searched by."""
    a_day = dt.timedelta(days=1)
    return {
        "start": dt.datetime.combine(first, dt.time(), dt.UTC) - a_day,
        "end": dt.datetime.combine(last, dt.time(), dt.UTC) + 2 * a_day,
        "first": first,
        "last": last,
    }


def week_of(record: Record, monday: dt.date) -> set[dt.date]:
    """The days of this calendar week on which the patient wrote something. One statement.

    :raises NotFound: the actor may not see the diary.
    """
    record.require(Part.DIARY)
    return set(record.rows(_written_days(), **_days(monday, monday + dt.timedelta(days=6))).scalars())


def logged_today(record: Record) -> bool:
    """Whether there is an entry for today, in the patient's own zone. One statement."""
    record.require(Part.DIARY)
    today = clock.today(record.person.time_zone)
    return bool(record.rows(_written_days(), **_days(today, today)).first())


def wrote_twice(record: Record) -> bool:
    """Whether there are two entries or more, corrections apart. One statement, which stops at the second."""
    record.require(Part.DIARY)
    return len(record.rows(_two_entries()).all()) == 2


__all__ = [
    "Entry",
    "entries_between",
    "entries_page",
    "logged_today",
    "read_diary",
    "read_entry",
    "record_entry",
    "trackers_of",
    "week_of",
]
