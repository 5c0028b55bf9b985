"""Earlier versions of replaceable state: kept whole before each replacement, so that nothing a person wrote is lost."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock
from selfcare.database import Base, Stateful
from selfcare.extensions import db


class EarlierVersion(Base):
    """One row of some table as it stood before it was replaced or deleted."""

    __tablename__ = "earlier_versions"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    table_name: Mapped[str]
    row_id: Mapped[uuid.UUID] = mapped_column(index=True)
    version: Mapped[int]
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"), index=True)
    body: Mapped[dict[str, Any]]
    replaced_by: Mapped[uuid.UUID]
    replaced_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


class Replaceable(Protocol):
    """A row of one patient that counts its versions: every ``Stateful``, and a carer's link."""

    __tablename__: Any
    id: Any
    version: Any
    patient_id: Any
    updated_at: Any


def keep(row: Replaceable, actor_id: uuid.UUID) -> None:
    """Store ``row`` as it stands in the database, then count its version up. Call before changing its fields.

    The caller names the person who replaces it.
    """
    body = {column.key: _plain(getattr(row, column.key)) for column in sa.inspect(type(row)).columns}
    db.session.add(
        EarlierVersion(
            table_name=row.__tablename__,
            row_id=row.id,
            version=row.version,
            patient_id=row.patient_id,
            body=body,
            replaced_by=actor_id,
        )
    )
    row.version += 1
    row.updated_at = clock.now()


def first_version(kind: type[Stateful], row_id: uuid.UUID) -> int:
    """Where a new row with this id begins to count: after the versions kept of one that was deleted, else at 1.

    An ETag of the row that is gone must never fit the one that is there now. One statement.
    """
    kept = sa.select(sa.func.max(EarlierVersion.version)).where(
        EarlierVersion.row_id == row_id, EarlierVersion.table_name == kind.__tablename__
    )
    return (db.session.scalar(kept) or 0) + 1


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.date | dt.datetime | dt.time):
        return value.isoformat()
    return value
