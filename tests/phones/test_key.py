"""The pair of keys that a person's phones seal with: one a person, made once, handed only to them."""

from __future__ import annotations

import base64
import datetime as dt
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_der_private_key,
    load_der_public_key,
)

from selfcare import clock
from selfcare.audit import AuditEvent
from selfcare.extensions import db
from selfcare.home import rights
from selfcare.people.models import PersonRole
from selfcare.phones.models import PhoneKey
from tests.conftest import Caller

KEY = "/api/v1/phone/key"


def der(text: str) -> bytes:
    assert "=" not in text
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_both_halves_belong_together(ayse: Any) -> None:
    given = ayse.post(KEY).json
    private, public = (
        load_der_private_key(der(given["private_key"]), None),
        load_der_public_key(der(given["public_key"])),
    )
    assert isinstance(private, ec.EllipticCurvePrivateKey)
    assert isinstance(public, ec.EllipticCurvePublicKey)
    assert isinstance(public.curve, ec.SECP256R1)
    shapes = Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    assert private.public_key().public_bytes(*shapes) == public.public_bytes(*shapes)
    assert given["person"] == ayse.id


def test_a_second_phone_of_hers_gets_the_same_and_nobody_else(ayse: Any, sign_in: Any, carer: Any) -> None:
    hers = ayse.post(KEY).json
    assert sign_in("ayse").post(KEY).json["private_key"] == hers["private_key"]
    # Elif has her own, also when she writes for her mother.
    elifs = carer.post(f"{KEY}?for={ayse.id}").json
    assert elifs["person"] == carer.id
    assert elifs["private_key"] != hers["private_key"]


def test_two_tabs_that_ask_at_once_get_one_pair(app: Any, ayse: Any, sign_in: Any, story: Any) -> None:
    tabs = [ayse, *(sign_in("ayse") for _tab in range(5))]
    with ThreadPoolExecutor(len(tabs)) as pool:
        answers = list(pool.map(lambda tab: tab.post(KEY), tabs))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json["private_key"] for answer in answers}) == 1
    with story():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(PhoneKey)) == 1


def test_it_says_when_the_phone_must_have_forgotten_it(ayse: Any, world: Any, story: Any) -> None:
    def left() -> dt.timedelta:
        return dt.datetime.fromisoformat(ayse.post(KEY).json["ends_at"]) - clock.now()

    assert dt.timedelta(days=29, hours=23) < left() <= dt.timedelta(days=30)
    with story():
        db.session.add(PersonRole(person_id=world.ayse, role="facilitator"))
    assert left() <= dt.timedelta(minutes=30)


@pytest.mark.parametrize(("name", "status"), [(None, 401), ("grace", 404), ("ruth", 404)])
def test_it_is_for_patients_and_carers(world: Any, sign_in: Any, name: str | None, status: int) -> None:
    assert sign_in(name).post(KEY).status_code == status


def test_it_never_goes_without_our_page_nor_by_get(ayse: Any) -> None:
    assert ayse.get(KEY).status_code == 405
    assert ayse.post(KEY, headers={"X-CSRF-Token": "guess"}).status_code == 403
    assert ayse.post(KEY, headers={"Origin": "https://evil.example"}).status_code == 403
    assert ayse.post(KEY).headers["Cache-Control"] == "no-store"


def test_each_time_it_is_handed_out_is_noted_without_the_key(ayse: Any, world: Any, story: Any) -> None:
    key = ayse.post(KEY).json["private_key"]
    ayse.post(KEY)
    with story():
        events = db.session.scalars(
            sa.select(AuditEvent).where(AuditEvent.action == "phone_key.handed_out")
        ).all()
        assert [(event.actor_id, event.subject_id) for event in events] == [(world.ayse, world.ayse)] * 2
        assert key not in str([event.details for event in events])


def test_the_copy_of_everything_says_that_there_is_one_and_holds_no_half_of_it(ayse: Any) -> None:
    key = ayse.post(KEY).json
    everything = ayse.get("/api/v1/export")
    (row,) = everything.json["phone_keys"]
    assert set(row) == {"person_id", "made_at"}
    for half in ("public_key", "private_key"):
        assert key[half] not in everything.get_data(as_text=True)


def test_it_goes_with_the_person(ayse: Any, world: Any, story: Any) -> None:
    ayse.post(KEY)
    with story():
        rights.erase(None, uuid.UUID(ayse.id))
    with story():
        assert db.session.get(PhoneKey, world.ayse) is None


def test_no_line_of_the_log_holds_it(ayse: Caller, capsys: Any, caplog: Any) -> None:
    key = ayse.post(KEY).json["private_key"]
    said = capsys.readouterr()
    assert key not in said.out + said.err + caplog.text
