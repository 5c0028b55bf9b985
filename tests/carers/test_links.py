"""People who help me: what each may see and do, until when; changed and ended by Ayşe, left by Elif."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import clock
from selfcare.carers import links as service
from selfcare.extensions import db
from selfcare.history import EarlierVersion
from selfcare.people import access
from selfcare.people.models import CarerLink, Person
from tests.carers.scenes import Browser, accept, account, invite, new_id, page

API = "/api/v1/carers"


@pytest.fixture
def link(world: Any, story: Any) -> str:
    """Elif's link to her mother."""
    with story():
        return str(db.session.scalars(sa.select(CarerLink.id)).one())


def body(**more: Any) -> dict[str, Any]:
    return {"relation": "daughter", "may_write": True, "also_sees": [], "ends_on": None} | more


class TestThePage:
    def test_what_each_may_since_when_until_when_and_when_they_looked(
        self, ayse: Any, carer: Any, world: Any, link: str, app: Any
    ) -> None:
        before = page(ayse.get("/carers"))
        assert "Elif Kaya" in before
        assert "(daughter)" in before
        assert "Can see and write" in before
        assert "Has not looked yet" in before
        carer.get(f"/diary?for={world.ayse}")
        ayse.put(f"{API}/{link}", body(also_sees=["notes", "mood"], ends_on="2090-05-01"))
        invite(ayse)
        after = page(ayse.get("/carers"))
        assert "Can see and write. Also sees: mood, medicines and notes" in after
        assert "Last day: 1 May 2090" in after
        assert "Last looked: " in after
        assert "Deniz (friend)" in after
        assert "The link works until" in after

    def test_two_taps_end_it(self, ayse: Any, carer: Any, world: Any, link: str) -> None:
        assert carer.get(f"/?for={world.ayse}").status_code == 200
        question = ayse.get(f"/carers/{link}/stop")  # the first tap
        assert "We do not tell them" in page(question)
        done = ayse.send(f"/carers/{link}/stop")  # the second
        assert "Elif cannot see your pages any more" in page(done)
        assert "You stopped it." in page(done)
        refused = carer.get(f"/?for={world.ayse}")
        assert refused.status_code == 404
        assert "This person's pages are not open to you here." in page(refused)
        assert "Ayşe" not in page(refused)
        left = page(carer.get("/", follow_redirects=True))
        assert "Nobody at the moment" in left
        assert "Ayşe" not in left

    def test_never_helped_and_helped_no_more_look_the_same(
        self, ayse: Any, carer: Any, world: Any, link: str
    ) -> None:
        never = page(carer.get(f"/?for={world.peter}"))
        nobody = page(carer.get(f"/?for={new_id()}"))
        ayse.delete(f"{API}/{link}")
        over = page(carer.get(f"/?for={world.ayse}"))

        def plain(text: str) -> list[str]:
            return [line for line in text.splitlines() if "csrf" not in line]

        assert plain(never) == plain(over) == plain(nobody)

    def test_what_she_wrote_stays_with_her_name(self, ayse: Any, carer: Any, world: Any, link: str) -> None:
        goal = new_id()
        carer.put(f"/api/v1/goals/{goal}?for={world.ayse}", {"statement": "Walk with Elif", "importance": 7})
        ayse.delete(f"{API}/{link}")
        shown = page(ayse.get(f"/goals/{goal}"))
        assert "Walk with Elif" in shown
        assert "Written by Elif Kaya (daughter)" in shown

    def test_today_says_who_accepted_until_ayse_knows(
        self, ayse: Any, app: Any, story: Any, world: Any
    ) -> None:
        _id, code = invite(ayse)
        deniz = Browser(app)
        account(deniz, code)
        accept(deniz)
        told = page(ayse.get("/"))
        assert "Deniz Arslan now helps you" in told
        assert "now helps you" not in page(deniz.get(f"/?for={world.ayse}"))
        with story():
            newest = db.session.scalars(
                sa.select(CarerLink.id).order_by(CarerLink.started_at.desc()).limit(1)
            ).one()
        ayse.send(f"/carers/{newest}/told")
        assert "now helps you" not in page(ayse.get("/"))

    def test_the_form_takes_every_tick_away(self, ayse: Any, link: str, story: Any) -> None:
        ayse.put(f"{API}/{link}", body(also_sees=["mood", "notes"]))
        assert page(ayse.get(f"/carers/{link}")).count(" checked") == 3
        ayse.send(f"/carers/{link}", relation="daughter", may="see")
        with story():
            row = db.session.scalars(sa.select(CarerLink)).one()
            assert (row.also_sees, row.may_write) == ([], False)

    def test_as_many_statements_for_twenty_as_for_one(
        self, ayse: Any, world: Any, story: Any, statements: Any
    ) -> None:
        ayse.get("/carers")

        def asked() -> int:
            with statements() as seen:
                ayse.get("/carers")
            return len(seen)

        one = asked()
        with story():
            for n in range(20):
                friend = Person(name=f"Friend {n}", known_as="Friend")
                db.session.add(friend)
                db.session.flush()
                db.session.add(CarerLink(patient_id=world.ayse, carer_id=friend.id, relation="friend"))
        assert asked() == one
        assert one <= 6  # session, patient, links, invitations, audit


class TestTheApi:
    def test_read_change_and_end(self, ayse: Any, carer: Any, world: Any, link: str, story: Any) -> None:
        listed = ayse.get(API).json["items"]
        assert [each["id"] for each in listed] == [link]
        one = ayse.get(f"{API}/{link}")
        assert one.json["name"] == "Elif Kaya"
        assert one.json["running"] is True
        changed = ayse.put(f"{API}/{link}", body(may_write=False), headers={"If-Match": one.headers["ETag"]})
        assert (changed.status_code, changed.json["may_write"]) == (200, False)
        stale = ayse.put(f"{API}/{link}", body(), headers={"If-Match": one.headers["ETag"]})
        assert stale.status_code == 412
        again = ayse.put(f"{API}/{link}", body(may_write=False))
        assert again.headers["ETag"] == changed.headers["ETag"]
        goal = {"statement": "Swim", "importance": 7}
        assert carer.put(f"/api/v1/goals/{new_id()}?for={world.ayse}", goal).status_code == 404
        assert carer.get(f"/api/v1/goals?for={world.ayse}").status_code == 200
        assert ayse.delete(f"{API}/{link}").status_code == 204
        assert ayse.delete(f"{API}/{link}").status_code == 204
        assert carer.get(f"/api/v1/goals?for={world.ayse}").status_code == 404
        assert ayse.put(f"{API}/{link}", body()).status_code == 409, "no change brings her back"
        assert ayse.get(f"{API}/{link}").json["running"] is False
        with story():
            kept = db.session.scalars(
                sa.select(EarlierVersion.version).order_by(EarlierVersion.version)
            ).all()
            assert kept == [1, 2]

    def test_it_is_for_the_patient_alone(
        self, peter: Any, carer: Any, grace: Any, world: Any, link: str
    ) -> None:
        for caller in (peter, carer, grace):
            for path in (f"{API}/{link}", f"{API}/{link}?for={world.ayse}"):
                assert caller.get(path).status_code == 404
                assert caller.put(path, body(also_sees=["mood"])).status_code == 404
                assert caller.delete(path).status_code == 404
        assert carer.get(f"{API}?for={world.ayse}").status_code == 404

    @pytest.mark.parametrize(
        "wrong",
        [
            {"ends_on": "2020-01-01"},
            {"ends_on": "3020-01-01"},
            {"also_sees": ["results"]},
            {"also_sees": ["sharing"]},
            {"may_write": "yes"},
            {"relation": " "},
            {"carer_id": "00000000-0000-0000-0000-000000000000"},
        ],
    )
    def test_what_cannot_be(self, wrong: dict[str, Any], ayse: Any, link: str) -> None:
        assert ayse.put(f"{API}/{link}", body(**wrong)).status_code == 422
        assert ayse.get(f"{API}/{link}").json["version"] == 1

    def test_only_accepting_makes_a_link(self, ayse: Any, world: Any) -> None:
        assert ayse.put(f"{API}/{new_id()}", body()).status_code == 404


class TestTheLastDay:
    @pytest.mark.parametrize("zone", ["Europe/London", "Pacific/Auckland", "America/Los_Angeles"])
    def test_it_ends_with_the_day_where_ayse_is(
        self, zone: str, ayse: Any, world: Any, story: Any, link: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with story():
            db.session.get_one(Person, world.ayse).time_zone = zone
        last_day = clock.today(zone) + dt.timedelta(days=2)
        assert ayse.put(f"{API}/{link}", body(ends_on=last_day.isoformat())).status_code == 200
        midnight = clock.day_bounds(last_day, zone)[1]

        def opens(at: dt.datetime) -> bool:
            monkeypatch.setattr(clock, "now", lambda: at)
            with story():
                elif_ = db.session.get_one(
                    Person, world.elif_, options=[sa.orm.selectinload(Person.role_rows)]
                )
                try:
                    access.carers_record(elif_, world.ayse)
                except access.NotFound:
                    assert service.helped_by(elif_) == []
                    return False
                assert len(service.helped_by(elif_)) == 1
                return True

        assert opens(midnight - dt.timedelta(seconds=1))
        assert not opens(midnight)

    def test_a_day_without_its_instant_closes(self, world: Any, story: Any, carer: Any, link: str) -> None:
        with story():
            db.session.execute(sa.update(CarerLink).values(ends_on=dt.date(2090, 1, 1), ends_at=None))
        assert carer.get(f"/?for={world.ayse}").status_code == 404

    def test_it_closed_by_itself_and_she_may_be_invited_again(
        self, ayse: Any, carer: Any, world: Any, story: Any, link: str
    ) -> None:
        over = clock.now() - dt.timedelta(hours=1)
        with story():
            db.session.execute(sa.update(CarerLink).values(ends_on=over.date(), ends_at=over))
        assert carer.get(f"/?for={world.ayse}").status_code == 404
        assert "That was the last day you chose." in page(ayse.get("/carers"))
        _id, code = invite(ayse, relation="my Elif", may="write")
        carer.get(f"/helping/join/{code}")
        accept(carer)
        assert carer.get(f"/?for={world.ayse}").status_code == 200
        shown = page(ayse.get("/carers"))
        assert "my Elif" in shown
        assert "That was the last day you chose." in shown


class TestLeaving:
    def test_elif_leaves_by_herself(self, ayse: Any, carer: Any, world: Any) -> None:
        assert "Stop helping Ayşe Kaya here?" in page(carer.get(f"/helping/{world.ayse}/stop"))
        assert "You do not help Ayşe here any more" in page(carer.send(f"/helping/{world.ayse}/stop"))
        assert carer.get(f"/?for={world.ayse}").status_code == 404
        assert "They stopped." in page(ayse.get("/carers"))
        assert carer.send(f"/helping/{world.ayse}/stop").status_code == 404

    def test_nobody_leaves_for_another(
        self, carer: Any, grace: Any, peter: Any, ayse: Any, world: Any
    ) -> None:
        for caller in (grace, peter, ayse):
            assert caller.send(f"/helping/{world.ayse}/stop").status_code == 404
        assert carer.send(f"/helping/{world.peter}/stop").status_code == 404
        assert carer.get(f"/?for={world.ayse}").status_code == 200
