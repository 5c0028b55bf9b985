"""When it was felt, when it was saved on the phone, when it arrived: what is refused, and what is kept and flagged.

Back-dating up to 14 days is judged against the phone's own ``recorded_at``, in calendar days on the phone's clock. What arrives
late, or from a phone whose clock is wrong, is stored and flagged, never refused (contract.md).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flask_babel import gettext as _

from selfcare.edge.arrivals import SKEW, flags_of
from selfcare.errors import Invalid

MOST_DAYS = 14
AHEAD = dt.timedelta(hours=24)  # a zone mistaken for another is less; more is a wrong date


@dataclass(frozen=True)
class Times:
    """The times of one entry, and what is unusual about them."""

    experienced_at: dt.datetime
    offset: int
    day: dt.date
    recorded_at: dt.datetime
    received_at: dt.datetime
    flags: list[str]


def judge(experienced_at: dt.datetime, recorded_at: dt.datetime | None, received_at: dt.datetime) -> Times:
    """The times of an entry with its flags: ``late``, ``clock_skewed``, ``back_dated``.

    :param experienced_at: with the phone's own offset.
    :param recorded_at: when it was saved on the phone; None means now.
    :raises Invalid: more than 14 days before it was saved, or in the future.
    """
    recorded_at = recorded_at or received_at
    flags = flags_of(recorded_at, received_at)
    if experienced_at - recorded_at > SKEW and "clock_skewed" not in flags:
        flags.append("clock_skewed")
    if experienced_at - recorded_at > AHEAD:
        raise Invalid({"experienced_at": _("The time must be in the past")})
    day, saved_on = experienced_at.date(), recorded_at.astimezone(experienced_at.tzinfo).date()
    if day < saved_on:
        flags.append("back_dated")
    if (saved_on - day).days > MOST_DAYS and recorded_at - received_at <= SKEW:
        raise Invalid({"experienced_at": _("Choose a day in the last %(most)s days", most=MOST_DAYS)})
    offset = experienced_at.utcoffset()
    assert offset is not None
    return Times(
        experienced_at=experienced_at.astimezone(dt.UTC),
        offset=int(offset.total_seconds() // 60),
        day=day,
        recorded_at=recorded_at,
        received_at=received_at,
        flags=flags,
    )
