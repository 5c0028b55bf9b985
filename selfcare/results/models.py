"""Result, and its release to the patient."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from selfcare import clock
from selfcare.database import Base, Owned
from selfcare.people.models import Person


class Result(Owned):
    """One result of one patient: written once by the care team. A correction is a new row that names the old in ``corrects``.

    ``values``: ``{"value": 58}`` in the measure's own unit, ``{"systolic": 132, "diastolic": 84}``, or a choice's code;
    empty where ``taken_back``, which says that the corrected one should not be there at all (another person's, say).
    ``sent``: the number and unit as they came, where they were converted. ``confirmed``: whoever wrote it said that an
    unlikely number is right. ``original_id``: the first of a chain of corrections; ``revision``: how far down it this stands.
    ``body_hash`` tells a replay from another body.
    """

    __tablename__ = "results"
    __table_args__ = (sa.Index("ix_results_when", "patient_id", "taken_on"),)

    measure: Mapped[str]
    values: Mapped[dict[str, Any]]
    sent: Mapped[dict[str, Any] | None] = mapped_column(sa.JSON(none_as_null=True))
    taken_on: Mapped[dt.date]
    confirmed: Mapped[bool] = mapped_column(default=False)
    # Unique: of two who correct the same result at once, the second is told of the first.
    corrects: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("results.id"), unique=True)
    original_id: Mapped[uuid.UUID]
    revision: Mapped[int] = mapped_column(default=0)
    taken_back: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str | None]
    body_hash: Mapped[str]

    writer: Mapped[Person] = relationship(lazy="raise", viewonly=True, foreign_keys="Result.written_by")
    release: Mapped[ResultRelease | None] = relationship(lazy="raise", viewonly=True)
    before: Mapped[Result | None] = relationship(
        lazy="raise", viewonly=True, remote_side="Result.id", foreign_keys="Result.corrects"
    )
    correction: Mapped[Result | None] = relationship(
        lazy="raise",
        viewonly=True,
        uselist=False,
        primaryjoin="Result.id == foreign(remote(Result.corrects))",
    )


class ResultRelease(Base):
    """The patient may see this result from ``released_at`` on. Without such a row it is held, and for the team alone.

    ``opened_at``: when the patient first had it on their page.
    """

    __tablename__ = "result_releases"

    result_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("results.id"), primary_key=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"), index=True)
    released_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    released_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    opened_at: Mapped[dt.datetime | None]
