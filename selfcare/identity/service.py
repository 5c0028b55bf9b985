"""Sign in, and change the password."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from selfcare import audit
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.identity import passwords, sessions, throttle
from selfcare.people.models import Person


def sign_in(
    email: str, password: str, device: str | None, address: str | None, *, wrong: str = ""
) -> sessions.SignedIn:
    """Sign in with e-mail and password.

    The answer and its time are the same for a wrong password, an unknown account and a disabled one.

    :param device: the known-device cookie, if any.
    :param address: where the request came from, for the throttle.
    :param wrong: what to say where they do not match, if only the password was asked for.
    :raises Invalid: they do not match.
    :raises TooMany: too many wrong tries.
    """
    email = email.strip().lower()
    stored = passwords.stored_for(email)
    _prove(email, password, stored, device, address, "sign_in.failed", "password", wrong or _wrong_pair())
    return sessions.start(person_by_id(stored))


def unlock(locked: Person, password: str, device: str | None, address: str | None) -> sessions.SignedIn:
    """Come back to a locked browser: the same sign-in, so as slow and as often as any. The locked session ends.

    :param locked: whose browser it is, as ``sessions.locked_here`` says.
    :raises Invalid: it is not their password.
    :raises TooMany: too many wrong tries.
    """
    return sign_in(locked.email or "", password, device, address, wrong=_not_yours())


def change_password(
    actor: Person, current: str, new: str, device: str | None, address: str | None
) -> sessions.SignedIn:
    """Change the actor's own password. Every session of theirs ends, and this browser gets a new one.

    :raises Invalid: the current one is wrong, or the new one too weak or the same.
    :raises TooMany: too many wrong tries: a borrowed phone must not be a way to guess either.
    """
    email = (actor.email or "").lower()
    if current == new:
        raise Invalid({"password": _("Choose a password that is not your old one")})
    passwords.check_strength(new, actor.name, actor.known_as, actor.email)
    stored = passwords.stored_for(email)
    _prove(
        *(email, current, stored, device, address, "password_change.failed", "current"),
        _not_yours(),
    )
    person = person_by_id(stored)
    passwords.set_hash(person, passwords.hash_of(new))
    sessions.end_all(person.id)
    return sessions.start(person)


def person_by_id(stored: passwords.Stored) -> Person:
    """The person behind a proven password, with their roles.

    :raises NotFound: gone meanwhile.
    """
    query = sa.select(Person).options(joinedload(Person.role_rows)).where(Person.id == stored.person_id)
    person = db.session.scalars(query.where(Person.disabled_at.is_(None))).unique().first()
    if person is None:
        raise NotFound
    return person


def _prove(
    email: str,
    password: str,
    stored: passwords.Stored,
    device: str | None,
    address: str | None,
    failed: str,
    field: str,
    sentence: str,
) -> None:
    """Go on only with the right password.

    :raises Invalid: it is not.
    :raises TooMany: too many wrong tries.
    """
    lane = throttle.lane_of(email, device, stored.changed_at)
    try_id = throttle.enter(email, lane, address)
    if not passwords.matches(password, stored.hash) or stored.disabled:
        audit.record_apart(None, failed, _Account(stored.person_id))
        raise Invalid({field: sentence})
    throttle.forgive(try_id)


class _Account:
    """The subject of a failed try; without an id for an account that is not there."""

    def __init__(self, person_id: object) -> None:
        self.id = person_id


def _wrong_pair() -> str:
    return _("The email address or password is not right. Check both and try again")


def _not_yours() -> str:
    return _("This is not your password. Check it and try again")
