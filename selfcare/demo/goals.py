"""Weeks of one goal: plans, ticked days, confidence that moves, reviews."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

from selfcare import clock
from selfcare.demo import words
from selfcare.extensions import db
from selfcare.goals.models import ConfidenceScore, Goal, GoalDay, WeeklyPlan, WeeklyReview
from selfcare.people.models import Person

ZONE = "Europe/London"
WEEK = dt.timedelta(days=7)


class GoalMaker:
    """Makes goals from one stream of random numbers."""

    def __init__(self, rng: random.Random, today: dt.date, weeks: int) -> None:
        self.rng, self.today, self.weeks = rng, today, weeks

    def make(self, person: Person, words_of_it: tuple[str, str, str, str], confidence: int) -> Goal:
        """One running goal that began some weeks ago; days to come are open."""
        what, how_much, when, statement = words_of_it
        rng, monday = self.rng, clock.monday_of(self.today)
        length = rng.randint(2, max(2, min(6, self.weeks)))
        first = monday - length * WEEK
        goal = Goal(
            **self._owned(person, first),
            statement=statement,
            importance=rng.randint(6, 10),
            lifecycle_status="active",
            started_on=first,
        )
        db.session.add(goal)
        db.session.flush()
        keen = rng.uniform(0.55, 0.9)
        days = sorted(rng.sample(clock.WEEKDAYS, rng.choice((3, 4, 4, 5))), key=clock.WEEKDAYS.index)
        plan_words = {"what": what, "how_much": how_much, "when_text": when}
        for number in range(length + 1):
            week = first + number * WEEK
            if number and rng.random() < 0.7:
                confidence = min(10, max(1, confidence + rng.choice((-2, -1, 1, 1, 2))))
            self._week(person, goal, week, days, confidence, plan_words)
            done = self._days(person, goal, week, days, keen)
            if week < monday and rng.random() < 0.75:
                self._review(person, goal, week, confidence, done)
            keen -= rng.uniform(-0.02, 0.05)
        return goal

    def _owned(self, person: Person, day: dt.date) -> dict[str, Any]:
        at = dt.datetime.combine(day, dt.time(9, self.rng.randint(0, 59)), clock.zone(ZONE))
        return {
            "id": uuid.UUID(int=self.rng.getrandbits(128), version=4),
            "patient_id": person.id,
            "written_by": person.id,
            "received_at": min(at.astimezone(dt.UTC), clock.now()),
        }

    def _week(
        self,
        person: Person,
        goal: Goal,
        monday: dt.date,
        days: list[str],
        confidence: int,
        plan_words: dict[str, str],
    ) -> None:
        rng, low = self.rng, confidence < 7
        reasons = {
            "why_not_lower": rng.choice(words.WHY_NOT_LOWER),
            "what_would_help": rng.choice(words.HELPS) if low else None,
        }
        barriers = (
            {"barriers": rng.choice(words.BARRIERS), "plan_for_barriers": rng.choice(words.PLANS)}
            if low
            else {}
        )
        base = self._owned(person, monday)
        plan = plan_words | reasons | barriers
        db.session.add(
            WeeklyPlan(**base, goal_id=goal.id, monday=monday, days=list(days), confidence=confidence, **plan)
        )
        db.session.add(
            ConfidenceScore(
                **self._owned(person, monday),
                goal_id=goal.id,
                score=confidence,
                monday=monday,
                recorded_at=base["received_at"],
                **reasons,
            )
        )

    def _days(self, person: Person, goal: Goal, monday: dt.date, days: list[str], keen: float) -> int:
        done = 0
        for name in days:
            date = monday + dt.timedelta(days=clock.WEEKDAYS.index(name))
            if date >= self.today or self.rng.random() < 0.12:
                continue
            outcome = "done" if self.rng.random() < keen else self.rng.choice(("not_done", "skipped"))
            done += outcome == "done"
            db.session.add(
                GoalDay(
                    **self._owned(person, date),
                    goal_id=goal.id,
                    date=date,
                    monday=monday,
                    outcome=outcome,
                    reason=self.rng.choice(("unwell", "away")) if outcome == "skipped" else None,
                )
            )
        return done

    def _review(self, person: Person, goal: Goal, monday: dt.date, confidence: int, done: int) -> None:
        db.session.add(
            WeeklyReview(
                **self._owned(person, monday + dt.timedelta(days=6)),
                goal_id=goal.id,
                monday=monday,
                went_well=self.rng.choice(words.WENT_WELL) if done else None,
                got_in_the_way=self.rng.choice(words.BARRIERS),
                confidence=confidence,
                next="repeat",
            )
        )
