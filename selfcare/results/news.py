"""That results were released. Who wants to know is wired by ``app``: a message to the patient's phone is not this room's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.people.access import Record
from selfcare.people.due import Due
from selfcare.results.models import ResultRelease

KIND = "results"

Tell = Callable[[Record, str], None]
_tell: list[Tell] = []


def ask(tell: Tell) -> None:
    """Call this after every release, in its transaction, with the record and what it is about. Replaces what was wired before."""
    _tell[:] = [tell]


def released(record: Record) -> None:
    """Tell whoever asked."""
    for tell in _tell:
        tell(record, KIND)


class ResultNews:
    """For ``reminders.sources``: nobody makes a wish of it; a message goes while something released has not been opened."""

    kind = KIND
    is_news = True

    def exists(self, record: Record, key: str) -> bool:
        """Never to choose from."""
        return False

    def done(self, dues: Sequence[Due]) -> set[uuid.UUID]:
        """Those whose patient has opened everything that was released. One statement for all."""
        unread = set(
            db.session.scalars(
                sa.select(ResultRelease.patient_id)
                .where(
                    ResultRelease.patient_id.in_({due.patient_id for due in dues}),
                    ResultRelease.opened_at.is_(None),
                )
                .distinct()
            )
        )
        return {due.id for due in dues if due.patient_id not in unread}

    def path(self, key: str) -> str:
        """The page of results."""
        return "/results"

    def label(self, record: Record, key: str) -> str:
        """Its owner's page lists wishes, and this is none."""
        return ""
