"""What forms need to know when there is no signal: few facts, so that little lies on a phone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from selfcare import audit, clock
from selfcare.agendas import service as agendas
from selfcare.errors import NotFound
from selfcare.goals import weekly_review
from selfcare.goals.weekly_review import WeekCount
from selfcare.home import today
from selfcare.people.access import Record


@dataclass(frozen=True)
class Facts:
    """A patient's own day, as their phone keeps it: Today, the weeks that wait for a review, the list for the next visit."""

    now: dt.datetime
    today: today.Today
    reviews: list[WeekCount]
    agenda: agendas.List


def facts_of(record: Record) -> Facts:
    """The facts of the patient themself. The number of statements is the same for every patient.

    :raises NotFound: the actor is a carer: another person's facts never stay on a phone.
    """
    if not record.is_own:
        raise NotFound
    day = today.gather(record)
    audit.record(record.actor, "phone_facts.read", record.patient)
    return Facts(
        now=clock.now(),
        today=day,
        reviews=weekly_review.counted(record, day.reviews),
        agenda=agendas.list_for(record),
    )
