"""Nadia looked after Ayşe once; she went on leave this week and handed a few of her patients to Grace.

It has a stream of random numbers of its own, so that everything else of the demonstration stays as it is.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid

import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.goals.models import TeamNote
from selfcare.people.models import CareRelationship, Person

HANDED_ON = 3  # patients, of those whom Grace looks after
NOTE = "On leave until March. Prefers a call in the morning."


def load(rng: random.Random, ayse: Person, grace: Person, nadia: Person) -> None:
    """Ayşe's was long ago and she has read it; the others' is of 3 days ago."""
    db.session.flush()
    now = clock.now()
    mine = sa.select(CareRelationship).where(
        CareRelationship.clinician_id == grace.id, CareRelationship.ended_at.is_(None)
    )
    everybody = db.session.scalars(mine.order_by(CareRelationship.started_at, CareRelationship.id)).all()
    for number, row in enumerate(sorted(everybody, key=lambda row: row.patient_id != ayse.id)):
        if number > HANDED_ON:
            break
        is_ayse = row.patient_id == ayse.id
        at = now - dt.timedelta(days=60 if is_ayse else 3, minutes=rng.randint(0, 200))
        at = max(at, row.started_at + dt.timedelta(days=1))
        before = CareRelationship(
            id=_id(rng),
            patient_id=row.patient_id,
            team_id=row.team_id,
            clinician_id=nadia.id,
            started_at=row.started_at,
            ended_at=at,
        )
        db.session.add(before)
        db.session.flush()
        row.started_at, row.follows_id, row.begun_by = at, before.id, nadia.id
        if is_ayse:
            row.told_at = at + dt.timedelta(hours=9)
        else:
            note = TeamNote(
                id=_id(rng),
                patient_id=row.patient_id,
                written_by=nadia.id,
                received_at=at,
                subject_id=row.id,
                text=NOTE,
            )
            db.session.add(note)


def _id(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)
