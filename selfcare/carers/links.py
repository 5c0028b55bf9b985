"""The people who help a patient, seen by the patient: who runs, who waits, who ended; change, end. And by the carer: whom, and leave."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock, history
from selfcare.carers import scope
from selfcare.carers.models import CarerInvitation
from selfcare.errors import Conflict, NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record, running_carer_link
from selfcare.people.looked import RecordView
from selfcare.people.models import CarerLink, Person

# Ended links and refused invitations on the page; older ones are in the export.
ENDED_SHOWN = 50


@dataclass(frozen=True)
class Helper:
    """One link with the carer's name as their account has it. ``looked_at``: when they last opened anything."""

    link: CarerLink
    name: str
    known_as: str
    looked_at: dt.datetime | None
    runs: bool

    @property
    def scope(self) -> str:
        """What they may see and do, in words."""
        return scope.in_words(self.link.may_write, self.link.also_sees)

    @property
    def how(self) -> str:
        """How it ended: ``patient``, ``carer`` or ``day`` (its last day is over)."""
        if self.link.ended_by is None:
            return "day"
        return "carer" if self.link.ended_by == self.link.carer_id else "patient"

    @property
    def over_at(self) -> dt.datetime | None:
        """When it ended; None while it runs."""
        return None if self.runs else self.link.ended_at or self.link.ends_at


@dataclass(frozen=True)
class Helpers:
    """Everything of the page "People who help me"."""

    running: list[Helper]
    waiting: list[CarerInvitation]
    refused: list[CarerInvitation]
    ended: list[Helper]


@dataclass(frozen=True)
class Helped:
    """Somebody whom a carer helps, and as what."""

    person: Person
    link: CarerLink

    @property
    def until(self) -> dt.date | None:
        """The last day, if there is one."""
        return self.link.ends_on


def everybody(record: Record) -> Helpers:
    """All links and open invitations of the patient. Two statements, however many there are.

    :raises NotFound: only the patient may know.
    """
    record.require(Part.SHARING)
    audit.record(record.actor, "carers.read", record.patient)
    found = _helpers(record, CarerLink.patient_id == record.patient.id)
    invitations = db.session.scalars(
        sa.select(CarerInvitation)
        .where(
            CarerInvitation.patient_id == record.patient.id,
            CarerInvitation.used_at.is_(None),
            CarerInvitation.revoked_at.is_(None),
        )
        .order_by(CarerInvitation.created_at.desc())
    ).all()
    ended = sorted(
        (each for each in found if not each.runs),
        key=lambda each: each.over_at or each.link.started_at,
        reverse=True,
    )
    return Helpers(
        running=[each for each in found if each.runs],
        waiting=[each for each in invitations if each.is_waiting],
        refused=[each for each in invitations if not each.is_waiting],
        ended=ended[:ENDED_SHOWN],
    )


def helper(record: Record, link_id: uuid.UUID, *, hold: bool = False) -> Helper:
    """One link. One statement, two to hold it.

    :param hold: nobody else changes it until this transaction ends.
    :raises NotFound: there is none of this patient's.
    """
    record.require(Part.SHARING)
    if hold:
        _held(record, link_id)
    found = _helpers(record, sa.and_(CarerLink.patient_id == record.patient.id, CarerLink.id == link_id))
    if not found:
        raise NotFound
    return found[0]


def change(
    record: Record,
    link_id: uuid.UUID,
    *,
    relation: str,
    may_write: bool,
    also_sees: list[str] | None = None,
    ends_on: dt.date | None = None,
) -> CarerLink:
    """Change what a carer may see and do, and until when. It holds from the next request. Sent twice, it changes nothing.

    :raises NotFound: no such link of this patient's.
    :raises Conflict: it ended; a new invitation is needed, which the carer accepts anew.
    :raises Invalid: a last day that is over.
    """
    record.require(Part.SHARING, write=True)
    link = _held(record, link_id)
    if not link.is_running(clock.now()):
        raise Conflict(_("This has ended. Invite the person again"))
    wanted = {
        "relation": relation,
        "may_write": may_write,
        "also_sees": scope.codes(also_sees),
        "ends_on": ends_on,
    }
    if scope.values(link) == wanted:
        return link
    if ends_on != link.ends_on:
        scope.check_last_day(record, ends_on)
    history.keep(link, record.actor.id)
    for name, value in wanted.items():
        setattr(link, name, value)
    link.ends_at = scope.end_of(record.person.time_zone, ends_on)
    audit.record(
        *(record.actor, "carer_link.changed", record.patient, link),
        may_write=may_write,
        also_sees=link.also_sees,
        last_day=ends_on.isoformat() if ends_on else None,
    )
    db.session.flush()
    return link


def end(record: Record, link_id: uuid.UUID) -> CarerLink:
    """End a link: from the next request the carer does not see this person any more, and is not told. What they wrote stays.

    Asked twice, it changes nothing.

    :raises NotFound: no such link of this patient's.
    """
    record.require(Part.SHARING, write=True)
    link = _held(record, link_id)
    _end(link, record.actor)
    return link


def told(record: Record, link_id: uuid.UUID) -> None:
    """The patient has seen who accepted.

    :raises NotFound: no such link of this patient's.
    """
    record.require(Part.SHARING, write=True)
    link = _held(record, link_id)
    if link.told_at is None:
        link.told_at = clock.now()
        db.session.flush()


def news(record: Record) -> list[Helper]:
    """Who accepted, and the patient does not know it yet. One statement; none for a carer's view."""
    if not record.is_own:
        return []
    untold = sa.and_(
        CarerLink.patient_id == record.patient.id, CarerLink.told_at.is_(None), CarerLink.ended_at.is_(None)
    )
    return [each for each in _helpers(record, untold) if each.runs]


def running(record: Record) -> list[Helper]:
    """Who helps now, the latest first. One statement.

    :raises NotFound: only the patient may know.
    """
    record.require(Part.SHARING)
    mine = sa.and_(CarerLink.patient_id == record.patient.id, CarerLink.ended_at.is_(None))
    return [each for each in _helpers(record, mine) if each.runs]


def helped_by(carer: Person) -> Sequence[Helped]:
    """Everybody whose link to this carer runs now, by name. One statement."""
    audit.record(carer, "helped.read", None)
    rows = db.session.execute(
        sa.select(Person, CarerLink)
        .join(CarerLink, CarerLink.patient_id == Person.id)
        .where(Person.disabled_at.is_(None), *running_carer_link(carer.id))
        .order_by(Person.name, Person.id)
    )
    return [Helped(person, link) for person, link in rows]


def helped_person(carer: Person, patient_id: uuid.UUID) -> Helped:
    """One of them.

    :raises NotFound: they do not help this person.
    """
    found = next((each for each in helped_by(carer) if each.person.id == patient_id), None)
    if found is None:
        raise NotFound
    return found


def leave(carer: Person, patient_id: uuid.UUID) -> None:
    """The carer stops helping. What they wrote stays, and the patient sees that they left.

    :raises NotFound: they do not help this person.
    """
    link = db.session.get(CarerLink, helped_person(carer, patient_id).link.id, with_for_update=True)
    if link is None:
        raise NotFound
    _end(link, carer)


def _end(link: CarerLink, actor: Person) -> None:
    if not link.is_running(clock.now()):
        return
    history.keep(link, actor.id)
    link.ended_at, link.ended_by = clock.now(), actor.id
    link.told_at = link.told_at or clock.now()
    audit.record(actor, "carer_link.ended", _Patient(link.patient_id), link, carer=str(link.carer_id))
    db.session.flush()


def _held(record: Record, link_id: uuid.UUID) -> CarerLink:
    """The link, held until this transaction ends: a change and an end at the same moment are one after the other."""
    link = db.session.get(CarerLink, link_id, with_for_update=True, populate_existing=True)
    if link is None or link.patient_id != record.patient.id:
        raise NotFound
    return link


def _helpers(record: Record, which: sa.ColumnElement[bool]) -> list[Helper]:
    looked = (
        sa.select(sa.func.max(RecordView.at))
        .where(
            RecordView.patient_id == CarerLink.patient_id,
            RecordView.viewer_id == CarerLink.carer_id,
            RecordView.acting_as == "carer",
        )
        .correlate(CarerLink)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(CarerLink, Person.name, Person.known_as, looked)
        .join(Person, Person.id == CarerLink.carer_id)
        .where(which)
        .order_by(CarerLink.started_at.desc(), CarerLink.id)
    )
    now = clock.now()
    return [
        Helper(link, name or _("Somebody"), known_as or _("Somebody"), at, link.is_running(now))
        for link, name, known_as, at in rows
    ]


class _Patient:
    """Whose record an event is about, where only the id is at hand."""

    def __init__(self, patient_id: uuid.UUID) -> None:
        self.id = patient_id
