"""``selfcare audit verify``: walks the chain and says where it is broken."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import sqlalchemy as sa

from selfcare.audit.events import AuditEvent
from selfcare.audit.seal import GENESIS, HASHED, AuditHead, event_hash
from selfcare.extensions import db

# More than this many are not listed one by one: the first few say where to look.
MOST_PROBLEMS = 100


@dataclass(frozen=True)
class Problem:
    """One break.

    ``kind``: ``missing`` (deleted, or the tail cut), ``changed`` (edited, or put elsewhere), ``unlinked`` (the hash before it
    is not the one it names), ``beyond_head`` (added behind the end), ``head`` (the head itself was changed).
    """

    sequence: int
    kind: str
    event_id: str | None = None


@dataclass
class Report:
    """What the walk found. ``waiting`` events are not sealed yet: a change to them cannot be seen."""

    sealed: int = 0
    sequence: int = 0
    hash: str = GENESIS
    sealed_at: dt.datetime | None = None
    waiting: int = 0
    waiting_since: dt.datetime | None = None
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether the chain is whole."""
        return not self.problems

    @property
    def head(self) -> str:
        """The end of the chain as ``number:hash``, to be written down somewhere else and given to the next check."""
        return f"{self.sequence}:{self.hash}"


def verify(expected: str | None = None) -> Report:
    """Walk the whole chain, in one reading transaction and constant memory.

    :param expected: a ``Report.head`` that was written down earlier: the chain must still pass through it.
    :raises ValueError: ``expected`` is no ``number:hash``.
    """
    wanted_sequence, wanted_hash = _read(expected)
    report = Report()
    table = AuditEvent.__table__
    session = db.session
    head = session.scalars(sa.select(AuditHead)).first()
    rows = session.execute(
        sa.select(table.c.sequence, table.c.previous_hash, table.c.hash, *(table.c[name] for name in HASHED))
        .where(table.c.sequence.is_not(None))
        .order_by(table.c.sequence)
        .execution_options(yield_per=1000)
    ).mappings()
    due, previous = 1, GENESIS
    passed = wanted_sequence == 0
    for event in rows:
        sequence = int(event["sequence"])
        if sequence != due:
            _add(report, Problem(due, "missing"))
        elif event["previous_hash"] != previous:
            _add(report, Problem(sequence, "unlinked", str(event["id"])))
        if event["hash"] != event_hash(sequence, str(event["previous_hash"]), event):
            _add(report, Problem(sequence, "changed", str(event["id"])))
        if head is not None and sequence > head.sequence:
            _add(report, Problem(sequence, "beyond_head", str(event["id"])))
        passed = passed or (sequence == wanted_sequence and event["hash"] == wanted_hash)
        report.sealed += 1
        due, previous = sequence + 1, str(event["hash"])
    report.sequence, report.hash = due - 1, previous
    if head is None:
        if report.sealed:
            _add(report, Problem(report.sequence, "head"))
    else:
        report.sealed_at = head.sealed_at
        if head.sequence > report.sequence:
            _add(report, Problem(report.sequence + 1, "missing"))
        elif (head.sequence, head.hash) != (report.sequence, report.hash):
            _add(report, Problem(head.sequence, "head"))
    if not passed:
        _add(report, Problem(wanted_sequence, "missing" if report.sequence < wanted_sequence else "changed"))
    report.waiting, report.waiting_since = session.execute(
        sa.select(sa.func.count(), sa.func.min(AuditEvent.at, type_=AuditEvent.at.type)).where(
            AuditEvent.sequence.is_(None)
        )
    ).one()
    return report


def _add(report: Report, problem: Problem) -> None:
    if len(report.problems) < MOST_PROBLEMS:
        report.problems.append(problem)


def _read(expected: str | None) -> tuple[int, str]:
    if not expected:
        return 0, ""
    number, _, hash_ = expected.partition(":")
    if not number.isdigit() or len(hash_) != 64:
        raise ValueError("write the head as number:hash, as the last check printed it")
    return int(number), hash_
