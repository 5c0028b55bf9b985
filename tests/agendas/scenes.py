"""Scenes of the agenda's stories: visits, and who cares for whom."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.models import CareRelationship
from selfcare.visits.models import Visit
from tests.factories import World

UNSET = uuid.UUID(int=0)


def visit(
    world: World,
    *,
    days: int,
    patient: uuid.UUID | None = None,
    team: uuid.UUID | None = UNSET,
    clinician: uuid.UUID | None = UNSET,
    **more: Any,
) -> uuid.UUID:
    """A visit in so many days, by default Ayşe's with Grace at Hornsey Lane."""
    starts = clock.now() + dt.timedelta(days=days, minutes=5)
    row = Visit(
        id=uuid.uuid4(),
        patient_id=patient or world.ayse,
        written_by=world.grace,
        team_id=world.hornsey if team == UNSET else team,
        clinician_id=world.grace if clinician == UNSET else clinician,
        starts_at=starts,
        ends_at=starts + dt.timedelta(minutes=20),
        minutes=20,
        added_by="team",
        **more,
    )
    db.session.add(row)
    db.session.flush()
    return row.id


def move_visit(visit_id: uuid.UUID, *, hours: int = 0, to: dt.datetime | None = None) -> None:
    """Let the visit begin so many hours from now, or at ``to``."""
    row = db.session.get(Visit, visit_id)
    assert row is not None
    row.starts_at = to or clock.now() + dt.timedelta(hours=hours)
    row.ends_at = row.starts_at + dt.timedelta(minutes=row.minutes)


def care_for(patient: uuid.UUID, team: uuid.UUID, clinician: uuid.UUID | None = None) -> None:
    """The team cares for the patient from now on."""
    db.session.add(CareRelationship(patient_id=patient, team_id=team, clinician_id=clinician))
    db.session.flush()
