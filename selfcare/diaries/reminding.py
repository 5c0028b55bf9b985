"""The diary as something to be reminded about."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.people.due import Due


class DiaryReminder:
    """Once a day: "Time for your check-in"; quiet when the day has an entry already."""

    kind = "diary"

    def exists(self, record: Record, key: str) -> bool:
        """Whether there is such a thing to be reminded about: one diary, so no key."""
        return key == "" and record.sees(Part.DIARY)

    def done(self, dues: Sequence[Due]) -> set[uuid.UUID]:
        """The ids of those whose day has an entry. One statement for all."""
        if not dues:
            return set()
        rows = db.session.execute(
            sa.select(DiaryEntry.patient_id, DiaryEntry.experienced_at).where(
                DiaryEntry.patient_id.in_({due.patient_id for due in dues}),
                DiaryEntry.experienced_at >= min(due.starts for due in dues),
                DiaryEntry.experienced_at < max(due.ends for due in dues),
            )
        )
        written: dict[uuid.UUID, list[dt.datetime]] = {}
        for patient_id, when in rows:
            written.setdefault(patient_id, []).append(when)
        return {
            due.id
            for due in dues
            if any(due.starts <= when < due.ends for when in written.get(due.patient_id, []))
        }

    def path(self, key: str) -> str:
        """The form that a tap opens."""
        return "/diary/new"

    def label(self, record: Record, key: str) -> str:
        """What the reminder is called on its owner's own page."""
        return _("Your diary")
