"""The patient's side of an invitation: make it, give out a new link, take it back.

The link is shown right after it is made, with a square code and the code in letters, and the patient hands it over themself: the service
sends nothing to anybody. Only its hash is kept.
"""

from __future__ import annotations

import datetime as dt
import uuid

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.carers import scope
from selfcare.carers.models import CarerInvitation
from selfcare.errors import Conflict, Invalid, NotFound
from selfcare.extensions import db
from selfcare.identity.invitations import LIFE, hash_of, new_token
from selfcare.identity.tries import MOST_TRIES
from selfcare.people.access import Part, Record

# Invitations of one patient that wait at the same time: each is a way in.
MOST_WAITING = 10


def invite(
    record: Record,
    invitation_id: uuid.UUID,
    *,
    known_as: str,
    relation: str,
    may_write: bool,
    also_sees: list[str] | None = None,
    ends_on: dt.date | None = None,
) -> tuple[CarerInvitation, str]:
    """Invite somebody to help. Returns the invitation and its token, which is never shown again.

    :raises NotFound: only the patient invites.
    :raises Invalid: a last day that is over, or too many invitations wait.
    :raises Conflict: this id is there already.
    """
    record.require(Part.SHARING, write=True)
    scope.check_last_day(record, ends_on)
    if db.session.get(CarerInvitation, invitation_id) is not None:
        raise Conflict(_("This invitation was made already"))
    if _waiting(record) >= MOST_WAITING:
        raise Invalid(
            {"known_as": _("You have %(most)s invitations waiting. Take 1 back first", most=MOST_WAITING)}
        )
    token = new_token()
    invitation = CarerInvitation(
        id=invitation_id,
        patient_id=record.patient.id,
        token_hash=hash_of(token),
        known_as=known_as,
        relation=relation,
        may_write=may_write,
        also_sees=scope.codes(also_sees),
        ends_on=ends_on,
        expires_at=clock.now() + LIFE,
    )
    db.session.add(invitation)
    audit.record(record.actor, "carer_invitation.made", record.patient, invitation, may_write=may_write)
    db.session.flush()
    return invitation, token


def invitation_of(record: Record, invitation_id: uuid.UUID) -> CarerInvitation:
    """One of the patient's invitations.

    :raises NotFound: there is none of theirs.
    """
    record.require(Part.SHARING)
    found = db.session.get(CarerInvitation, invitation_id)
    if found is None or found.patient_id != record.patient.id:
        raise NotFound
    return found


def renew(record: Record, invitation_id: uuid.UUID) -> str:
    """A new link for the same person, good for 14 days from now; the old one stops working. Returns its token.

    :raises NotFound: there is none of theirs.
    :raises Conflict: it was used, refused or taken back.
    """
    invitation = _held(record, invitation_id)
    if not invitation.is_waiting:
        raise Conflict(_("This invitation was used or taken back. Make a new one"))
    if (
        invitation.tries >= MOST_TRIES
    ):  # they stay: else every new link would be 5 more questions for who has an account here
        raise Conflict(_("There were too many wrong tries. Take this invitation back and make a new one"))
    token = new_token()
    invitation.token_hash = hash_of(token)
    invitation.expires_at = clock.now() + LIFE
    invitation.forget(name=False)
    audit.record(record.actor, "carer_invitation.renewed", record.patient, invitation)
    db.session.flush()
    return token


def withdraw(record: Record, invitation_id: uuid.UUID) -> None:
    """Take an invitation back: its link stops working, and what was typed is forgotten. Asked twice, it changes nothing.

    :raises NotFound: there is none of theirs.
    """
    invitation = _held(record, invitation_id)
    if invitation.used_at is not None or invitation.revoked_at is not None:
        return
    invitation.revoked_at = clock.now()
    invitation.forget()
    audit.record(record.actor, "carer_invitation.revoked", record.patient, invitation)
    db.session.flush()


def forget_expired(older_than: dt.timedelta = dt.timedelta(days=30)) -> int:
    """Drop what was typed for invitations that nobody took up in time, or refused; returns how many. For the housekeeping."""
    gone = db.session.scalars(
        sa.select(CarerInvitation).where(
            CarerInvitation.used_at.is_(None),
            CarerInvitation.revoked_at.is_(None),
            CarerInvitation.expires_at < clock.now() - older_than,
        )
    ).all()
    for invitation in gone:
        invitation.revoked_at = clock.now()
        invitation.forget()
        audit.record(audit.SYSTEM, "carer_invitation.forgotten", None, invitation)
    db.session.flush()
    return len(gone)


def _held(record: Record, invitation_id: uuid.UUID) -> CarerInvitation:
    record.require(Part.SHARING, write=True)
    found = db.session.get(CarerInvitation, invitation_id, with_for_update=True, populate_existing=True)
    if found is None or found.patient_id != record.patient.id:
        raise NotFound
    return found


def _waiting(record: Record) -> int:
    waiting = sa.select(sa.func.count()).where(
        CarerInvitation.patient_id == record.patient.id,
        CarerInvitation.used_at.is_(None),
        CarerInvitation.declined_at.is_(None),
        CarerInvitation.revoked_at.is_(None),
        CarerInvitation.expires_at > clock.now(),
    )
    return db.session.scalar(waiting) or 0
