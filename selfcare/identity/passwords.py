"""Passwords: argon2id at 19 MiB, t = 2 (OWASP's first choice); at least 12 characters; the common ones refused."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from dataclasses import dataclass
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

# Long enough to pass the length rule, and still the first that anybody tries. What is left of a password without
# these must carry it.
COMMON_STEMS = (
    "password passwort passcode qwerty letmein welcome iloveyou selfcare abcdef changeme football liverpool arsenal "
    "chelsea london england monkey dragon sunshine princess hello secret admin login master shadow superman batman "
    "pokemon whatever trustno spring summer autumn winter january february march april june july august september "
    "october november december monday sunday diabetes asthma patient doctor"
).split()
_LOOKALIKES = str.maketrans("@4310$5!7", "aaeioss" + "it")
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890")


@dataclass(frozen=True)
class Stored:
    """What is stored for an e-mail address, as plain values: no row and no lock is held while a password is hashed."""

    person_id: uuid.UUID | None = None
    hash: str | None = None
    changed_at: dt.datetime | None = None
    disabled: bool = False


def stored_for(email: str) -> Stored:
    """What is stored for this address; an empty one for nobody. One statement, and the same for everybody."""
    row = db.session.execute(
        sa.select(Person.id, Credential.password_hash, Credential.changed_at, Person.disabled_at.is_not(None))
        .join(Credential, Credential.person_id == Person.id)
        .where(Person.email == email)
    ).first()
    return Stored(*row) if row else Stored()


def matches(password: str, stored_hash: str | None) -> bool:
    """Whether it is the password of this hash. Takes the same time for no hash at all."""
    right = _hasher.verify(_normal(password)[: LONGEST + 1], stored_hash or _decoy())
    return right and stored_hash is not None


def hash_of(password: str) -> str:
    """The hash to store. The strength is checked before: :func:`check_strength`."""
    return _hasher.hash(_normal(password))


def check_strength(password: str, *names: str | None) -> None:
    """Refuse what is guessed first.

    :param names: the person's name and e-mail address, which are no secret.
    :raises Invalid: with a sentence under ``password``.
    """
    plain = _normal(password).lower()
    if len(plain) < SHORTEST:
        raise Invalid(
            {"password": _("Use %(least)s characters or more. 3 or 4 words work well", least=SHORTEST)}
        )
    if len(plain) > LONGEST:
        raise Invalid({"password": _("Use %(most)s characters or fewer", most=LONGEST)})
    if _is_pattern(plain) or any(
        len(_rest(each, names)) < 4 for each in (plain, plain.translate(_LOOKALIKES))
    ):
        raise Invalid(
            {"password": _("This password is easy to guess. Choose words that only you would put together")}
        )


def set_password(person: Person, password: str) -> None:
    """Give the person this password; every other session of theirs is ended by the caller.

    :raises Invalid: too weak.
    """
    check_strength(password, person.name, person.known_as, person.email)
    set_hash(person, hash_of(password))


def set_hash(person: Person, password_hash: str) -> None:
    """Give the person a password that was checked and hashed earlier."""
    credential = db.session.get(Credential, person.id)
    if credential is None:
        credential = Credential(person_id=person.id)
        db.session.add(credential)
    credential.password_hash = password_hash
    credential.changed_at = clock.now()
    audit.record(person, "password.set", person)
    db.session.flush()


@cache
def _decoy() -> str:
    """A hash nobody's password has: unknown accounts take as long as known ones."""
    return _hasher.hash("an account that is not there")


def _normal(password: str) -> str:
    # The same key typed on a phone and on a desktop may arrive as é or as e and an accent (NIST SP 800-63B, 5.1.1.2).
    return unicodedata.normalize("NFKC", password)


def _rest(plain: str, names: tuple[str | None, ...]) -> str:
    """What is left of a password without common stems, the person's own names, digits and marks."""
    own = [part for name in names if name for part in re.split(r"[\s@.]+", name.lower()) if len(part) > 3]
    for stem in (*COMMON_STEMS, *own):
        plain = plain.replace(stem, "")
    return "".join(letter for letter in plain if letter.isalpha())


def _is_pattern(plain: str) -> bool:
    """Few different letters, one short piece again and again, or mostly a walk along the alphabet or the keyboard."""
    if len(set(plain)) < 5 or re.fullmatch(r"(.{1,6})\1+.{0,5}", plain, re.DOTALL):
        return True
    pairs = [plain[i : i + 2] for i in range(len(plain) - 1)]
    return sum(_is_step(pair) for pair in pairs) * 2 > len(pairs)


def _is_step(pair: str) -> bool:
    """Whether two letters are the same, or neighbours in the alphabet or on the keyboard."""
    return abs(ord(pair[0]) - ord(pair[1])) <= 1 or any(pair in row or pair[::-1] in row for row in _KEYBOARD)
