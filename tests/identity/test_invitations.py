"""Grace invites Joan: from the link to Joan's own page."""

from __future__ import annotations

import datetime as dt
import re
import uuid
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine

from selfcare.extensions import db
from selfcare.identity.invitation_models import Invitation
from selfcare.people.models import CareRelationship, Patient, Person, SharingChoice
from tests.factories import PASSWORD, World

JOAN = {
    "name": "Joan Petersen",
    "known_as": "",
    "born_on": "1963-04-09",
    "conditions": ["type_2_diabetes"],
    "languages": "English, Danish",
    "email": "",
}
WORDS = "four quiet otters swim"


def invite(grace: Any, world: World, **changes: Any) -> Any:
    form = JOAN | {"id": str(uuid.uuid4()), "team_id": str(world.hornsey)} | changes
    return grace.send("/invitations/new", **form)


def link_in(page: Any) -> str:
    found = re.search(r"http://localhost(/join/[\w-]+)", page.get_data(as_text=True))
    assert found, page.get_data(as_text=True)
    return found[1]


def shown(answer: Any) -> str:
    return str(answer.get_data(as_text=True))


@pytest.fixture
def link(grace: Any, world: World) -> str:
    return link_in(invite(grace, world))


@pytest.fixture
def joan(app: Any, sign_in: Any) -> Any:
    """Joan's phone: a browser that has never been here. Its forms carry the token of their page, as a browser's do."""
    return sign_in(None)


def fill(phone: Any, path: str, **answers: Any) -> Any:
    """Open a page and send its form, hidden fields included."""
    page = phone.get(path, follow_redirects=True)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown(page))
    assert token, f"{path} has no form: {page.status_code}"
    return phone.send(path, csrf_token=token[1], **answers)


def join(phone: Any, link: str, *items: str, email: str = "joan@test.example", **answers: Any) -> Any:
    phone.get(link)
    fill(phone, "/join", year="1963")
    fill(phone, "/join/account", email=email, password=WORDS)
    return fill(phone, "/join/sharing", **({"shared": list(items), "adult": "yes", "agree": "yes"} | answers))


def test_joan_opens_the_link_and_ends_on_her_own_page(
    link: str, joan: Any, grace: Any, world: World, story: Any
) -> None:
    welcome = joan.get(link, follow_redirects=True)
    assert "Hello Joan" in shown(welcome)
    assert "Grace Mensah at Hornsey Lane Surgery invites you" in shown(welcome)
    assert joan.http.get("/join").request.path == "/join", "the token is out of the address"
    after_year = fill(joan, "/join", year="1963")
    assert "12 characters or more" in shown(after_year), "the rules stand before the mistake"
    consent = fill(joan, "/join/account", email="Joan@Test.Example", password=WORDS)
    assert "Nobody checks this between visits" in shown(consent)
    assert "checked" not in shown(consent), "nothing is ticked beforehand"
    done = fill(joan, "/join/sharing", shared=["goals"], adult="yes", agree="yes")
    assert done.request.path == "/"
    who = joan.get("/api/v1/session").json["user"]
    assert (who["name"], who["roles"]) == ("Joan Petersen", ["patient"])
    with story():
        person = db.session.scalars(sa.select(Person).where(Person.email == "joan@test.example")).one()
        patient = db.session.get(Patient, person.id)
        assert patient is not None
        assert (patient.born_on, patient.conditions) == (dt.date(1963, 4, 9), ["type_2_diabetes"])
        assert patient.languages == ["English", "Danish"]
        assert patient.consented_at is not None
        relation = db.session.scalars(
            sa.select(CareRelationship).where(CareRelationship.patient_id == person.id)
        ).one()
        assert (relation.team_id, relation.clinician_id) == (world.hornsey, world.grace)
        shared = db.session.scalars(
            sa.select(SharingChoice.item).where(SharingChoice.patient_id == person.id, SharingChoice.shared)
        )
        assert shared.all() == ["goals"]


def test_she_signs_in_with_what_she_chose(link: str, joan: Any, nobody: Any) -> None:
    join(joan, link)
    answer = nobody.post("/api/v1/session", {"email": "joan@test.example", "password": WORDS})
    assert answer.status_code == 200


def test_nothing_of_hers_exists_before_she_agrees(link: str, joan: Any, story: Any) -> None:
    joan.get(link)
    fill(joan, "/join", year="1963")
    fill(joan, "/join/account", email="joan@test.example", password=WORDS)
    with story():
        assert db.session.scalar(sa.select(Person.id).where(Person.name == "Joan Petersen")) is None


def test_a_link_works_once(link: str, joan: Any, sign_in: Any, story: Any) -> None:
    join(joan, link)
    other = sign_in(None)
    page = other.get(link)
    assert page.status_code == 410
    assert "This link was used already" in shown(page)
    assert "Sign in" in shown(page)
    with story():
        used = db.session.scalars(sa.select(Invitation)).one()
        assert (used.name, used.born_on, used.staged_hash) == (None, None, None), (
            "what was typed lives on with the person only"
        )


def test_two_browsers_with_one_link_make_one_account(link: str, joan: Any, sign_in: Any, story: Any) -> None:
    other = sign_in(None)
    other.get(link)
    fill(other, "/join", year="1963")
    page = fill(other, "/join/account", email="joan@test.example", password=WORDS)
    token = re.search(r'name="csrf_token" value="([^"]+)"', shown(page))
    assert token
    answers = {"adult": "yes", "agree": "yes"}
    assert join(joan, link).request.path == "/"
    assert other.send("/join/sharing", csrf_token=token[1], **answers).status_code == 410


def test_after_14_days_the_link_is_too_old_and_grace_makes_a_new_one(
    link: str, grace: Any, joan: Any, world: World
) -> None:
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(days=14, minutes=1)):
        page = joan.get(link)
        assert page.status_code == 410
        assert "too old" in shown(page)
        fresh = grace_again(grace)
        listed = fresh.get("/invitations")
        assert "Ran out" in shown(listed)
        path = re.search(r'href="(/invitations/[0-9a-f-]{36})"', shown(listed))
        assert path
        new_link = link_in(fresh.send(path[1] + "/renew"))
        assert new_link != link
        assert joan.get(link).status_code == 410
        assert joan.get(new_link, follow_redirects=True).status_code == 200


def grace_again(grace: Any) -> Any:
    answer = grace.post("/api/v1/session", {"email": "grace@test.example", "password": PASSWORD})
    grace.headers["X-CSRF-Token"] = answer.json["csrf_token"]
    return grace


def test_an_invitation_that_is_taken_back(link: str, grace: Any, joan: Any) -> None:
    path = re.search(r'href="(/invitations/[0-9a-f-]{36})"', shown(grace.get("/invitations")))
    assert path
    assert "taken back" in shown(grace.send(path[1] + "/revoke"))
    page = joan.get(link)
    assert page.status_code == 410
    assert "does not work any more" in shown(page)
    assert "No open invitations" in shown(grace.get("/invitations"))


def test_half_a_link(joan: Any, link: str) -> None:
    page = joan.get(link[:-3])
    assert page.status_code == 410
    assert "A part of it may be missing" in shown(page)


def test_five_wrong_years_close_the_link_for_everybody(link: str, joan: Any, sign_in: Any) -> None:
    joan.get(link)
    for year in range(1950, 1955):
        wrong = fill(joan, "/join", year=str(year))
        assert wrong.status_code == 422
        assert "This is not the year we have" in shown(wrong)
        assert str(year) in shown(wrong), "what was typed stays"
    page = sign_in(None).get(link)
    assert page.status_code == 410
    assert "too many wrong tries" in shown(page)


def test_the_next_steps_cannot_be_reached_without_the_year(link: str, joan: Any) -> None:
    joan.get(link)
    for path in ("/join/account", "/join/sharing", "/join/existing", "/join/sign-in"):
        assert joan.get(path).headers["Location"] == "/join"


def test_a_renewed_link_ends_what_the_old_one_had_begun(link: str, grace: Any, joan: Any) -> None:
    joan.get(link)
    fill(joan, "/join", year="1963")
    path = re.search(r'href="(/invitations/[0-9a-f-]{36})"', shown(grace.get("/invitations")))
    assert path
    grace.send(path[1] + "/renew")
    assert joan.get("/join/account").status_code == 410


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("short", "12 characters or more"),
        ("password1234", "easy to guess"),
        ("joanpetersen63", "easy to guess"),
        ("", "Enter a password"),
    ],
)
def test_a_weak_password_is_refused_and_the_address_stays(
    link: str, joan: Any, password: str, said: str
) -> None:
    joan.get(link)
    fill(joan, "/join", year="1963")
    page = fill(joan, "/join/account", email="joan@test.example", password=password)
    assert page.status_code == 422
    assert said in shown(page)
    assert 'value="joan@test.example"' in shown(page)
    assert not password or f'value="{password}"' not in shown(page)


def test_without_the_two_ticks_nothing_is_made_and_the_choices_stay(link: str, joan: Any) -> None:
    page = join(joan, link, "diary", adult="", agree="")
    assert page.status_code == 422
    assert "Tick the box if you are 18 or over" in shown(page)
    assert "Tick the box if you agree" in shown(page)
    assert re.search(r'value="diary" checked', shown(page))
    assert joan.get("/api/v1/session").status_code == 401


def test_an_address_that_has_an_account_is_asked_to_sign_in_and_probing_ends(link: str, joan: Any) -> None:
    joan.get(link)
    fill(joan, "/join", year="1963")
    for _ in range(5):
        page = fill(joan, "/join/account", email="ayse@test.example", password=WORDS)
        assert "You cannot make an account with this address" in shown(page)
    assert joan.get("/join/account").status_code == 410


def test_peter_accepts_with_the_account_he_has(grace: Any, world: World, sign_in: Any, story: Any) -> None:
    link = link_in(
        invite(grace, world, name="Peter Whitlock", born_on="1955-05-02", conditions=["type_2_diabetes"])
    )
    phone = sign_in(None)
    phone.get(link)
    fill(phone, "/join", year="1955")
    wrong = fill(phone, "/join/sign-in", email="peter@test.example", password="not his password")
    assert wrong.status_code == 422
    consent = fill(phone, "/join/sign-in", email="peter@test.example", password=PASSWORD)
    assert "Who sees what you write" in shown(consent)
    done = fill(phone, "/join/existing", shared=["diary"], adult="yes", agree="yes")
    assert done.request.path == "/"
    with story():
        teams = db.session.scalars(
            sa.select(CareRelationship.team_id).where(CareRelationship.patient_id == world.peter)
        )
        assert set(teams) == {world.archway, world.hornsey}
        peter = db.session.get(Patient, world.peter)
        assert peter is not None
        assert peter.conditions == ["copd", "type_2_diabetes"]


def test_somebody_born_on_another_day_cannot_take_the_invitation(link: str, peter: Any) -> None:
    peter.get(link)
    fill(peter, "/join", year="1963")
    page = fill(peter, "/join/existing", adult="yes", agree="yes")
    assert page.status_code == 422
    assert "This invitation is for somebody else" in shown(page)


def test_grace_cannot_take_her_own_invitation(link: str, grace: Any) -> None:
    grace.get(link)
    fill(grace, "/join", year="1963")
    assert fill(grace, "/join/existing", adult="yes", agree="yes").status_code == 422


def test_the_carer_who_opens_the_letter_becomes_no_patient_by_a_slip(link: str, carer: Any) -> None:
    assert "You are signed in as Elif Kaya" in shown(carer.get(link, follow_redirects=True))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "Enter the full name"),
        ("name", "x" * 101, "Use 100 characters or fewer"),
        ("born_on", "", "Enter the date of birth"),
        ("born_on", "1963-02-30", "There is no such date"),
        ("born_on", "2099-01-01", "The date of birth must be in the past"),
        ("born_on", "2020-01-01", "18 or over"),
        ("email", "joan at home", "Enter an email address such as"),
        ("conditions", "gout", "Choose one of"),
    ],
)
def test_what_grace_types_is_checked_in_words_and_stays(
    grace: Any, world: World, field: str, value: str, said: str
) -> None:
    page = invite(grace, world, **{field: value})
    assert page.status_code == 422
    assert said in shown(page)
    assert field == "name" or "Joan Petersen" in shown(page)


def test_the_page_shows_link_and_code_and_the_server_keeps_only_a_hash(
    grace: Any, world: World, story: Any
) -> None:
    page = invite(grace, world)
    link = link_in(page)
    assert '<svg class="sc-qr"' in shown(page)
    with story():
        stored = db.session.scalars(sa.select(Invitation)).one()
        assert link.rsplit("/", 1)[1] not in str(stored.__dict__)
        assert len(link.rsplit("/", 1)[1].replace("-", "")) * 5 >= 128, "5 bits a letter"


def test_sending_the_form_twice_makes_one_invitation(grace: Any, world: World, story: Any) -> None:
    same = str(uuid.uuid4())
    invite(grace, world, id=same)
    invite(grace, world, id=same)
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Invitation)) == 1


def test_another_team_sees_nothing_of_it(link: str, grace: Any, samuel: Any, ruth: Any) -> None:
    path = re.search(r'href="(/invitations/[0-9a-f-]{36})"', shown(grace.get("/invitations")))
    assert path
    for other in (samuel, ruth):
        assert "Joan" not in shown(other.get("/invitations"))
        assert other.get(path[1]).status_code == 404
        assert other.send(path[1] + "/revoke").status_code == 404
        assert other.send(path[1] + "/renew").status_code == 404


def test_grace_cannot_invite_to_a_team_that_is_not_hers(grace: Any, world: World) -> None:
    assert invite(grace, world, team_id=str(world.archway)).status_code == 404


def test_a_host_header_does_not_end_up_in_the_letter(grace: Any, world: World) -> None:
    form = JOAN | {"id": str(uuid.uuid4()), "team_id": str(world.hornsey)}
    made = grace._call("POST", "/invitations/new", data=form, headers={"Host": "evil.example"})
    page = grace.get(
        made.headers["Location"].replace("http://evil.example", ""), headers={"Host": "evil.example"}
    )
    assert "evil.example/join" not in shown(page)


def test_ayse_forgot_her_password_and_grace_gives_her_a_new_link(
    ayse: Any, grace: Any, world: World, sign_in: Any
) -> None:
    link = link_in(grace.send(f"/patients/{world.ayse}/new-link"))
    phone = sign_in(None)
    phone.get(link)
    fill(phone, "/join", year="1968")
    done = fill(phone, "/join/account", password=WORDS)
    assert done.request.path == "/"
    assert phone.get("/api/v1/session").json["user"]["name"] == "Ayşe Kaya"
    assert ayse.get("/api/v1/session").status_code == 401, "every other phone is logged out"
    assert phone.get(link).status_code == 410


def test_only_her_own_team_can_give_her_a_link(samuel: Any, world: World) -> None:
    assert samuel.send(f"/patients/{world.ayse}/new-link").status_code == 404


def test_the_link_may_be_typed_from_paper(link: str, joan: Any) -> None:
    token = link.rsplit("/", 1)[1]
    typed = token.upper().replace("-", "").replace("0", "O").replace("1", "l")
    assert "Hello Joan" in shown(joan.get(f"/join/{typed}", follow_redirects=True))


def test_somebody_else_with_the_letter_cannot_slip_joan_their_password(
    link: str, joan: Any, sign_in: Any, nobody: Any
) -> None:
    other = sign_in(None)
    for phone, email in ((joan, "joan@test.example"), (other, "thief@test.example")):
        phone.get(link)
        fill(phone, "/join", year="1963")
        fill(phone, "/join/account", email=email, password=WORDS)
    assert joan.get("/join/sharing").headers["Location"] == "/join", "what waits now is not what she chose"
    fill(joan, "/join/account", email="joan@test.example", password=WORDS)
    assert fill(joan, "/join/sharing", adult="yes", agree="yes").request.path == "/"
    assert joan.get("/api/v1/session").json["user"]["name"] == "Joan Petersen"
    stolen = nobody.post("/api/v1/session", {"email": "thief@test.example", "password": WORDS})
    assert stolen.status_code == 422
