"""The audit trail is chained, and whatever is done to it afterwards shows."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa

from selfcare import audit
from selfcare.audit.events import AuditEvent
from selfcare.audit.seal import AuditHead, guard, seal, unguard
from selfcare.audit.verify import Report, verify
from selfcare.extensions import db

EVENTS = AuditEvent.__table__
HEADS = AuditHead.__table__
ROWS = 30


def check(expected: str | None = None) -> Report:
    with db.scope():
        db.reading(only=True)
        return verify(expected)


@pytest.fixture
def chain(app: Any, world: Any, story: Any) -> Report:
    """Thirty sealed events of all shapes."""
    seal()
    with story():
        for number in range(ROWS - len(rows())):
            audit.record(
                None if number % 5 == 0 else audit.SYSTEM, "test.done", None, number=number, word="ş"
            )
    seal()
    report = check()
    assert report.ok
    assert report.sealed == report.sequence == ROWS
    assert report.waiting == 0
    return report


def rows() -> list[dict[str, Any]]:
    with db.engine.connect() as connection:
        return [
            dict(row) for row in connection.execute(sa.select(EVENTS).order_by(EVENTS.c.sequence)).mappings()
        ]


def do(*statements: Any) -> None:
    with db.engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)


def test_nothing_to_seal_is_fine(app: Any) -> None:
    assert seal() == 0
    report = check()
    assert report.ok
    assert report.sequence == 0


def test_what_was_done_just_now_is_reported_as_waiting_then_sealed(ayse: Any) -> None:
    ayse.get("/api/v1/session")
    before = check()
    assert before.waiting > 0
    assert before.waiting_since is not None
    assert seal() == before.waiting
    after = check()
    assert (after.waiting, after.sealed, after.ok) == (0, before.waiting, True)


def test_sealing_goes_on_where_it_ended(chain: Report, story: Any) -> None:
    with story():
        audit.record(audit.SYSTEM, "test.later", None)
    assert seal() == 1
    report = check()
    assert report.ok
    assert report.sequence == ROWS + 1
    assert check(chain.head).ok, "the chain still passes through the head that was written down"


def test_more_events_than_fit_one_transaction(app: Any, monkeypatch: pytest.MonkeyPatch, story: Any) -> None:
    monkeypatch.setattr("selfcare.audit.seal.AT_ONCE", 7)
    with story():
        for number in range(20):
            audit.record(audit.SYSTEM, "test.done", None, number=number)
    assert seal() == 20
    assert check().ok


def _edit(dice: random.Random, all_rows: list[dict[str, Any]]) -> list[Any]:
    row = dice.choice(all_rows)
    field = dice.choice(
        ["actor_id", "action", "subject_id", "thing", "thing_id", "details", "at", "hash", "previous_hash"]
    )
    new: dict[str, Any] = {
        "actor_id": uuid.uuid4(),
        "subject_id": uuid.uuid4(),
        "thing_id": uuid.uuid4(),
        "action": "nothing.happened",
        "thing": "nothing",
        "details": {"number": 999},
        "at": row["at"].replace(microsecond=(row["at"].microsecond + 1) % 1_000_000),
        "hash": "0" * 64,
        "previous_hash": "f" * 64,
    }
    return [EVENTS.update().where(EVENTS.c.id == row["id"]).values({field: new[field]})]


def _delete(dice: random.Random, all_rows: list[dict[str, Any]]) -> list[Any]:
    gone = dice.sample(all_rows, dice.randint(1, 4))
    return [EVENTS.delete().where(EVENTS.c.id.in_([row["id"] for row in gone]))]


def _cut_tail(dice: random.Random, all_rows: list[dict[str, Any]]) -> list[Any]:
    return [EVENTS.delete().where(EVENTS.c.sequence > len(all_rows) - dice.randint(1, len(all_rows)))]


def _swap(dice: random.Random, all_rows: list[dict[str, Any]]) -> list[Any]:
    one, other = dice.sample(all_rows, 2)
    move = EVENTS.update()
    return [
        move.where(EVENTS.c.id == one["id"]).values(sequence=-1),
        move.where(EVENTS.c.id == other["id"]).values(
            sequence=one["sequence"], previous_hash=one["previous_hash"], hash=one["hash"]
        ),
        move.where(EVENTS.c.id == one["id"]).values(
            sequence=other["sequence"], previous_hash=other["previous_hash"], hash=other["hash"]
        ),
    ]


def _unseal(dice: random.Random, all_rows: list[dict[str, Any]]) -> list[Any]:
    row = dice.choice(all_rows)
    return [
        EVENTS.update().where(EVENTS.c.id == row["id"]).values(sequence=None, hash=None, previous_hash=None)
    ]


def _forge(dice: random.Random, all_rows: list[dict[str, Any]]) -> list[Any]:
    copy = dice.choice(all_rows) | {
        "id": uuid.uuid4(),
        "sequence": len(all_rows) + 1,
        "previous_hash": all_rows[-1]["hash"],
    }
    return [EVENTS.insert().values(copy)]


def _move_head(dice: random.Random, all_rows: list[dict[str, Any]]) -> list[Any]:
    back = dice.randint(1, len(all_rows) - 1)
    return dice.choice(
        [
            [HEADS.delete()],
            [HEADS.update().values(hash="0" * 64)],
            [HEADS.update().values(sequence=back, hash=all_rows[back - 1]["hash"])],
        ]
    )


TAMPERS = [_edit, _delete, _cut_tail, _swap, _unseal, _forge, _move_head]


@pytest.mark.slow
def test_a_hundred_tampers_are_all_found(chain: Report) -> None:
    dice = random.Random(7)
    before, head = rows(), None
    with db.engine.connect() as connection:
        head = dict(connection.execute(sa.select(HEADS)).mappings().one())
    found = 0
    for number in range(100):
        tamper = TAMPERS[number % len(TAMPERS)]
        do(*tamper(dice, before))
        assert not check().ok, f"{tamper.__name__} number {number} was not found"
        found += 1
        do(EVENTS.delete(), HEADS.delete(), EVENTS.insert().values(before), HEADS.insert().values(head))
        assert check().ok, "the test put everything back"
    assert found == 100


def test_a_tail_that_is_cut_together_with_the_head_breaks_the_head_that_was_written_down(
    chain: Report,
) -> None:
    kept = rows()[:20]
    do(
        EVENTS.delete().where(EVENTS.c.sequence > 20),
        HEADS.update().values(sequence=20, hash=kept[-1]["hash"]),
    )
    assert check().ok, "from inside nothing is left to see"
    assert [problem.kind for problem in check(chain.head).problems] == ["missing"]


def test_a_head_that_nobody_wrote_is_refused(app: Any) -> None:
    with pytest.raises(ValueError, match="number:hash"):
        check("12")


@pytest.fixture
def guarded(chain: Report) -> Iterator[None]:
    """The database refuses by itself, as after the migrations."""
    kind = db.engine.dialect.name
    with db.engine.begin() as connection:
        for statement in guard(kind):
            connection.exec_driver_sql(statement)
    yield
    with db.engine.begin() as connection:
        for statement in unguard(kind):
            connection.exec_driver_sql(statement)


def test_the_database_refuses_to_change_the_trail(guarded: None, story: Any) -> None:
    with story():
        audit.record(audit.SYSTEM, "test.waiting", None)
    first = sa.select(EVENTS.c.id).where(EVENTS.c.sequence == 1).scalar_subquery()
    last = sa.select(EVENTS.c.id).where(EVENTS.c.sequence.is_(None)).scalar_subquery()
    refused = [
        EVENTS.update().where(EVENTS.c.id == first).values(action="nothing"),
        EVENTS.update().where(EVENTS.c.id == first).values(sequence=None, hash=None),
        EVENTS.delete().where(EVENTS.c.id == first),
        EVENTS.update().where(EVENTS.c.id == last).values(action="nothing"),
        EVENTS.update().where(EVENTS.c.id == last).values(details={"a": 1}, sequence=99, hash="0"),
        EVENTS.delete().where(EVENTS.c.id == last),
        HEADS.update().values(sequence=3),
        HEADS.delete(),
    ]
    for statement in refused:
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            do(statement)
    assert seal() == 1, "sealing itself is allowed"
    assert check().ok


def test_postgresql_refuses_truncate(guarded: None) -> None:
    if db.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(sa.exc.DBAPIError, match="append-only"):
        do(sa.text("TRUNCATE audit_events"))
