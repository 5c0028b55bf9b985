"""Nobody opens a record to themself: a second administrator decides."""

from __future__ import annotations

import re
from typing import Any

import pytest

from selfcare.extensions import db
from selfcare.people.models import PersonRole
from tests import factories
from tests.factories import World


def shown(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.fixture
def omar(world: World, story: Any, sign_in: Any) -> Any:
    """Omar, another administrator."""
    with story():
        factories.make_person("Omar Haddad", "administrator")
    return sign_in("omar")


def sees(caller: Any, world: World) -> bool:
    return bool(caller.get(f"/api/v1/patients/{world.ayse}/agenda-summary").status_code == 200)


def decide(admin: Any, decision: str) -> Any:
    found = re.search(r'action="(/admin/requests/[0-9a-f-]{36})"', shown(admin.get("/admin/requests")))
    assert found, "nothing to decide"
    return admin.send(found[1], decision=decision)


def open_everything(ruth: Any, omar: Any, world: World) -> None:
    """Ruth asks for the role and the team, Omar grants both."""
    ruth.send(f"/admin/people/{world.ruth}/roles", role="clinician")
    decide(omar, "grant")
    ruth.send(f"/admin/teams/{world.hornsey}/members", person_id=str(world.ruth))
    decide(omar, "grant")


def test_ruth_gives_herself_the_role_and_the_team_and_sees_nothing(ruth: Any, world: World) -> None:
    page = ruth.send(f"/admin/people/{world.ruth}/roles", role="clinician")
    assert "another administrator decides" in shown(page)
    ruth.send(f"/admin/teams/{world.hornsey}/members", person_id=str(world.ruth))
    assert ruth.get("/panel").status_code == 404
    assert not sees(ruth, world)


def test_she_cannot_decide_her_own_request(ruth: Any, omar: Any, world: World) -> None:
    ruth.send(f"/admin/people/{world.ruth}/roles", role="clinician")
    path = re.search(r'action="(/admin/requests/[0-9a-f-]{36})"', shown(omar.get("/admin/requests")))
    assert path
    assert "This is your own" in shown(ruth.get("/admin/requests"))
    assert "Another administrator has to decide this" in shown(ruth.send(path[1], decision="grant"))
    assert ruth.get("/panel").status_code == 404


def test_with_omars_word_it_holds_from_the_next_request(ruth: Any, omar: Any, world: World) -> None:
    open_everything(ruth, omar, world)
    assert sees(ruth, world)


def test_refused_is_refused(ruth: Any, omar: Any, world: World) -> None:
    ruth.send(f"/admin/people/{world.ruth}/roles", role="clinician")
    decide(omar, "refuse")
    assert ruth.get("/panel").status_code == 404
    assert "Nothing waits" in shown(omar.get("/admin/requests"))


def test_a_patient_for_her_own_team_needs_omar_as_well(
    ruth: Any, omar: Any, world: World, peter: Any
) -> None:
    open_everything(ruth, omar, world)
    page = ruth.send(f"/admin/people/{world.peter}/care", team_id=str(world.hornsey))
    assert "another administrator decides" in shown(page)
    peters = f"/api/v1/patients/{world.peter}/agenda-summary"
    assert ruth.get(peters).status_code == 404
    decide(omar, "grant")
    assert ruth.get(peters).status_code == 200


def test_asking_twice_is_asking_once(ruth: Any, omar: Any, world: World) -> None:
    for _ in range(2):
        ruth.send(f"/admin/people/{world.ruth}/roles", role="clinician")
    decide(omar, "grant")
    assert "Nothing waits" in shown(omar.get("/admin/requests"))


def test_a_decided_request_is_not_there_any_more(ruth: Any, omar: Any, world: World, story: Any) -> None:
    ruth.send(f"/admin/people/{world.ruth}/roles", role="clinician")
    path = re.search(r'action="(/admin/requests/[0-9a-f-]{36})"', shown(omar.get("/admin/requests")))
    assert path
    omar.send(path[1], decision="refuse")
    assert omar.send(path[1], decision="grant").status_code == 404
    with story():
        assert db.session.query(PersonRole).filter_by(person_id=world.ruth, role="clinician").count() == 0


def test_the_api_is_no_way_round(ruth: Any, world: World) -> None:
    me = {"name": "Ruth Adler", "email": "ruth@test.example", "roles": ["administrator", "clinician"]}
    answer = ruth.put(f"/api/v1/users/{world.ruth}", me)
    assert answer.json["roles"] == ["administrator"]
    assert ruth.get("/panel").status_code == 404
    team = {"name": "Hornsey Lane Surgery", "members": [str(world.grace), str(world.ruth)]}
    assert ruth.put(f"/api/v1/teams/{world.hornsey}", team).status_code == 422
