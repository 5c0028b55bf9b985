"""Handing over for somebody who is away: an administrator sees how many patients, and no name of one (docs/decisions/0047)."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit
from selfcare.caseload import handing
from selfcare.caseload.handing import Colleague, Moves, Named
from selfcare.errors import Conflict, Invalid, NotFound
from selfcare.extensions import db
from selfcare.people.models import CareRelationship, Person


@dataclass(frozen=True)
class TeamLoad:
    """What stands under a clinician's name in one team, in numbers, and who of the team could take it over."""

    team_id: uuid.UUID
    team: str
    patients: int
    moves: Moves
    colleagues: list[Colleague]


def loads_of(actor: Person, person_id: uuid.UUID) -> list[TeamLoad]:
    """The caseload of a clinician, team by team.

    An administrator who is a clinician as well is not among the colleagues: nobody names themself.
    """
    audit.record(actor, "caseload.counted", db.session.get(Person, person_id))
    found = []
    for (team_id, team), named in sorted(_by_team(person_id).items(), key=lambda each: each[0][1]):
        colleagues = handing.colleagues_of(person_id, [team_id])
        found.append(
            TeamLoad(
                team_id,
                team,
                len(named),
                handing.goes_along(person_id, named),
                [each for each in colleagues if each.id != actor.id],
            )
        )
    return found


def hand_over(
    actor: Person,
    person_id: uuid.UUID,
    team_id: uuid.UUID,
    to_id: uuid.UUID,
    *,
    expected: int | None,
    with_follow_ups: bool,
    with_visits: bool,
) -> tuple[int, Colleague]:
    """Name a colleague for everybody who is named to this clinician in a team. Returns how many, and who takes over.

    :raises NotFound: nobody is named to them there.
    :raises Invalid: the colleague is none of that team.
    :raises Conflict: the number that the page said is not the number any more.
    """
    load = next((each for each in loads_of(actor, person_id) if each.team_id == team_id), None)
    if load is None:
        raise NotFound
    to = next((each for each in load.colleagues if each.id == to_id), None)
    if to is None:
        raise Invalid({"to": _("Choose who takes over")})
    if expected not in (None, load.patients):
        raise Conflict(_("The number of patients changed in the meantime. Look again"))
    chosen = [each for each in handing.everybody_of(person_id) if each.team_id == team_id]
    done = handing.hand_over(
        actor, person_id, to, chosen, with_follow_ups=with_follow_ups, with_visits=with_visits
    )
    return done, to


def named_to(person_ids: list[uuid.UUID]) -> dict[uuid.UUID, int]:
    """How many patients are named to each of these people, without those to whom nobody is. One statement."""
    rows = db.session.execute(
        sa.select(CareRelationship.clinician_id, sa.func.count())
        .where(CareRelationship.clinician_id.in_(person_ids), CareRelationship.ended_at.is_(None))
        .group_by(CareRelationship.clinician_id)
    )
    return {person_id: number for person_id, number in rows if person_id is not None}


def _by_team(person_id: uuid.UUID) -> dict[tuple[uuid.UUID, str], list[Named]]:
    found: dict[tuple[uuid.UUID, str], list[Named]] = {}
    for each in handing.everybody_of(person_id):
        found.setdefault((each.team_id, each.team), []).append(each)
    return found
