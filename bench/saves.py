"""One durable save: a diary entry by the service, and through the server, against the bare driver."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
import uuid
from collections.abc import Callable
from typing import Any

import psycopg
import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from bench import report
from bench.client import Client, served
from bench.measure import Result, Times, Turn, interleave, timed
from bench.world import Run
from selfcare import clock
from selfcare.audit import AuditEvent
from selfcare.diaries import service
from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from selfcare.people.access import Record, own_record
from selfcare.people.models import Person

EACH = 12  # saves in one turn
PATIENTS = 5
GOALS = {"sqlite": 0.45, "postgres": 0.75}
VALUES = {"pain": 4, "glucose": 7.2}
NOTE = "Slept badly, better after a walk"


def run(run: Run) -> list[Result]:
    """SQLite, and PostgreSQL where it is to be had."""
    return [result for kind in run.world.kinds() for result in _on(kind, run)]


def _on(kind: str, run: Run) -> list[Result]:
    url = run.world.database(PATIENTS, 2, kind=kind)
    app = run.world.use(url)
    rounds = run.rounds(25)
    with served(url, run.world.folder) as server, app.test_request_context():
        client, plain = Client(server), Client(server)
        client.sign_in("patient@demo.example")
        hello = plain.request("GET", "/bench/hello")
        record = _record()
        save, close = (_sqlite if kind == "sqlite" else _postgres)(url, record)
        subjects: dict[str, Turn] = {
            "bare": timed(lambda: save(False), EACH),
            "both": timed(lambda: save(True), EACH),
            "service": timed(lambda: _by_service(record), EACH),
            "http": lambda: _by_http(client),
            "hello": lambda: [plain.seconds(hello) for _each in range(EACH)],
        }
        with report.progress(f"Saving on {kind}", rounds) as step:
            times = interleave(subjects, rounds, step)
        close()
    return _results(kind, times)


def _results(kind: str, times: dict[str, Times]) -> list[Result]:
    results = []
    yardsticks = (
        ("bare", "bare driver, the entry's row"),
        ("both", "bare driver, the row and its audit event"),
    )
    for name, subject in (("service", "the service"), ("http", "PUT through the server")):
        for yardstick, against in yardsticks:
            own, bare = times[name], times[yardstick]
            ratio = own.against(bare)
            goal = GOALS[kind] if (name, yardstick) == ("service", "bare") else None
            also = f"{own.p50 * 1000:.2f} ms (there {bare.p50 * 1000:.2f})"
            if name == "http":
                also += f"; hello {times['hello'].p50 * 1000:.2f}"
            results.append(
                Result(
                    f"{subject}, {kind}",
                    against,
                    ratio,
                    also=also,
                    goal=f"≥ {goal}" if goal else "",
                    met=ratio.middle >= goal if goal else None,
                    figures={"p50_ms": own.p50 * 1000, "bare_p50_ms": bare.p50 * 1000},
                )
            )
    return results


def _record() -> Record:
    with db.scope():
        person = db.session.scalars(
            sa.select(Person)
            .options(joinedload(Person.role_rows))
            .where(Person.email == "patient@demo.example")
        ).unique()
        return own_record(person.one())


def _by_service(record: Record) -> None:
    now = clock.now()
    with db.scope(), db.transaction():
        service.record_entry(
            record, uuid.uuid4(), experienced_at=now, recorded_at=now, values=VALUES, note=NOTE
        )


def _by_http(client: Client) -> list[float]:
    now = clock.now().isoformat()
    body = json.dumps({"experienced_at": now, "recorded_at": now, "values": VALUES, "note": NOTE}).encode()
    requests = [client.request("PUT", f"/api/v1/diary-entries/{uuid.uuid4()}", body) for _ in range(EACH)]
    return [client.seconds(request) for request in requests]


def _rows(record: Record) -> tuple[dict[str, Any], dict[str, Any]]:
    """An entry's and an audit event's columns, as plain Python values; ids are put in at each save."""
    now, patient = clock.now(), record.patient.id
    entry = {
        "patient_id": patient,
        "written_by": patient,
        "received_at": now,
        "experienced_at": now,
        "experienced_offset": 0,
        "experienced_on": now.date(),
        "recorded_at": now,
        "values": json.dumps(VALUES),
        "tags": "{}",
        "note": NOTE,
        "corrects": None,
        "revision": 0,
        "flags": "[]",
        "body_hash": "0" * 64,
    }
    event = {
        "at": now,
        "actor_id": patient,
        "action": "diary_entry.recorded",
        "subject_id": patient,
        "thing": "diary_entries",
        "details": json.dumps({"measures": sorted(VALUES)}),
    }
    return entry, event


Save = Callable[[bool], None]


def _insert(table: str, names: list[str], marks: list[str]) -> str:
    quoted = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO {table} ({quoted}) VALUES ({', '.join(marks)})"  # noqa: S608 - our own column names


def _sqlite(url: str, record: Record) -> tuple[Save, Callable[[], None]]:
    connection = sqlite3.connect(sa.make_url(url).database or "", isolation_level=None)
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")
    entry, event = ({name: _as_sqlite(value) for name, value in row.items()} for row in _rows(record))
    first = _insert(DiaryEntry.__tablename__, ["id", "original_id", *entry], ["?"] * (len(entry) + 2))
    second = _insert(AuditEvent.__tablename__, ["id", "thing_id", *event], ["?"] * (len(event) + 2))
    entry_values, event_values = list(entry.values()), list(event.values())

    def save(both: bool) -> None:
        key = uuid.uuid4().hex
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(first, [key, key, *entry_values])
        if both:
            connection.execute(second, [uuid.uuid4().hex, key, *event_values])
        connection.execute("COMMIT")

    return save, connection.close


def _as_sqlite(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return value.hex
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S.%f")
    return value.isoformat() if isinstance(value, dt.date) else value


def _postgres(url: str, record: Record) -> tuple[Save, Callable[[], None]]:
    plain = sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(plain)
    entry, event = _rows(record)
    json_columns = {"values", "tags", "flags", "details"}

    def marks(row: dict[str, Any]) -> list[str]:
        return ["%s", "%s", *("%s::json" if name in json_columns else "%s" for name in row)]

    first = _insert(DiaryEntry.__tablename__, ["id", "original_id", *entry], marks(entry)).encode()
    second = _insert(AuditEvent.__tablename__, ["id", "thing_id", *event], marks(event)).encode()
    entry_values, event_values = list(entry.values()), list(event.values())

    def save(both: bool) -> None:
        key = uuid.uuid4()
        connection.execute(first, [key, key, *entry_values])
        if both:
            connection.execute(second, [uuid.uuid4(), key, *event_values])
        connection.commit()

    return save, connection.close
