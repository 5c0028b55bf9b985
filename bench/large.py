"""The clinician's panel and one page over many diary entries, against the same pages over 100,000.

The clinician's own patients stay the same 40; the entries belong to as many more people as it takes, two a day for two
years each, in another team. The database makes them itself, without its indexes, which come after: as fast as it can.
"""

from __future__ import annotations

import math
import shutil
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import cast

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import joinedload

from bench import lazily, report
from bench.client import Client, ServerError, served
from bench.measure import Result, Times, Turn, interleave, timed
from bench.pages import callers, pages_of
from bench.statements import counting
from bench.world import Run
from selfcare import clock
from selfcare.agendas import panel, summary
from selfcare.diaries.models import DiaryEntry
from selfcare.extensions import db
from selfcare.people.access import team_record
from selfcare.people.models import CareRelationship, Patient, Person, Team

FEW = 100_000
PATIENTS, WEEKS = 40, 12
DAYS, A_DAY = 730, 2
EACH = 6
GOAL = 1.5  # times the time with 100,000
USUAL_SECONDS = 10 * 60  # without --entries: as many as are made in this time, by what the first 100,000 took
BYTES_AN_ENTRY = 900  # on disk, with indexes and what the making needs besides
MOST = 10_000_000


def run(run: Run, entries: int | None) -> list[Result]:
    """On SQLite, and on PostgreSQL where it is to be had."""
    kinds = run.world.kinds()
    results = []
    for kind in kinds:
        try:
            found = _on(kind, run, entries, len(kinds))
        except (ServerError, OSError, sa.exc.SQLAlchemyError) as problem:
            found = [Result(kind, "", also=f"not measured: {problem}")]
        # Said at once: making the next database takes long enough for something to go wrong.
        for each in found:
            report.say(f"{each.subject}: {each.also}")
        results += found
    return results


def _on(kind: str, run: Run, entries: int | None, kinds: int) -> list[Result]:
    few_url, seconds = _made(run, kind, FEW)
    many = entries or _as_many_as_fit(run.world.folder, seconds, kinds)
    many_url, seconds = _made(run, kind, many)
    report.say(f"{many:,} entries on {kind} took {seconds:.0f} s to make")
    rounds = run.rounds(40)
    results = []
    with ExitStack() as stack:
        callers_of: dict[str, tuple[dict[str, Client], str]] = {}
        for name, url in (("few", few_url), ("many", many_url)):
            server = stack.enter_context(served(url, run.world.folder))
            callers_of[name] = callers(server)
        for wanted in ("Panel", "Summary"):
            subjects: dict[str, Turn] = {}
            for name, (clients, patient_id) in callers_of.items():
                page = next(each for each in pages_of(patient_id) if each.name == wanted)
                subjects[name] = _turn(clients[page.email], page.path)
            try:
                with report.progress(f"{wanted} on {kind}", rounds) as step:
                    times = interleave(subjects, rounds, step, warm_up=2)
            except ServerError as problem:
                results.append(Result(f"{wanted}, {kind}", "", also=f"not measured: {problem}"))
                continue
            results.append(_result(f"{wanted}, {kind}", many, times))
    return results + _against_lazy(run, kind, many_url, many)


def _against_lazy(run: Run, kind: str, url: str, entries: int) -> list[Result]:
    """What a page asks the database for, without HTTP and HTML, beside an ORM's object by object."""
    app = run.world.use(url)
    with app.test_request_context(), db.scope():
        by_email = {
            each.email: each.id
            for each in db.session.scalars(sa.select(Person).where(Person.email.is_not(None)))
        }
    clinician_id, patient_id = by_email["clinician@demo.example"], by_email["patient@demo.example"]

    def ours(what: str) -> object:
        clinician = db.session.get_one(Person, clinician_id, options=[joinedload(Person.role_rows)])
        return panel.read(clinician) if what == "Panel" else summary.of(team_record(clinician, patient_id))

    def lazy(what: str) -> object:
        return lazily.panel(clinician_id) if what == "Panel" else lazily.summary(patient_id)

    results = []
    for what in ("Panel", "Summary"):
        subjects, statements = {}, {}
        for name, ask in (("ours", ours), ("lazy", lazy)):
            work = partial(_asked, app, partial(ask, what))
            with counting() as seen:
                work()
            subjects[name], statements[name] = timed(work, EACH), sum(seen.values())
        rounds = run.rounds(20)
        with report.progress(f"{what} against a lazy ORM on {kind}", rounds) as step:
            times = interleave(subjects, rounds, step)
        ratio = times["ours"].against(times["lazy"])
        said = f"{statements['ours']} statements against {statements['lazy']}"
        results.append(
            Result(
                f"{what}'s data, {kind}, {entries:,} entries",
                "the ORM, object by object",
                ratio,
                also=f"{times['ours'].p50 * 1000:.1f} ms against {times['lazy'].p50 * 1000:.1f}; {said}",
                figures={"statements": statements},
            )
        )
    return results


def _asked(app: Flask, ask: Callable[[], object]) -> None:
    # As a request: nothing is known of the one before, and nothing of it is kept.
    with app.test_request_context(), db.scope():
        ask()
        db.rollback()


def _turn(client: Client, path: str) -> Turn:
    request = client.request("GET", path)
    return lambda: [client.seconds(request) for _each in range(EACH)]


def _result(name: str, many: int, times: dict[str, Times]) -> Result:
    few, more = times["few"], times["many"]
    ratio = more.against(few)
    cost = 1 / ratio.middle
    return Result(
        f"{name}, {many:,} entries",
        f"the same with {FEW:,}",
        ratio,
        also=f"{more.p50 * 1000:.1f} ms (there {few.p50 * 1000:.1f}): {cost:.2f} ×",
        goal=f"cost ≤ {GOAL} ×",
        met=cost <= GOAL,
        figures={"p50_ms": more.p50 * 1000, "few_p50_ms": few.p50 * 1000, "entries": many, "cost": cost},
    )


def _as_many_as_fit(folder: Path, seconds: float, kinds: int) -> int:
    """What the time and the disk allow, in round numbers."""
    by_time = FEW / seconds * USUAL_SECONDS / kinds
    by_disk = shutil.disk_usage(folder).free * 0.5 / BYTES_AN_ENTRY / kinds
    fitting = min(by_time, by_disk, MOST)
    unit = 10 ** int(math.log10(max(fitting, FEW)))
    return max(FEW, int(fitting // unit) * unit)


def _made(run: Run, kind: str, entries: int) -> tuple[str, float]:
    """A database with the demonstration and so many entries besides, and the seconds they took."""
    url = run.world.fresh(PATIENTS, WEEKS, kind=kind)
    run.world.use(url)
    people = max(1, entries // (DAYS * A_DAY))
    started = time.perf_counter()
    _people(people)
    table = cast(sa.Table, DiaryEntry.__table__)
    portion = max(1, people // 50)
    steps = math.ceil(people / portion) + len(table.indexes)
    with report.progress(f"{entries:,} diary entries on {kind}", steps) as step:
        for index in table.indexes:
            index.drop(db.engine)
        for first in range(0, people, portion):
            _entries(kind, first, min(first + portion, people))
            step()
        for index in sorted(table.indexes, key=lambda each: str(each.name)):
            index.create(db.engine)
            step()
        if kind == "postgres":
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
    return url, time.perf_counter() - started


def _people(count: int) -> None:
    """So many patients of the other practice; their ids are their numbers."""
    ids = [uuid.UUID(int=number) for number in range(count)]
    with db.scope(), db.transaction() as session:
        team = session.scalars(sa.select(Team.id).where(Team.name == "Archway Practice")).one()
        session.execute(sa.insert(Person), [{"id": key, "name": "Bench", "known_as": "Bench"} for key in ids])
        session.execute(sa.insert(Patient), [{"id": key, "consented_at": clock.now()} for key in ids])
        session.execute(sa.insert(CareRelationship), [{"patient_id": key, "team_id": team} for key in ids])


def _entries(kind: str, first: int, end: int) -> None:
    """Entries of some of those patients, made by the database. Ids grow, as the index of the primary key likes it."""
    with db.engine.begin() as connection:
        connection.exec_driver_sql(
            _ON_SQLITE if kind == "sqlite" else _ON_POSTGRES,
            {"first": first, "end": end, "each": DAYS * A_DAY},
        )


_INSERT = """
    INSERT INTO diary_entries (id, patient_id, written_by, received_at, experienced_at, experienced_offset,
        experienced_on, recorded_at, "values", tags, note, corrects, original_id, revision, flags, body_hash)
    SELECT id, person, person, at, at, 0, day, at, written, '{}', NULL, NULL, id, 0, '[]', 'bench' FROM (
"""

_ON_SQLITE = f"""
    WITH RECURSIVE people_(p) AS (SELECT :first UNION ALL SELECT p + 1 FROM people_ WHERE p + 1 < :end),
    numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n + 1 < :each),
    pairs AS (
        SELECT printf('%032x', p) AS person, printf('%016x%016x', p + 1, n) AS id, n,
            strftime('%Y-%m-%d %H:%M:%f000', 'now', (-n / {A_DAY}) || ' days', (-n % 720) || ' minutes') AS at
        FROM people_, numbers
    )
    {_INSERT}
        SELECT person, id, at, substr(at, 1, 10) AS day,
            '{{"pain": ' || (n % 11) || ', "sleep": ' || (n % 4) || '}}' AS written
        FROM pairs
    )
"""  # noqa: S608 - our own numbers

_ON_POSTGRES = f"""
    {_INSERT}
        SELECT lpad(to_hex(p), 32, '0')::uuid AS person,
            (lpad(to_hex(p + 1), 16, '0') || lpad(to_hex(n), 16, '0'))::uuid AS id,
            at, at::date AS day, json_build_object('pain', n %% 11, 'sleep', n %% 4) AS written
        FROM generate_series(%(first)s, %(end)s - 1) AS p, generate_series(0, %(each)s - 1) AS n,
            LATERAL (SELECT now() - n / {A_DAY} * interval '1 day' - n %% 720 * interval '1 minute' AS at) AS times
    ) AS made
"""  # noqa: S608 - our own numbers
