"""What may be guessed at an invitation's link counts as a try, at most 5 a link: for the care team's letters and for carers'."""

from __future__ import annotations

import uuid
from typing import Any

import sqlalchemy as sa

from selfcare.errors import DomainError
from selfcare.extensions import db

MOST_TRIES = 5


class LinkEnded(DomainError):
    """The link does not work. ``why``: ``unknown``, ``used``, ``taken_back``, ``too_old``, ``too_many``."""

    status = 410

    def __init__(self, why: str) -> None:
        super().__init__()
        self.why = why


def count_try(kind: Any, invitation_id: uuid.UUID, *also: sa.ColumnElement[bool]) -> None:
    """Count a try before it is looked at, in a transaction of its own, so that many at once are still at most 5.

    :param kind: the table of the invitation, with ``id`` and ``tries``.
    :param also: what else must hold for another try.
    :raises LinkEnded: there were 5, or something else does not hold.
    """
    db.rollback()
    with db.apart() as session:
        counted = session.execute(
            sa.update(kind)
            .where(kind.id == invitation_id, kind.tries < MOST_TRIES, *also)
            .values(tries=kind.tries + 1)
            .execution_options(synchronize_session=False)
        ).rowcount  # type: ignore[attr-defined]  # an UPDATE's result has it
    if counted != 1:
        raise LinkEnded("too_many")
