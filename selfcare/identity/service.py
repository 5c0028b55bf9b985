"""Sign in."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from selfcare import audit
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.identity import passwords, sessions, throttle
from selfcare.people.models import Person


def sign_in(email: str, password: str, device: str | None) -> sessions.SignedIn:
    """Sign in with e-mail and password.

    The answer and its time are the same for a wrong password, an unknown account and a disabled one.

    :param device: the known-device cookie, if any.
    :raises Invalid: they do not match.
    :raises TooMany: too many wrong tries.
    """
    email = email.strip().lower()
    lane = throttle.lane_of(email, device)
    throttle.check(email, lane)
    person = (
        db.session.scalars(
            sa.select(Person).options(joinedload(Person.role_rows)).where(Person.email == email)
        )
        .unique()
        .first()
    )
    right = passwords.verify(person, password)
    if person is None or not right or person.disabled_at is not None:
        audit.record_apart(None, "sign_in.failed", person)
        throttle.note_failure(email, lane)
        raise Invalid({"password": _("The email address or password is not right. Check both and try again")})
    return sessions.start(person)
