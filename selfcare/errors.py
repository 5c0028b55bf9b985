"""What can go wrong, in the field's words. ``edge.problems`` translates each to HTTP, once.

Messages are for the person who reads them: they say what happened and what to do next.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import gettext as _


class DomainError(Exception):
    """The parent of all. ``status`` is its HTTP status, ``template`` its page under ``templates/errors/``."""

    status = 400
    template = "problem"

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message

    def extra(self) -> dict[str, Any]:
        """Further members of the problem document (RFC 9457)."""
        return {}

    def headers(self) -> dict[str, str]:
        """Further headers of the answer."""
        return {}


class NotFound(DomainError):
    """It is not there, or not yours: nobody outside can tell which."""

    status = 404
    template = "not_found"


class NotHelping(NotFound):
    """The same to somebody who helps people here, about a person whom they do not help (any more): kind, and no reason given."""

    template = "not_helping"


class NotSignedIn(DomainError):
    """The session is absent, ended or too old."""

    status = 401
    template = "signed_out"


class Refused(DomainError):
    """A state change without our Origin or CSRF token."""

    status = 403
    template = "forbidden"


class Invalid(DomainError):
    """What was sent has a meaning we cannot store. ``errors`` maps a field to sentences in the user's words."""

    status = 422

    def __init__(self, errors: Mapping[str, Sequence[str] | str], message: str = "") -> None:
        super().__init__(message or _("Check what you entered"))
        self.errors: dict[str, list[str]] = {
            field: [said] if isinstance(said, str) else list(said) for field, said in errors.items()
        }

    def extra(self) -> dict[str, Any]:
        return {"errors": self.errors}


class NeedsConfirming(Invalid):
    """Unlikely but possible values: the same body with ``confirmed`` naming these fields is stored."""

    def __init__(self, questions: Mapping[str, str]) -> None:
        super().__init__(questions, _("Check these numbers"))
        self.confirm = list(questions)

    def extra(self) -> dict[str, Any]:
        return {"errors": self.errors, "confirm": self.confirm}


class Conflict(DomainError):
    """This id is already there with another body; records are never overwritten."""

    status = 409


class Stale(DomainError):
    """``If-Match`` no longer holds: somebody changed it meanwhile. Carries both versions."""

    status = 412

    def __init__(self, current: Any, yours: Any) -> None:
        super().__init__(_("This was changed somewhere else. Both versions are here"))
        self.current, self.yours = current, yours

    def extra(self) -> dict[str, Any]:
        return {"current": self.current, "yours": self.yours}


class TooMany(DomainError):
    """Throttled. ``retry_after`` is in seconds."""

    status = 429
    template = "too_many"

    def __init__(self, message: str, retry_after: int) -> None:
        super().__init__(message)
        self.retry_after = retry_after

    def headers(self) -> dict[str, str]:
        return {"Retry-After": str(self.retry_after)}


class NotBuilt(DomainError):
    """An optional library is not installed here (the PDF's, for example)."""

    status = 501
    template = "not_built"


class Unavailable(DomainError):
    """The database does not answer or the disk is full: nothing was stored."""

    status = 503
    template = "unavailable"

    def headers(self) -> dict[str, str]:
        return {"Retry-After": "5"}
