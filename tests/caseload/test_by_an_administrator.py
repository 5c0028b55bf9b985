"""Grace is away: Ruth hands her patients over in numbers, and sees no name of one."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.goals.models import FollowUp
from selfcare.people.models import CareRelationship, PersonRole, TeamMembership
from selfcare.visits.models import Visit
from tests.caseload.test_hand_over import mine, shown


def page_of(world: Any) -> str:
    return f"/admin/people/{world.grace}/caseload"


def hand(ruth: Any, world: Any, **more: Any) -> Any:
    given = {"team_id": str(world.hornsey), "to": str(world.samuel), "follow_ups": "yes", "visits": "yes"}
    return ruth.send(page_of(world), **(given | more))


def test_closing_says_how_many_would_have_nobody(ruth: Any, world: Any, ward: Any) -> None:
    page = shown(ruth.get(f"/admin/people/{world.grace}"))
    assert (
        "2 patients are named to Grace Mensah. When this account closes, nobody looks after them by name."
        in page
    )
    assert page_of(world) in page
    assert "2 patients named" in shown(ruth.get(f"/admin/teams/{world.hornsey}"))
    closed = shown(ruth.send(f"/admin/people/{world.grace}/close"))
    assert "The account is closed. Now hand the patients over" in closed
    assert "Nobody looks after them by name now" in shown(ruth.get(f"/admin/people/{world.grace}"))


@pytest.mark.parametrize("how", ["here", "closed", "left", "no role"])
def test_whatever_became_of_her(
    how: str, ruth: Any, samuel: Any, ayse: Any, world: Any, ward: Any, story: Any
) -> None:
    with story():
        if how == "left":
            db.session.execute(
                sa.update(TeamMembership)
                .where(TeamMembership.person_id == world.grace)
                .values(ended_at=TeamMembership.started_at)
            )
        if how == "no role":
            db.session.execute(
                sa.update(PersonRole)
                .where(PersonRole.person_id == world.grace)
                .values(ended_at=PersonRole.granted_at)
            )
    if how == "closed":
        ruth.send(f"/admin/people/{world.grace}/close")
    page = shown(ruth.get(page_of(world)))
    assert "2 patients are named to Grace Mensah." in page
    assert "1 open follow-up goes along" in page
    assert "1 visit to come goes along" in page
    done = shown(hand(ruth, world, expected="2"))
    assert "Samuel Okoro looks after 2 patients now. Each is told" in done
    assert "No patient is named to Grace Mensah" in done
    for body in (page, done):
        assert "Ayşe" not in body
        assert "Fadumo" not in body
    assert mine(samuel) == ["Ayşe Kaya", "Fadumo Warsame", "Peter Whitlock"]
    assert "Samuel Okoro now looks after you" in shown(ayse.get("/"))
    with story():
        assert db.session.get_one(FollowUp, ward["follow_up"]).assigned_to == world.samuel
        assert db.session.get_one(Visit, ward["visit"]).clinician_id == world.samuel
        begun = sa.select(CareRelationship.begun_by).where(CareRelationship.ended_at.is_(None))
        assert set(db.session.scalars(begun.where(CareRelationship.team_id == world.hornsey))) == {world.ruth}


def test_an_administrator_names_nobody_who_is_no_colleague_and_not_themself(
    ruth: Any, world: Any, ward: Any, story: Any
) -> None:
    with story():
        db.session.add_all(
            [
                PersonRole(person_id=world.ruth, role="clinician"),
                TeamMembership(team_id=world.hornsey, person_id=world.ruth),
            ]
        )
    page = shown(ruth.get(page_of(world)))
    assert f'value="{world.samuel}"' in page
    assert f'value="{world.ruth}"' not in page
    for to in (world.ruth, world.elif_, world.grace):
        answer = hand(ruth, world, to=str(to))
        assert answer.status_code == 422
        assert "Choose who takes over" in shown(answer)
    assert hand(ruth, world, team_id=str(world.archway)).status_code == 404
    assert "The number of patients changed" in shown(hand(ruth, world, expected="7"))
    assert "2 patients are named" in shown(ruth.get(page_of(world)))


def test_it_opens_no_record_to_ruth(ruth: Any, grace: Any, samuel: Any, world: Any, ward: Any) -> None:
    hand(ruth, world)
    assert ruth.get(f"/patients/{world.ayse}").status_code == 404
    for caller in (grace, samuel):
        assert caller.get(page_of(world)).status_code == 404


def test_the_teams_care_goes_on_on_the_patients_page_of_the_administrators(
    ruth: Any, world: Any, ward: Any
) -> None:
    """One line for the team, from the day it began; who in it is named is not Ruth's."""
    before = shown(ruth.get(f"/admin/people/{world.ayse}"))
    hand(ruth, world)
    after = shown(ruth.get(f"/admin/people/{world.ayse}"))
    for page in (before, after):
        assert page.count(f'href="/admin/teams/{world.hornsey}"') == 1
        assert "Samuel" not in page
