"""ETag, If-Match and If-None-Match for replaceable state: the version number of the row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import sqlalchemy as sa
from flask import after_this_request, g, request
from flask.wrappers import Response

from selfcare.database import Stateful
from selfcare.errors import Conflict, Invalid, Stale
from selfcare.extensions import db


class Versioned(Protocol):
    """Anything that counts its versions."""

    @property
    def version(self) -> Any:
        """A number, or any text that changes with the state; 0 is state that nobody has stored yet (a default)."""


Row = TypeVar("Row", bound=Versioned)


@dataclass(frozen=True)
class Fingerprint:
    """State that counts no versions: what it says stands for one."""

    body: dict[str, Any]

    @property
    def version(self) -> str:
        """16 hexadecimal digits that change with what the state says."""
        return hashlib.sha256(json.dumps(self.body, sort_keys=True).encode()).hexdigest()[:16]


def tag(row: Versioned) -> str:
    """The ETag of a row, without quotes."""
    return f"v{row.version}"


def quoted(row: Versioned) -> str:
    """The ETag of a row as ``If-Match`` wants it."""
    return f'"{tag(row)}"'


def keep_tag(row: Versioned | None) -> str:
    """What a form shows of the state it changes, for the phone's ``If-Match``; empty while there is none yet."""
    return quoted(row) if row is not None else ""


def send(row: Versioned) -> None:
    """Give the answer of this request the row's ETag."""
    value = g.etag = tag(row)

    @after_this_request
    def put(response: Response) -> Response:
        response.set_etag(value)
        return response


def sent() -> str | None:
    """The ETag that the answer of this request gets, without quotes; None for none."""
    return g.get("etag")


def check(row: Versioned | None, current: Any, yours: Any) -> None:
    """Hold the request to its ``If-Match``.

    :raises Stale: (412) when the row changed meanwhile, or is not there at all; it carries both versions.
    """
    if not _matches(row):
        raise Stale(current=current, yours=yours)


def put(
    before: Versioned | None, show: Callable[[], Any], write: Callable[[], tuple[Row, bool]]
) -> tuple[Row, int]:
    """Write state as far as ``If-Match`` and ``If-None-Match`` allow, and give the answer its ETag.

    A condition that fails is no conflict where the state already *is* what was sent: the answer to an earlier try was
    lost on its way to the phone. The write itself tells, since services count no version where nothing changes; one
    that did change something is rolled back with the refusal.

    :param before: the row as it stands, or None.
    :param show: gives the row as a body, to be shown beside what was sent; called before ``write``.
    :param write: the service's call; returns the row and whether it is new.
    :returns: the row, and 201 for a new one, else 200.
    :raises Stale: (412) it was changed meanwhile, is gone, or (``If-None-Match: *``) is there already; with both versions.
    """
    if isinstance(before, Stateful) and "If-Match" in request.headers and sa.inspect(before).persistent:
        # Held until the end of the transaction: of two phones with the same tag one is told of the other.
        db.session.refresh(before, with_for_update=True)
    allowed = _matches(before) and not _is_there_already(before)
    was = tag(before) if before is not None else None
    current = None if allowed or before is None else show()
    try:
        row, created = write()
    except (Invalid, Conflict):
        if allowed:
            raise
        raise Stale(current=current, yours=request.get_json(silent=True)) from None
    if not allowed and (created or tag(row) != was):
        raise Stale(current=current, yours=request.get_json(silent=True))
    send(row)
    return row, 201 if created else 200


def _matches(row: Versioned | None) -> bool:
    if "If-Match" not in request.headers:
        return True
    return row is not None and (request.if_match.star_tag or request.if_match.contains(tag(row)))


def _is_there_already(row: Versioned | None) -> bool:
    if "If-None-Match" not in request.headers or row is None or row.version == 0:
        return False
    return request.if_none_match.star_tag or request.if_none_match.contains(tag(row))
