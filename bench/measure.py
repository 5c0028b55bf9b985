"""Interleaved rounds: every subject takes its turn in every round, so that a drifting machine drifts for all of them."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# One turn: does its work some times over and gives the seconds that each time took.
Turn = Callable[[], Sequence[float]]


@dataclass(frozen=True)
class Ratio:
    """Yardstick over subject, in time: 1.0 is as fast as the yardstick, 0.5 takes twice as long.

    ``low`` and ``high`` are the 10th and 90th percentile of the rounds' own ratios.
    """

    middle: float
    low: float
    high: float
    rounds: int


@dataclass
class Result:
    """One line of the report. ``ratio`` is None where the line is a count."""

    subject: str
    against: str
    ratio: Ratio | None = None
    also: str = ""
    goal: str = ""
    met: bool | None = None
    figures: dict[str, Any] = field(default_factory=dict)


@dataclass
class Times:
    """Seconds of one subject: a list a round."""

    rounds: list[list[float]] = field(default_factory=list)

    @property
    def all(self) -> list[float]:
        """Every single time."""
        return [seconds for one in self.rounds for seconds in one]

    @property
    def p50(self) -> float:
        """The median, in seconds."""
        return statistics.median(self.all)

    @property
    def p99(self) -> float:
        """The 99th percentile, in seconds."""
        return quantile(self.all, 0.99)

    @property
    def tail(self) -> float:
        """How many medians the 99th percentile is."""
        return self.p99 / self.p50

    def against(self, yardstick: Times) -> Ratio:
        """This subject's ratio to the yardstick, round by round."""
        ratios = [
            statistics.median(bare) / statistics.median(own)
            for bare, own in zip(yardstick.rounds, self.rounds, strict=True)
        ]
        return ratio_of(ratios)


def ratio_of(ratios: Sequence[float]) -> Ratio:
    """The middle and the spread of what the rounds gave."""
    return Ratio(statistics.median(ratios), quantile(ratios, 0.1), quantile(ratios, 0.9), rounds=len(ratios))


def quantile(values: Sequence[float], share: float) -> float:
    """The value below which this share of them lies."""
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (ordered[above] - ordered[below]) * (place - below)


def interleave(
    subjects: Mapping[str, Turn], rounds: int, step: Callable[[], None], *, warm_up: int = 1
) -> dict[str, Times]:
    """Let every subject take a turn in every round; who begins changes from round to round.

    :param step: called after each round, for a progress line.
    :param warm_up: rounds that do not count: caches fill, connections open.
    """
    times = {name: Times() for name in subjects}
    names = list(subjects)
    for number in range(-warm_up, rounds):
        first = number % len(names)
        for name in names[first:] + names[:first]:
            seconds = list(subjects[name]())
            if number >= 0:
                times[name].rounds.append(seconds)
        if number >= 0:
            step()
    return times


def timed(work: Callable[[], object], times: int) -> Turn:
    """A turn that does ``work`` so often and times each."""

    def turn() -> list[float]:
        seconds = []
        for _each in range(times):
            started = time.perf_counter()
            work()
            seconds.append(time.perf_counter() - started)
        return seconds

    return turn


def per_piece(work: Callable[[], int], watch: Callable[[], float] = time.perf_counter) -> Turn:
    """A turn whose work says how many pieces it did; one time, of a piece.

    :param watch: ``time.process_time`` counts this process's CPU instead.
    """

    def turn() -> list[float]:
        started = watch()
        pieces = work()
        return [(watch() - started) / pieces]

    return turn
