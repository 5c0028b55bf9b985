"""Who will see what is written here, and when: one sentence, from the patient's own sharing choices, next to every Save."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import clock
from selfcare.edge.filters import nhs_day
from selfcare.people.access import Part, Record, shared_parts
from selfcare.people.models import CareRelationship, Person, Team
from selfcare.people.teams import longest_first, works_here


class ComingVisit(Protocol):
    """What this sentence needs of a visit."""

    @property
    def starts_at(self) -> dt.datetime:
        """When it begins."""

    @property
    def team_id(self) -> uuid.UUID | None:
        """With which team; None for a visit to somebody who is not here."""


# Visits are a neighbour on the same floor: ``app.py`` says how to ask them.
_next_visit: Callable[[Record], ComingVisit | None] = lambda record: None  # noqa: E731 - until somebody wires it


def ask_visits(next_visit: Callable[[Record], ComingVisit | None]) -> None:
    """Let the sentence name the day of the next visit."""
    global _next_visit  # noqa: PLW0603 - wired once, at the start
    _next_visit = next_visit


@dataclass(frozen=True)
class Readers:
    """The sentence, and the phone number of the team that it speaks of. ``shared``: whether the team sees the diary."""

    sentence: str
    practice: str | None
    shared: bool


def readers_of(record: Record) -> Readers:
    """Who sees this diary. Three statements."""
    team, clinician = _team(record)
    shared = Part.DIARY in shared_parts(record.patient.id)
    practice = team.phone if team else None
    said = []
    if not record.is_own:
        said.append(_("%(name)s sees what you write here.", name=record.person.known_as))
    if team is None or not shared:
        said.append(_only_you(record))
        return Readers(" ".join(said), practice, shared=False)
    visit = _next_visit(record)
    who = _reader(record, team, clinician)
    if visit is not None and visit.team_id == team.id:
        day = nhs_day(clock.local(visit.starts_at, record.person.time_zone).date())
        if record.is_own:
            said.append(_("%(who)s can see it at your visit on %(day)s.", who=who, day=day))
        else:
            said.append(_("%(who)s can see it at the visit on %(day)s.", who=who, day=day))
    elif record.is_own:
        said.append(_("%(who)s can see it at your next visit.", who=who))
    else:
        said.append(_("%(who)s can see it at the next visit.", who=who))
    return Readers(" ".join(said), practice, shared=True)


def _only_you(record: Record) -> str:
    if record.is_own:
        return _("Only you can see it. Your care team sees it if you share your diary.")
    return _("The care team cannot see it: the diary is not shared with them.")


def _reader(record: Record, team: Team, clinician: Person | None) -> str:
    if clinician is None:
        return team.name
    if not clinician.job_title:
        return clinician.name
    if record.is_own:
        return _("%(name)s, your %(job)s,", name=clinician.name, job=clinician.job_title)
    return _("%(name)s, %(job)s,", name=clinician.name, job=clinician.job_title)


def _team(record: Record) -> tuple[Team | None, Person | None]:
    """The team that has cared longest, and who mainly does there. One statement."""
    row = record.rows(_longest()).first()
    return (row[0], row[1]) if row else (None, None)


@cache
def _longest() -> sa.Select[Team, Person]:
    """Built once: building it takes longer than running it."""
    return (
        sa.select(Team, Person)
        .join(CareRelationship, CareRelationship.team_id == Team.id)
        .outerjoin(
            Person,
            sa.and_(  # who has left is not named any more
                Person.id == CareRelationship.clinician_id,
                works_here(CareRelationship.clinician_id, CareRelationship.team_id),
            ),
        )
        .where(CareRelationship.patient_id == sa.bindparam("patient_id"), CareRelationship.ended_at.is_(None))
        .order_by(*longest_first())
        .limit(1)
    )
