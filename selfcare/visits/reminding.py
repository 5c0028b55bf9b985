"""What can be reminded about here: a visit to get ready for (about ``visit:ID``)."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import clock
from selfcare.edge.filters import nhs_day
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.people.due import Due
from selfcare.visits.models import PLANNED, Visit


class VisitSource:
    """Getting ready for one visit; the reminder rests once the visit is over or cancelled."""

    kind = "visit"

    def exists(self, record: Record, key: str) -> bool:
        """Whether ``key`` is the id of a visit of this record."""
        return self._find(record, key) is not None

    def done(self, dues: Sequence[Due]) -> set[uuid.UUID]:
        """Those whose visit is over, cancelled or gone. One statement for all."""
        wanted = {due.id: _read(due.key) for due in dues}
        rows = db.session.execute(
            sa.select(Visit.id, Visit.patient_id).where(
                Visit.id.in_([key for key in wanted.values() if key is not None]),
                Visit.status == PLANNED,
                Visit.ends_at > clock.now(),
            )
        )
        ahead = {(row.id, row.patient_id) for row in rows}
        return {due.id for due in dues if (wanted[due.id], due.patient_id) not in ahead}

    def path(self, key: str) -> str:
        """Where a tap leads: what to talk about at this visit."""
        return f"/agenda?visit={key}"

    def label(self, record: Record, key: str) -> str:
        """``Visit on Thursday 8 October``."""
        visit = self._find(record, key)
        return _("Visit on %(day)s", day=nhs_day(visit.starts_at)) if visit else _("A visit")

    def _find(self, record: Record, key: str) -> Visit | None:
        visit_id = _read(key)
        if visit_id is None or not record.sees(Part.VISITS):
            return None
        return db.session.scalars(record.owned(Visit).where(Visit.id == visit_id)).first()


def _read(key: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(key)
    except ValueError:
        return None
