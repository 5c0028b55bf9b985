"""Ayşe asks somebody to help her: handed over by herself, used once, showing nothing before it is accepted."""

from __future__ import annotations

import datetime as dt
import re
import threading
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.carers import inviting
from selfcare.carers.models import CarerInvitation
from selfcare.extensions import db
from selfcare.people.models import CarerLink, Person, PersonRole
from tests.carers.scenes import (
    SECRET,
    Browser,
    accept,
    account,
    invite,
    new_id,
    open_link,
    page,
    sign_in_to_accept,
)
from tests.conftest import Caller
from tests.factories import make_person


@pytest.fixture
def deniz(app: Any, world: Any) -> Caller:
    """A friend of Ayşe's who has no account."""
    return Browser(app)


def links(story: Any) -> list[CarerLink]:
    with story():
        return list(db.session.scalars(sa.select(CarerLink).order_by(CarerLink.started_at)))


def count(story: Any, kind: Any) -> int:
    with story():
        return int(db.session.scalar(sa.select(sa.func.count()).select_from(kind)) or 0)


class TestHandedOver:
    def test_a_friend_gets_in_with_a_new_account(self, ayse: Any, deniz: Any, world: Any, story: Any) -> None:
        _id, code = invite(ayse, also_sees=["notes"], ends_on="2090-01-01")
        first = page(open_link(deniz, code))
        assert "Somebody asks for your help" in first
        second = page(account(deniz, code))
        assert "Ayşe Kaya asks you to help" in second
        assert "You are their friend" in second
        assert "You can see their medicines and notes" in second
        assert "You can see their mood" not in second
        assert "1 January 2090" in second
        last = page(accept(deniz))
        assert "You can now help Ayşe" in last
        assert "You are looking in on Ayşe Kaya" in last
        link = links(story)[-1]
        assert (link.relation, link.may_write, link.also_sees) == ("friend", False, ["notes"])
        assert link.told_at is None

    def test_nothing_of_ayse_is_told_before(self, ayse: Any, deniz: Any) -> None:
        _id, code = invite(ayse)
        for answer in (
            open_link(deniz, code),
            deniz.get("/helping/account"),
            deniz.get("/helping/sign-in"),
            deniz.get("/helping/accept", follow_redirects=True),
        ):
            assert answer.status_code == 200
            for word in ("Ayşe", "Kaya", "friend", "Deniz", "Hornsey", "Grace", "diabetes"):
                assert word not in page(answer), word

    def test_the_code_can_be_typed(self, ayse: Any, deniz: Any) -> None:
        _id, code = invite(ayse)
        wrong = deniz.send("/helping/join", code="abcd-efgh")
        assert wrong.status_code == 422
        assert "There is no invitation with this code" in page(wrong)
        assert "abcd-efgh" in page(wrong)
        typed = code.upper().replace("-", " ").replace("0", "O")
        assert "Somebody asks for your help" in page(deniz.send("/helping/join", code=typed))

    def test_only_the_hash_is_kept_and_the_link_is_shown_once(
        self, ayse: Any, app: Any, story: Any, world: Any
    ) -> None:
        made, code = invite(ayse)
        assert code in page(ayse.get(f"/carers/invitations/{made}"))
        other_phone = Caller(app, "ayse@test.example")
        assert code not in page(other_phone.get(f"/carers/invitations/{made}"))
        with story():
            row = db.session.get_one(CarerInvitation, made)
            assert code not in str(vars(row))

    def test_nothing_is_ticked_beforehand(self, ayse: Any) -> None:
        assert " checked" not in page(ayse.get("/carers/new"))

    def test_what_is_wrong_is_said_and_what_was_typed_stays(self, ayse: Any) -> None:
        answer = ayse.send(
            "/carers/new", id=new_id(), known_as="Deniz", ends_on="2020-01-01", also_sees="mood"
        )
        said = page(answer)
        assert answer.status_code == 422
        assert "Enter what they are to you, such as daughter" in said
        assert "Select if they can only see, or write as well" in said
        assert 'value="Deniz"' in said
        assert 'value="mood" checked' in said
        late = ayse.send(
            "/carers/new", id=new_id(), known_as="D", relation="friend", may="see", ends_on="2020-01-01"
        )
        assert "The last day must be today or later" in page(late)

    def test_sent_twice_it_is_one_invitation(self, ayse: Any, story: Any) -> None:
        body = {"id": new_id(), "known_as": "Deniz", "relation": "friend", "may": "see"}
        ayse.send("/carers/new", **body)
        assert ayse.send("/carers/new", **body).status_code == 200
        assert count(story, CarerInvitation) == 1

    def test_ten_wait_at_most(self, ayse: Any, story: Any) -> None:
        for _n in range(inviting.MOST_WAITING):
            invite(ayse)
        answer = ayse.send("/carers/new", id=new_id(), known_as="D", relation="friend", may="see")
        assert answer.status_code == 422
        assert count(story, CarerInvitation) == inviting.MOST_WAITING


class TestAnAccountOneHas:
    def test_a_nurse_helps_her_neighbour_and_her_work_stays_apart(
        self, ayse: Any, grace: Any, peter: Any, app: Any, world: Any, story: Any
    ) -> None:
        _id, code = invite(peter, relation="neighbour")
        browser = Browser(app)
        assert "Peter Whitlock asks you to help" in page(
            sign_in_to_accept(browser, code, "grace@test.example")
        )
        accept(browser)
        with story():
            person = db.session.get_one(Person, world.grace)
            roles = set(
                db.session.scalars(sa.select(PersonRole.role).where(PersonRole.person_id == person.id))
            )
        assert roles == {"clinician", "carer"}
        assert grace.get(f"/diary?for={world.peter}").status_code == 200
        assert grace.get(f"/patients/{world.peter}").status_code == 404, "helping opens no clinician's page"
        assert grace.get(f"/diary?for={world.ayse}").status_code == 404, "nor does her work open a carer's"
        assert grace.get(f"/patients/{world.ayse}").status_code == 200
        assert grace.get("/panel").status_code == 200

    def test_a_patient_who_helps_keeps_their_own_record(
        self, ayse: Any, peter: Any, world: Any, story: Any
    ) -> None:
        goal = {"statement": "My own pipes", "importance": 5}
        peter.put(f"/api/v1/goals/{new_id()}", goal)
        _id, code = invite(ayse, may="write")
        open_link(peter, code)
        assert "Ayşe Kaya asks you to help" in page(peter.get("/helping/accept"))
        accept(peter)
        assert "My own pipes" in page(peter.get("/goals"))
        assert "My own pipes" not in page(peter.get(f"/goals?for={world.ayse}"))
        assert "This is your own page" in page(peter.get("/goals"))
        assert "My own pipes" not in page(ayse.get("/goals"))
        assert ayse.get(f"/goals?for={world.peter}").status_code == 404, "it goes one way"

    def test_elif_helps_two_people_and_chooses(self, carer: Any, peter: Any, world: Any) -> None:
        _id, code = invite(peter, relation="neighbour")
        open_link(carer, code)
        accept(carer)
        chosen = page(carer.get("/", follow_redirects=True))
        assert "People you help" in chosen
        assert "Ayşe Kaya" in chosen
        assert "Peter Whitlock" in chosen
        assert "You are writing for Ayşe Kaya" in page(carer.get(f"/?for={world.ayse}"))
        assert "You are looking in on Peter Whitlock" in page(carer.get(f"/?for={world.peter}"))


class TestMisuse:
    @pytest.mark.parametrize("state", ["used", "taken back", "too old", "refused", "renewed", "disabled"])
    def test_a_link_that_does_not_work_opens_nothing(
        self, state: str, ayse: Any, deniz: Any, app: Any, story: Any, world: Any
    ) -> None:
        made, code = invite(ayse)
        if state == "used":
            account(deniz, code)
            accept(deniz)
        elif state == "taken back":
            ayse.send(f"/carers/invitations/{made}/withdraw")
        elif state == "refused":
            account(deniz, code)
            assert "That is fine" in page(accept(deniz, "no"))
        elif state == "renewed":
            ayse.send(f"/carers/invitations/{made}/renew")
        before = len(links(story))
        with story():
            row = db.session.get_one(CarerInvitation, made)
            if state == "too old":
                row.expires_at = clock.now() - dt.timedelta(seconds=1)
            elif state == "disabled":
                db.session.get_one(Person, world.ayse).disabled_at = clock.now()
        stranger = Browser(app)
        answer = open_link(stranger, code)
        assert answer.status_code == 410
        assert "Ayşe" not in page(answer)
        assert account(stranger, code, email="x@test.example").status_code in (200, 410)
        accept(stranger)
        assert len(links(story)) == before

    def test_taken_back_between_two_pages(self, ayse: Any, deniz: Any, story: Any) -> None:
        made, code = invite(ayse)
        account(deniz, code)
        ayse.send(f"/carers/invitations/{made}/withdraw")
        assert accept(deniz).status_code == 410
        assert len(links(story)) == 1

    def test_ayse_cannot_be_her_own_helper(self, ayse: Any, story: Any) -> None:
        _id, code = invite(ayse)
        open_link(ayse, code)
        assert "This is your own invitation" in page(ayse.get("/helping/accept"))
        assert accept(ayse).status_code == 422
        assert len(links(story)) == 1

    def test_elif_helps_already_and_the_invitation_stays_for_somebody_else(
        self, ayse: Any, carer: Any, deniz: Any, story: Any
    ) -> None:
        _id, code = invite(ayse, may="write", also_sees=["mood", "notes"])
        open_link(carer, code)
        assert accept(carer).status_code == 422
        assert "You help this person already" in page(carer.get("/helping/accept"))
        assert links(story)[0].also_sees == [], "a second invitation never widens what she may see"
        account(deniz, code)
        assert "You can now help" in page(accept(deniz))

    def test_accepting_takes_the_page_before(self, ayse: Any, deniz: Any, app: Any, story: Any) -> None:
        _id, code = invite(ayse)
        account(deniz, code)
        thief = Browser(app)  # has the letter, not the browser in which Deniz chose a password
        open_link(thief, code)
        accept(thief)
        assert len(links(story)) == 1
        assert "You can now help" in page(accept(deniz))

    def test_after_no_nothing_of_the_friend_is_kept(self, ayse: Any, deniz: Any, story: Any) -> None:
        made, code = invite(ayse)
        account(deniz, code)
        accept(deniz, "no")
        with story():
            row = db.session.get_one(CarerInvitation, made)
            assert (row.staged_name, row.staged_email, row.staged_hash) == (None, None, None)
            people = set(db.session.scalars(sa.select(Person.email)))
        assert "deniz@test.example" not in people
        assert "Said no" in page(ayse.get("/carers"))

    def test_asking_who_has_an_account_closes_the_link(self, ayse: Any, deniz: Any) -> None:
        _id, code = invite(ayse)
        statuses = [account(deniz, code, email="grace@test.example").status_code for _n in range(5)]
        assert statuses == [422] * 5
        assert open_link(deniz, code).status_code == 410

    def test_another_patients_invitation_is_not_there(self, ayse: Any, peter: Any, carer: Any) -> None:
        made, _code = invite(ayse)
        for caller in (peter, carer):
            assert caller.get(f"/carers/invitations/{made}").status_code == 404
            assert caller.send(f"/carers/invitations/{made}/renew").status_code == 404
            assert caller.send(f"/carers/invitations/{made}/withdraw").status_code == 404
        assert carer.get("/carers").status_code == 404

    def test_what_the_friend_typed_is_not_in_ayses_copy_of_her_data(
        self, ayse: Any, deniz: Any, story: Any
    ) -> None:
        _id, code = invite(ayse)
        account(deniz, code)
        copy = page(ayse.get("/api/v1/export"))
        assert "carer_invitations" in copy
        for word in ("deniz@test.example", "Deniz Arslan", "argon2", SECRET):
            assert word not in copy

    @pytest.mark.parametrize("same_person", [True, False])
    def test_two_at_once_are_one(
        self, same_person: bool, ayse: Any, app: Any, world: Any, story: Any
    ) -> None:
        """Two browsers accept at the same moment: one invitation twice, and one person with two invitations."""
        with story():
            make_person("Deniz Arslan", email="deniz@test.example")
            make_person("Can Arslan", email="can@test.example")
        codes = [invite(ayse)[1], invite(ayse)[1]] if same_person else [invite(ayse)[1]] * 2
        names = ["deniz", "deniz"] if same_person else ["deniz", "can"]
        browsers = [Caller(app, f"{name}@test.example") for name in names]
        for browser, code in zip(browsers, codes, strict=True):
            open_link(browser, code)
        ready, answers = threading.Barrier(2), []

        def yes(browser: Caller) -> None:
            ready.wait()
            answers.append(accept(browser).status_code)

        threads = [threading.Thread(target=yes, args=(browser,)) for browser in browsers]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(answers)[0] == 200
        assert sorted(answers)[1] in (410, 422)
        assert len(links(story)) == 2, "Elif's and one more"


def test_housekeeping_forgets_what_nobody_took_up(ayse: Any, story: Any) -> None:
    made, _code = invite(ayse)
    with story():
        db.session.get_one(CarerInvitation, made).expires_at = clock.now() - dt.timedelta(days=31)
    with story():
        assert inviting.forget_expired() == 1
        assert inviting.forget_expired() == 0
    with story():
        row = db.session.get_one(CarerInvitation, made)
        assert (row.known_as, row.is_waiting) == (None, False)


@pytest.mark.slow
def test_no_way_to_ask_who_has_an_account_here(app: Any, ayse: Any, world: Any) -> None:
    """A patient may make link after link, and new links for one invitation: together they answer 20 questions and no more."""
    told = 0
    for _invitation in range(8):
        invitation, code = invite(ayse)
        for number in range(8):
            answer = account(Browser(app), code, email="samuel@test.example")
            told += answer.status_code == 422
            if number == 3:
                renewed = ayse.send(f"/carers/invitations/{invitation}/renew")
                code = re.search(r"([0-9a-z]{4}-){6}[0-9a-z]{4}", page(renewed)).group()  # type: ignore[union-attr]  # a page with a code
        ayse.send(f"/carers/invitations/{invitation}/withdraw")
    assert told == 20
