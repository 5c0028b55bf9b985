"""Questionnaires of the demonstration: who reads the PHQ-9, and answers over the weeks. Nothing where its text is not installed."""

from __future__ import annotations

import datetime as dt
import random
import uuid

from selfcare import clock
from selfcare.demo.looks import looked
from selfcare.extensions import db
from selfcare.people.models import Person, Team
from selfcare.questionnaires import scoring, texts
from selfcare.questionnaires.models import QuestionnaireReader, QuestionnaireResponse, QuestionnaireText
from selfcare.questionnaires.packs import catalogue

PHQ9 = "phq9"
WAIT = 5  # days: newer answers are still to be read, one or two of them later than was said


class QuestionnaireMaker:
    """Makes answers from random numbers of its own, so that the rest of the demonstration stays as it was."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed + 3)
        self.instrument = catalogue()[PHQ9]
        self.text = texts.in_force().get(PHQ9)

    def read_by(self, team: Team, clinician: Person) -> None:
        """This clinician reads the answers within 3 days."""
        if self.text is not None:
            db.session.add(
                QuestionnaireReader(
                    team_id=team.id,
                    questionnaire=PHQ9,
                    clinician_id=clinician.id,
                    within_days=3,
                    set_by=clinician.id,
                )
            )

    def over_the_weeks(self, person: Person, reader: Person, scores: tuple[int, ...], last: int) -> None:
        """Answers with these scores, four weeks apart, the last one ``last`` days ago; the question about harm is never above 0.

        This clinician read them two days later; the newest wait.
        """
        if self.text is None:
            return
        for place, score in enumerate(reversed(scores)):
            days_ago = last + place * 28
            self._answered(person, self.text, score, days_ago=days_ago)
            if days_ago > WAIT:
                read_at = clock.now() - dt.timedelta(days=days_ago - 2)
                looked(person, reader, "clinician", "questionnaires", read_at)

    def somebody(self, person: Person, reader: Person) -> None:
        """Two or three times, with a little up and down."""
        first = self.rng.randint(9, 21)
        scores = [
            first,
            *(max(0, first + self.rng.randint(-7, 2)) for _again in range(self.rng.randint(1, 2))),
        ]
        self.over_the_weeks(person, reader, tuple(scores), self.rng.randint(1, 20))

    def _answered(self, person: Person, text: QuestionnaireText, score: int, *, days_ago: int) -> None:
        places = [str(item) for item in range(1, self.instrument.items)]  # all but the last
        answers: dict[str, int | None] = dict.fromkeys((*places, str(self.instrument.items)), 0)
        for _point in range(min(score, 3 * len(places))):
            place = self.rng.choice([each for each in places if (answers[each] or 0) < self.instrument.most])
            answers[place] = (answers[place] or 0) + 1
        at = clock.now() - dt.timedelta(days=days_ago, minutes=self.rng.randint(0, 200))
        db.session.add(
            QuestionnaireResponse(
                id=uuid.UUID(int=self.rng.getrandbits(128), version=4),
                patient_id=person.id,
                written_by=person.id,
                received_at=at,
                questionnaire=PHQ9,
                text_id=text.id,
                answers=answers,
                score=scoring.score(self.instrument, answers),
                recorded_at=at,
                recorded_on=clock.local(at, person.time_zone).date(),
                body_hash="demo",
            )
        )
