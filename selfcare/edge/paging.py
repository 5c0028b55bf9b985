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

from selfcare import clock
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
        last_by, last_key = _read(cursor, by.type.python_type)
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


def _read(cursor: str, wanted: type[Any]) -> tuple[Any, uuid.UUID]:
    """The sort key and id in a cursor. It comes from outside: only what a column of this type can hold passes.

    :raises Invalid: it is none of ours, or of another list.
    """
    try:
        kind, value, key = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if kind == "t":
            value = dt.datetime.fromisoformat(value)
        elif kind == "d":
            value = dt.date.fromisoformat(value)
        if type(value) is wanted and _storable(value):
            return value, uuid.UUID(key)
    except (ValueError, TypeError, AttributeError, binascii.Error, RecursionError):
        pass
    raise Invalid({"cursor": _("Use the next_cursor of the page before")})


def _storable(value: Any) -> bool:
    if isinstance(value, dt.date):
        aware = not isinstance(value, dt.datetime) or value.tzinfo is not None
        return aware and clock.FIRST_YEAR <= value.year <= clock.LAST_YEAR
    if isinstance(value, str):
        value.encode()  # a lone surrogate is a ValueError
        return "\0" not in value
    return isinstance(value, int) and abs(value) < 2**31
