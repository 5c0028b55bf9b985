"""Invitations, the inviting side: a link and QR code for one person, once, for 14 days.

A clinician invites patients to a team of theirs, and gives a patient who forgot the password a new way in. An administrator does the same
for staff. The link is shown right after it is made; only its hash is kept, so a lost one is replaced, never looked up.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
import uuid
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import contains_eager, joinedload

from selfcare import audit, clock
from selfcare.errors import Conflict, Invalid, NotFound
from selfcare.extensions import db
from selfcare.identity.invitation_models import ACCOUNT, PATIENT, Invitation
from selfcare.people import teams
from selfcare.people.access import team_record
from selfcare.people.models import Person, Team

LIFE = dt.timedelta(days=14)

# No i, l, o, u: on paper they look like other letters (Crockford's base32).
_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz"
_MISREAD = str.maketrans({"o": "0", "i": "1", "l": "1", "-": None, " ": None})
ADULT = 18  # years; the product is for adults (instruments.md, "Intended use")


def invite_patient(
    actor: Person, invitation_id: uuid.UUID, *, team_id: uuid.UUID, **details: Any
) -> tuple[Invitation, str]:
    """Invite a patient to a team of the actor's. Returns the invitation and its token, which is never shown again.

    :param details: name, known_as, born_on, conditions, languages, interpreter, access_needs, email.
    :raises NotFound: not a team of theirs.
    :raises Invalid: a date of birth in the future, or not yet 18.
    :raises Conflict: this id is there already.
    """
    if team_id not in {team.id for team in teams.teams_of(actor)}:
        raise NotFound
    _check_age(details["born_on"])
    name = details["name"]
    details["known_as"] = details.get("known_as") or name.split()[0]
    return _make(actor, invitation_id, PATIENT, team_id=team_id, **details)


def invite_account(
    actor: Person, person: Person, invitation_id: uuid.UUID | None = None
) -> tuple[Invitation, str]:
    """A link with which a known member of staff sets a password: the first, or a new one. For administrators.

    Earlier links for the same person stop working.

    :raises Invalid: the person has no e-mail address, is the actor, or is a patient (their care team knows them; we do not).
    """
    if person.id == actor.id:
        raise Invalid({"person": _("Change your own password on your own page")})
    if not person.email:
        raise Invalid({"person": _("Add an email address first: they sign in with it")})
    if "patient" in person.roles:
        raise Invalid({"person": _("This person is a patient too. Their care team gives out the new link")})
    if person.disabled_at is not None:
        raise Invalid({"person": _("This account is closed. Open it first")})
    _revoke_all(actor, person.id)
    return _make(actor, invitation_id or uuid.uuid4(), ACCOUNT, person_id=person.id)


def invite_again(actor: Person, patient_id: uuid.UUID) -> tuple[Invitation, str]:
    """A link with which a patient of the actor's sets a new password. The year of birth is asked first.

    :raises NotFound: no running care relationship.
    :raises Invalid: no date of birth is known to check by, or the patient is staff too.
    """
    record = team_record(actor, patient_id)
    if record.patient.born_on is None:
        raise Invalid({"person": _("There is no date of birth to check by. Invite this person as new")})
    known = db.session.get(Person, patient_id, options=[joinedload(Person.role_rows)], populate_existing=True)
    if known is None or known.roles - {"patient", "carer"}:
        raise Invalid({"person": _("This person works here too. An administrator gives out the new link")})
    _revoke_all(actor, patient_id)
    ours = teams.works_in(actor.id).where(Team.id.in_(teams.caring_for(patient_id)))
    team = db.session.scalars(ours).unique().first()
    if team is None:
        raise NotFound
    return _make(actor, uuid.uuid4(), ACCOUNT, person_id=patient_id, team_id=team.id)


def renew(actor: Person, invitation: Invitation) -> str:
    """A new link for the same invitation, good for 14 days from now; the old one stops working. Returns its token.

    :raises Conflict: it was used or taken back.
    :raises NotFound: it opens the account of a patient for whom the actor's team does not care any more.
    """
    if invitation.used_at or invitation.revoked_at:
        raise Conflict(_("This invitation was used or taken back. Make a new one"))
    if invitation.person_id is not None and invitation.team_id is not None:
        team_record(actor, invitation.person_id)
    token = new_token()
    invitation.token_hash = hash_of(token)
    invitation.expires_at = clock.now() + LIFE
    invitation.tries = 0
    invitation.staged_email = invitation.staged_hash = None
    audit.record(actor, "invitation.renewed", None, invitation)
    db.session.flush()
    return token


def revoke(actor: Person, invitation: Invitation) -> None:
    """Take an invitation back: its link stops working, and what was typed is forgotten."""
    if invitation.used_at or invitation.revoked_at:
        return
    invitation.revoked_at = clock.now()
    invitation.forget()
    audit.record(actor, "invitation.revoked", None, invitation)
    db.session.flush()


def invitation_of(actor: Person, invitation_id: uuid.UUID) -> Invitation:
    """An invitation that the actor may handle: of a team of theirs, or for administrators one for staff.

    :raises NotFound: otherwise.
    """
    found = db.session.scalars(_visible(actor).where(Invitation.id == invitation_id)).unique().first()
    if found is None:
        raise NotFound
    return found


def open_invitations(actor: Person) -> Sequence[Invitation]:
    """Invitations that were neither used nor taken back, newest first; links that ran out are among them. One statement."""
    waiting = _visible(actor).where(Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
    audit.record(actor, "invitations.read", None)
    return db.session.scalars(waiting.order_by(Invitation.created_at.desc()).limit(200)).unique().all()


def forget_expired(older_than: dt.timedelta = dt.timedelta(days=30)) -> int:
    """Drop what was typed for invitations that nobody took up in time; returns how many. For the housekeeping."""
    gone = db.session.scalars(
        sa.select(Invitation).where(
            Invitation.used_at.is_(None),
            Invitation.revoked_at.is_(None),
            Invitation.expires_at < clock.now() - older_than,
        )
    ).all()
    for invitation in gone:
        invitation.revoked_at = clock.now()
        invitation.forget()
        audit.record(audit.SYSTEM, "invitation.forgotten", None, invitation)
    db.session.flush()
    return len(gone)


def hash_of(token: str) -> str:
    """What is stored of a token: 140 random bits need no slow hash. Typed by hand, O reads as 0, I and L as 1, dashes as nothing."""
    plain = token.lower().translate(_MISREAD)
    return hashlib.sha256(plain.encode()).hexdigest()


def _make(actor: Person, invitation_id: uuid.UUID, kind: str, **fields: Any) -> tuple[Invitation, str]:
    if db.session.get(Invitation, invitation_id) is not None:
        raise Conflict(_("This invitation was sent already"))
    token = new_token()
    invitation = Invitation(
        id=invitation_id,
        kind=kind,
        token_hash=hash_of(token),
        invited_by=actor.id,
        expires_at=clock.now() + LIFE,
        **fields,
    )
    db.session.add(invitation)
    audit.record(actor, "invitation.made", _Subject(fields.get("person_id")), invitation, kind=kind)
    db.session.flush()
    return invitation, token


def _revoke_all(actor: Person, person_id: uuid.UUID) -> None:
    earlier = sa.select(Invitation).where(
        Invitation.person_id == person_id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None)
    )
    for invitation in db.session.scalars(earlier):
        revoke(actor, invitation)


def _visible(actor: Person) -> sa.Select[Invitation]:
    ours = Invitation.team_id.in_(teams.works_in(actor.id).with_only_columns(Team.id).order_by(None))
    allowed = []
    if "clinician" in actor.roles:
        allowed.append(ours)
    if "administrator" in actor.roles:
        allowed.append(Invitation.team_id.is_(None))
    return (
        sa.select(Invitation)
        .outerjoin(Invitation.team)
        .options(
            contains_eager(Invitation.team), joinedload(Invitation.inviter), joinedload(Invitation.person)
        )
        .where(sa.or_(sa.false(), *allowed))
    )


def _check_age(born_on: dt.date) -> None:
    today = clock.now().date()
    if born_on > today:
        raise Invalid({"born_on": _("The date of birth must be in the past")})
    if age(born_on, today) < ADULT:
        raise Invalid({"born_on": _("This app is for people who are 18 or over")})


def age(born_on: dt.date, on: dt.date) -> int:
    """Whole years lived on that day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def new_token() -> str:
    """28 letters of Crockford's base32 in groups of 4: 140 bits that somebody can type from a letter."""
    letters = [secrets.choice(_LETTERS) for _place in range(28)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 28, 4))


class _Subject:
    """The person an event is about, where only the id is at hand."""

    def __init__(self, person_id: uuid.UUID | None) -> None:
        self.id = person_id
