"""Dispatch: plan ahead, claim what is due, skip what is done, encrypt, post, write down.

One push for everything of a person that is due in the same minute. At least once: if a worker dies between sending and
writing down, the next one sends again with the same tag, so the phone shows one notification.
"""

from __future__ import annotations

import datetime as dt
import hmac
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

import sqlalchemy as sa
import structlog
from flask import current_app

from selfcare import clock
from selfcare.extensions import db
from selfcare.people.models import Person
from selfcare.push import configured, payload
from selfcare.push import service as push
from selfcare.push.sender import Answer, Letter, Outcome, Sender
from selfcare.reminders import claim, ledger, plan, sources
from selfcare.reminders.claim import Claimed
from selfcare.reminders.ledger import Verdict
from selfcare.reminders.models import State

log = structlog.get_logger()

TOO_LATE = dt.timedelta(hours=2)  # later than this it is recorded as missed, not sent (safety.md)
NEWS_LASTS = dt.timedelta(days=1)  # what is new is still new when a phone comes back
BACKOFF = (30, 120, 600, 1800)  # seconds before the 2nd, 3rd, … attempt; the last one repeats
BATCH = 500  # occurrences claimed at once
MOST_IN_FLIGHT = 2000  # letters; more are not claimed while so many wait for push services
LATER = "/reminders"  # where "Remind me again" stands, for a phone that cannot tell us of its "Later" button
PATIENCE = 1.0  # seconds a tick stays for answers; what hangs is looked at again in the next


@dataclass
class _Group:
    """What one push is for: a person's occurrences of one minute, and the answers so far."""

    claimed: list[Claimed]
    tag: str
    expected: int = 0
    answers: list[Answer] = field(default_factory=list)
    broken: bool = False  # sealing raised


@dataclass(frozen=True)
class _Phone:
    id: uuid.UUID
    patient_id: uuid.UUID
    owner_id: uuid.UUID
    endpoint: str
    p256dh: str
    auth: str


class Dispatcher:
    """One worker's hands: its connections to push services, and what is under way between two ticks."""

    def __init__(self, *, batch: int = BATCH, pause: float = 0.0) -> None:
        """For the current application.

        :param batch: occurrences claimed at once.
        :param pause: seconds to rest after each batch, so that pages served by the same process stay quick.
        """
        settings = current_app.config["SETTINGS"]
        self._push = configured.of(settings)
        self._sender: Sender | None = self._push.sender() if self._push else None
        self._base_url: str = settings.base_url
        self._secret: bytes = settings.secret_key.encode()
        self._batch, self._pause = batch, pause
        self._verdicts: list[Verdict] = []  # decided, not yet written down
        self.stopping = False

    def tick(self, *, patience: float = PATIENCE) -> int:
        """Do what is due now; how many occurrences were settled or put off."""
        written, until = self._write(), 0.0  # what an earlier tick could not write, before its lease ends
        plan.ahead()
        while not self.stopping:
            claimed = self._claim()
            if claimed:
                self._send(claimed)
                until = time.monotonic() + patience
            self._collect(0.0 if claimed else min(0.1, patience))
            written += self._write()
            if not claimed and (not self._in_flight or time.monotonic() >= until):
                break
            if claimed and self._pause:
                time.sleep(self._pause)
        return written

    def close(self) -> None:
        """Wait for what is under way (10 seconds at most), write it down, close the connections."""
        while self._in_flight:
            self._collect(1.0)
        self._write()
        if self._sender is not None:
            self._sender.close()

    @property
    def _in_flight(self) -> int:
        return self._sender.in_flight if self._sender is not None else 0

    def _claim(self) -> list[Claimed]:
        now = clock.now()
        if self._in_flight >= MOST_IN_FLIGHT or not claim.anything(now):
            return []
        return claim.some(self._batch, now)

    def _send(self, claimed: list[Claimed]) -> None:
        now = clock.now()
        late = [one for one in claimed if now - one.sendable_from > TOO_LATE]
        self._settle(late, State.MISSED, "late")
        in_time = [one for one in claimed if now - one.sendable_from <= TOO_LATE]
        done = _done(in_time)
        self._settle([one for one in in_time if one.id in done], State.DONE_ALREADY)
        left = [one for one in in_time if one.id not in done]
        languages, phones = self._people({one.patient_id for one in left})
        closed = [one for one in left if one.patient_id not in languages]
        self._settle(closed, State.CANCELLED, "account_closed")
        open_ = [one for one in left if one.patient_id in languages]
        letters: list[Letter] = []
        for (patient_id, due_at), ones in groupby(open_, key=lambda one: (one.patient_id, one.due_at)):
            group = _Group(list(ones), self._tag(patient_id, due_at))
            found = phones.get(patient_id, [])
            if all(sources.is_news(one.about) for one in group.claimed):
                found = [phone for phone in found if phone.owner_id == patient_id]
            if not found:
                self._settle(group.claimed, State.MISSED, "no_phone")
                continue
            sealed = self._seal(group, found, languages[patient_id], now)
            if not sealed:
                self._decide(group)
            letters += sealed
        if self._sender is not None:
            self._sender.post(letters)

    def _people(
        self, patient_ids: set[uuid.UUID]
    ) -> tuple[dict[uuid.UUID, str], dict[uuid.UUID, list[_Phone]]]:
        """The language of each patient whose account is open, and their phones. Two statements."""
        if not patient_ids:
            return {}, {}
        phones: dict[uuid.UUID, list[_Phone]] = defaultdict(list)
        with db.scope():
            db.reading(only=True)
            people = db.session.execute(
                sa.select(Person.id, Person.language).where(
                    Person.id.in_(patient_ids), Person.disabled_at.is_(None)
                )
            )
            languages = {row.id: row.language for row in people}
            if self._push is not None:
                for row in db.session.execute(push.takers(patient_ids)):
                    phones[row.patient_id].append(_Phone(*row))
        return languages, phones

    def _seal(self, group: _Group, phones: Iterable[_Phone], language: str, now: dt.datetime) -> list[Letter]:
        """The group's letters, one a phone. What raises here is tried again later, and spoils nobody else's."""
        assert self._push is not None
        first = group.claimed[0]
        news = all(sources.is_news(one.about) for one in group.claimed)
        words = payload.news_words(language) if news else payload.neutral_words(language)
        path = sources.path(first.about) if len({one.about for one in group.claimed}) == 1 else "/"
        until = first.sendable_from + (NEWS_LASTS if news else TOO_LATE)
        ttl = int((until - now).total_seconds())
        letters = []
        for phone in phones:
            try:
                endpoint = self._push.guard.check(phone.endpoint)
                here = self._address(path, phone)
                ways = {"done": here, "later": self._address(LATER, phone)}
                message = payload.message(words, navigate=here, tag=group.tag, ways=None if news else ways)
                sealed = self._push.encrypter.seal(
                    message,
                    origin=endpoint.origin,
                    p256dh=phone.p256dh,
                    auth=phone.auth,
                    ttl=ttl,
                    # The person chose this minute, and a dozing phone would hold "normal" back. News can wait.
                    urgency="normal" if news else "high",
                    topic=group.tag,
                )
            except Exception as problem:
                log.error("reminder_not_sealed", kind=type(problem).__name__)
                group.broken = True
                continue
            letters.append(Letter(phone.endpoint, sealed, phone.id, group, endpoint))
        group.expected = len(letters)
        return letters

    def _address(self, path: str, phone: _Phone) -> str:
        if phone.owner_id == phone.patient_id:
            return self._base_url + path
        joint = "&" if "?" in path else "?"
        return f"{self._base_url}{path}{joint}for={phone.patient_id}"

    def _tag(self, patient_id: uuid.UUID, due_at: dt.datetime) -> str:
        """The same for the same person and minute whoever computes it; tells a push service nothing."""
        what = f"{patient_id} {due_at.isoformat()}".encode()
        digest = hmac.digest(self._secret, what, "sha256")
        return payload.base64url(digest[:24])

    def _collect(self, seconds: float) -> None:
        if self._sender is None:
            return
        for answer in self._sender.collect(seconds):
            group: _Group = answer.letter.reference
            group.answers.append(answer)
            if len(group.answers) == group.expected:
                self._decide(group)

    def _decide(self, group: _Group) -> None:
        outcomes = {answer.outcome for answer in group.answers}
        if Outcome.ACCEPTED in outcomes:
            self._settle(group.claimed, State.SENT, tag=group.tag, answers=group.answers)
            return
        first = group.claimed[0]
        if group.broken or outcomes & {Outcome.LATER, Outcome.FAILED}:
            asked = max((answer.wait or 0 for answer in group.answers), default=0)
            usual = BACKOFF[min(first.attempts, len(BACKOFF)) - 1]
            again = clock.now() + dt.timedelta(seconds=max(asked, usual))
            if again <= first.sendable_from + TOO_LATE:
                self._settle(
                    group.claimed, State.WAITING, again_at=again, tag=group.tag, answers=group.answers
                )
                return
            reason = "not_taken"
        else:
            reason = "gone" if outcomes == {Outcome.GONE} else "refused"
        self._settle(group.claimed, State.MISSED, reason, tag=group.tag, answers=group.answers)

    def _settle(
        self,
        claimed: Sequence[Claimed],
        state: State,
        reason: str | None = None,
        *,
        again_at: dt.datetime | None = None,
        tag: str = "",
        answers: Sequence[Answer] = (),
    ) -> None:
        if claimed:
            self._verdicts.append(Verdict(claimed, state, reason, again_at, tag, list(answers)))

    def _write(self) -> int:
        """Write down what was decided. If the database is away it is kept, and written at a later tick."""
        if not self._verdicts:
            return 0
        with db.scope(), db.transaction():
            ledger.write(self._verdicts, clock.now())
        count = sum(len(verdict.claimed) for verdict in self._verdicts)
        self._verdicts = []
        return count


def _done(claimed: Sequence[Claimed]) -> set[uuid.UUID]:
    """Which of these need no reminder any more. One statement a kind; a room that fails counts as not done."""
    by_kind: dict[str, list[Claimed]] = defaultdict(list)
    for one in claimed:
        by_kind[sources.split(one.about)[0]].append(one)
    done: set[uuid.UUID] = set()
    for kind, ones in by_kind.items():
        source = sources.find(kind)
        if source is None:
            continue
        try:
            with db.scope():
                db.reading(only=True)
                done |= source.done([sources.due_of(one) for one in ones])
        except Exception as problem:
            log.error("reminder_source_failed", kind=type(problem).__name__, job=kind)
    return done
