"""Results of the demonstration: a yearly review's numbers, most released, some still held, one corrected."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from typing import Any

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.models import Person
from selfcare.results.models import Result, ResultRelease

# What is measured in whom: (measure, usual value, spread).
USUAL: dict[str, tuple[tuple[str, float, float], ...]] = {
    "type_2_diabetes": (("hba1c", 58, 8), ("egfr", 76, 12), ("urine_acr", 2.4, 0.9), ("ldl", 2.3, 0.5)),
    "copd": (("weight", 78, 9),),
    "asthma": (("weight", 74, 9),),
}
FOR_ALL = (("total_cholesterol", 4.6, 0.7), ("blood_pressure", 134, 9))
DECIMALS = {"urine_acr": 1, "ldl": 1, "total_cholesterol": 1, "weight": 1}


class ResultMaker:
    """Makes results from random numbers of its own, so that the rest of the demonstration stays as it was."""

    def __init__(self, rng: random.Random, today: dt.date) -> None:
        self.rng = random.Random(repr(rng.getstate()[1][:4]))
        self.today = today

    def ayse(self, person: Person, clinician: Person) -> None:
        """A year of results: last year's, this month's (released, not opened yet, one of them corrected), and two held."""
        last, now = self._ago(372), self._ago(6)
        for measure, values in (
            ("hba1c", {"value": 64}),
            ("total_cholesterol", {"value": 5.1}),
            ("ldl", {"value": 2.9}),
            ("blood_pressure", {"systolic": 148, "diastolic": 88}),
            ("weight", {"value": 86.4}),
            ("foot_check", {"value": "low"}),
        ):
            self._add(person, clinician, measure, values, last, released=last, opened=True)
        self._add(
            person, clinician, "hba1c", {"value": 61}, self._ago(190), released=self._ago(186), opened=True
        )
        wrong = self._add(person, clinician, "hba1c", {"value": 85}, now, released=self._ago(3), opened=True)
        self._add(
            *(person, clinician, "hba1c", {"value": 58}, now),
            released=self._ago(1),
            corrects=wrong.id,
            original_id=wrong.id,
            revision=1,
            reason="The number was typed wrong",
        )
        for measure, values in (
            ("total_cholesterol", {"value": 4.3}),
            ("ldl", {"value": 2.2}),
            ("blood_pressure", {"systolic": 136, "diastolic": 82}),
            ("weight", {"value": 84.2}),
            ("egfr", {"value": 78}),
        ):
            self._add(person, clinician, measure, values, now, released=self._ago(1))
        self._add(person, clinician, "urine_acr", {"value": 2.1}, self._ago(1))
        self._add(person, clinician, "foot_check", {"value": "low"}, self._ago(1))

    def anybody(self, person: Person, conditions: list[str], clinician: Person) -> None:
        """Anyone else: half of them have results, of a third of these the last ones are still held."""
        if self.rng.random() < 0.5:
            return
        held = self.rng.random() < 0.35
        usual = [each for condition in conditions for each in USUAL.get(condition, ())] + list(FOR_ALL)
        for days in (self.rng.randint(350, 400), self.rng.randint(4, 14)):
            for measure, value, spread in usual:
                values = self._values(measure, self.rng.gauss(value, spread))
                on = self._ago(days)
                released = None if held and days < 20 else on
                self._add(person, clinician, measure, values, on, released=released, opened=days > 20)

    def _values(self, measure: str, value: float) -> dict[str, Any]:
        if measure == "blood_pressure":
            return {"systolic": round(value), "diastolic": round(value * 0.6)}
        decimals = DECIMALS.get(measure)
        value = max(value, 0.4)
        return {"value": round(value, decimals) if decimals else round(value)}

    def _ago(self, days: int) -> dt.date:
        return self.today - dt.timedelta(days=days)

    def _add(
        self,
        person: Person,
        clinician: Person,
        measure: str,
        values: dict[str, Any],
        on: dt.date,
        *,
        released: dt.date | None = None,
        opened: bool = False,
        **more: Any,
    ) -> Result:
        result_id = uuid.UUID(int=self.rng.getrandbits(128), version=4)
        row = Result(
            id=result_id,
            patient_id=person.id,
            written_by=clinician.id,
            received_at=self._at(released or on),
            measure=measure,
            values=values,
            taken_on=on,
            body_hash="demo",
            **{"original_id": result_id} | more,
        )
        db.session.add(row)
        db.session.flush()
        if released is not None:
            at = self._at(released)
            release = ResultRelease(
                result_id=result_id, patient_id=person.id, released_by=clinician.id, released_at=at
            )
            release.opened_at = at + dt.timedelta(hours=5) if opened else None
            db.session.add(release)
        return row

    def _at(self, day: dt.date) -> dt.datetime:
        return min(dt.datetime.combine(day, dt.time(11, 30), dt.UTC), clock.now())
