"""The sealer: chains audit events by SHA-256, so that an edit, a delete, a reorder or a cut tail shows.

Events are appended unchained, since a chain inside the request would serialise every process. One short transaction
every few seconds gives those that wait their sequence numbers and hashes; a lock on the head keeps two sealers apart.
The head (last number and hash) stands in a table of its own and in the log: whoever could rewrite both tables still
cannot rewrite the log.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from typing import Any

import sqlalchemy as sa
import structlog
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock
from selfcare.audit.events import AuditEvent
from selfcare.database import Base
from selfcare.extensions import db

log = structlog.get_logger()

# Before the first event. Any fixed text would do; this one says what it is.
GENESIS = hashlib.sha256(b"selfcare audit trail").hexdigest()

# Rows of one transaction: a few milliseconds, so that no request waits for the sealer.
AT_ONCE = 500

HASHED = ("id", "at", "actor_id", "action", "subject_id", "thing", "thing_id", "details")


class AuditHead(Base):
    """The end of the chain: one row."""

    __tablename__ = "audit_heads"

    id: Mapped[int] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(sa.BigInteger)
    hash: Mapped[str]
    sealed_at: Mapped[dt.datetime]


def seal() -> int:
    """Chain every event that waits, in order of (at, id); returns how many. Runs in transactions of its own.

    An event that is committed later than its time says gets its place when it is found: the chain is the order of sealing.
    """
    total = 0
    while sealed := _seal_some():
        total += sealed
        if sealed < AT_ONCE:
            break
    return total


def event_hash(sequence: int, previous_hash: str, event: sa.RowMapping) -> str:
    """The hash of one event: over its number, the hash before it, and every field, as JSON with sorted keys."""
    body = {name: _plain(event[name]) for name in HASHED}
    text = json.dumps(
        [sequence, previous_hash, body], sort_keys=True, separators=(",", ":"), ensure_ascii=True
    )
    return hashlib.sha256(text.encode()).hexdigest()


def _seal_some() -> int:
    table = _table()
    with db.apart() as session:
        head = session.scalars(sa.select(AuditHead).with_for_update()).first()
        waiting = (
            session.execute(
                sa.select(*(table.c[name] for name in HASHED))
                .where(table.c.sequence.is_(None))
                .order_by(table.c.at, table.c.id)
                .limit(AT_ONCE)
            )
            .mappings()
            .all()
        )
        if not waiting:
            return 0
        if head is None:
            head = AuditHead(id=1, sequence=0, hash=GENESIS, sealed_at=clock.now())
            session.add(head)
        sequence, previous, rows = head.sequence, head.hash, []
        for event in waiting:
            sequence += 1
            own = event_hash(sequence, previous, event)
            rows.append(
                {"row": event["id"], "new_sequence": sequence, "new_previous": previous, "new_hash": own}
            )
            previous = own
        session.connection().execute(
            table.update()
            .where(table.c.id == sa.bindparam("row"))
            .values(
                sequence=sa.bindparam("new_sequence"),
                previous_hash=sa.bindparam("new_previous"),
                hash=sa.bindparam("new_hash"),
            ),
            rows,
        )
        head.sequence, head.hash, head.sealed_at = sequence, previous, clock.now()
    log.info("audit_sealed", count=len(waiting), head=f"{sequence}:{previous}")
    return len(waiting)


def _table() -> sa.Table:
    found = AuditEvent.__table__
    assert isinstance(found, sa.Table)  # a declarative class's always is
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    return value


# For the migration that makes the tables. The sealer may fill the three empty fields of a row, once; nobody may change or delete anything
# else, nor move the head backwards. `audit verify` finds what a superuser does in spite of it.
_SAME = "NEW.id IS NOT OLD.id OR NEW.at IS NOT OLD.at OR NEW.actor_id IS NOT OLD.actor_id OR NEW.action IS NOT OLD.action "
_SAME += "OR NEW.subject_id IS NOT OLD.subject_id OR NEW.thing IS NOT OLD.thing OR NEW.thing_id IS NOT OLD.thing_id "
_SAME += "OR NEW.details IS NOT OLD.details OR NEW.sequence IS NULL OR NEW.hash IS NULL"

SQLITE_GUARD = (
    f"""CREATE TRIGGER audit_events_stay BEFORE UPDATE ON audit_events
WHEN OLD.sequence IS NOT NULL OR {_SAME}
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_events_are_kept BEFORE DELETE ON audit_events
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_heads_go_on BEFORE UPDATE ON audit_heads
WHEN NEW.sequence <= OLD.sequence OR NEW.id IS NOT OLD.id
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
    """CREATE TRIGGER audit_heads_are_kept BEFORE DELETE ON audit_heads
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END""",
)
SQLITE_UNGUARD = tuple(
    f"DROP TRIGGER IF EXISTS {name}"
    for name in ("audit_events_stay", "audit_events_are_kept", "audit_heads_go_on", "audit_heads_are_kept")
)

POSTGRESQL_GUARD = (
    f"""CREATE FUNCTION audit_events_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NOT ({
        _SAME.replace("IS NOT OLD.details", "::text IS DISTINCT FROM OLD.details::text").replace(
            "IS NOT OLD", "IS DISTINCT FROM OLD"
        )
    }) THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only';
END $$""",
    """CREATE FUNCTION audit_heads_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.sequence > OLD.sequence AND NEW.id = OLD.id THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'the audit trail is append-only';
END $$""",
    """CREATE TRIGGER audit_events_stay BEFORE UPDATE OR DELETE ON audit_events
FOR EACH ROW EXECUTE FUNCTION audit_events_guard()""",
    """CREATE TRIGGER audit_events_are_kept BEFORE TRUNCATE ON audit_events
FOR EACH STATEMENT EXECUTE FUNCTION audit_events_guard()""",
    """CREATE TRIGGER audit_heads_go_on BEFORE UPDATE OR DELETE ON audit_heads
FOR EACH ROW EXECUTE FUNCTION audit_heads_guard()""",
    """CREATE TRIGGER audit_heads_are_kept BEFORE TRUNCATE ON audit_heads
FOR EACH STATEMENT EXECUTE FUNCTION audit_heads_guard()""",
)
POSTGRESQL_UNGUARD = (
    "DROP TRIGGER IF EXISTS audit_events_stay ON audit_events",
    "DROP TRIGGER IF EXISTS audit_events_are_kept ON audit_events",
    "DROP TRIGGER IF EXISTS audit_heads_go_on ON audit_heads",
    "DROP TRIGGER IF EXISTS audit_heads_are_kept ON audit_heads",
    "DROP FUNCTION IF EXISTS audit_events_guard()",
    "DROP FUNCTION IF EXISTS audit_heads_guard()",
)


def guard(dialect: str) -> tuple[str, ...]:
    """Statements that make the trail append-only in this kind of database (``sqlite`` or ``postgresql``)."""
    return SQLITE_GUARD if dialect == "sqlite" else POSTGRESQL_GUARD


def unguard(dialect: str) -> tuple[str, ...]:
    """Statements that take :func:`guard` back, for a migration down."""
    return SQLITE_UNGUARD if dialect == "sqlite" else POSTGRESQL_UNGUARD
