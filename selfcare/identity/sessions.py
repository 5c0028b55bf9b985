"""Server-side sessions: a row per signed-in browser, ended on log-out, disable and password change.

Patients: 30 days idle, 180 days at most. Staff: 30 minutes idle, 12 hours at most (safety.md).
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from flask import session as cookie
from flask_login import UserMixin, login_user, logout_user
from sqlalchemy.orm import contains_eager, joinedload

from selfcare import audit, clock
from selfcare.extensions import db, login_manager
from selfcare.identity.models import LoginSession
from selfcare.people.models import Person

PATIENT_IDLE, PATIENT_LONGEST = dt.timedelta(days=30), dt.timedelta(days=180)
STAFF_IDLE, STAFF_LONGEST = dt.timedelta(minutes=30), dt.timedelta(hours=12)

# Between two requests this close the idle clock need not be written again.
TOUCH_EVERY = dt.timedelta(minutes=2)

STAFF_ROLES = frozenset(
    {"clinician", "facilitator", "trainer", "programme_lead", "commissioner", "administrator"}
)


@dataclass(frozen=True)
class Reader:
    """What every page says of whoever reads it, in plain values: a row cannot be read any more once its transaction has failed, and
    the page that says so has a reader too."""

    id: uuid.UUID
    name: str
    email: str | None
    language: str
    time_zone: str
    roles: frozenset[str]


class SignedIn(UserMixin):
    """Flask-Login's user: one login session and its person. ``person`` acts, ``reader`` is whom pages show."""

    def __init__(self, row: LoginSession, secret: str) -> None:
        self.row, self.person, self._secret = row, row.person, secret
        who = row.person
        self.reader = Reader(who.id, who.name, who.email, who.language, who.time_zone, who.roles)

    def get_id(self) -> str:
        """What the cookie carries: the session row's secret, never the person's id."""
        return self._secret


def limits(person: Person) -> tuple[dt.timedelta, dt.timedelta]:
    """Longest idle time and longest life of a session of this person; staff rules win when both apply."""
    return (STAFF_IDLE, STAFF_LONGEST) if person.roles & STAFF_ROLES else (PATIENT_IDLE, PATIENT_LONGEST)


def start(person: Person) -> SignedIn:
    """Sign the person in on this browser.

    Anything the cookie held before is dropped, so a planted one gains nothing; whoever was signed in here before is not any more.
    """
    if isinstance(before := cookie.get("_user_id"), str):
        db.session.execute(
            sa.update(LoginSession)
            .where(LoginSession.secret_hash == _hash(before), LoginSession.ended_at.is_(None))
            .values(ended_at=clock.now())
        )
    cookie.clear()
    secret = secrets.token_urlsafe(32)
    row = LoginSession(secret_hash=_hash(secret), person_id=person.id, person=person)
    db.session.add(row)
    audit.record(person, "session.started", person)
    db.session.flush()
    signed_in = SignedIn(row, secret)
    login_user(signed_in)
    cookie.permanent = True
    return signed_in


def ends_at(signed_in: SignedIn) -> dt.datetime:
    """When this session ends if nobody comes back before: after the longest idle time from now, or at its absolute end."""
    idle, longest = limits(signed_in.person)
    return min(clock.now() + idle, signed_in.row.started_at + longest)


def lock(signed_in: SignedIn) -> None:
    """Open nothing on this browser until the password is given again. Its push subscriptions stay."""
    db.session.execute(
        sa.update(LoginSession).where(LoginSession.id == signed_in.row.id).values(locked_at=clock.now())
    )
    audit.record(signed_in.person, "session.locked", signed_in.person)


def locked_here() -> Person | None:
    """Whose password opens this browser again: that of a session which is locked and has not ended. One statement."""
    secret = cookie.get("_user_id")
    row = _find(secret, locked=True) if isinstance(secret, str) else None
    return row.person if row is not None else None


def was_signed_in() -> Person | None:
    """Whose session this browser held last, whether or not it has ended; None after a log-out. One statement."""
    secret = cookie.get("_user_id")
    if not isinstance(secret, str):
        return None
    return db.session.scalars(
        sa.select(Person)
        .join(LoginSession, LoginSession.person_id == Person.id)
        .where(LoginSession.secret_hash == _hash(secret))
    ).first()


def end(signed_in: SignedIn) -> None:
    """Log out on this browser."""
    db.session.execute(
        sa.update(LoginSession).where(LoginSession.id == signed_in.row.id).values(ended_at=clock.now())
    )
    audit.record(signed_in.person, "session.ended", signed_in.person)
    logout_user()
    cookie.clear()


def end_all(person_id: uuid.UUID) -> None:
    """End every session of a person, everywhere, from the next request."""
    db.session.execute(
        sa.update(LoginSession)
        .where(LoginSession.person_id == person_id, LoginSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


def delete_expired() -> int:
    """Delete the sessions that can never be used again; how many. What they were is in the audit trail."""
    now = clock.now()
    gone = db.session.execute(
        sa.delete(LoginSession).where(
            sa.or_(
                LoginSession.ended_at.is_not(None),
                LoginSession.seen_at < now - PATIENT_IDLE,
                LoginSession.started_at < now - PATIENT_LONGEST,
            )
        )
    )
    return int(gone.rowcount)  # type: ignore[attr-defined]  # a DELETE's result counts its rows


@login_manager.user_loader
def load(secret: str) -> SignedIn | None:
    """The running session with this secret, unless it is locked. One statement: session, person and roles together."""
    row = _find(secret, locked=False)
    if row is None:
        return None
    now = clock.now()
    if now - row.seen_at > TOUCH_EVERY:
        db.later(sa.update(LoginSession).where(LoginSession.id == row.id).values(seen_at=now))
    return SignedIn(row, secret)


def _find(secret: str, *, locked: bool) -> LoginSession | None:
    row = db.session.scalars(_running(locked=locked), {"secret_hash": _hash(secret)}).unique().first()
    if row is None:
        return None
    idle, longest = limits(row.person)
    now = clock.now()
    return None if now - row.seen_at > idle or now - row.started_at > longest else row


@cache
def _running(*, locked: bool) -> sa.Select[LoginSession]:
    """Built once: every request asks this, and building it anew costs twice what running it does."""
    return (
        sa.select(LoginSession)
        .join(LoginSession.person)
        .options(contains_eager(LoginSession.person).options(joinedload(Person.role_rows)))
        .where(
            LoginSession.secret_hash == sa.bindparam("secret_hash"),
            LoginSession.ended_at.is_(None),
            LoginSession.locked_at.is_not(None) if locked else LoginSession.locked_at.is_(None),
            Person.disabled_at.is_(None),
        )
    )


def _hash(secret: str) -> str:
    # 256 random bits need no slow hash; a copy of the table still opens no session.
    return hashlib.sha256(secret.encode()).hexdigest()
