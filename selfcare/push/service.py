"""Subscribe, forget, test; and what comes back from the push services."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterable, Sequence
from typing import Any, cast

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _

from selfcare import audit, clock, history
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record, running_carer_link
from selfcare.people.models import CarerLink, Patient, Person
from selfcare.push import configured, courier, payload
from selfcare.push.browsers import name_of
from selfcare.push.encryption import BadKeys, check_keys
from selfcare.push.endpoint_guard import Refused
from selfcare.push.models import PushSubscription
from selfcare.push.sender import Answer, Letter, Outcome

MOST_PHONES = 20  # that take one patient's reminders, those of carers included

TEST_TTL = 300  # seconds: a test that comes much later only puzzles


def find(record: Record, subscription_id: uuid.UUID, *, write: bool = False) -> PushSubscription | None:
    """The subscription with this id, if there is one.

    :raises NotFound: it is another patient's, or the actor may not.
    """
    record.require(Part.REMINDERS, write=write)
    return record.mine(PushSubscription, subscription_id)


def phones(record: Record) -> Sequence[PushSubscription]:
    """This patient's phones, the newest first, those of their carers included. One statement."""
    record.require(Part.REMINDERS)
    audit.record(record.actor, "push_subscriptions.read", record.patient)
    newest = PushSubscription.received_at.desc()
    return db.session.scalars(record.owned(PushSubscription).order_by(newest)).all()


def subscribe(
    record: Record,
    subscription_id: uuid.UUID,
    *,
    endpoint: str,
    keys: dict[str, str],
    user_agent: str = "",
    **_ignored: Any,
) -> tuple[PushSubscription, bool]:
    """Take reminders on this browser. Returns the row and whether it is new.

    A pruned subscription counts as gone: the same id makes it anew, and ``renew`` tells the browser that its address
    had ended.

    :raises Invalid: the endpoint is none that we contact, or the keys are none.
    """
    record.require(Part.REMINDERS, write=True)
    _check(endpoint, keys)
    row = record.mine(PushSubscription, subscription_id)
    renew = row is not None and row.pruned_at is not None and row.endpoint == endpoint
    created = row is None or row.pruned_at is not None
    label = name_of(user_agent)
    if row is None:
        _leave_room(record)
        row = PushSubscription(
            id=subscription_id,
            version=history.first_version(PushSubscription, subscription_id),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            endpoint=endpoint,
            label=label,
            failures=0,
            **keys,
        )
        db.session.add(row)
        action = "push_subscription.added"
    else:
        now = {"endpoint": endpoint, "label": label, "written_by": record.actor.id, "pruned_at": None, **keys}
        if all(getattr(row, name) == value for name, value in now.items()):
            return row, False
        history.keep(row, record.actor.id)
        for name, value in now.items():
            setattr(row, name, value)
        row.failures, row.failed_at = 0, None
        action = "push_subscription.replaced"
    _take_over(row)
    audit.record(record.actor, action, record.patient, row)
    db.session.flush()
    row.renew = renew
    return row, created


def _check(endpoint: str, keys: dict[str, str]) -> None:
    push = configured.here()
    if push is None:
        raise Invalid({"endpoint": _("Reminders on phones are not switched on here")})
    try:
        push.guard.check(endpoint)
    except Refused:
        raise Invalid({"endpoint": _("We do not know the push service of this browser")}) from None
    try:
        check_keys(keys["p256dh"], keys["auth"])
    except BadKeys as problem:
        raise Invalid({f"keys.{problem.field}": _("This is no key of a push subscription")}) from None


def _leave_room(record: Record) -> None:
    """Every reminder goes to every phone, so their number has an end; a browser that lost its address makes a new one.

    :raises Invalid: there are as many as anybody has.
    """
    active = record.owned(PushSubscription).where(PushSubscription.pruned_at.is_(None)).subquery()
    if (db.session.scalar(sa.select(sa.func.count()).select_from(active)) or 0) >= MOST_PHONES:
        raise Invalid({"endpoint": _("You have %(most)s phones. Remove 1 first", most=MOST_PHONES)})


def _take_over(row: PushSubscription) -> None:
    """One browser is one address: it serves whoever signed in on it last, and a patient once.

    The secret is compared as well, so that knowing somebody's address is not enough to silence it. A carer of 2 people
    keeps both on one phone.
    """
    same_browser = sa.select(PushSubscription).where(
        PushSubscription.endpoint == row.endpoint,
        PushSubscription.auth == row.auth,
        PushSubscription.id != row.id,
        sa.or_(PushSubscription.written_by != row.written_by, PushSubscription.patient_id == row.patient_id),
    )
    for earlier in db.session.scalars(same_browser).all():
        history.keep(earlier, row.written_by)
        audit.record(
            audit.SYSTEM, "push_subscription.taken_over", db.session.get(Patient, earlier.patient_id), earlier
        )
        db.session.delete(earlier)


def unsubscribe(record: Record, subscription: PushSubscription) -> None:
    """No more reminders on this browser."""
    record.require(Part.REMINDERS, write=True)
    history.keep(subscription, record.actor.id)
    db.session.delete(subscription)
    audit.record(record.actor, "push_subscription.removed", record.patient, subscription)
    db.session.flush()


def send_test(record: Record, subscription_id: uuid.UUID) -> PushSubscription:
    """Send a test to this browser at once: no retry, no quiet hours. Does not wait for its push service.

    :raises NotFound: no such subscription, or its push service has ended it.
    """
    row = find(record, subscription_id, write=True)
    push = configured.here()
    try:
        if row is None or not row.active or push is None:
            raise Refused
        origin = push.guard.check(row.endpoint).origin
    except Refused:
        raise NotFound(_("This phone does not take reminders any more. Turn them on again")) from None
    message = payload.message(
        payload.test_words(record.person.language),
        navigate=f"{current_app.config['SETTINGS'].base_url}/reminders",
        tag="test",
    )
    sealed = push.encrypter.seal(
        message,
        origin=origin,
        p256dh=row.p256dh,
        auth=row.auth,
        ttl=TEST_TTL,
        urgency="high",
    )
    courier.of_this_app().send(Letter(row.endpoint, sealed, row.id), then=note_answers)
    audit.record(record.actor, "push_subscription.tested", record.patient, row)
    return row


def send_tests(record: Record) -> int:
    """Send a test to every phone of this patient's that takes reminders; how many there are."""
    ids = [phone.id for phone in phones(record) if phone.active]
    for phone_id in ids:
        send_test(record, phone_id)
    return len(ids)


def takers(
    patient_ids: Iterable[uuid.UUID],
) -> sa.Select[uuid.UUID, uuid.UUID, uuid.UUID, str, str, str]:
    """The subscriptions that reminders of these patients go to now: ids, owner, endpoint, keys.

    A carer's phone only while their link runs and their account is open.
    """
    phone = PushSubscription
    link = running_carer_link(cast(Any, phone.written_by))
    carer = sa.exists().where(CarerLink.patient_id == phone.patient_id, *link)
    return (
        sa.select(phone.id, phone.patient_id, phone.written_by, phone.endpoint, phone.p256dh, phone.auth)
        .join(Person, Person.id == phone.written_by)
        .where(
            phone.patient_id.in_(list(patient_ids)),
            phone.pruned_at.is_(None),
            Person.disabled_at.is_(None),
            sa.or_(phone.written_by == phone.patient_id, carer),
        )
        .order_by(phone.patient_id, phone.received_at)
    )


def note_answers(answers: Iterable[Answer]) -> None:
    """Keep what the push services said of each subscription. 2 statements, and 1 for each that is gone."""
    delivered: dict[uuid.UUID, dt.datetime] = {}
    gone: list[tuple[uuid.UUID, str]] = []
    failed: set[uuid.UUID] = set()
    for answer in answers:
        phone_id = answer.letter.subscription_id
        if phone_id is None:
            continue
        if answer.outcome is Outcome.ACCEPTED:
            delivered[phone_id] = answer.at
        elif answer.outcome is Outcome.GONE:
            gone.append((phone_id, answer.letter.endpoint))
        else:
            failed.add(phone_id)
    table = cast(sa.Table, PushSubscription.__table__)
    if delivered:
        # One instant for the batch: the posts of a batch lie within seconds of each other.
        at = max(delivered.values())
        db.session.execute(
            sa.update(table)
            .where(table.c.id.in_(list(delivered)))
            .values(last_delivered_at=at, failures=0, failed_at=None)
        )
    for phone_id, endpoint in gone:
        # The browser may have subscribed anew under this id while the post was on its way.
        db.session.execute(
            sa.update(table)
            .where(table.c.id == phone_id, table.c.endpoint == endpoint)
            .values(pruned_at=clock.now())
        )
    if failed:
        db.session.execute(
            sa.update(table)
            .where(table.c.id.in_(list(failed)))
            .values(failures=table.c.failures + 1, failed_at=clock.now())
        )
