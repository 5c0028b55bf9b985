"""ETag and If-Match for replaceable state: the version number of the row."""

from __future__ import annotations

from typing import Any, Protocol

from flask import after_this_request, request
from flask.wrappers import Response

from selfcare.errors import Stale


class Versioned(Protocol):
    """Anything that counts its versions."""

    @property
    def version(self) -> Any:
        """A number, or any text that changes with the state."""


def tag(row: Versioned) -> str:
    """The ETag of a row, without quotes."""
    return f"v{row.version}"


def send(row: Versioned) -> None:
    """Give the answer of this request the row's ETag."""
    value = tag(row)

    @after_this_request
    def put(response: Response) -> Response:
        response.set_etag(value)
        return response


def check(row: Versioned | None, current: Any, yours: Any) -> None:
    """Hold the request to its ``If-Match``.

    :raises Stale: (412) when the row changed meanwhile, or is not there at all; it carries both versions.
    """
    if "If-Match" not in request.headers:
        return
    wanted = request.if_match
    if row is None or not (wanted.star_tag or wanted.contains(tag(row))):
        raise Stale(current=current, yours=yours)
