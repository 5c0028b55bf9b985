"""Migrations: up, down and up again with a practice's data in the tables, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.script import ScriptDirectory
from flask import Flask

from selfcare.cli import database
from selfcare.database import Base
from selfcare.demo import load
from selfcare.extensions import db

pytestmark = pytest.mark.slow


@pytest.fixture
def fresh(database_kind: str, app: Flask, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """The application on a database with nothing in it, not even tables."""
    before = db.engine.url
    server = request.getfixturevalue("postgres_server") if database_kind == "postgres" else None
    name = f"selfcare_migrations_{uuid.uuid4().hex[:8]}"
    url = server.create_database(name) if server else f"sqlite:///{tmp_path / 'migrations.db'}"
    db.close()
    db.open(url)
    yield app
    db.close()
    if server:
        server.drop_database(name)
    db.open(before.render_as_string(hide_password=False))


def tables() -> set[str]:
    return set(sa.inspect(db.engine).get_table_names()) - {"alembic_version"}


def fill(app: Flask) -> None:
    with app.test_request_context(), db.scope(), db.transaction():
        load.load(patients=4, weeks=2, seed=7, step=lambda: None)


def count(table: str) -> int:
    with db.engine.connect() as connection:
        return int(connection.scalar(sa.text(f"SELECT count(*) FROM {table}")) or 0)  # noqa: S608 - our own names


def test_up_down_and_up_with_data(fresh: Flask) -> None:
    database.upgrade()
    assert tables() == set(Base.metadata.tables)
    fill(fresh)
    assert count("diary_entries") > 10
    database.downgrade("base")
    assert tables() == set()
    database.upgrade()
    assert tables() == set(Base.metadata.tables)
    assert count("diary_entries") == 0
    fill(fresh)
    assert count("diary_entries") > 10


def test_one_step_down_keeps_everything_else(fresh: Flask) -> None:
    database.upgrade()
    fill(fresh)
    before = {name: count(name) for name in ("people", "diary_entries", "goals")}
    script = ScriptDirectory.from_config(database.alembic_config())
    for revision in list(script.walk_revisions()):
        if revision.revision == "0011":
            break
        database.downgrade(str(revision.down_revision))
    assert {name: count(name) for name in before} == before
    database.upgrade()
    assert {name: count(name) for name in before} == before


def test_the_tables_are_those_of_the_code(fresh: Flask) -> None:
    database.upgrade()
    with db.engine.begin() as connection:
        command.check(database.alembic_config(connection))


def test_the_audit_trail_refuses_to_be_changed(fresh: Flask) -> None:
    database.upgrade()
    fill(fresh)
    assert count("audit_events") == 1
    for statement in ("UPDATE audit_events SET action = 'nothing'", "DELETE FROM audit_events"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"), db.engine.begin() as connection:
            connection.execute(sa.text(statement))
    assert count("audit_events") == 1
