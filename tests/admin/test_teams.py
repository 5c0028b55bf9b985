"""Teams, their members, and patients handed over from one to another."""

from __future__ import annotations

import re
import uuid
from typing import Any

from tests.factories import World


def shown(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def sees_ayse(caller: Any, world: World) -> bool:
    return bool(caller.get(f"/api/v1/patients/{world.ayse}/agenda-summary").status_code == 200)


def relationship(ruth: Any, world: World) -> str:
    found = re.search(
        rf"/admin/people/{world.ayse}/care/([0-9a-f-]{{36}})/end",
        shown(ruth.get(f"/admin/people/{world.ayse}")),
    )
    assert found
    return found[1]


def test_a_new_team_stands_and_may_be_renamed(ruth: Any) -> None:
    page = ruth.send("/admin/teams/new", id=str(uuid.uuid4()), name="Finsbury Clinic", phone="020 7946 0999")
    assert "Nobody works in this team yet" in shown(page)
    team = page.request.path
    ruth.send(team, name="Finsbury Park Clinic", phone="")
    assert "Finsbury Park Clinic" in shown(ruth.get("/admin/teams"))
    assert "Enter the name of the team" in shown(ruth.send(team, name=""))


def test_somebody_put_into_a_team_sees_its_patients_and_not_after(
    ruth: Any, samuel: Any, world: World
) -> None:
    assert not sees_ayse(samuel, world)
    page = ruth.send(f"/admin/teams/{world.hornsey}/members", person_id=str(world.samuel))
    assert sees_ayse(samuel, world)
    ends = re.findall(rf"/admin/teams/{world.hornsey}/members/[0-9a-f-]{{36}}/end", shown(page))
    rows = shown(page).split("<tr")
    end = next(path for path in ends if any(path in row and "Samuel" in row for row in rows))
    page = ruth.send(end)
    assert not sees_ayse(samuel, world)
    assert "Samuel Okoro" in shown(page), "who was there stays on the list, from and until"


def test_ayse_is_handed_over_to_archway(ruth: Any, grace: Any, samuel: Any, world: World) -> None:
    ruth.send(f"/admin/people/{world.ayse}/care", team_id=str(world.archway), ends=relationship(ruth, world))
    assert sees_ayse(samuel, world)
    assert not sees_ayse(grace, world)


def test_two_teams_may_care_for_her_and_one_may_end(ruth: Any, grace: Any, samuel: Any, world: World) -> None:
    first = relationship(ruth, world)
    ruth.send(f"/admin/people/{world.ayse}/care", team_id=str(world.archway), ends="")
    assert sees_ayse(samuel, world)
    assert sees_ayse(grace, world)
    ruth.send(f"/admin/people/{world.ayse}/care/{first}/end")
    assert not sees_ayse(grace, world)
    assert sees_ayse(samuel, world)


def test_a_relationship_of_somebody_else_is_not_there(ruth: Any, grace: Any, world: World) -> None:
    first = relationship(ruth, world)
    assert ruth.send(f"/admin/people/{world.peter}/care/{first}/end").status_code == 404
    assert sees_ayse(grace, world)


def test_a_team_closes_only_when_its_patients_are_handed_over(
    ruth: Any, world: World, samuel: Any, grace: Any
) -> None:
    refused = ruth.send(f"/admin/teams/{world.hornsey}/close")
    assert "Hand its patients over" in shown(refused)
    ruth.send(f"/admin/people/{world.ayse}/care", team_id=str(world.archway), ends=relationship(ruth, world))
    closed = ruth.send(f"/admin/teams/{world.hornsey}/close")
    assert "Closed since" in shown(closed)
    assert "Choose a team" in shown(ruth.send(f"/admin/people/{world.ayse}/care", team_id=str(world.hornsey)))
    assert "You are in no team yet" in shown(grace.get("/invitations/new"))


def test_a_team_that_is_not_there(ruth: Any) -> None:
    gone = uuid.uuid4()
    assert ruth.get(f"/admin/teams/{gone}").status_code == 404
    assert ruth.send(f"/admin/teams/{gone}/close").status_code == 404
