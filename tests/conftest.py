"""One application and database per worker and kind of database; every test starts with an empty one and real commits."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

import config
from selfcare.app import create_app
from selfcare.database import Base
from selfcare.extensions import db
from tests import factories
from tests.factories import PASSWORD, World
from tests.strict import Strict

pytest_plugins = [
    "tests.plugins.postgres",
    "tests.plugins.lock_screen",
    "tests.plugins.browser",
    "tests.plugins.push_service",
]

ORIGIN = "http://localhost"
SECRET = "a secret of the tests, long enough to be taken"

for name in [
    name
    for name in os.environ
    if name.startswith("SELFCARE_") and not name.startswith(("SELFCARE_TEST_", "SELFCARE_SCREENS"))
]:
    del os.environ[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres", "both"),
        default="both",
        help="which databases to test on",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "database_kind" in metafunc.fixturenames:
        wanted = metafunc.config.getoption("--database")
        kinds = ("sqlite", "postgres") if wanted == "both" else (wanted,)
        if wanted == "both" and "chromium_executable" in metafunc.fixturenames:
            kinds = ("sqlite",)  # a browser shows pages; the database behind them is tested without one
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
def _session_app(settings: config.Settings) -> Iterator[Flask]:
    app = create_app(settings)
    app.jinja_env.undefined = Strict  # a slip in a template's name fails the test that shows the page
    Base.metadata.create_all(db.engine)
    yield app
    db.close()


@pytest.fixture
def app(_session_app: Flask, settings: config.Settings) -> Flask:
    """The application with an empty database."""
    if str(db.engine.url) != str(sa.make_url(settings.database_url)):  # the other kind ran in between
        db.close()
        db.open(settings.database_url)
    empty()
    return _session_app


def empty() -> None:
    """Delete every row, whatever its table."""
    tables = list(reversed(Base.metadata.sorted_tables))
    with db.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            # One round trip; TRUNCATE would make new files for 50 tables and their indexes, of which most are empty.
            connection.exec_driver_sql("; ".join(f"DELETE FROM {table.name}" for table in tables))  # noqa: S608 - our own names
        else:
            for table in tables:
                connection.execute(table.delete())


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
            answer = self.http.post(
                "/api/v1/session", json={"email": email, "password": PASSWORD}, headers=self.headers
            )
            assert answer.status_code == 200, answer.get_data(as_text=True)
            self.id = answer.json["user"]["id"]
            self.headers["X-CSRF-Token"] = answer.json["csrf_token"]

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
