"""Who may see and write what of whose record. Decided here and nowhere else; the default answer is no.

=============  ======================================================================================================
patient        everything of their own, but not the notes that the team keeps for itself
carer          what the patient lets them: see, or see and write; mood, questionnaires and notes only where ticked
clinician      of a patient with a running care relationship to a team of theirs: what the patient shares, and what the
               team itself wrote (visits, agreed goals, follow-ups, results, notes for the team); never writes for the patient
everyone else  nothing: administrators and programme leads have no way in
=============  ======================================================================================================

Every refusal is :class:`~selfcare.errors.NotFound`, so that nobody learns whether a person is a patient here.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import Any, TypeVar, TypeVarTuple

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from selfcare import clock
from selfcare.database import Owned, UTCDateTime
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people.models import CareRelationship, CarerLink, Patient, Person, SharingChoice, TeamMembership

Row = TypeVar("Row", bound=Owned)
Columns = TypeVarTuple("Columns")


class Part(StrEnum):
    """The parts of a record."""

    AGENDA = "agenda"
    GOALS = "goals"
    DIARY = "diary"
    MOOD = "mood"
    QUESTIONNAIRES = "questionnaires"
    NOTES = "notes"
    VIDEOS = "videos"
    REMINDERS = "reminders"
    VISITS = "visits"
    RESULTS = "results"
    PROFILE = "profile"
    SHARING = "sharing"
    CONSULTATION = "consultation"  # what the team writes: agreed goals, follow-ups
    TEAM_NOTES = "team_notes"  # what the team writes for itself


# Of their own record a patient sees all but what the team notes for itself (docs/decisions/0033).
EVERYTHING = frozenset(Part) - {Part.TEAM_NOTES}

# What a carer sees without further ticks, and may write if the patient lets them write. Sharing stays the patient's own.
CARER_SEES = frozenset(
    {
        Part.AGENDA,
        Part.GOALS,
        Part.DIARY,
        Part.VIDEOS,
        Part.REMINDERS,
        Part.VISITS,
        Part.PROFILE,
        Part.CONSULTATION,
    }
)
CARER_TICKS = frozenset({Part.MOOD, Part.QUESTIONNAIRES, Part.NOTES})

# What a patient may share with the team, item by item. Mood belongs to the diary for the team.
SHAREABLE = (Part.GOALS, Part.DIARY, Part.QUESTIONNAIRES, Part.NOTES, Part.VIDEOS)

# What the team sees without the patient's tick: its own doing, and what the patient shares visit by visit (the agenda).
TEAM_SEES = frozenset(
    {Part.AGENDA, Part.VISITS, Part.RESULTS, Part.PROFILE, Part.CONSULTATION, Part.TEAM_NOTES}
)
TEAM_WRITES = frozenset({Part.VISITS, Part.RESULTS, Part.CONSULTATION, Part.TEAM_NOTES})


@dataclass(frozen=True)
class Record:
    """A patient's record as one actor may use it. Only this module makes one."""

    actor: Person
    patient: Patient
    acting_as: str  # patient | carer | clinician
    _sees: frozenset[Part] = field(repr=False)
    _writes: frozenset[Part] = field(repr=False)
    relation: str | None = None  # a carer's relation, in the patient's word
    # Items of a part that the patient does not share though they share the part: ``questionnaires:phq9``.
    _withheld: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def person(self) -> Person:
        """The patient as a person (name, zone, language)."""
        return self.patient.person

    @property
    def writes_anything(self) -> bool:
        """Whether the actor may write at all: a carer may be let in to look only."""
        return bool(self._writes)

    @property
    def is_own(self) -> bool:
        """Whether the patient acts for themself."""
        return self.acting_as == "patient"

    def sees(self, part: Part) -> bool:
        """Whether the actor may see this part."""
        return part in self._sees

    def sees_item(self, part: Part, code: str) -> bool:
        """Whether the actor may see this one item of a part that is shared item by item."""
        return self.sees(part) and item_of(part, code) not in self._withheld

    def writes(self, part: Part) -> bool:
        """Whether the actor may write this part."""
        return part in self._writes

    def require(self, part: Part, *, write: bool = False) -> None:
        """Go on only if the actor may.

        :raises NotFound: otherwise.
        """
        if not (self.writes(part) if write else self.sees(part)):
            raise NotFound

    def owned(self, kind: type[Row]) -> sa.Select[Row]:
        """The rows of one kind that belong to this patient: where every query starts."""
        return sa.select(kind).where(kind.patient_id == self.patient.id)

    def rows(self, statement: sa.Select[*Columns], **values: Any) -> sa.Result[*Columns]:
        """Run a statement that was built once, from :func:`owned`, for this patient."""
        return db.session.execute(statement, {"patient_id": self.patient.id, **values})

    def mine(self, kind: type[Row], row_id: uuid.UUID) -> Row | None:
        """The patient's row with this id, or None where there is none at all.

        :raises NotFound: the id is another patient's.
        """
        row = db.session.get(kind, row_id)
        if row is not None and row.patient_id != self.patient.id:
            raise NotFound
        return row


def owned(kind: type[Row]) -> sa.Select[Row]:
    """The rows of one kind that belong to ``:patient_id``: where a statement starts that is built once and run often.

    ``Record.rows`` runs it for the patient in hand. Put it into a function under ``functools.cache``.
    """
    return sa.select(kind).where(kind.patient_id == sa.bindparam("patient_id"))


def own_record(actor: Person) -> Record:
    """The actor's own record.

    :raises NotFound: the actor is no patient.
    """
    found = None
    if "patient" in actor.roles:
        found = db.session.scalars(_by_id(), {"patient_id": actor.id}).first()
    if found is None:
        raise NotFound
    return Record(actor, found, "patient", EVERYTHING, EVERYTHING - {Part.RESULTS, Part.CONSULTATION})


def carers_record(actor: Person, patient_id: uuid.UUID) -> Record:
    """The record of a patient whom the actor helps.

    :raises NotFound: no link, or it ended.
    """
    row = None
    if "carer" in actor.roles:
        given = {"patient_id": patient_id, "carer_id": actor.id, "now": clock.now()}
        row = db.session.execute(_by_carer(), given).first()
    if row is None:
        raise NotFound
    patient, link = row
    sees = CARER_SEES | (CARER_TICKS & {Part(part) for part in link.also_sees})
    writes = sees - {Part.CONSULTATION, Part.VISITS} if link.may_write else frozenset()
    return Record(actor, patient, "carer", sees, writes, relation=link.relation)


def team_record(actor: Person, patient_id: uuid.UUID) -> Record:
    """The record of a patient whom a team of the actor's cares for, and what they share. One statement.

    :raises NotFound: no running care relationship.
    """
    if "clinician" not in actor.roles:
        raise NotFound
    rows = db.session.execute(_by_team(), {"patient_id": patient_id, "clinician_id": actor.id}).all()
    if not rows:
        raise NotFound
    found = rows[0][0]
    shared, withheld = _chosen((row[1], row[2]) for row in rows if row[1] is not None)
    return Record(actor, found, "clinician", _team_sees(shared), TEAM_WRITES, _withheld=withheld)


def _team_sees(shared: frozenset[Part]) -> frozenset[Part]:
    return TEAM_SEES | shared | ({Part.MOOD} if Part.DIARY in shared else frozenset())


def as_the_team_sees(
    record: Record, proposed: Mapping[str, bool] = MappingProxyType({})
) -> tuple[Record, frozenset[Part]]:
    """The same record narrowed to what the team sees of it now, to look at beforehand; and what it sees beyond that. One statement.

    :param proposed: choices of what is shared that are not made yet, as if they were.

    A carer sees no more through it than without: the parts that the team sees and the carer may not are the second value.
    Nothing can be written through it.
    """
    shared, withheld = sharing_now(record.patient.id, proposed)
    team = _team_sees(shared) & EVERYTHING
    both = frozenset(part for part in team if record.sees(part))
    return replace(record, _sees=both, _writes=frozenset(), _withheld=withheld), team - both


def patients_of(clinician: Person) -> sa.Select[Patient]:
    """Patients with a running care relationship to a team in which the clinician works now."""
    return open_to(clinician.id)


def open_to(clinician_id: Any) -> sa.Select[Patient]:
    """The same from an id, or from the parameter of a statement that is built once."""
    opened = (
        sa.select(sa.literal(1))
        .select_from(CareRelationship)
        .join(TeamMembership, TeamMembership.team_id == CareRelationship.team_id)
        .where(
            CareRelationship.patient_id == Patient.id,
            CareRelationship.ended_at.is_(None),
            TeamMembership.person_id == clinician_id,
            TeamMembership.ended_at.is_(None),
        )
    )
    return sa.select(Patient).where(sa.exists(opened.correlate(Patient)))


def running_carer_link(carer_id: Any, now: Any = None) -> tuple[sa.ColumnElement[bool], ...]:
    """The conditions under which a carer's link holds now: until its last day is over where the patient is.

    :param carer_id: an id, or a column or parameter of the statement that holds one.
    :param now: the statement's parameter for this instant, where it is built once and run at many.
    """
    return (
        CarerLink.carer_id == carer_id,
        CarerLink.ended_at.is_(None),
        # A last day without its instant closes: a comparison with NULL is not true.
        sa.or_(CarerLink.ends_on.is_(None), CarerLink.ends_at > (clock.now() if now is None else now)),
    )


def shared_parts(patient_id: uuid.UUID) -> frozenset[Part]:
    """What the patient shares with their care team now."""
    return sharing_now(patient_id)[0]


def sharing_now(
    patient_id: uuid.UUID, proposed: Mapping[str, bool] = MappingProxyType({})
) -> tuple[frozenset[Part], frozenset[str]]:
    """The parts that the patient shares with their care team now, and the items that they hold back of them. One statement."""
    made = ((row[0], row[1]) for row in db.session.execute(_sharing(), {"patient_id": patient_id}))
    return _chosen([*made, *proposed.items()])


def item_of(part: Part, code: str) -> str:
    """The name under which one item of a part is shared or not: ``questionnaires:phq9``."""
    return f"{part.value}:{code}"


def _chosen(rows: Iterable[tuple[str, bool]]) -> tuple[frozenset[Part], frozenset[str]]:
    known = dict(rows)
    shared = frozenset(Part(item) for item, yes in known.items() if yes and ":" not in item)
    return shared, frozenset(item for item, yes in known.items() if not yes and ":" in item)


# Statements that almost every request runs are built once: building one costs more than running it.


@cache
def _by_id() -> sa.Select[Patient]:
    return _open(sa.select(Patient).where(Patient.id == sa.bindparam("patient_id")))


@cache
def _by_carer() -> sa.Select[Patient, CarerLink]:
    link = running_carer_link(sa.bindparam("carer_id"), sa.bindparam("now", type_=UTCDateTime()))
    return _open(
        sa.select(Patient, CarerLink)
        .join(CarerLink, CarerLink.patient_id == Patient.id)
        .where(Patient.id == sa.bindparam("patient_id"), *link)
    )


@cache
def _by_team() -> sa.Select[Any]:
    return _open(
        open_to(sa.bindparam("clinician_id"))
        .where(Patient.id == sa.bindparam("patient_id"))
        .outerjoin(
            SharingChoice,
            sa.and_(SharingChoice.patient_id == Patient.id, SharingChoice.current.is_(True)),
        )
        .add_columns(SharingChoice.item, SharingChoice.shared)
    )


@cache
def _sharing() -> sa.Select[str, bool]:
    return sa.select(SharingChoice.item, SharingChoice.shared).where(
        SharingChoice.patient_id == sa.bindparam("patient_id"), SharingChoice.current.is_(True)
    )


def _open(query: Any) -> Any:
    """With the person beside the patient, and only while their account is open."""
    return (
        query.join(Patient.person).options(contains_eager(Patient.person)).where(Person.disabled_at.is_(None))
    )
