"""At most 10 wrong passwords per account in 15 minutes, counted apart for each device that has signed in before.

So a stranger who guesses cannot lock the owner out: the owner's own phone has a lane of its own. Strangers are also counted by address,
so that one place cannot try a common password on account after account.

A try is counted *before* the password is looked at, in a transaction of its own: a hundred guesses sent at the same moment are
still at most ten. The right password takes its own try back.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
import uuid

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeTimedSerializer
from sqlalchemy import orm

from selfcare import clock
from selfcare.errors import TooMany
from selfcare.extensions import db
from selfcare.identity.models import SignInTry

MOST_TRIES = 10
# A whole practice may sit behind one address, and its people mistype on Monday mornings.
MOST_FROM_ONE_ADDRESS = 100
WINDOW = dt.timedelta(minutes=15)
DEVICE_LIFE = dt.timedelta(days=365)
STRANGER = "stranger"


def enter(email: str, lane: str, address: str | None) -> uuid.UUID:
    """Count a try, or refuse it. Returns the try, for :func:`forgive`.

    :raises TooMany: 10 wrong tries in 15 minutes for this account and lane, or 100 from this address; it says when to come back.
    """
    account, place = keyed(email), keyed(_network(address)) if address and lane == STRANGER else None
    now = clock.now()
    db.rollback()  # nothing is written yet; on SQLite the request's own lock would keep the count out
    with db.apart() as session:
        _one_at_a_time(session, account)
        same_account = sa.and_(SignInTry.account == account, SignInTry.lane == lane)
        _refuse_after(session, same_account, MOST_TRIES, now)
        if place:
            _refuse_after(session, SignInTry.address == place, MOST_FROM_ONE_ADDRESS, now)
        row = SignInTry(id=uuid.uuid4(), account=account, lane=lane, address=place, at=now)
        session.add(row)
        session.execute(sa.delete(SignInTry).where(SignInTry.at < now - 4 * WINDOW))
        return row.id


def forgive(try_id: uuid.UUID) -> None:
    """Take the try back: the password was right."""
    db.session.execute(sa.delete(SignInTry).where(SignInTry.id == try_id))


def device_mark(email: str) -> str:
    """A cookie value that says: this browser has signed in to this account before. Each is a lane of its own."""
    return str(_signer().dumps([keyed(email), secrets.token_urlsafe(9)]))


def lane_of(email: str, mark: str | None, password_changed_at: dt.datetime | None) -> str:
    """The lane a try is counted in: the known device's own, else everybody's.

    A mark given out before the password was changed is worth nothing: whoever knew the old one may hold several.
    """
    if not mark or password_changed_at is None:
        return STRANGER
    try:
        (account, _nonce), given_at = _signer().loads(
            mark, max_age=int(DEVICE_LIFE.total_seconds()), return_timestamp=True
        )
    except (BadSignature, ValueError, TypeError):
        return STRANGER
    # The mark's time has whole seconds.
    if given_at < password_changed_at.replace(microsecond=0) or not hmac.compare_digest(
        str(account), keyed(email)
    ):
        return STRANGER
    return hashlib.sha256(mark.encode()).hexdigest()


def keyed(text: str) -> str:
    """A keyed hash: the throttle's table names no account and no address."""
    key = str(current_app.secret_key).encode()
    return hmac.new(key, text.strip().lower().encode(), hashlib.sha256).hexdigest()


def _refuse_after(session: orm.Session, same: sa.ColumnElement[bool], most: int, now: dt.datetime) -> None:
    tries, first = session.execute(
        sa.select(sa.func.count(), sa.func.min(SignInTry.at, type_=SignInTry.at.type)).where(
            same, SignInTry.at > now - WINDOW
        )
    ).one()
    if tries >= most:
        wait = max(1, int((first + WINDOW - now).total_seconds()))
        raise TooMany(_("Too many wrong tries. Wait 15 minutes, then try again"), wait)


def _one_at_a_time(session: orm.Session, account: str) -> None:
    # SQLite has one writer anyway; PostgreSQL would let two tries count the same nine.
    if session.get_bind().dialect.name == "postgresql":
        session.execute(sa.select(sa.func.pg_advisory_xact_lock(sa.func.hashtextextended(account, 0))))


def _network(address: str) -> str:
    """IPv4 as it is; IPv6 by its /64, since one household owns that many addresses."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(found) if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(str(current_app.secret_key), salt="known-device")
