"""The people a carer helps."""

from __future__ import annotations

from collections.abc import Sequence

import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.people.access import running_carer_link
from selfcare.people.models import CarerLink, Person


def cared_for(carer: Person) -> Sequence[Person]:
    """Everybody whose link to this carer runs now, by name. One statement."""
    return db.session.scalars(
        sa.select(Person)
        .join(CarerLink, CarerLink.patient_id == Person.id)
        .where(Person.disabled_at.is_(None), *running_carer_link(carer.id))
        .order_by(Person.name)
    ).all()
