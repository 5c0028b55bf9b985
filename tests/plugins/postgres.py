"""One PostgreSQL for a whole test run: started by the controller of pytest-xdist, shared by all workers.

It starts only when the run wants it (``--database postgres`` or ``both``), and is a private one from a wheel, or the
one that ``SELFCARE_TEST_POSTGRES_URL`` names (whose role must be allowed to create databases).
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from tools import postgres

SETTING = "SELFCARE_TEST_POSTGRES_URL"
NAME_BYTES = 63  # PostgreSQL cuts longer names silently

_url = pytest.StashKey[str]()
_server = pytest.StashKey[postgres.Postgres]()


def wanted(config: pytest.Config) -> bool:
    """Whether this run has tests on PostgreSQL."""
    return config.getoption("database", default="sqlite") in ("postgres", "both")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    if not wanted(config) or config.option.collectonly:
        return
    from_controller: dict[str, str] | None = getattr(config, "workerinput", None)
    if from_controller is not None:
        config.stash[_url] = from_controller["postgres_url"]
    elif named := os.environ.get(SETTING):
        config.stash[_url] = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", named)
    else:
        try:
            config.stash[_server] = postgres.Postgres()
        except postgres.PostgresError as error:
            raise pytest.UsageError(
                f"{error}\nWithout PostgreSQL: make test-fast. Your own: {SETTING}=…"
            ) from error
        config.stash[_url] = config.stash[_server].url


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:  # xdist's WorkerController, which has no public type
    if _url in node.config.stash:
        node.workerinput["postgres_url"] = node.config.stash[_url]


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server in config.stash:
        config.stash[_server].stop()
        del config.stash[_server]


class PostgresDatabases:
    """Makes and removes databases on the run's server. Names are made unique, so workers never meet."""

    def __init__(self, server_url: str) -> None:
        self.server_url = server_url

    def create(self, name: str, template: str | None = None) -> str:
        """Create a database and return its URL. ``template`` is the URL of an earlier one to copy; see ``name_of``."""
        full_name = f"selfcare_test_{name}_{uuid.uuid4().hex[:12]}"[-NAME_BYTES:].lower()
        return postgres.create_database(self.server_url, full_name, name_of(template) if template else None)

    def drop(self, url: str) -> None:
        """Remove a database that ``create`` made, and end whoever is connected to it."""
        postgres.drop_database(self.server_url, name_of(url))

    @contextmanager
    def fresh(self, name: str, template: str | None = None) -> Iterator[str]:
        """A database for the length of a ``with`` block."""
        url = self.create(name, template)
        try:
            yield url
        finally:
            self.drop(url)


def name_of(url: str) -> str:
    """The database that a URL names."""
    found = sa.make_url(url).database
    assert found, url
    return found


@pytest.fixture(scope="session")
def postgres_databases(pytestconfig: pytest.Config) -> PostgresDatabases:
    """The run's PostgreSQL. A test that asks for it without ``--database postgres|both`` fails and says so."""
    if _url not in pytestconfig.stash:
        pytest.fail("This test needs PostgreSQL: run it with --database postgres (or both)", pytrace=False)
    return PostgresDatabases(pytestconfig.stash[_url])


@pytest.fixture
def postgres_url(postgres_databases: PostgresDatabases) -> Iterator[str]:
    """An empty database of this test's own."""
    with postgres_databases.fresh("own") as url:
        yield url
