"""Where the bench works: a temporary folder, databases with demonstration data, one application a process."""

from __future__ import annotations

import shutil
import tempfile
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

import config
from bench import report
from selfcare.app import create_app
from selfcare.database import Base
from selfcare.demo import load
from selfcare.extensions import db
from selfcare.push import keys
from tools import postgres

SECRET = "a secret of the bench, long enough to be taken"  # noqa: S105 - keeps nothing: the data is made up and thrown away
SEED = 7


def settings(url: str, **more: object) -> config.Settings:
    """Settings of a service on this database: as the demonstration has them."""
    given: dict[str, object] = {
        "env": "demo",
        "database_url": url,
        "secret_key": SECRET,
        "base_url": "http://127.0.0.1:8000",
        "scheduler": "off",
        "log_level": "error",
        "vapid_subject": "mailto:bench@example.org",
    }
    return config.load(**given | more)


class World:
    """Everything that lives as long as one run. Databases are made when they are first asked for."""

    def __init__(self, *, with_postgres: bool = True) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="selfcare-bench-"))
        self.vapid = keys.new_key()
        self.app: Flask | None = None
        self._with_postgres = with_postgres
        self._server: postgres.Postgres | None = None
        self._no_server = ""
        self._made: dict[str, str] = {}

    def close(self) -> None:
        """Remove all of it."""
        if self.app is not None:
            db.close()
        if self._server is not None:
            self._server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def use(self, url: str, **more: object) -> Flask:
        """The application of this process, on this database."""
        wanted = settings(url, vapid_private_key=self.vapid.private, **more)
        if self.app is None:
            self.app = create_app(wanted)
        else:
            db.close()
            db.open(url)
            self.app.config["SETTINGS"] = wanted
        return self.app

    def database(self, patients: int, weeks: int = 12, *, kind: str = "sqlite") -> str:
        """The URL of a database with so many demonstration patients; the same one when asked again."""
        name = f"{kind}-{patients}-{weeks}"
        if name not in self._made:
            self._made[name] = self.fresh(patients, weeks, kind=kind)
        return self._made[name]

    def fresh(self, patients: int, weeks: int, *, kind: str = "sqlite") -> str:
        """The same, but a new one each time."""
        url = self.empty(f"{kind}-{patients}-{weeks}", kind=kind)
        app = self.use(url)
        with (
            report.progress(
                f"Demonstration data: {patients} patients, {weeks} weeks, {kind}", patients
            ) as step,
            app.test_request_context(),
            db.scope(),
            db.transaction(),
        ):
            load.load(patients=patients, weeks=weeks, seed=SEED, step=step)
        return url

    def empty(self, name: str, *, kind: str = "sqlite") -> str:
        """The URL of a new database with tables and nothing in them."""
        if kind == "sqlite":
            url = f"sqlite:///{self.folder / f'{name}-{uuid.uuid4().hex[:6]}.db'}"
        else:
            assert self._server is not None
            url = postgres.create_database(self._server.url, f"bench_{uuid.uuid4().hex[:12]}")
        self.use(url)
        Base.metadata.create_all(db.engine)
        return url

    def kinds(self) -> list[str]:
        """The kinds of database that are to be had here; PostgreSQL's wheel may be missing."""
        if not self._with_postgres or self._no_server:
            return ["sqlite"]
        if self._server is None:
            try:
                self._server = postgres.Postgres(durable=True)
            except (postgres.PostgresError, OSError) as problem:
                self._no_server = str(problem)
                report.say(f"Without PostgreSQL: {problem}")
                return ["sqlite"]
        return ["sqlite", "postgres"]


@dataclass(frozen=True)
class Run:
    """What a yardstick is given."""

    world: World
    rounds: Callable[[int], int]  # its own usual number of rounds → how many it is to do
