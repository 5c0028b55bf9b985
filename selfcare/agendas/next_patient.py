"""From one patient's page to the next of the same day's list, without going back to the panel."""

from __future__ import annotations

import datetime as dt
import uuid
from functools import cache
from typing import Any

import sqlalchemy as sa

from selfcare import clock
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people.access import open_to
from selfcare.people.models import Patient, Person
from selfcare.visits.models import CANCELLED, Visit
from selfcare.visits.service import teams_of


def beside(clinician: Person, visit_id: uuid.UUID, *, step: int) -> Visit | None:
    """The visit after (``step`` 1) or before (-1) this one on its day; None at the end of the list. Two statements.

    From a visit with the clinician themself to their own visits only; from a colleague's, to all of their teams'.

    :raises NotFound: it is no visit with a team of theirs.
    """
    here = db.session.scalars(_of_teams(), {"clinician_id": clinician.id, "visit_id": visit_id}).first()
    if here is None:
        raise NotFound
    start, end = clock.day_bounds(
        clock.local(here.starts_at, clinician.time_zone).date(), clinician.time_zone
    )
    given: dict[str, Any] = {"clinician_id": clinician.id, "start": start, "end": end}
    given |= {"starts_at": here.starts_at, "visit_id": here.id}
    mine = here.clinician_id == clinician.id
    return db.session.scalars(_beside(later=step > 0, mine=mine), given).first()


@cache
def _of_teams() -> sa.Select[Visit]:
    return sa.select(Visit).where(
        Visit.id == sa.bindparam("visit_id"), Visit.team_id.in_(teams_of(sa.bindparam("clinician_id")))
    )


@cache
def _beside(*, later: bool, mine: bool) -> sa.Select[Visit]:
    """Built once: building it takes longer than running it."""
    me: sa.BindParameter[uuid.UUID] = sa.bindparam("clinician_id")

    def instant(name: str) -> sa.BindParameter[dt.datetime]:
        return sa.bindparam(name, type_=Visit.starts_at.type)

    place = sa.tuple_(Visit.starts_at, Visit.id)
    here = sa.tuple_(instant("starts_at"), sa.bindparam("visit_id", type_=Visit.id.type))
    rows = sa.select(Visit).where(
        Visit.team_id.in_(teams_of(me)),
        Visit.patient_id.in_(
            open_to(me).join(Patient.person).where(Person.disabled_at.is_(None)).with_only_columns(Patient.id)
        ),
        Visit.status != CANCELLED,
        Visit.starts_at >= instant("start"),
        Visit.starts_at < instant("end"),
        place > here if later else place < here,
    )
    if mine:
        rows = rows.where(Visit.clinician_id == me)
    order = (Visit.starts_at, Visit.id)
    return rows.order_by(*(order if later else (each.desc() for each in order))).limit(1)
