"""Who looked at whose record before the demonstration begins."""

from __future__ import annotations

import datetime as dt

from selfcare.extensions import db
from selfcare.people.looked import RecordView
from selfcare.people.models import Person


def looked(
    patient: Person, viewer: Person, acting_as: str, what: str, at: dt.datetime, *, times: int = 1
) -> None:
    """This person looked at this part of the patient's record then."""
    row = RecordView(
        patient_id=patient.id,
        viewer_id=viewer.id,
        day=at.date(),
        what=what,
        acting_as=acting_as,
        relation="daughter" if acting_as == "carer" else None,
        at=at,
        times=times,
    )
    db.session.add(row)
