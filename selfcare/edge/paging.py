"""Lists in pages: ``?from=&to=&limit=&cursor=`` answered ``{"items": […], "next_cursor": null}``.

The cursor is the sort key and id of the last row, so a page stays right while rows are added.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import marshmallow as ma
import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import InstrumentedAttribute

from selfcare.edge.schemas import Schema, Whole
from selfcare.errors import Invalid
from selfcare.extensions import db

Row = TypeVar("Row")


class PageQuery(Schema):
    """``limit`` 1 to 200 (default 50) and the ``cursor`` of the page before."""

    limit = Whole(least=1, most=200, from_text=True, load_default=50)
    cursor = ma.fields.String(load_default=None)


def page(
    rows: sa.Select[Row],
    *,
    by: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[uuid.UUID],
    limit: int | None = 50,
    cursor: str | None = None,
    dump: Callable[[Row], Any],
    newest_first: bool = True,
) -> dict[str, Any]:
    """One page of ``rows`` sorted by ``by`` and then ``key``, each given through ``dump``. One statement."""
    limit = limit or 50
    if cursor:
        last_by, last_key = _read(cursor)
        after = sa.tuple_(by, key)
        edge = sa.tuple_(sa.literal(last_by, by.type), sa.literal(last_key, key.type))
        rows = rows.where(after < edge if newest_first else after > edge)
    order = (by.desc(), key.desc()) if newest_first else (by.asc(), key.asc())
    found = db.session.scalars(rows.order_by(*order).limit(limit + 1)).all()
    more = len(found) > limit
    found = found[:limit]
    following = _write(getattr(found[-1], by.key), getattr(found[-1], key.key)) if more else None
    return {"items": [dump(row) for row in found], "next_cursor": following}


def _write(by: Any, key: uuid.UUID) -> str:
    kind = "t" if isinstance(by, dt.datetime) else "d" if isinstance(by, dt.date) else "v"
    value = by.isoformat() if kind in "td" else by
    return base64.urlsafe_b64encode(json.dumps([kind, value, str(key)]).encode()).decode().rstrip("=")


def _read(cursor: str) -> tuple[Any, uuid.UUID]:
    try:
        kind, value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if kind == "t":
            instant = dt.datetime.fromisoformat(value)
            if instant.tzinfo is None:
                raise ValueError(cursor)
            return instant, uuid.UUID(key)
        if kind == "d":
            return dt.date.fromisoformat(value), uuid.UUID(key)
        if kind == "v" and isinstance(value, str | int):
            return value, uuid.UUID(key)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        pass
    raise Invalid({"cursor": _("Use the next_cursor of the page before")})
