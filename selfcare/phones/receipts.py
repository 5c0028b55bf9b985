"""Exactly once: what a phone sends under an ``Idempotency-Key`` takes effect once, however often and however late it arrives.

The key is claimed in the same transaction as the write, so it is there exactly when the write is. A copy is answered 204 with the ETag
of the first. (The header's meaning is that of the IETF draft "The Idempotency-Key HTTP Header Field".)
"""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from flask import Response, g, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock
from selfcare.database import Base
from selfcare.edge import etag
from selfcare.errors import Invalid
from selfcare.extensions import db

HEADER = "Idempotency-Key"
KEPT_FOR = dt.timedelta(days=400)  # a phone that lay in a drawer for a year still knows what it had sent


class Receipt(Base):
    """What was answered to one thing from a phone. Whose it is belongs to its name: nobody can take another's key."""

    __tablename__ = "phone_receipts"

    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    key: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    etag: Mapped[str | None]
    at: Mapped[dt.datetime] = mapped_column(default=clock.now, index=True)


def claim() -> Response | None:
    """The answer for a copy; None for what comes the first time, or without a key.

    :raises Invalid: the key is no UUID.
    """
    if HEADER not in request.headers or request.method in ("GET", "HEAD", "OPTIONS"):
        return None
    if not current_user.is_authenticated or not request.path.startswith("/api/"):
        return None
    try:
        key = uuid.UUID(request.headers[HEADER])
    except ValueError:
        raise Invalid({HEADER: _("Send a UUID")}) from None
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    row = {"person_id": current_user.person.id, "key": key, "at": clock.now()}
    # Two copies at once: the second waits here until the first has been stored or given up.
    claimed = db.session.execute(
        insert(Receipt).values(row).on_conflict_do_nothing().returning(Receipt.key)
    ).scalar()
    if claimed is not None:
        g.receipt = key
        return None
    first = db.session.get_one(Receipt, (current_user.person.id, key))
    copy = Response(status=204)
    copy.headers["Idempotency-Replayed"] = "true"
    if first.etag is not None:
        copy.set_etag(first.etag)
    return copy


def note() -> None:
    """Write down what is answered to what was claimed, before both are committed."""
    if "receipt" not in g:
        return
    db.session.execute(
        sa.update(Receipt)
        .where(Receipt.person_id == current_user.person.id, Receipt.key == g.receipt)
        .values(etag=etag.sent())
    )


def delete_old() -> int:
    """Delete receipts that no phone will ask for any more; how many."""
    gone = db.session.execute(sa.delete(Receipt).where(Receipt.at < clock.now() - KEPT_FOR))
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result counts its rows
