"""Results as the patient reads them: what holds, what changed since last time, what was corrected, in facts not verdicts."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.edge.filters import date_words, nhs_date
from selfcare.extensions import db
from selfcare.people.access import Record
from selfcare.results import packs
from selfcare.results.catalogue import CHOICE, NUMBER, Measure
from selfcare.results.models import Result, ResultRelease
from selfcare.results.reading import newest_first


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


def told(record: Record) -> list[Group]:
    """What the patient reads, in the catalogue's order; it counts as opened from now on. One statement, and one to note that.

    :raises NotFound: the actor may not see results.
    """
    rows = newest_first(record)
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
