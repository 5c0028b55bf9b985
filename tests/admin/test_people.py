"""Ruth runs the service: people, roles, access. What she does holds from the next request."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.identity.models import LoginSession
from selfcare.people.models import Person, PersonRole
from tests import factories
from tests.factories import PASSWORD, World

MARIA = {
    "name": "Maria Silva",
    "email": "Maria@Test.Example",
    "job_title": "physiotherapist",
    "roles": ["clinician"],
}
WORDS = "four quiet otters swim"


def shown(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


def add(ruth: Any, **changes: Any) -> Any:
    return ruth.send("/admin/people/new", **(MARIA | {"id": str(uuid.uuid4()), "team_id": ""} | changes))


def link_in(page: Any) -> str:
    found = re.search(r"http://localhost(/join/[\w-]+)", shown(page))
    assert found, shown(page)
    return found[1]


def set_password(phone: Any, link: str, password: str = WORDS) -> Any:
    page = phone.get(link, follow_redirects=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown(page))
    assert token, page.status_code
    return phone._call("POST", "/join/account", data={"csrf_token": token[1], "password": password})


def test_ruth_adds_maria_who_chooses_a_password_and_sees_her_teams_patients(
    ruth: Any, world: World, sign_in: Any
) -> None:
    page = add(ruth, team_id=str(world.hornsey))
    assert "Maria Silva is added" in shown(page)
    phone = sign_in(None)
    welcome = phone.get(link_in(page), follow_redirects=True)
    assert "Choose your password, Maria" in shown(welcome)
    assert "You sign in with maria@test.example" in shown(welcome)
    done = set_password(phone, link_in(page))
    assert (done.status_code, done.headers["Location"]) == (303, "/panel")
    panel = phone.get("/api/v1/panel").json
    assert [row["name"] for row in panel["items"]] == ["Ayşe Kaya"]


def test_a_link_for_staff_works_once_and_the_newest_only(ruth: Any, world: World, sign_in: Any) -> None:
    first = link_in(add(ruth))
    with_id = re.search(r"/admin/people/([0-9a-f-]{36})", shown(ruth.send("/admin", q="maria")))
    assert with_id
    second = link_in(ruth.send(f"/admin/people/{with_id[1]}/new-link"))
    phone = sign_in(None)
    assert phone.get(first).status_code == 410
    assert set_password(phone, second).status_code == 303
    assert sign_in(None).get(second).status_code == 410


def test_a_weak_password_of_staff_is_refused(ruth: Any, sign_in: Any) -> None:
    assert set_password(sign_in(None), link_in(add(ruth)), "maria silva 1").status_code == 422


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Enter the full name"),
        ("email", "", "Enter their email address"),
        ("email", "grace@test.example", "There is an account with this address"),
        ("roles", [], "Choose 1 role or more"),
        ("team_id", str(uuid.UUID(int=7)), "Choose a team"),
    ],
)
def test_what_ruth_types_is_checked_and_stays(ruth: Any, field: str, value: Any, said: str) -> None:
    page = add(ruth, **{field: value})
    assert page.status_code == 422
    assert said in shown(page)
    assert "physiotherapist" in shown(page)


def test_she_finds_people_by_a_part_of_the_name_and_no_name_stands_in_an_address(
    ruth: Any, story: Any
) -> None:
    with story():
        for number in range(60):
            factories.make_person(
                f"Person Number {number:02}", "clinician", email=f"p{number:02}@test.example"
            )
    found = ruth.send("/admin", q="mensah")
    assert "Grace Mensah" in shown(found)
    assert "Peter" not in shown(found)
    assert found.request.query_string == b""
    page = ruth.get("/admin")
    cursor = re.search(r'name="cursor" value="([^"]+)"', shown(page))
    assert cursor
    assert "Samuel Okoro" in shown(ruth.send("/admin", q="", cursor=cursor[1]))
    assert "Nobody found for “zz%”" in shown(ruth.send("/admin", q="zz%"))


def test_ending_a_role_holds_from_the_next_request(ruth: Any, grace: Any, world: World) -> None:
    assert grace.get(f"/api/v1/patients/{world.ayse}/diary-entries").status_code == 200
    ruth.send(f"/admin/people/{world.grace}/roles/clinician/end")
    assert grace.get(f"/api/v1/patients/{world.ayse}/diary-entries").status_code == 404
    ruth.send(f"/admin/people/{world.grace}/roles", role="clinician")
    assert grace.get(f"/api/v1/patients/{world.ayse}/diary-entries").status_code == 200


@pytest.mark.slow
def test_closing_access_holds_at_once_a_hundred_times(ruth: Any, ayse: Any, world: World, story: Any) -> None:
    cookie = ayse.http.get_cookie("selfcare").value
    for number in range(100):
        assert ayse.get("/api/v1/session").status_code == 200, f"round {number}"
        assert ruth.http.post(f"/admin/people/{world.ayse}/close", headers=ruth.headers).status_code == 303
        assert ayse.get("/api/v1/session").status_code == 401, f"round {number}"
        assert ruth.http.post(f"/admin/people/{world.ayse}/open", headers=ruth.headers).status_code == 303
        ayse.http.set_cookie("selfcare", cookie)
        assert ayse.get("/api/v1/session").status_code == 401, "old sessions stay ended"
        with story():  # the same session anew: a hundred sign-ins would be a hundred hashes
            db.session.execute(sa.update(LoginSession).values(ended_at=None))
        ayse.http.set_cookie("selfcare", cookie)


def test_a_closed_account_answers_as_if_it_were_not_there(ruth: Any, world: World, nobody: Any) -> None:
    ruth.send(f"/admin/people/{world.ayse}/close")
    closed = nobody.post("/api/v1/session", {"email": "ayse@test.example", "password": PASSWORD})
    unknown = nobody.post("/api/v1/session", {"email": "who@test.example", "password": PASSWORD})
    assert (closed.status_code, closed.json) == (unknown.status_code, unknown.json)


def test_closing_takes_open_links_back(ruth: Any, world: World, sign_in: Any) -> None:
    link = link_in(add(ruth))
    with_id = re.search(r"/admin/people/([0-9a-f-]{36})", shown(ruth.send("/admin", q="maria")))
    assert with_id
    ruth.send(f"/admin/people/{with_id[1]}/close")
    assert sign_in(None).get(link).status_code == 410


def test_a_lost_phone_is_logged_out(ruth: Any, ayse: Any, world: World) -> None:
    ruth.send(f"/admin/people/{world.ayse}/log-out")
    assert ayse.get("/api/v1/session").status_code == 401


def test_ruth_cannot_close_or_unseat_herself(ruth: Any, world: World) -> None:
    assert "Another administrator has to do this" in shown(ruth.send(f"/admin/people/{world.ruth}/close"))
    assert "Another administrator has to do this" in shown(
        ruth.send(f"/admin/people/{world.ruth}/roles/administrator/end")
    )
    assert ruth.get("/admin").status_code == 200


def test_ruth_gives_no_patient_a_new_password(ruth: Any, world: World) -> None:
    page = ruth.send(f"/admin/people/{world.ayse}/new-link")
    assert "Their care team gives out the new link" in shown(page)
    assert "/join/" not in shown(page)


def test_several_roles_at_once(ruth: Any, world: World, story: Any) -> None:
    ruth.send(f"/admin/people/{world.ayse}/roles", role="facilitator")
    with story():
        held = db.session.scalars(
            sa.select(PersonRole.role).where(
                PersonRole.person_id == world.ayse, PersonRole.ended_at.is_(None)
            )
        )
        assert set(held) == {"patient", "facilitator"}


def test_a_new_address_is_signed_in_with(ruth: Any, world: World, nobody: Any) -> None:
    ruth.send(
        f"/admin/people/{world.grace}", name="Grace Mensah", known_as="Grace", email="g.mensah@test.example"
    )
    body = {"email": "g.mensah@test.example", "password": PASSWORD}
    assert nobody.post("/api/v1/session", body).status_code == 200


def test_no_clinical_content_is_on_any_page_of_hers(ruth: Any, world: World, story: Any) -> None:
    for path in (
        "/admin",
        f"/admin/people/{world.ayse}",
        "/admin/teams",
        f"/admin/teams/{world.hornsey}",
        "/admin/audit",
    ):
        page = shown(ruth.get(path))
        for word in ("diabetes", "1968", "14 March", "msk"):
            assert word not in page, f"{word} on {path}"


def test_nobody_else_gets_in(ayse: Any, grace: Any, carer: Any, nobody: Any, world: World) -> None:
    paths = [
        "/admin",
        "/admin/people/new",
        f"/admin/people/{world.ayse}",
        "/admin/teams",
        "/admin/audit",
        "/admin/requests",
    ]
    for caller in (ayse, grace, carer):
        for path in paths:
            assert caller.get(path).status_code == 404, path
        assert caller.send(f"/admin/people/{world.ayse}/close").status_code == 404
        assert caller.get("/api/v1/users").status_code == 404
        assert caller.get("/api/v1/audit-events").status_code == 404
    assert nobody.get("/admin").headers["Location"].startswith("/sign-in")
    assert nobody.get("/api/v1/users").status_code == 401


def test_the_person_made_is_the_one_asked_for_even_when_sent_twice(ruth: Any, story: Any) -> None:
    same = str(uuid.uuid4())
    add(ruth, id=same)
    again = add(ruth, id=same)
    assert again.status_code == 422
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).where(Person.name == "Maria Silva")) == 1
