"""Visits that would still be to come, had they not been cancelled: so that nobody sets out for one."""

from __future__ import annotations

from collections.abc import Sequence

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.access import Record
from selfcare.visits.models import CANCELLED, Visit
from selfcare.visits.service import visible


def cancelled_to_come(record: Record) -> Sequence[Visit]:
    """Soonest first. One statement.

    :raises NotFound: the actor may see no visits.
    """
    rows = visible(record).where(Visit.status == CANCELLED, Visit.ends_at > clock.now())
    return db.session.scalars(rows.order_by(Visit.starts_at, Visit.id)).all()
