"""Ages."""

from __future__ import annotations

import datetime as dt


def age_of(born: dt.date | None, today: dt.date) -> int | None:
    """Full years on a day; None where the date of birth is not known."""
    if born is None:
        return None
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))
