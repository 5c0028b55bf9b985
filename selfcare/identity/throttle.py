"""At most 10 wrong passwords per account in 15 minutes, counted apart for a device that has signed in before.

So a stranger who guesses cannot lock the owner out: the owner's own phone has a lane of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac

import sqlalchemy as sa
from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadSignature, URLSafeSerializer

from selfcare import clock
from selfcare.errors import TooMany
from selfcare.extensions import db
from selfcare.identity.models import SignInTry

MOST_TRIES = 10
WINDOW = dt.timedelta(minutes=15)
STRANGER = "stranger"


def check(email: str, lane: str) -> None:
    """Let a try through, or not.

    :raises TooMany: 10 wrong tries in 15 minutes; it says when to come back.
    """
    since = clock.now() - WINDOW
    tries, first = db.session.execute(
        sa.select(sa.func.count(), sa.func.min(SignInTry.at)).where(
            SignInTry.account == _keyed(email), SignInTry.lane == lane, SignInTry.at > since
        )
    ).one()
    if tries >= MOST_TRIES:
        wait = max(1, int((first + WINDOW - clock.now()).total_seconds()))
        raise TooMany(_("Too many wrong tries. Wait 15 minutes, then try again"), wait)


def note_failure(email: str, lane: str) -> None:
    """Count a wrong try; it stays although the request fails."""
    db.rollback()
    with db.apart() as session:
        session.add(SignInTry(account=_keyed(email), lane=lane))
        session.execute(sa.delete(SignInTry).where(SignInTry.at < clock.now() - 4 * WINDOW))


def device_mark(email: str) -> str:
    """The cookie value that says: this browser has signed in to this account before."""
    return str(_signer().dumps(_keyed(email)))


def lane_of(email: str, mark: str | None) -> str:
    """The lane a try is counted in: the known device's own, else everybody's."""
    if mark:
        try:
            if hmac.compare_digest(str(_signer().loads(mark)), _keyed(email)):
                return hashlib.sha256(mark.encode()).hexdigest()
        except BadSignature:
            pass
    return STRANGER


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="known-device")


def _keyed(email: str) -> str:
    key = str(current_app.secret_key).encode()
    return hmac.new(key, email.strip().lower().encode(), hashlib.sha256).hexdigest()
