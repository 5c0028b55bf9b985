"""The run's PostgreSQL: real, private to the run, shared by the workers, gone afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.plugins.postgres import PostgresServer
from tools.postgres import Postgres

ROOT = Path(__file__).resolve().parents[2]

pytestmark = pytest.mark.postgres


def ask(url: str, question: str):
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        result = connection.execute(sa.text(question))
        return result.scalar() if result.returns_rows else None


def test_it_is_a_real_postgresql(postgres_url):
    assert ask(postgres_url, "SHOW server_version").split(".")[0].isdigit()
    assert ask(postgres_url, "SHOW server_encoding") == "UTF8"


def test_each_test_has_a_database_of_its_own(postgres_server: PostgresServer, postgres_url):
    with postgres_server.database() as other:
        ask(other, "CREATE TABLE only_here (a int)")
        with pytest.raises(sa.exc.ProgrammingError, match="only_here"):
            ask(postgres_url, "SELECT * FROM only_here")


def test_a_template_is_copied_with_its_rows(postgres_server: PostgresServer):
    with postgres_server.database() as template:
        ask(template, "CREATE TABLE words (word text)")
        ask(template, "INSERT INTO words VALUES ('naïve ✓')")
        with postgres_server.database(sa.make_url(template).database) as copy:
            assert ask(copy, "SELECT word FROM words") == "naïve ✓"
            ask(copy, "DELETE FROM words")
        assert ask(template, "SELECT count(*) FROM words") == 1


def test_a_dropped_database_is_gone_even_while_somebody_is_connected(postgres_server: PostgresServer):
    with postgres_server.database() as url:
        engine = sa.create_engine(url)
        with engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
            postgres_server.drop_database(str(engine.url.database))
            with pytest.raises(sa.exc.OperationalError):
                connection.execute(sa.text("SELECT 1"))
        engine.dispose()
        with pytest.raises(sa.exc.OperationalError, match="does not exist"):
            ask(url, "SELECT 1")


def test_it_does_not_outlive_a_test_run_that_is_killed():
    """A run that is killed outright cleans up nothing itself, yet no server and no folder stay behind."""
    program = (
        "from tools.postgres import Postgres; import time; print(Postgres().url, flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as run:
        assert run.stdout is not None
        folder = Path(str(sa.make_url(run.stdout.readline().strip()).query["host"]))
        assert (folder / "data" / "postmaster.pid").exists()
        run.kill()
    until = time.monotonic() + 15
    while folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert not folder.exists()


def test_a_durable_one_keeps_fsync_on():
    with Postgres(durable=True) as server:
        assert ask(server.url, "SHOW fsync") == "on"
        assert ask(server.url, "SHOW synchronous_commit") == "on"
