"""Records from phones without signal, or with a wrong clock: kept as they were sent, and flagged (contract.md)."""

from __future__ import annotations

import datetime as dt

LATE = dt.timedelta(hours=24)  # an outbox that had no signal for longer
SKEW = dt.timedelta(minutes=5)  # honest clocks differ by less


def flags_of(recorded_at: dt.datetime, received_at: dt.datetime) -> list[str]:
    """``late`` and ``clock_skewed``, as far as they hold.

    :param recorded_at: when it was saved, by the phone's clock.
    :param received_at: when it arrived, by ours.
    """
    flags = []
    if received_at - recorded_at > LATE:
        flags.append("late")
    if recorded_at - received_at > SKEW:
        flags.append("clock_skewed")
    return flags
