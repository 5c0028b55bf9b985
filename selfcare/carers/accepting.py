"""The carer's side of an invitation: from the link to an account that opens the patient's pages, or with the account one has.

Whose invitation it is, and with that that somebody is a patient here, is shown only to a person who is signed in or who has said who they
are (docs/decisions/0017): a link alone is opened by phones that preview it, by mail scanners and by others in the house. Accepting merges
nothing: a carer's own record, if they have one, stays theirs, and one account may help several people.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from selfcare import audit, clock
from selfcare.carers import scope
from selfcare.carers.models import CarerInvitation
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.identity import passwords, sessions
from selfcare.identity.invitations import LIFE, hash_of
from selfcare.identity.tries import MOST_TRIES, LinkEnded, count_try
from selfcare.people.models import CarerLink, Patient, Person, PersonRole

# Questions for an address by all the links that one patient makes within 14 days.
MOST_OF_ONE_PATIENT = 4 * MOST_TRIES


@dataclass(frozen=True)
class Asked:
    """An open invitation, and whose it is. Pages name the patient only where ``carers.accept_views`` lets them."""

    invitation: CarerInvitation
    patient: Person

    @property
    def scope(self) -> str:
        """What the patient offers, in words."""
        return scope.in_words(self.invitation.may_write, self.invitation.also_sees)


def find(token: str) -> str:
    """The hash under which a working token is stored; the browser carries this on, so the link leaves the address bar.

    :raises LinkEnded: the link does not work.
    """
    stored = hash_of(token[:200])
    asked(stored)
    return stored


def asked(token_hash: str) -> Asked:
    """The invitation with this hash. One statement.

    :raises LinkEnded: the link does not work (any more).
    """
    row = db.session.execute(
        sa.select(CarerInvitation, Person)
        .join(Patient, Patient.id == CarerInvitation.patient_id)
        .join(Person, Person.id == Patient.id)
        .where(CarerInvitation.token_hash == token_hash)
    ).first()
    if row is None:
        raise LinkEnded("unknown")
    invitation, patient = row
    if invitation.used_at:
        raise LinkEnded("used")
    if invitation.revoked_at or invitation.declined_at or patient.disabled_at:
        raise LinkEnded("taken_back")
    if not invitation.is_open or _last_day_over(invitation, patient):
        raise LinkEnded("too_old")
    if invitation.tries >= MOST_TRIES:
        raise LinkEnded("too_many")
    return Asked(invitation, patient)


def stage_account(who: Asked, name: str, email: str, password: str) -> str:
    """Keep name, e-mail and hashed password on the invitation until the person has seen whom they are to help, and agrees.

    Returns a proof for :func:`accept_new`: only the browser that chose this password may finish with it.

    :raises Invalid: the address has an account already, or the password is weak.
    :raises LinkEnded: too many tries.
    """
    passwords.check_strength(password, name, email)
    if _is_taken(email):
        _count_try(who)  # or a link would be a way to ask who has an account here
        raise Invalid({"email": _taken()})
    password_hash = passwords.hash_of(password)
    invitation = who.invitation
    invitation.staged_name, invitation.staged_email, invitation.staged_hash = name, email, password_hash
    db.session.flush()
    return hash_of(password_hash)


def is_staged(who: Asked, proof: str | None) -> bool:
    """Whether the browser with this proof gave the name, e-mail and password that wait on the invitation."""
    staged = who.invitation.staged_hash
    return bool(staged and proof and who.invitation.staged_email) and hash_of(str(staged)) == proof


def accept_new(who: Asked, proof: str | None) -> sessions.SignedIn:
    """Make the carer's account and link, all or nothing.

    :param proof: what :func:`stage_account` gave this browser.
    :raises Invalid: the page before was left out, or the address was taken meanwhile.
    :raises LinkEnded: used or taken back meanwhile.
    """
    invitation = who.invitation
    name, email, password_hash = invitation.staged_name, invitation.staged_email, invitation.staged_hash
    if not is_staged(who, proof) or not name or not email or not password_hash:
        raise Invalid({"email": _("Enter your email address and a password first")})
    if _is_taken(email):
        raise Invalid({"email": _taken()})
    person = Person(name=name, known_as=name.split()[0], email=email, role_rows=[])
    db.session.add(person)
    db.session.flush()
    _use(invitation, person)
    passwords.set_hash(person, password_hash)
    _link(who, person)
    known = _with_roles(person.id)
    return sessions.start(known)


def accept(who: Asked, person: Person) -> None:
    """Accept with the account of the person who is signed in. Nothing of theirs changes but that they may help.

    :raises Invalid: it is the patient's own account, or that of somebody who helps them already.
    :raises LinkEnded: used or taken back meanwhile.
    """
    refusal = why_not(who, person)
    if refusal:
        raise Invalid({"person": refusal})
    _use(who.invitation, person)
    _link(who, person)


def why_not(who: Asked, person: Person) -> str | None:
    """Why this person cannot accept, in words; None where they can. One statement."""
    if person.id == who.patient.id:
        return _("This is your own invitation. Give it to the person who is to help you")
    if _running(who, person) is not None:
        return _("You help this person already. Ask them if they want to change what you can see")
    return None


def decline(who: Asked) -> None:
    """The invited person does not want to. Nothing of them is kept; the patient sees that somebody said no.

    :raises LinkEnded: used or taken back meanwhile.
    """
    now = clock.now()
    _close(who.invitation, declined_at=now)
    who.invitation.forget(name=False)
    audit.record(None, "carer_invitation.declined", who.patient, who.invitation)
    db.session.flush()


def _link(who: Asked, person: Person) -> None:
    invitation = who.invitation
    # One at a time for each patient: of two invitations that one person accepts at the same moment the second meets the first's link.
    db.session.get(Patient, who.patient.id, with_for_update={"key_share": True}, populate_existing=True)
    # A link whose last day is over ended then: it makes room for the new one.
    earlier = db.session.scalars(_links(who, person).where(CarerLink.ended_at.is_(None))).all()
    for link in earlier:
        if link.is_running(clock.now()):
            raise Invalid({"person": why_not(who, person) or ""})
        link.ended_at = link.ends_at or clock.now()
    db.session.flush()
    link = CarerLink(
        patient_id=who.patient.id,
        carer_id=person.id,
        ends_at=scope.end_of(who.patient.time_zone, invitation.ends_on),
        **scope.values(invitation),
    )
    db.session.add(link)
    if "carer" not in _with_roles(person.id).roles:
        db.session.add(PersonRole(person_id=person.id, role="carer", granted_by=who.patient.id))
    audit.record(
        person, "carer_link.started", who.patient, link, may_write=link.may_write, also_sees=link.also_sees
    )
    invitation.forget()
    db.session.flush()


def _use(invitation: CarerInvitation, person: Person) -> None:
    _close(invitation, used_at=clock.now())
    audit.record(person, "carer_invitation.used", person, invitation)


def _close(invitation: CarerInvitation, **values: object) -> None:
    """Use the invitation up, once: of two requests at the same moment the second finds it closed."""
    done = db.session.execute(
        sa.update(CarerInvitation)
        .where(
            CarerInvitation.id == invitation.id,
            # A new link may have been made meanwhile: then the old one is no way in any more.
            CarerInvitation.token_hash == invitation.token_hash,
            CarerInvitation.used_at.is_(None),
            CarerInvitation.declined_at.is_(None),
            CarerInvitation.revoked_at.is_(None),
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise LinkEnded("used")
    db.session.refresh(invitation, list(values))


def _links(who: Asked, person: Person) -> sa.Select[CarerLink]:
    return sa.select(CarerLink).where(CarerLink.patient_id == who.patient.id, CarerLink.carer_id == person.id)


def _running(who: Asked, person: Person) -> CarerLink | None:
    now = clock.now()
    return next((link for link in db.session.scalars(_links(who, person)) if link.is_running(now)), None)


def _last_day_over(invitation: CarerInvitation, patient: Person) -> bool:
    over = scope.end_of(patient.time_zone, invitation.ends_on)
    return over is not None and over <= clock.now()


def _with_roles(person_id: uuid.UUID) -> Person:
    db.session.flush()
    return db.session.get_one(
        Person, person_id, options=[joinedload(Person.role_rows)], populate_existing=True
    )


def _is_taken(email: str) -> bool:
    return db.session.scalar(sa.select(Person.id).where(Person.email == email)) is not None


def _taken() -> str:
    return _("You cannot make an account with this address. If it is yours, sign in with it instead")


def _count_try(who: Asked) -> None:
    """Count a question for an address. Whoever invites can ask by link after link, so all of their links together have a limit too.

    :raises LinkEnded: there were too many.
    """
    theirs = sa.orm.aliased(CarerInvitation)
    asked_for = (
        sa.select(sa.func.coalesce(sa.func.sum(theirs.tries), 0))
        .where(theirs.patient_id == who.patient.id, theirs.created_at > clock.now() - LIFE)
        .scalar_subquery()
    )
    count_try(CarerInvitation, who.invitation.id, asked_for < MOST_OF_ONE_PATIENT)
