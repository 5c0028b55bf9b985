"""More: what has no tab of its own."""

from __future__ import annotations

from selfcare import audit
from selfcare.people.access import Part, Record


def more_of(record: Record) -> Record:
    """The record as More shows it: whose it is, and which parts can be opened from there.

    :raises NotFound: not the actor's to see.
    """
    record.require(Part.PROFILE)
    audit.record(record.actor, "profile.read", record.patient)
    return record
