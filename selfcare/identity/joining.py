"""Invitations, the invited side: from the link to an account, or to a care team joined with the account one has.

The link itself proves little (a letter can be opened by anybody in the house), so a patient also gives their year of birth. Everything that
may be guessed counts as a try, at most 5 a link.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from selfcare import audit, clock
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.identity import passwords, sessions
from selfcare.identity.invitation_models import PATIENT, Invitation
from selfcare.identity.invitations import ADULT, age, hash_of
from selfcare.identity.tries import MOST_TRIES, LinkEnded, count_try
from selfcare.people import sharing, teams
from selfcare.people.access import SHAREABLE, own_record
from selfcare.people.models import CareRelationship, Patient, Person, PersonRole, Team

# Which wording somebody agreed to; changed with the consent page's text.
CONSENT_TEXT = "2026-11"


@dataclass(frozen=True)
class Welcome:
    """An open invitation as the invited person may see it."""

    invitation: Invitation
    known_as: str
    inviter: str
    team: Team | None
    email: str | None
    year_of_birth: int | None

    @property
    def is_new_patient(self) -> bool:
        """Whether accepting makes them a patient of the team; else they only set a password."""
        return self.invitation.kind == PATIENT

    @property
    def asks_year(self) -> bool:
        """Whether the year of birth is asked: for patients; staff are known by their work e-mail."""
        return self.year_of_birth is not None


def find(token: str) -> str:
    """The hash under which a working token is stored; the browser carries this on, so the link leaves the address bar.

    :raises LinkEnded: the link does not work.
    """
    stored = hash_of(token[:200])
    welcome(stored)
    return stored


def welcome(token_hash: str) -> Welcome:
    """The invitation with this hash. One statement, three for somebody who is a patient already.

    :raises LinkEnded: the link does not work (any more).
    """
    invitation = (
        db.session.scalars(
            sa.select(Invitation)
            .options(joinedload(Invitation.team), joinedload(Invitation.inviter))
            .options(joinedload(Invitation.person).joinedload(Person.role_rows))
            .where(Invitation.token_hash == token_hash)
        )
        .unique()
        .first()
    )
    if invitation is None:
        raise LinkEnded("unknown")
    _check_open(invitation)
    person = invitation.person
    born_on = invitation.born_on
    if person is not None:
        _check_care(invitation, person)
        born_on = db.session.scalar(sa.select(Patient.born_on).where(Patient.id == person.id))
    return Welcome(
        invitation=invitation,
        known_as=(person.known_as if person else invitation.known_as) or "",
        inviter=invitation.inviter.name,
        team=invitation.team,
        email=person.email if person else invitation.email,
        year_of_birth=born_on.year if born_on else None,
    )


def check_year(who: Welcome, year: int) -> None:
    """Go on only with the right year of birth.

    :raises Invalid: it is another.
    :raises LinkEnded: too many tries; the link works no more.
    """
    count_try(Invitation, who.invitation.id)
    if year != who.year_of_birth:
        audit.record_apart(None, "invitation.wrong_year", None, invitation=str(who.invitation.id))
        raise Invalid({"year": _("This is not the year we have. Check it, or ask your care team")})
    _take_back(who.invitation.id)


def stage_account(who: Welcome, email: str, password: str) -> str:
    """Keep e-mail and hashed password on the invitation until the person agrees on the next page.

    Returns a proof for :func:`join`: only the browser that chose this password may finish with it. Two people with one letter
    could otherwise leave one of them with an account whose password the other chose.

    :raises Invalid: the address has an account already, or the password is weak.
    :raises LinkEnded: too many tries.
    """
    passwords.check_strength(password, who.known_as, who.invitation.name, email)
    taken = sa.select(Person.id).where(Person.email == email)
    invitation_id = who.invitation.id
    if db.session.scalar(taken) is not None:
        count_try(Invitation, invitation_id)  # or a link would be a way to ask who has an account here
        raise Invalid(
            {"email": _("You cannot make an account with this address. If it is yours, sign in below")}
        )
    password_hash = passwords.hash_of(password)
    who.invitation.staged_email, who.invitation.staged_hash = email, password_hash
    db.session.flush()
    return hash_of(password_hash)


def is_staged(who: Welcome, proof: str | None) -> bool:
    """Whether the browser with this proof chose the e-mail and password that wait on the invitation."""
    staged = who.invitation.staged_hash
    return bool(staged and proof and who.invitation.staged_email) and hash_of(str(staged)) == proof


def join(who: Welcome, shared: Sequence[str], proof: str | None) -> sessions.SignedIn:
    """Make the account of a new patient: person, care relationship, password, consent and sharing choices, all or nothing.

    :param proof: what :func:`stage_account` gave this browser.
    :raises Invalid: the page before was left out, or the address was taken meanwhile.
    :raises LinkEnded: used or taken back meanwhile.
    """
    invitation = who.invitation
    if not is_staged(who, proof) or not invitation.staged_email or not invitation.staged_hash:
        raise Invalid({"email": _("Enter your email address and a password first")})
    email, password_hash = invitation.staged_email, invitation.staged_hash
    if db.session.scalar(sa.select(Person.id).where(Person.email == email)) is not None:
        raise Invalid(
            {"email": _("You cannot make an account with this address. If it is yours, sign in below")}
        )
    person = Person(
        name=invitation.name,
        known_as=who.known_as,
        email=email,
        role_rows=[PersonRole(role="patient", granted_by=invitation.invited_by)],
    )
    db.session.add(person)
    db.session.flush()
    patient = Patient(
        id=person.id,
        born_on=invitation.born_on,
        conditions=invitation.conditions or [],
        languages=invitation.languages or [],
        interpreter=invitation.interpreter,
        access_needs=invitation.access_needs,
    )
    db.session.add(patient)
    db.session.flush()
    _use(invitation, person)
    passwords.set_hash(person, password_hash)
    _consent(person, patient, invitation, shared)
    return sessions.start(person)


def join_with_account(who: Welcome, person: Person, shared: Sequence[str]) -> None:
    """Join the team with the account of the person who is signed in.

    :raises Invalid: it is the inviter's own account, or that of somebody born on another day.
    :raises LinkEnded: used or taken back meanwhile.
    """
    invitation = who.invitation
    patient = db.session.get(Patient, person.id)
    if person.id == invitation.invited_by or (
        patient and patient.born_on and patient.born_on != invitation.born_on
    ):
        raise Invalid(
            {"person": _("This invitation is for somebody else. Log out, then open the link again")}
        )
    if patient is None:
        patient = Patient(id=person.id, conditions=[], languages=[])
        db.session.add(patient)
        db.session.flush()
    if "patient" not in person.roles:
        db.session.add(PersonRole(person_id=person.id, role="patient", granted_by=invitation.invited_by))
    patient.born_on = patient.born_on or invitation.born_on
    patient.conditions = list(dict.fromkeys([*patient.conditions, *(invitation.conditions or [])]))
    patient.languages = patient.languages or invitation.languages or []
    patient.interpreter = patient.interpreter or invitation.interpreter
    patient.access_needs = patient.access_needs or invitation.access_needs
    _use(invitation, person)
    db.session.expire(person, ["role_rows"])
    known = db.session.get(Person, person.id, options=[joinedload(Person.role_rows)], populate_existing=True)
    assert known is not None  # it was read above
    _consent(known, patient, invitation, shared)


def set_new_password(who: Welcome, password: str) -> sessions.SignedIn:
    """The known person of this link sets a password; every session of theirs ends, and this browser gets one.

    :raises Invalid: the password is weak.
    :raises LinkEnded: used or taken back meanwhile, or the account is closed.
    """
    person = who.invitation.person
    if person is None or person.disabled_at is not None:
        raise LinkEnded("taken_back")
    passwords.check_strength(password, person.name, person.known_as, person.email)
    password_hash = passwords.hash_of(password)
    _use(who.invitation, person)
    passwords.set_hash(person, password_hash)
    sessions.end_all(person.id)
    return sessions.start(person)


def sharing_now(person: Person) -> list[str]:
    """What somebody shares already, if they are a patient here."""
    if "patient" not in person.roles:
        return []
    return [item for item, shared in sharing.sharing_of(own_record(person)).items() if shared]


def _consent(person: Person, patient: Patient, invitation: Invitation, shared: Sequence[str]) -> None:
    if patient.born_on is not None and age(patient.born_on, clock.now().date()) < ADULT:
        raise Invalid({"adult": _("This app is for people who are 18 or over")})
    patient.consented_at = clock.now()
    running = teams.caring_for(patient.id).where(CareRelationship.team_id == invitation.team_id)
    if db.session.scalar(running) is None:
        relationship = CareRelationship(
            id=uuid.uuid4(),
            patient_id=patient.id,
            team_id=invitation.team_id,
            clinician_id=invitation.invited_by,
        )
        db.session.add(relationship)
        audit.record(person, "care_relationship.started", patient, relationship)
    db.session.flush()
    audit.record(person, "consent.given", patient, text=CONSENT_TEXT)
    sharing.choose_sharing(own_record(person), {part.value: part.value in shared for part in SHAREABLE})


def _use(invitation: Invitation, person: Person) -> None:
    """Use the invitation up, once: of two requests at the same moment the second finds it used."""
    done = db.session.execute(
        sa.update(Invitation)
        .where(Invitation.id == invitation.id, Invitation.used_at.is_(None), Invitation.revoked_at.is_(None))
        .values(used_at=clock.now(), person_id=person.id)
        .execution_options(synchronize_session=False)
    )
    if done.rowcount != 1:  # type: ignore[attr-defined]  # an UPDATE's result has it
        raise LinkEnded("used")
    db.session.refresh(invitation, ["used_at", "person_id"])
    invitation.forget()
    audit.record(person, "invitation.used", person, invitation)


def _check_open(invitation: Invitation) -> None:
    if invitation.used_at:
        raise LinkEnded("used")
    if invitation.revoked_at or (invitation.team and invitation.team.closed_at):
        raise LinkEnded("taken_back")
    if invitation.person is not None and invitation.person.disabled_at is not None:
        raise LinkEnded("taken_back")
    if not invitation.is_open:
        raise LinkEnded("too_old")
    if invitation.tries >= MOST_TRIES:
        raise LinkEnded("too_many")


def _check_care(invitation: Invitation, person: Person) -> None:
    """A team that has handed a patient over gives nobody a way into the account: its links end with the care.

    :raises LinkEnded: it cares for this patient no more.
    """
    if invitation.team_id is None:  # an administrator's, for staff
        return
    caring = teams.caring_for(person.id).where(CareRelationship.team_id == invitation.team_id)
    if db.session.scalar(caring) is None:
        raise LinkEnded("taken_back")


def _take_back(invitation_id: uuid.UUID) -> None:
    db.session.execute(
        sa.update(Invitation).where(Invitation.id == invitation_id).values(tries=Invitation.tries - 1)
    )
