"""What a patient shares with their care team, item by item; it holds from the next request."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.people.access import SHAREABLE, Part, Record, shared_parts
from selfcare.people.models import SharingChoice


def sharing_of(record: Record) -> dict[str, bool]:
    """Each shareable item and whether the team sees it. One statement."""
    record.require(Part.SHARING)
    shared = shared_parts(record.patient.id)
    return {part.value: part in shared for part in SHAREABLE}


def read_sharing(record: Record) -> dict[str, bool]:
    """The same, to show it."""
    audit.record(record.actor, "sharing.read", record.patient)
    return sharing_of(record)


def choose_sharing(record: Record, choices: dict[str, bool]) -> dict[str, bool]:
    """Set these items; others stay as they are. Returns all.

    :raises Invalid: an item that cannot be shared.
    """
    record.require(Part.SHARING, write=True)
    unknown = {item: _("There is no such item") for item in choices if item not in SHAREABLE}
    if unknown:
        raise Invalid(unknown)
    before = sharing_of(record)
    changed = {item: shared for item, shared in choices.items() if before[item] != shared}
    for item, shared in changed.items():
        db.session.execute(
            sa.update(SharingChoice)
            .where(SharingChoice.patient_id == record.patient.id, SharingChoice.item == item)
            .values(current=False)
        )
        db.session.add(
            SharingChoice(
                patient_id=record.patient.id,
                item=item,
                shared=shared,
                chosen_by=record.actor.id,
                chosen_at=clock.now(),
            )
        )
        audit.record(record.actor, "sharing.changed", record.patient, item=item, shared=shared)
    db.session.flush()
    return before | changed
