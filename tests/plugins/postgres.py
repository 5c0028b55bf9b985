"""One PostgreSQL for a whole test run: started by the controller of pytest-xdist, shared by all workers.

It starts only when the run wants it (``--database postgres`` or ``both``), and is a private one from a wheel,
or the one that ``SELFCARE_TEST_POSTGRES_URL`` names (whose role must be allowed to create databases).
"""

from __future__ import annotations

import os
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest

from tools import postgres

SETTING = "SELFCARE_TEST_POSTGRES_URL"

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
        config.stash[_url] = _reachable(re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", named))
    else:
        try:
            config.stash[_server] = postgres.Postgres()
        except postgres.PostgresError as error:
            raise pytest.UsageError(
                f"{error}\nWithout PostgreSQL: make test-fast. Your own: {SETTING}=…"
            ) from error
        config.stash[_url] = config.stash[_server].url


def _reachable(url: str) -> str:
    """The URL, if a database can be made there; else the run stops before its first test."""
    name = f"selfcare_{uuid.uuid4().hex}"
    try:
        postgres.create_database(url, name)
        postgres.drop_database(url, name)
    except psycopg.Error as error:
        raise pytest.UsageError(f"No database can be made at {SETTING}: {error}") from error
    return url


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node) -> None:  # xdist's WorkerController, which has no public type
    if _url in node.config.stash:
        node.workerinput["postgres_url"] = node.config.stash[_url]


def pytest_unconfigure(config: pytest.Config) -> None:
    if _server in config.stash:
        config.stash[_server].stop()
        del config.stash[_server]


class PostgresServer:
    """Makes and removes databases on the run's server."""

    def __init__(self, url: str) -> None:
        self.url = url

    def create_database(self, name: str, template: str | None = None) -> str:
        """Create a database, as a copy of the one named ``template`` if there is one, and return its URL."""
        return postgres.create_database(self.url, name, template)

    def drop_database(self, name: str) -> None:
        """Remove a database if it is there, and end whoever is connected to it."""
        postgres.drop_database(self.url, name)

    @contextmanager
    def database(self, template: str | None = None) -> Iterator[str]:
        """The URL of a database that lives for a ``with`` block, under a name that no other worker has."""
        name = f"selfcare_{uuid.uuid4().hex}"
        try:
            yield self.create_database(name, template)
        finally:
            self.drop_database(name)


@pytest.fixture(scope="session")
def postgres_server(pytestconfig: pytest.Config) -> PostgresServer:
    """The run's PostgreSQL. A test that asks for it in a run without one fails, and says what to do."""
    if _url not in pytestconfig.stash:
        pytest.fail("This test needs PostgreSQL: run it with --database postgres (or both)", pytrace=False)
    return PostgresServer(pytestconfig.stash[_url])


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """An empty database of this test's own."""
    with postgres_server.database() as url:
        yield url
