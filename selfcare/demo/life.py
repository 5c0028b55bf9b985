"""How a life looks in a diary: numbers that hang together from day to day, and days without any.

Every series has a person's own level, a weekday pattern, noise that remembers yesterday, a slow trend, and one flare-up.
"""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import dataclass

TRACKERS = {
    "type_2_diabetes": ("glucose", "energy"),
    "msk_pain": ("pain", "sleep"),
    "copd": ("reliever_puffs", "energy"),
    "asthma": ("peak_flow", "reliever_puffs", "sleep"),
    "depression": ("mood", "sleep"),
}
MOST_TRACKERS = 5


@dataclass(frozen=True)
class Series:
    """How one measure behaves: its usual ``level`` ± ``spread``, what a flare-up adds, and the ends of its scale."""

    level: float
    spread: float
    flare: float
    least: float
    most: float
    decimals: int = 0


SERIES = {
    "pain": Series(4.6, 1.0, 3.0, 0, 10),
    "sleep": Series(6.0, 1.1, -2.5, 0, 10),
    "energy": Series(5.5, 1.1, -2.0, 0, 10),
    "mood": Series(5.5, 1.2, -2.5, 0, 10),
    "glucose": Series(8.1, 0.9, 1.6, 2.8, 22, 1),
    "reliever_puffs": Series(2.0, 1.1, 4.0, 0, 14),
    "peak_flow": Series(390, 18, -90, 150, 620),
    "steps": Series(4200, 900, -1800, 300, 16000),
    "weight": Series(84, 0.3, 0.2, 45, 160, 1),
}
# Monday to Sunday: a quiet Sunday, a heavy Monday.
WEEKDAY_PATTERN = (0.5, 0.2, 0.0, -0.1, 0.0, -0.3, -0.4)


class Life:
    """One person's weeks, the same for the same random numbers."""

    def __init__(self, rng: random.Random, trackers: tuple[str, ...], days: list[dt.date]) -> None:
        self.rng, self.trackers, self.days = rng, trackers, days
        self.levels = {code: SERIES[code].level + rng.gauss(0, SERIES[code].spread) for code in trackers}
        self.trend = rng.uniform(-0.8, 0.5)
        self.missing = rng.uniform(0.15, 0.30)
        self.fades = rng.random() < 0.35
        length = rng.randint(5, 8)
        self.flare_from = rng.randint(0, max(0, len(days) - length))
        self.flare_days = range(self.flare_from, self.flare_from + length)
        self._yesterday = dict.fromkeys(trackers, 0.0)

    def writes_on(self, index: int) -> bool:
        """Whether there is an entry that day; a person who fades writes less each week."""
        share = index / max(1, len(self.days) - 1)
        skip = self.missing + (0.35 * share if self.fades else 0.0)
        return self.rng.random() > min(skip, 0.8)

    def values_on(self, index: int) -> dict[str, float | int]:
        """The day's numbers; now and then one is left out."""
        found: dict[str, float | int] = {}
        for code in self.trackers:
            series = SERIES[code]
            noise = 0.55 * self._yesterday[code] + self.rng.gauss(0, series.spread * 0.6)
            self._yesterday[code] = noise
            share = index / max(1, len(self.days) - 1)
            worse = 1 if series.flare > 0 else -1
            value = (
                self.levels[code]
                + noise
                + worse * series.spread * WEEKDAY_PATTERN[self.days[index].weekday()]
                + worse * series.spread * self.trend * share
                + (series.flare if index in self.flare_days else 0.0)
            )
            if code == "glucose" and self.rng.random() < 0.012:
                value = self.rng.uniform(3.2, 3.9)
            value = min(max(value, series.least), series.most)
            if self.rng.random() > 0.06:
                found[code] = round(value, series.decimals) if series.decimals else round(value)
        return found
