"""Elif, who helps two people: what she wrote, who helped before, who is invited, and who looked."""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import uuid

import sqlalchemy as sa

from selfcare import clock
from selfcare.carers.models import CarerInvitation
from selfcare.carers.scope import end_of
from selfcare.demo.looks import looked
from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from selfcare.identity.invitations import LIFE
from selfcare.notes.models import SelfCareNote
from selfcare.people.models import CarerLink, Person, PersonRole


def daughter(rng: random.Random, ayse: Person, elif_: Person, nurse: Person) -> None:
    """Elif helps her mother; Deniz did before; Emre is invited. The nurse and Elif looked."""
    now = clock.now()
    since = now - dt.timedelta(days=120)
    _link(rng, ayse, elif_, "daughter", since, may_write=True)
    deniz = Person(id=_id(rng), name="Deniz Arslan", known_as="Deniz")
    db.session.add(deniz)
    db.session.flush()
    db.session.add(PersonRole(person_id=deniz.id, role="carer", granted_by=ayse.id))
    before = _link(rng, ayse, deniz, "neighbour", since - dt.timedelta(days=90), may_write=False)
    before.ended_at, before.ended_by = since + dt.timedelta(days=10), ayse.id
    db.session.add(
        CarerInvitation(
            id=_id(rng),
            patient_id=ayse.id,
            token_hash=hashlib.sha256(rng.randbytes(32)).hexdigest(),  # of no token that anybody has
            known_as="Emre",
            relation="son",
            may_write=False,
            also_sees=["notes"],
            created_at=now - dt.timedelta(days=2),
            expires_at=now - dt.timedelta(days=2) + LIFE,
        )
    )
    _wrote(ayse, elif_)
    for days, viewer, acting_as, whats in (
        (1, elif_, "carer", ("today", "diary", "wrote")),
        (3, nurse, "clinician", ("overview", "summary", "pdf")),
        (8, elif_, "carer", ("diary", "goals")),
        (41, nurse, "clinician", ("summary",)),
    ):
        at = now - dt.timedelta(days=days, minutes=rng.randint(0, 300))
        for what in whats:
            looked(ayse, viewer, acting_as, what, at, times=rng.randint(1, 3))


def neighbour(rng: random.Random, patient: Person, elif_: Person) -> None:
    """Somebody whom Elif looks in on until the end of next month."""
    until = clock.today(patient.time_zone) + dt.timedelta(days=45)
    link = _link(rng, patient, elif_, "neighbour", clock.now() - dt.timedelta(days=20), may_write=False)
    link.also_sees, link.ends_on, link.ends_at = ["notes"], until, end_of(patient.time_zone, until)


def _link(
    rng: random.Random, patient: Person, carer: Person, relation: str, since: dt.datetime, *, may_write: bool
) -> CarerLink:
    link = CarerLink(
        id=_id(rng),
        patient_id=patient.id,
        carer_id=carer.id,
        relation=relation,
        may_write=may_write,
        started_at=since,
        updated_at=since,
        told_at=since,
    )
    db.session.add(link)
    return link


def _wrote(ayse: Person, elif_: Person) -> None:
    """An entry of last week and a medicine are in Elif's hand."""
    db.session.flush()
    for kind, newest in ((DiaryEntry, DiaryEntry.experienced_at), (SelfCareNote, SelfCareNote.received_at)):
        mine = sa.select(kind.id).where(kind.patient_id == ayse.id).order_by(newest.desc()).offset(1).limit(1)
        found = db.session.scalar(mine)
        db.session.execute(sa.update(kind).where(kind.id == found).values(written_by=elif_.id))


def _id(rng: random.Random) -> uuid.UUID:
    return uuid.UUID(int=rng.getrandbits(128), version=4)
