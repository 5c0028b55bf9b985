"""Who is named to look after whom, and handing that over: all at once, the follow-ups and visits with it (docs/decisions/0047).

A hand-over ends a care relationship and begins another at the same instant. It opens nothing: the colleague works in the team that cares
for the patient already.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.goals import follow_up, team_notes
from selfcare.people.models import CareRelationship, Patient, Person, Team
from selfcare.people.teams import clinicians, works_in
from selfcare.visits import service as visits

LONGEST_NOTE = 500  # characters: what a colleague reads in a moment


@dataclass(frozen=True)
class Named:
    """A patient who is named to a clinician. ``id`` is the care relationship's."""

    id: uuid.UUID
    patient_id: uuid.UUID
    name: str
    team_id: uuid.UUID
    team: str


@dataclass(frozen=True)
class Colleague:
    """A clinician who could take over, and the teams in which they work."""

    id: uuid.UUID
    name: str
    job_title: str | None
    team_ids: frozenset[uuid.UUID]


@dataclass(frozen=True)
class Moves:
    """What goes along with some patients: how many open follow-ups and visits to come stand under the clinician's name."""

    follow_ups: int
    visits: int


def caseload(clinician: Person, *, patient_id: uuid.UUID | None = None) -> list[Named]:
    """The patients named to a clinician in the teams in which they work now, by name. One statement.

    :param patient_id: this patient alone, if named to them.
    """
    rows = _named(clinician.id).where(
        CareRelationship.team_id.in_(works_in(clinician.id).with_only_columns(Team.id).order_by(None)),
        Person.disabled_at.is_(None),
    )
    if patient_id is not None:
        rows = rows.where(CareRelationship.patient_id == patient_id)
    found = [Named(*row) for row in db.session.execute(rows)]
    audit.record(clinician, "caseload.read", None, patients=[str(each.patient_id) for each in found])
    return found


def colleagues_of(clinician_id: uuid.UUID, team_ids: Collection[uuid.UUID]) -> list[Colleague]:
    """The other clinicians of these teams, by name. One statement."""
    found: dict[uuid.UUID, Colleague] = {}
    for team_id, person in clinicians(team_ids):
        if person.id != clinician_id:
            known = found[person.id].team_ids if person.id in found else frozenset()
            found[person.id] = Colleague(person.id, person.name, person.job_title, known | {team_id})
    return list(found.values())


def check_teams(chosen: Sequence[Named], to: Colleague) -> None:
    """Go on only if the colleague works in the team of each of these patients.

    :raises Invalid: somebody would be named to a person who may not see them.
    """
    others = [each for each in chosen if each.team_id not in to.team_ids]
    if others:
        raise Invalid(
            {
                "to": _(
                    "%(name)s does not work in %(team)s. Choose somebody else, or tick only patients of %(name)s’s team",
                    name=to.name,
                    team=others[0].team,
                )
            }
        )


def goes_along(clinician_id: uuid.UUID, chosen: Sequence[Named]) -> Moves:
    """What stands under this clinician's name for these patients. One statement for follow-ups, one a team for visits."""
    if not chosen:
        return Moves(0, 0)
    follow_ups = follow_up.open_with(clinician_id, [each.patient_id for each in chosen])
    coming = sum(
        len(visits.coming_with(clinician_id, patient_ids, team_id))
        for team_id, patient_ids in _by_team(chosen).items()
    )
    return Moves(len(follow_ups), coming)


def hand_over(
    actor: Person,
    from_id: uuid.UUID,
    to: Colleague,
    chosen: Sequence[Named],
    *,
    note: str | None = None,
    with_follow_ups: bool = True,
    with_visits: bool = True,
) -> int:
    """Name a colleague to look after these patients from now on. Returns how many were handed over.

    Somebody who was handed on in the same moment by another hand stays where they are. The number of statements does not depend on
    the number of patients, but for what is written.

    :param chosen: of :func:`caseload` or :func:`everybody_of`, which is where the leave to do this was asked.
    :param note: for the colleague and the team; no patient sees it.
    :raises Invalid: the colleague does not work in a patient's team.
    """
    check_teams(chosen, to)
    running = sa.select(CareRelationship).where(
        CareRelationship.id.in_([each.id for each in chosen]),
        CareRelationship.clinician_id == from_id,
        CareRelationship.ended_at.is_(None),
    )
    # Held in one order, and looked at again once held: of two hand-overs in one moment the second finds them ended.
    held = db.session.scalars(
        running.order_by(CareRelationship.id).with_for_update().execution_options(populate_existing=True)
    ).all()
    now = clock.now()
    begun: list[CareRelationship] = []
    for before in held:
        before.ended_at = now
        begun.append(
            CareRelationship(
                id=uuid.uuid4(),
                patient_id=before.patient_id,
                team_id=before.team_id,
                clinician_id=to.id,
                started_at=now,
                follows_id=before.id,
                begun_by=actor.id,
            )
        )
    db.session.add_all(begun)
    db.session.flush()
    moved = {"follow_ups": Counter[uuid.UUID](), "visits": Counter[uuid.UUID]()}
    handed = {before.id for before in held}
    mine = [each for each in chosen if each.id in handed]
    if with_follow_ups and mine:
        rows = follow_up.pass_on(actor, from_id, to.id, [each.patient_id for each in mine])
        moved["follow_ups"].update(row.patient_id for row in rows)
    if with_visits:
        for team_id, patient_ids in _by_team(mine).items():
            seen = visits.pass_on(actor, from_id, to.id, patient_ids, team_id)
            moved["visits"].update(visit.patient_id for visit in seen)
    if note:
        team_notes.note_for_each(actor, [(row.patient_id, row.id) for row in begun], note)
    for row in begun:
        audit.record(
            *(actor, "care_relationship.handed_over", _Subject(row.patient_id), row),
            before=str(from_id),
            to=str(to.id),
            follow_ups=moved["follow_ups"][row.patient_id],
            visits=moved["visits"][row.patient_id],
        )
    db.session.flush()
    return len(begun)


def _named(clinician_id: uuid.UUID) -> sa.Select[uuid.UUID, uuid.UUID, str, uuid.UUID, str]:
    return (
        sa.select(CareRelationship.id, CareRelationship.patient_id, Person.name, Team.id, Team.name)
        .join(Patient, Patient.id == CareRelationship.patient_id)
        .join(Person, Person.id == Patient.id)
        .join(Team, Team.id == CareRelationship.team_id)
        .where(CareRelationship.clinician_id == clinician_id, CareRelationship.ended_at.is_(None))
        .order_by(Person.name, CareRelationship.id)
    )


def everybody_of(clinician_id: uuid.UUID) -> list[Named]:
    """Everybody who is named to a clinician in any team, whatever became of the clinician: for administrators, who are told a number.

    One statement.
    """
    return [Named(*row) for row in db.session.execute(_named(clinician_id))]


def _by_team(chosen: Sequence[Named]) -> dict[uuid.UUID, list[uuid.UUID]]:
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    for each in chosen:
        found.setdefault(each.team_id, []).append(each.patient_id)
    return found


class _Subject:
    """Whose record an event is about, where only the id is at hand."""

    def __init__(self, patient_id: uuid.UUID) -> None:
        self.id = patient_id
