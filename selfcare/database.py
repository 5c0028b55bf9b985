"""The database: base classes of rows, and transactions.

One request is one transaction (``app.py`` commits it). Reading requests hold no write lock: what they must still write, such as the
audit of the read itself, waits in ``later()`` and goes in one short transaction before the answer leaves.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, ClassVar

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}

# True while the current request may only read: SQLite then begins without taking the write lock.
_reading: ContextVar[bool] = ContextVar("selfcare_reading", default=False)


class UTCDateTime(sa.TypeDecorator[dt.datetime]):
    """An instant. Aware in, UTC in the database, aware UTC out; SQLite alone would keep a naive local time.

    :raises ValueError: on a naive datetime.
    """

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    @property
    def python_type(self) -> type[dt.datetime]:
        """What a value is: a decorator says only ``object`` by itself."""
        return dt.datetime

    def process_bind_param(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its offset")
        return value.astimezone(dt.UTC)

    def process_result_value(self, value: dt.datetime | None, dialect: sa.Dialect) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


class Base(orm.DeclarativeBase):
    """Parent of every table."""

    metadata = sa.MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        dt.datetime: UTCDateTime(),
        uuid.UUID: sa.Uuid(),
        dict[str, Any]: sa.JSON(),
        list[str]: sa.JSON(),
        str: sa.Text(),
    }


class Owned(Base):
    """A row that belongs to one patient. On its own: a *record*, which is written once and never changed.

    ``id`` is made by whoever writes (a phone without signal too); ``written_by`` is the person who typed it, for a carer not the patient.
    """

    __abstract__ = True

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"), index=True)
    written_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    received_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


class Stateful(Owned):
    """An owned row that may be replaced; ``history.keep`` stores the version before each replacement."""

    __abstract__ = True

    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[dt.datetime] = mapped_column(default=clock.now)


class Database:
    """The engine and its sessions. ``db.session`` is the session of the current ``scope()``."""

    def __init__(self) -> None:
        self.engine: sa.Engine
        self._sessions: ContextVar[orm.Session | None] = ContextVar("selfcare_session", default=None)

    def open(self, url: str, **options: Any) -> None:
        """Connect to ``url`` (SQLite or PostgreSQL), giving up what was open before; options go to ``create_engine``."""
        if hasattr(self, "engine"):
            self.close()
        if url.startswith("sqlite"):
            options.setdefault("connect_args", {"timeout": 10, "check_same_thread": False})
            options.setdefault("pool_size", 16)
            options.setdefault("poolclass", sa.QueuePool)
        else:
            # A restarted database is noticed at check-out, so the service is back without a restart of its own.
            options.setdefault("pool_pre_ping", True)
            options.setdefault("pool_size", 16)
        self.engine = sa.create_engine(url, **options)
        if self.engine.dialect.name == "sqlite":
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            sa.event.listen(self.engine, "begin", _begin_sqlite)

    def close(self) -> None:
        """Give every connection back."""
        self.remove()
        self.engine.dispose()

    @property
    def session(self) -> orm.Session:
        """The session of this request, command or tick; made on first use."""
        session = self._sessions.get()
        if session is None:
            session = orm.Session(self.engine, expire_on_commit=False)
            self._sessions.set(session)
        return session

    def later(self, statement: sa.Executable, parameters: dict[str, Any] | None = None) -> None:
        """Run ``statement`` just before this transaction ends, even if the request itself only reads."""
        self.session.info.setdefault("later", []).append((statement, parameters))

    def waits(self, statement: sa.Executable) -> bool:
        """Whether this very statement waits in ``later()``."""
        return any(each is statement for each, _parameters in self.session.info.get("later", ()))

    def commit(self) -> None:
        """Make everything of this transaction durable, with what waited in ``later()``."""
        session = self.session
        waiting: list[tuple[sa.Executable, dict[str, Any] | None]] = session.info.pop("later", [])
        if _reading.get():
            session.rollback()
            if not waiting:
                return
            _reading.set(False)
        session.flush()
        for statement, parameters in waiting:
            session.execute(statement, parameters)
        session.commit()

    def rollback(self) -> None:
        """Forget everything of this transaction, with what waited in ``later()``."""
        session = self._sessions.get()
        if session is not None:
            session.info.pop("later", None)
            # What was loaded stays readable for the page that says what went wrong; a rollback alone would expire it.
            session.expunge_all()
            session.rollback()

    def remove(self) -> None:
        """End the current session and give its connection back."""
        session = self._sessions.get()
        if session is not None:
            session.close()
            self._sessions.set(None)

    @contextmanager
    def scope(self) -> Iterator[None]:
        """A session of its own for what runs inside: one request, one command, one tick."""
        session, reading = self._sessions.set(None), _reading.set(False)
        try:
            yield
        finally:
            self.remove()
            self._sessions.reset(session)
            _reading.reset(reading)

    def reading(self, only: bool) -> None:
        """Say whether this request may only read (GET, HEAD); called before its first statement."""
        _reading.set(only)

    @contextmanager
    def transaction(self) -> Iterator[orm.Session]:
        """A transaction of a command or a tick: commits at the end, rolls back on any error."""
        try:
            yield self.session
            self.commit()
        except BaseException:
            self.rollback()
            raise

    @contextmanager
    def apart(self) -> Iterator[orm.Session]:
        """A transaction of its own, committed whatever becomes of the request: for security events."""
        before = _reading.get()
        _reading.set(False)
        try:
            with orm.Session(self.engine) as session, session.begin():
                yield session
        finally:
            _reading.set(before)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver's own implicit BEGIN would come late and let a rollback leak; we begin ourselves, below.
    connection.isolation_level = None
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL", "busy_timeout=10000"):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: sa.Connection) -> None:
    # IMMEDIATE: a transaction that reads and then writes would otherwise fail at once when another wrote in between.
    connection.exec_driver_sql("BEGIN" if _reading.get() else "BEGIN IMMEDIATE")
