"""Passwords: argon2id at 19 MiB, t = 2 (OWASP's first choice); at least 12 characters; the common ones refused."""

from __future__ import annotations

from functools import cache

import sqlalchemy as sa
from flask_babel import gettext as _
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher

from selfcare import audit, clock
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.identity.models import Credential
from selfcare.people.models import Person

SHORTEST, LONGEST = 12, 200  # characters; the upper limit keeps hashing cheap

_hasher = PasswordHash((Argon2Hasher(time_cost=2, memory_cost=19 * 1024, parallelism=1),))

# Long enough to pass the length rule, and still the first that anybody tries.
COMMON_STEMS = (
    "password",
    "qwerty",
    "123456",
    "letmein",
    "welcome",
    "iloveyou",
    "selfcare",
    "abcdef",
    "football",
    "liverpool",
)


@cache
def _decoy() -> str:
    """A hash nobody's password has: unknown accounts take as long as known ones."""
    return _hasher.hash("an account that is not there")


def check_strength(password: str, person: Person) -> None:
    """Refuse what is guessed first.

    :raises Invalid: with a sentence under ``password``.
    """
    plain = password.lower()
    if len(password) < SHORTEST:
        raise Invalid(
            {"password": _("Use %(least)s characters or more. 3 or 4 words work well", least=SHORTEST)}
        )
    if len(password) > LONGEST:
        raise Invalid({"password": _("Use %(most)s characters or fewer", most=LONGEST)})
    own = [
        part for part in (person.name.lower(), (person.email or "").lower().split("@")[0]) if len(part) > 3
    ]
    rest = plain
    for stem in (*COMMON_STEMS, *own):
        rest = rest.replace(stem, "")
    if len(set(plain)) < 5 or len(rest.strip("0123456789!?.-_ ")) < 4:
        raise Invalid(
            {"password": _("This password is easy to guess. Choose words that only you would put together")}
        )


def set_password(person: Person, password: str) -> None:
    """Give the person this password; every other session of theirs is ended by the caller.

    :raises Invalid: too weak.
    """
    check_strength(password, person)
    credential = db.session.get(Credential, person.id)
    if credential is None:
        credential = Credential(person_id=person.id)
        db.session.add(credential)
    credential.password_hash = _hasher.hash(password)
    credential.changed_at = clock.now()
    audit.record(person, "password.set", person)
    db.session.flush()


def verify(person: Person | None, password: str) -> bool:
    """Whether it is the person's password. Takes the same time for nobody."""
    stored = None
    if person is not None:
        stored = db.session.scalar(
            sa.select(Credential.password_hash).where(Credential.person_id == person.id)
        )
    right = _hasher.verify(password[: LONGEST + 1], stored or _decoy())
    return right and stored is not None
