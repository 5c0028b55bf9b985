"""What was agreed with patients, and follow-ups in every state: to come, due today, overdue, answered, settled.

It has a stream of random numbers of its own, so that everything else of the demonstration stays as it is.
"""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

import sqlalchemy as sa

from selfcare import clock
from selfcare.extensions import db
from selfcare.goals.answers import SAID
from selfcare.goals.models import AgreedGoal, ConfidenceScore, FollowUp, FollowUpAnswer, Goal, TeamNote
from selfcare.people.models import Person

ZONE = "Europe/London"
WHO = ("I walk. Grace sends the times of the walking group.", "I ask my son to come. We look again together.")
WENT = ("I went 3 times. The last one was easier.", "Twice, then it rained all week.")
BARRIERS = ("My knee was bad on two days", "My shifts changed")
IN_WORDS = 5  # numbers do not suit 1 person in so many


class FollowUpMaker:
    """Adds to the first goal of a patient what a team wrote and asked."""

    def __init__(self, seed: int, today: dt.date) -> None:
        self.rng, self.today = random.Random(seed), today

    def of_the_demonstration(self, patient: Person, clinician: Person) -> None:
        """The patient of the demonstration: agreed 2 weeks ago, once asked since, and asked again today in the app."""
        goal = self._goal(patient)
        if goal is None:
            return
        self._agree(goal, clinician, 5, 21, "Prefers mornings. Ask about the knee first.")
        first = self._follow_up(goal, clinician, due=-14, channel="phone", outcome="partly")
        self._answer(
            first, clinician, "team", result="partly", went=WENT[1], in_the_way=BARRIERS[0], confidence=6
        )
        self._answer(
            first, clinician, "team", way="steps", step="choose", idea="Walk inside the shopping centre"
        )
        self._follow_up(goal, clinician, due=0, channel="app", back=14)

    def somebody(self, patient: Person, clinician: Person) -> None:
        """Anybody else, in one of the states in which follow-ups are."""
        goal = self._goal(patient)
        if goal is None:
            return
        score = self.rng.randint(4, 9)
        words = "somewhat" if goal.id.int % IN_WORDS == 0 else None
        self._agree(goal, clinician, None if words else score, 14, None, words)
        if words:
            self._say(goal, patient, words)
        due = self.rng.choice((-6, -1, 0, 3, 8, 13))
        row = self._follow_up(
            goal, clinician, due=due, channel=self.rng.choice(("app", "phone", "message")), back=14
        )
        if row.channel == "app" and due <= 0:
            result = self.rng.choice(("partly", "not_done", "went_to_plan"))
            went, number = self.rng.choice(WENT), self.rng.randint(4, 6)
            said = {"confidence_words": words} if words else {"confidence": number}
            self._answer(row, patient, "patient", result=result, went=went, **said)

    def _goal(self, patient: Person) -> Goal | None:
        db.session.flush()
        goals = sa.select(Goal).where(Goal.patient_id == patient.id).order_by(Goal.received_at, Goal.id)
        return db.session.scalars(goals.limit(1)).first()

    def _owned(self, patient_id: uuid.UUID, by: Person, back: int, hour: int = 11) -> dict[str, Any]:
        day = self.today - dt.timedelta(days=back)
        at = dt.datetime.combine(day, dt.time(hour, self.rng.randint(0, 59)), clock.zone(ZONE))
        return {
            "id": uuid.UUID(int=self.rng.getrandbits(128), version=4),
            "patient_id": patient_id,
            "written_by": by.id,
            "received_at": min(at.astimezone(dt.UTC), clock.now()),
        }

    def _agree(
        self,
        goal: Goal,
        by: Person,
        score: int | None,
        back: int,
        note: str | None,
        words: str | None = None,
    ) -> None:
        agreed = AgreedGoal(
            **self._owned(goal.patient_id, by, back),
            goal_id=goal.id,
            statement=goal.statement,
            confidence=score,
            confidence_words=words,
            who_does_what=self.rng.choice(WHO),
            agreed_on=self.today - dt.timedelta(days=back),
        )
        db.session.add(agreed)
        if note:
            db.session.add(
                TeamNote(**self._owned(goal.patient_id, by, back), subject_id=agreed.id, text=note)
            )

    def _say(self, goal: Goal, patient: Person, words: str) -> None:
        owned = self._owned(goal.patient_id, patient, 0)
        db.session.add(
            ConfidenceScore(
                **owned,
                goal_id=goal.id,
                words=words,
                recorded_at=owned["received_at"],
                monday=clock.monday_of(self.today),
            )
        )

    def _follow_up(
        self, goal: Goal, by: Person, *, due: int, channel: str, outcome: str | None = None, back: int = 21
    ) -> FollowUp:
        row = FollowUp(
            **self._owned(goal.patient_id, by, back),
            goal_id=goal.id,
            due_on=self.today + dt.timedelta(days=due),
            channel=channel,
            outcome=outcome,
            settled_on=self.today + dt.timedelta(days=due) if outcome else None,
            assigned_to=by.id,
        )
        db.session.add(row)
        db.session.flush()
        return row

    def _answer(self, row: FollowUp, by: Person, side: str, **said: Any) -> None:
        back = max((self.today - row.due_on).days, 0)
        empty = dict.fromkeys(SAID)
        owned = self._owned(row.patient_id, by, back, hour=12 if said.get("way") else 11)
        db.session.add(
            FollowUpAnswer(**owned, follow_up_id=row.id, goal_id=row.goal_id, side=side, **(empty | said))
        )
