"""Grace hands patients on to Samuel, who works with her: named from now, nothing lost, everybody told."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.goals.models import FollowUp
from selfcare.history import EarlierVersion
from selfcare.people.models import CareRelationship, Person, TeamMembership
from selfcare.visits.models import Visit
from tests import factories

PAGE = "/panel/hand-over"
NOTE = "Prefers mornings"


def shown(answer: Any) -> str:
    return " ".join(str(answer.get_data(as_text=True)).split())


def mine(who: Any) -> list[str]:
    return [row["name"] for row in who.get("/api/v1/panel?show=mine&sort=name").json["items"]]


def hand(grace: Any, world: Any, *patients: Any, **more: Any) -> Any:
    given: dict[str, Any] = {"to": str(world.samuel), "follow_ups": "yes", "visits": "yes", "step": "do"}
    given |= (
        {"which": "ticked", "patients": [str(each) for each in patients]} if patients else {"which": "all"}
    )
    return grace.send(PAGE, **(given | more))


def running(story: Any, patient: Any) -> CareRelationship:
    with story():
        rows = sa.select(CareRelationship).where(
            CareRelationship.patient_id == patient, CareRelationship.ended_at.is_(None)
        )
        return db.session.scalars(rows).one()


def test_grace_looks_first_and_nothing_holds_yet(grace: Any, samuel: Any, world: Any, ward: Any) -> None:
    assert "All 2 patients" in shown(grace.get(PAGE))
    page = shown(grace.send(PAGE, which="all", to=str(world.samuel), note=NOTE, step="look"))
    assert "Hand 2 patients to Samuel Okoro?" in page
    assert "1 open follow-up goes along" in page
    assert "1 visit to come goes along" in page
    assert NOTE in page
    assert mine(grace) == ["Ayşe Kaya", "Fadumo Warsame"]
    assert mine(samuel) == ["Peter Whitlock"]


def test_she_may_change_what_she_typed(grace: Any, world: Any, ward: Any) -> None:
    page = shown(
        grace.send(
            PAGE,
            which="ticked",
            patients=[str(ward["fadumo"])],
            to=str(world.samuel),
            note=NOTE,
            step="change",
        )
    )
    assert re.search(rf'value="{ward["fadumo"]}" checked', page)
    assert not re.search(rf'value="{world.ayse}" checked', page)
    assert re.search(rf'value="{world.samuel}" selected', page)
    assert NOTE in page


def test_all_of_hers_at_once(grace: Any, samuel: Any, world: Any, ward: Any, story: Any) -> None:
    assert "Samuel Okoro looks after 2 patients in place of you now" in shown(hand(grace, world, note=NOTE))
    assert mine(grace) == []
    assert mine(samuel) == ["Ayşe Kaya", "Fadumo Warsame", "Peter Whitlock"]
    # She works in the team, and sees them as the team does.
    assert grace.get(f"/patients/{world.ayse}").status_code == 200
    page = shown(samuel.get(f"/patients/{world.ayse}"))
    assert NOTE in page
    assert "Grace Mensah, until" in page
    with story():
        follow_up = db.session.get_one(FollowUp, ward["follow_up"])
        assert follow_up.assigned_to == world.samuel
        assert follow_up.written_by == world.grace, "who set it stays written down"
        assert db.session.get_one(FollowUp, ward["settled"]).assigned_to is None
        who = {
            key: db.session.get_one(Visit, ward[key]).clinician_id for key in ("visit", "past", "own_visit")
        }
        assert who == {"visit": world.samuel, "past": world.grace, "own_visit": world.grace}
        kept = db.session.scalars(sa.select(EarlierVersion.row_id)).all()
        assert set(kept) == {ward["follow_up"], ward["visit"]}


def test_one_of_them_with_nothing_along(grace: Any, samuel: Any, world: Any, ward: Any, story: Any) -> None:
    assert "Hand Ayşe Kaya over" in shown(grace.get(f"/patients/{world.ayse}/hand-over"))
    hand(grace, world, world.ayse, follow_ups="", visits="")
    assert mine(grace) == ["Fadumo Warsame"]
    with story():
        assert db.session.get_one(FollowUp, ward["follow_up"]).assigned_to is None
        assert db.session.get_one(Visit, ward["visit"]).clinician_id == world.grace


def test_relationships_end_and_begin_and_are_never_overwritten(
    grace: Any, samuel: Any, world: Any, ward: Any, story: Any
) -> None:
    first = running(story, world.ayse)
    hand(grace, world)
    second = running(story, world.ayse)
    assert (second.follows_id, second.clinician_id, second.begun_by) == (first.id, world.samuel, world.grace)
    with story():
        before = db.session.get_one(CareRelationship, first.id)
        assert (before.clinician_id, before.started_at) == (world.grace, first.started_at)
        assert before.ended_at == second.started_at, "not a moment without anybody"
    # Undo is handing back.
    back = {"which": "ticked", "patients": [str(world.ayse)], "to": str(world.grace), "step": "do"}
    samuel.send(PAGE, **back, follow_ups="yes", visits="yes")
    assert mine(grace) == ["Ayşe Kaya"]
    assert running(story, world.ayse).follows_id == second.id
    with story():
        assert db.session.get_one(FollowUp, ward["follow_up"]).assigned_to == world.grace
        assert db.session.get_one(Visit, ward["visit"]).clinician_id == world.grace


def test_each_patient_is_told_until_they_have_read_it(
    grace: Any, samuel: Any, ayse: Any, carer: Any, world: Any, ward: Any
) -> None:
    said = "Samuel Okoro now looks after you"
    assert said not in shown(ayse.get("/"))
    hand(grace, world, note=NOTE)
    page = shown(ayse.get("/"))
    assert said in page
    assert re.search(
        r"In place of Grace Mensah, from \d+ \w+ \d{4}\. Hornsey Lane Surgery sees the same", page
    )
    assert NOTE not in page
    assert said not in shown(carer.get(f"/?for={world.ayse}")), "for Ayşe to read"
    told = re.search(r'action="(/care/[^"]+/told)"', page)
    assert told
    assert said not in shown(ayse.send(told.group(1)))
    who = shown(ayse.get("/sharing"))
    assert "Samuel Okoro" in who
    assert "Before: Grace Mensah, Hornsey Lane Surgery" in who
    assert NOTE not in who
    assert NOTE not in shown(ayse.get("/api/v1/export"))


def test_handed_on_and_back_before_she_looked_is_no_news(
    grace: Any, samuel: Any, ayse: Any, world: Any, ward: Any
) -> None:
    hand(grace, world)
    hand(samuel, world, world.ayse, to=str(world.grace))
    assert "now looks after you" not in shown(ayse.get("/"))


def test_handed_on_twice_she_reads_whom_she_knew(
    grace: Any, samuel: Any, ayse: Any, world: Any, ward: Any, story: Any
) -> None:
    with story():
        maria = factories.make_person("Maria Silva", "clinician", job_title="physiotherapist")
        db.session.add(TeamMembership(team_id=world.hornsey, person_id=maria.id))
        maria_id = maria.id
    hand(grace, world)
    hand(samuel, world, world.ayse, to=str(maria_id))
    page = shown(ayse.get("/"))
    assert "Maria Silva now looks after you" in page
    assert "In place of Grace Mensah" in page
    assert "Samuel" not in page


def test_it_is_noted_for_each_patient(grace: Any, world: Any, ward: Any, story: Any) -> None:
    hand(grace, world, note=NOTE)
    with story():
        events = db.session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == "care_relationship.handed_over")
        ).all()
        assert {event.subject_id for event in events} == {world.ayse, ward["fadumo"]}
        assert {event.actor_id for event in events} == {world.grace}
        of_ayse = next(event.details for event in events if event.subject_id == world.ayse)
        assert of_ayse == {
            "before": str(world.grace),
            "to": str(world.samuel),
            "follow_ups": 1,
            "visits": 1,
        }
        assert NOTE not in str([event.details for event in db.session.scalars(sa.select(AuditEvent))])


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"to": ""}, "Choose who takes over"),
        ({"which": ""}, "Choose all of your patients, or tick some"),
        ({"which": "ticked"}, "Tick 1 patient or more"),
        ({"to": str(uuid.uuid4())}, "Choose who takes over"),
    ],
)
def test_what_is_missing_is_said(grace: Any, world: Any, ward: Any, given: Any, words: str) -> None:
    answer = hand(grace, world, note=NOTE, **given)
    assert answer.status_code == 422
    assert words in shown(answer)
    assert NOTE in shown(answer), "nothing typed is lost"
    assert len(mine(grace)) == 2


def test_nobody_hands_on_whom_others_look_after(
    grace: Any, samuel: Any, ayse: Any, world: Any, ward: Any
) -> None:
    for patients in ([world.peter], [world.ayse, world.peter]):
        hand(samuel, world, *patients, to=str(world.grace))
    assert mine(samuel) == ["Peter Whitlock"], "Grace does not work at Archway, and Ayşe is not his"
    assert samuel.get(f"/patients/{world.ayse}/hand-over").status_code == 404
    assert grace.get(f"/patients/{world.peter}/hand-over").status_code == 404
    assert ayse.get(PAGE).status_code == 404


def test_only_to_somebody_of_the_patients_team(
    grace: Any, samuel: Any, world: Any, ward: Any, story: Any
) -> None:
    hand(grace, world)
    answer = hand(samuel, world, to=str(world.grace))  # Peter is of Archway
    assert answer.status_code == 422
    assert "Grace Mensah does not work in Archway Practice" in shown(answer)
    assert len(mine(samuel)) == 3


def test_the_number_on_the_page_is_the_number_that_is_handed_over(
    grace: Any, samuel: Any, world: Any, ward: Any
) -> None:
    answer = hand(grace, world, expected="1")
    assert answer.status_code == 409
    assert "Your patients changed in the meantime" in shown(answer)
    assert len(mine(grace)) == 2
    assert hand(grace, world, expected="2").status_code == 200
    assert mine(grace) == []


def test_who_leaves_the_team_sees_nobody_any_more(
    grace: Any, ruth: Any, world: Any, ward: Any, story: Any
) -> None:
    hand(grace, world)
    with story():
        membership = db.session.scalars(
            sa.select(TeamMembership.id).where(TeamMembership.person_id == world.grace)
        ).one()
    ruth.send(f"/admin/teams/{world.hornsey}/members/{membership}/end")
    assert grace.get(f"/patients/{world.ayse}").status_code == 404
    assert grace.get("/api/v1/panel").json["items"] == []


def test_the_team_that_cared_longest_stays_first(
    grace: Any, ayse: Any, world: Any, ward: Any, story: Any
) -> None:
    """A list without a visit goes to the team that has cared longest, whoever is named there by now."""
    with story():
        began = clock.now() - dt.timedelta(days=3)
        db.session.add(CareRelationship(patient_id=world.ayse, team_id=world.archway, started_at=began))
        db.session.execute(
            sa.update(CareRelationship)
            .where(CareRelationship.team_id == world.hornsey)
            .values(started_at=began - dt.timedelta(days=300))
        )
    hand(grace, world)
    for visit in ("visit", "own_visit"):
        with story():
            db.session.execute(sa.update(Visit).where(Visit.id == ward[visit]).values(status="cancelled"))
    assert ayse.get("/api/v1/agenda").json["team"]["name"] == "Hornsey Lane Surgery"


def test_as_many_statements_however_many_patients(
    grace: Any, samuel: Any, world: Any, ward: Any, story: Any, statements: Any
) -> None:
    def crowd(number: int) -> None:
        with story():
            team = db.session.get_one(factories.Team, world.hornsey)
            nurse = db.session.get_one(Person, world.grace)
            for _each in range(number):
                person = factories.make_person(
                    uuid.uuid4().hex, "patient", email=f"{uuid.uuid4().hex}@test.example"
                )
                factories.make_patient(person, "asthma", team=team, clinician=nurse)

    counts = []
    for number in (3, 40):
        crowd(number)
        with statements() as looked:
            assert grace.get(PAGE).status_code == 200
            assert grace.send(PAGE, which="all", to=str(world.samuel)).status_code == 200
        counts.append(len(looked))
    assert counts[0] == counts[1]
    with statements() as seen:
        hand(grace, world)
    assert len([one for one in seen if one.startswith("SELECT")]) < 30
    assert mine(grace) == []


def test_a_closed_account_is_named_nowhere(grace: Any, ayse: Any, ruth: Any, world: Any, ward: Any) -> None:
    ayse.put("/api/v1/trackers", {"measures": ["pain"]})
    assert "Grace Mensah, your nurse," in shown(ayse.get("/diary/new"))
    ruth.send(f"/admin/people/{world.grace}/close")
    page = shown(ayse.get("/sharing"))
    assert "Nobody is named at the moment" in page
    assert "Grace Mensah" not in shown(ayse.get("/diary/new"))
