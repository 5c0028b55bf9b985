"""Write results, correct them, and release them to the patient. The care team's doing; nobody else writes here."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.errors import Conflict, Invalid, NeedsConfirming, NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.people.models import Patient
from selfcare.results import news, packs, ranges, reading
from selfcare.results.catalogue import Measure
from selfcare.results.models import Result, ResultRelease


def record_result(
    record: Record,
    result_id: uuid.UUID,
    *,
    measure: str,
    taken_on: dt.date,
    value: Any = None,
    values: dict[str, Any] | None = None,
    unit: str | None = None,
    corrects: uuid.UUID | None = None,
    reason: str | None = None,
    taken_back: bool | None = None,
    confirmed: Collection[str] | None = None,
) -> tuple[Result, bool]:
    """Store a result, held, and say whether it is new; the same body again changes nothing, whenever it comes.

    A correction of a result that the patient may see is released with it: nobody goes on believing a wrong number.

    :param value: a number, ``"132/84"``, or a choice's code. ``values``: the same by part, for blood pressure.
    :param unit: what it is measured in; converted only where the catalogue says how.
    :param corrects: a result of the same patient and measure that this one replaces; both stay. Needs a ``reason``.
    :param taken_back: the corrected result should not be there at all; then there is no value.
    :param confirmed: holds the measure's code where an unlikely value is right.
    :raises NotFound: the actor may not write results here, or the id is another patient's.
    :raises Conflict: the id is taken by another body.
    :raises Invalid: no such measure, unit or result to correct, outside the possible range, or a day that cannot be.
    :raises NeedsConfirming: possible but unlikely, and not confirmed.
    """
    record.require(Part.RESULTS, write=True)
    one_at_a_time(record)
    taken_back = bool(taken_back)
    body_hash = _hash(
        measure=measure,
        value=_plain(values if values is not None else value),
        unit=unit,
        taken_on=taken_on.isoformat(),
        corrects=str(corrects) if corrects else None,
        reason=reason,
        taken_back=taken_back,
    )
    there = record.mine(Result, result_id)
    if there is not None:
        # Rules and clocks move on: what was stored once is answered for, even where it would be refused today.
        if there.body_hash != body_hash:
            raise Conflict(_("This result is already saved with something else in it"))
        return there, False
    kind = packs.catalogue().get(measure)
    if kind is None:
        raise Invalid({"measure": _("There is no result called %(code)s", code=measure)})
    before = _corrected(record, corrects, kind, reason, taken_back)
    read = _value(kind, value, values, unit, taken_back=taken_back)
    _check_day(record, taken_on)
    is_confirmed = kind.code in (confirmed or ())
    if read.question and not is_confirmed:
        raise NeedsConfirming({kind.code: read.question})
    row = Result(
        id=result_id,
        patient_id=record.patient.id,
        written_by=record.actor.id,
        received_at=clock.now(),
        measure=kind.code,
        values=read.values,
        sent=read.sent,
        taken_on=taken_on,
        confirmed=bool(read.question),
        corrects=corrects,
        original_id=before.original_id if before else result_id,
        revision=before.revision + 1 if before else 0,
        taken_back=taken_back,
        reason=reason,
        body_hash=body_hash,
    )
    db.session.add(row)
    action = "result.corrected" if before else "result.recorded"
    audit.record(record.actor, action, record.patient, row, measure=kind.code)
    db.session.flush()
    if before is not None:
        db.session.expire(before, ["correction"])  # it was loaded while there was none
        if before.release is not None:
            _release(record, [row])
    return row, True


def record_several(record: Record, results: Sequence[dict[str, Any]]) -> list[Result]:
    """Store all of these, each the arguments of :func:`record_result`, or raise what is wrong with any of them.

    The caller's transaction must end with what is raised, so that nothing is half stored.

    :raises Invalid: by the code of the measure.
    :raises NeedsConfirming: every unlikely value that was not confirmed, where nothing else is wrong.
    """
    errors: dict[str, str] = {}
    questions: dict[str, str] = {}
    rows = []
    for each in results:
        code = str(each["measure"])
        try:
            row, _created = record_result(record, **each)
            rows.append(row)
        except NeedsConfirming as problem:
            questions |= {name: said[0] for name, said in problem.errors.items()}
        except Conflict:
            errors[code] = _("This is saved already. Correct it in the list of results")
        except Invalid as problem:
            for name, said in problem.errors.items():
                errors["taken_on" if name == "taken_on" else code] = said[0]
    if errors:
        raise Invalid(errors)
    if questions:
        raise NeedsConfirming(questions)
    return rows


def release(record: Record, result_id: uuid.UUID) -> tuple[Result, bool]:
    """Let the patient see one result; False where they could already. Asked twice, or by two at once, it happens once.

    :raises NotFound: the actor may not release here, or there is no such result.
    :raises Invalid: it was corrected or taken back; then the correction is what can be released.
    """
    record.require(Part.RESULTS, write=True)
    one_at_a_time(record)
    row = reading.one(record, result_id)
    if row is None:
        raise NotFound
    if row.release is not None:
        return row, False
    if row.correction is not None:
        raise Invalid({"id": _("This result was corrected. Release the correction")})
    if row.taken_back:
        raise Invalid({"id": _("This result was taken back, so there is nothing to release")})
    _release(record, [row])
    return row, True


def release_all(record: Record, *, expected: int | None = None, until: dt.datetime | None = None) -> int:
    """Let the patient see every result that is held; returns how many those were.

    :param expected: how many the page showed to whoever pressed the button.
    :param until: when the newest of them came in: a held result that was corrected since is another one, though there are no more.
    :raises NotFound: the actor may not release here.
    :raises Conflict: there is something by now that they have not looked at.
    """
    record.require(Part.RESULTS, write=True)
    one_at_a_time(record)
    rows = db.session.scalars(record.owned(Result).where(reading.is_held())).all()
    is_more = expected is not None and len(rows) > expected
    if is_more or (until is not None and any(row.received_at > until for row in rows)):
        raise Conflict(_("More results have come in meanwhile. Look at them, then release"))
    if rows:
        _release(record, rows)
    return len(rows)


def _release(record: Record, rows: Sequence[Result]) -> None:
    now = clock.now()
    for row in rows:
        db.session.add(
            ResultRelease(
                result_id=row.id,
                patient_id=record.patient.id,
                released_by=record.actor.id,
                released_at=now,
            )
        )
    audit.record(record.actor, "results.released", record.patient, results=[str(row.id) for row in rows])
    db.session.flush()
    news.released(record)
    for row in rows:
        db.session.expire(row, ["release"])  # the same


def one_at_a_time(record: Record) -> None:
    """Whoever writes or releases results of this patient waits for whoever does so now.

    Else a result might be released in the very moment in which it is corrected, and the wrong number be all there is to see.
    SQLite has one writer at a time anyway.
    """
    held = sa.select(Patient.id).where(Patient.id == record.patient.id).with_for_update(key_share=True)
    db.session.execute(held)


def _corrected(
    record: Record, corrects: uuid.UUID | None, kind: Measure, reason: str | None, taken_back: bool
) -> Result | None:
    if corrects is None:
        if taken_back:
            raise Invalid({"corrects": _("Say which result to take back")})
        if reason:
            raise Invalid({"corrects": _("Say which result this corrects")})
        return None
    before = reading.one(record, corrects)
    if before is None or before.measure != kind.code:
        raise Invalid({"corrects": _("There is no such result")})
    if before.correction is not None:
        raise Invalid({"corrects": _("This result was corrected already. Correct the newest one")})
    if not reason:
        raise Invalid({"reason": _("Say why it is corrected")})
    return before


def _value(
    kind: Measure, value: Any, values: dict[str, Any] | None, unit: str | None, *, taken_back: bool
) -> ranges.Read:
    if taken_back:
        if value is not None or values is not None:
            raise Invalid({"value": _("A result that is taken back has no value")})
        return ranges.Read({}, None, "")
    if value is not None and values is not None:
        raise Invalid({"values": _("Send value or values, not both")})
    given = value if values is None else values
    if given is None:
        raise Invalid({"value": _("Enter the result")})
    return ranges.read(kind, given, unit)


def _check_day(record: Record, taken_on: dt.date) -> None:
    if taken_on > clock.today(record.actor.time_zone):
        raise Invalid({"taken_on": _("Enter today or a day before")})
    born = record.patient.born_on
    if born and taken_on < born:
        raise Invalid({"taken_on": _("Enter a day after the date of birth")})


def _plain(value: Any) -> Any:
    """58 and 58.0 are the same body."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _hash(**body: Any) -> str:
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
