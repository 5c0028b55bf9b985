"""What a patient shares with their care team, item by item; it holds from the next request."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.people.access import SHAREABLE, Part, Record, shared_parts, sharing_now
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
    """Set these items; others stay as they are. Returns every part and whether it is shared.

    :param choices: parts, and items of a part that is shared item by item (``access.item_of``).
    :raises Invalid: an item that cannot be shared.
    """
    record.require(Part.SHARING, write=True)
    unknown = {item: _("There is no such item") for item in choices if not _is_shareable(item)}
    if unknown:
        raise Invalid(unknown)
    shared, withheld = sharing_now(record.patient.id)
    held_now = {item: item not in withheld if ":" in item else item in shared for item in choices}
    changed = {item: wanted for item, wanted in choices.items() if held_now[item] != wanted}
    for item, wanted in changed.items():
        db.session.execute(
            sa.update(SharingChoice)
            .where(SharingChoice.patient_id == record.patient.id, SharingChoice.item == item)
            .values(current=False)
        )
        db.session.add(
            SharingChoice(
                patient_id=record.patient.id,
                item=item,
                shared=wanted,
                chosen_by=record.actor.id,
                chosen_at=clock.now(),
            )
        )
        audit.record(record.actor, "sharing.changed", record.patient, item=item, shared=wanted)
    db.session.flush()
    return {part.value: changed.get(part.value, part in shared) for part in SHAREABLE}


def _is_shareable(item: str) -> bool:
    part, colon, code = item.partition(":")
    return part in SHAREABLE and (not colon or (part == Part.QUESTIONNAIRES and bool(code)))
