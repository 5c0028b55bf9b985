"""Samuel works at Hornsey Lane as well now; Ayşe and Fadumo are named to Grace."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import pytest

from selfcare import clock
from selfcare.extensions import db
from selfcare.goals.models import FollowUp
from selfcare.people.models import Person, Team, TeamMembership
from tests import factories
from tests.agendas import scenes


@pytest.fixture
def ward(world: Any, story: Any) -> dict[str, uuid.UUID]:
    """Ayşe has an open follow-up and a visit with Grace, and noted one with her herself; Fadumo a follow-up that somebody else does."""
    with story():
        db.session.add(TeamMembership(team_id=world.hornsey, person_id=world.samuel))
        hornsey, grace = db.session.get_one(Team, world.hornsey), db.session.get_one(Person, world.grace)
        person = factories.make_person("Fadumo Warsame", "patient")
        factories.make_patient(person, "asthma", team=hornsey, clinician=grace)
        found = {"ayse": world.ayse, "fadumo": person.id}
        found["visit"] = scenes.visit(world, days=3)
        found["past"] = scenes.visit(world, days=-3)
        found["own_visit"] = scenes.visit(world, days=9)
        db.session.flush()
        from_her = db.session.get_one(scenes.Visit, found["own_visit"])
        from_her.added_by = "patient"
        today = clock.today("Europe/London")
        for name, patient, by in (
            ("follow_up", world.ayse, world.grace),
            ("others", person.id, world.samuel),
            ("settled", world.ayse, world.grace),
        ):
            row = FollowUp(
                id=uuid.uuid4(),
                patient_id=patient,
                written_by=by,
                due_on=today + dt.timedelta(days=2),
                outcome="partly" if name == "settled" else None,
            )
            db.session.add(row)
            found[name] = row.id
    return found
