"""One application and database per worker and kind of database; every test starts with an empty one and real commits.

How the tests stay quick: docs/testing.md.
"""

from __future__ import annotations

import functools
import gc
import os
import random
import socket
import uuid
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import jinja2
import pytest
import sqlalchemy as sa
from flask import Flask, session
from flask.sessions import SecureCookieSessionInterface
from flask.testing import FlaskClient
from flask_wtf.csrf import generate_csrf

import config
from selfcare import database
from selfcare.app import create_app
from selfcare.database import Base
from selfcare.extensions import db
from selfcare.identity import sessions, throttle
from tests import factories
from tests.factories import World
from tests.strict import Strict

pytest_plugins = [
    "tests.plugins.postgres",
    "tests.plugins.lock_screen",
    "tests.plugins.browser",
    "tests.plugins.push_service",
]

ORIGIN = "http://localhost"
DEVICE = "selfcare_device"  # the cookie of a browser that has signed in before
SECRET = "a secret of the tests, long enough to be taken"

for name in [
    name
    for name in os.environ
    if name.startswith("SELFCARE_") and not name.startswith(("SELFCARE_TEST_", "SELFCARE_SCREENS"))
]:
    del os.environ[name]


def _hasty_sqlite(connection: Any, record: Any) -> None:
    _as_in_earnest(connection, record)
    connection.execute("PRAGMA synchronous=OFF")  # nothing of a test need outlive a power cut


# The programs that tests start, and kill, write as in earnest.
_as_in_earnest, database._prepare_sqlite = database._prepare_sqlite, _hasty_sqlite


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres", "both"),
        default="both",
        help="which databases to test on",
    )


# What takes longest goes first: begun last, one of these would keep one worker busy while the others are done.
LONGEST = (
    "tests/journeys/test_every_page.py",
    "tests/journeys/test_the_loop.py",
    "tests/journeys/test_twice_around.py",
    "tests/phones/test_two_phones.py",
    "tests/people/test_at_once.py",
    "tests/carers/test_at_once.py",
    "tests/house/test_withheld_nowhere.py",
    "tests/house/test_openapi.py",
    "tests/reminders/test_workers.py",
    "tests/goals/test_seven_steps.py",
)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest first; and one case of several may be the same over any database (a mark in ``pytest.param``)."""
    if config.getoption("--database") == "both":
        twice = [
            item
            for item in items
            if item.get_closest_marker("postgres") and item.get_closest_marker("any_database")
        ]
        if twice:
            config.hook.pytest_deselected(items=twice)
            items[:] = [item for item in items if item not in set(twice)]
    items.sort(key=lambda item: not item.nodeid.startswith(LONGEST))


def pytest_collection_finish(session: pytest.Session) -> None:
    """What is there now stays: the garbage collector need not look through it again a thousand times."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--database")
        kinds = ("sqlite", "postgres") if wanted == "both" else (wanted,)
        # A browser shows pages, and a mark says what else is the same over any database.
        same = "chromium_executable" in metafunc.fixturenames or any(
            metafunc.definition.iter_markers("any_database")
        )
        if wanted == "both" and same:
            kinds = ("sqlite",)
        marks = [
            pytest.param(kind, marks=[pytest.mark.postgres] if kind == "postgres" else []) for kind in kinds
        ]
        metafunc.parametrize("database_kind", marks, scope="session", indirect=True)


@pytest.fixture(scope="session")
def database_kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="session")
def database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.db'}"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"selfcare_{uuid.uuid4().hex[:12]}"
    yield server.create_database(name)
    server.drop_database(name)


@pytest.fixture(scope="session")
def settings(database_url: str) -> config.Settings:
    return config.load(
        env="test",
        database_url=database_url,
        secret_key=SECRET,
        base_url=ORIGIN,
        vapid_subject="mailto:push@test.example",
        log_level="error",
    )


@pytest.fixture(scope="session")
def compiled_templates(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> jinja2.FileSystemBytecodeCache:
    """What Jinja made of our templates, for every application and worker of this run, and for no other run."""
    own = tmp_path_factory.getbasetemp()
    folder = (own if worker_id == "master" else own.parent) / "templates"
    folder.mkdir(exist_ok=True)
    return jinja2.FileSystemBytecodeCache(str(folder))


class Kept:
    """An application that a worker keeps from test to test, and its engine, which knows its SQL by heart."""

    def __init__(self, settings: config.Settings, templates: jinja2.BytecodeCache) -> None:
        self.app = create_app(settings)
        self.app.jinja_env.bytecode_cache = templates
        self.engine = db.engine
        Base.metadata.create_all(self.engine)

    def begin(self) -> Flask:
        """The application with an empty database, whichever was open before."""
        if db.engine is not self.engine:
            db.close()
            db.engine = self.engine
        empty()
        return self.app


@pytest.fixture(scope="session")
def _kept_app(settings: config.Settings, compiled_templates: jinja2.BytecodeCache) -> Iterator[Kept]:
    kept = Kept(settings, compiled_templates)
    kept.app.jinja_env.undefined = Strict  # a slip in a template's name fails the test that shows the page
    yield kept
    kept.engine.dispose()


@pytest.fixture
def app(_kept_app: Kept) -> Flask:
    """The application with an empty database."""
    return _kept_app.begin()


def own_port() -> int:
    """A port for the whole run of a worker: below those that a system gives to whoever asks for any."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port := random.randrange(20_000, 30_000)))
            return port


@pytest.fixture(scope="session")
def _live_app(
    tmp_path_factory: pytest.TempPathFactory, compiled_templates: jinja2.BytecodeCache
) -> Iterator[Kept]:
    """The one that stands behind a real server (``live`` of the journeys), where SQLite is enough."""
    settings = config.load(
        env="test",
        database_url=f"sqlite:///{tmp_path_factory.mktemp('journeys') / 'journey.db'}",
        secret_key=SECRET,
        base_url=f"http://127.0.0.1:{own_port()}",
        vapid_subject="mailto:push@test.example",
        log_level="error",
    )
    kept = Kept(settings, compiled_templates)
    yield kept
    kept.engine.dispose()


@functools.cache
def _deletes() -> list[str]:
    # TRUNCATE would make new files for 50 tables and their indexes, of which most are empty.
    return [f"DELETE FROM {table.name}" for table in reversed(Base.metadata.sorted_tables)]  # noqa: S608 - our own names


def empty() -> None:
    """Delete every row, whatever its table."""
    deletes = _deletes()
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            deletes = ["; ".join(deletes)]  # one round trip
        for delete in deletes:
            connection.exec_driver_sql(delete)


@pytest.fixture
def story(app: Flask) -> Any:
    """An app context with a database scope of its own: to set a scene, or to look at rows afterwards."""

    class Story:
        def __enter__(self) -> None:
            self.context = app.test_request_context()
            self.scope = db.scope()
            self.context.push()
            self.scope.__enter__()

        def __exit__(self, *problem: Any) -> None:
            try:
                if problem[0] is None:
                    db.commit()
            finally:
                self.scope.__exit__(*problem)
                self.context.pop()

    return Story


@pytest.fixture
def world(story: Any) -> World:
    """Ayşe, Peter, Elif, Grace, Samuel and Ruth."""
    with story():
        return factories.make_world()


class Caller:
    """A program or browser of one person: signed in, with Origin and CSRF token on every change."""

    def __init__(self, app: Flask, email: str | None) -> None:
        self.http: FlaskClient = app.test_client()
        self.headers = {"Origin": ORIGIN}
        if email:
            self._sign_in(app, email)

    def _sign_in(self, app: Flask, email: str) -> None:
        """What ``POST /api/v1/session`` does once a password is proven: session, audit, both cookies, CSRF token.

        The proof and its throttle are tested in tests/identity; for every person of every test they would cost more
        than many a test.
        """
        with (
            app.test_request_context("/api/v1/session", method="POST", environ_base=self.http.environ_base),
            db.scope(),
        ):
            person = factories.person_with(email)
            sessions.start(person)
            self.id = str(person.id)
            self.headers["X-CSRF-Token"] = generate_csrf()
            db.commit()
            signer = SecureCookieSessionInterface().get_signing_serializer(app)
            assert signer is not None
            self.http.set_cookie(app.config["SESSION_COOKIE_NAME"], signer.dumps(dict(session)))
            self.http.set_cookie(DEVICE, throttle.device_mark(email))

    def _call(self, method: str, path: str, **options: Any) -> Any:
        options["headers"] = self.headers | dict(options.get("headers") or {})
        return self.http.open(path, method=method, **options)

    def get(self, path: str, **options: Any) -> Any:
        return self._call("GET", path, **options)

    def put(self, path: str, body: Any = None, **options: Any) -> Any:
        return self._call("PUT", path, json=body if body is not None else {}, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Any:
        return self._call("POST", path, json=body if body is not None else {}, **options)

    def delete(self, path: str, **options: Any) -> Any:
        return self._call("DELETE", path, **options)

    def send(self, path: str, **form: Any) -> Any:
        """Send an HTML form as a browser does, following to the page it leads to."""
        return self._call("POST", path, data=form, follow_redirects=True)


@pytest.fixture
def sign_in(app: Flask) -> Callable[[str | None], Caller]:
    """``sign_in("ayse")`` → a caller; ``sign_in(None)`` is nobody."""

    def by_name(name: str | None) -> Caller:
        return Caller(app, f"{name}@test.example" if name else None)

    return by_name


@pytest.fixture
def ayse(world: World, sign_in: Callable[..., Caller]) -> Caller:
    return sign_in("ayse")


@pytest.fixture
def peter(world: World, sign_in: Callable[..., Caller]) -> Caller:
    return sign_in("peter")


@pytest.fixture
def carer(world: World, sign_in: Callable[..., Caller]) -> Caller:
    """Elif, Ayşe's daughter."""
    return sign_in("elif")


@pytest.fixture
def grace(world: World, sign_in: Callable[..., Caller]) -> Caller:
    return sign_in("grace")


@pytest.fixture
def samuel(world: World, sign_in: Callable[..., Caller]) -> Caller:
    return sign_in("samuel")


@pytest.fixture
def ruth(world: World, sign_in: Callable[..., Caller]) -> Caller:
    return sign_in("ruth")


@pytest.fixture
def nobody(app: Flask) -> Caller:
    """Somebody who is not signed in."""
    return Caller(app, None)


@pytest.fixture
def statements(app: Flask) -> Callable[[], Any]:
    """``with statements() as seen: …`` collects the SQL statements that are run, without BEGIN and SAVEPOINT."""

    class Counter:
        def __enter__(self) -> list[str]:
            self.seen: list[str] = []
            sa.event.listen(db.engine, "before_cursor_execute", self._note)
            return self.seen

        def _note(self, connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
            if not statement.startswith(("BEGIN", "SAVEPOINT", "RELEASE", "PRAGMA")):
                self.seen.append(statement)

        def __exit__(self, *problem: Any) -> None:
            sa.event.remove(db.engine, "before_cursor_execute", self._note)

    return Counter


ROOT = Path(__file__).resolve().parent.parent
