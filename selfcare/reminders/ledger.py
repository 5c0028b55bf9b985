"""What became of each occurrence, written down in few statements however many there are."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import sqlalchemy as sa

from selfcare.extensions import db
from selfcare.push import service as push
from selfcare.push.sender import Answer
from selfcare.reminders.claim import Claimed
from selfcare.reminders.models import Delivery, Occurrence, State

_occurrences = cast(sa.Table, Occurrence.__table__)
_deliveries = cast(sa.Table, Delivery.__table__)


@dataclass
class Verdict:
    """What became of one group of occurrences that share a message.

    ``again_at``: it waits for another try then; else it is settled as ``state``.
    """

    claimed: Sequence[Claimed]
    state: State
    reason: str | None = None
    again_at: dt.datetime | None = None
    tag: str = ""
    answers: list[Answer] = field(default_factory=list)


def write(verdicts: Sequence[Verdict], now: dt.datetime) -> None:
    """Write these down; the caller's transaction."""
    settled: dict[tuple[State, str | None, dt.datetime | None], list[uuid.UUID]] = defaultdict(list)
    attempts: list[dict[str, Any]] = []
    answers: list[Answer] = []
    for verdict in verdicts:
        key = (verdict.state, verdict.reason, verdict.again_at)
        settled[key].extend(one.id for one in verdict.claimed)
        answers += verdict.answers
        attempts += [
            _attempt(one, verdict.tag, answer) for one in verdict.claimed for answer in verdict.answers
        ]
    if attempts:
        db.session.execute(sa.insert(_deliveries), attempts)
    for (state, reason, again_at), ids in settled.items():
        db.session.execute(
            sa.update(_occurrences)
            .where(_occurrences.c.id.in_(ids), _occurrences.c.state == State.CLAIMED)
            .values(
                state=state,
                reason=reason,
                next_at=again_at,
                settled_at=None if again_at is not None else now,
            )
        )
    push.note_answers(answers)


def _attempt(one: Claimed, tag: str, answer: Answer) -> dict[str, Any]:
    return {
        "id": uuid.uuid4(),
        "occurrence_id": one.id,
        "patient_id": one.patient_id,
        "channel": "push",
        "subscription_id": answer.letter.subscription_id,
        "tag": tag,
        "outcome": answer.outcome.value,
        "status": answer.status,
        "sent_at": answer.at,
    }
