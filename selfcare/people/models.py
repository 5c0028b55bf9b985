"""Person, Patient, Team, and the relationships that open a record."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from selfcare import clock
from selfcare.database import Base


class Person(Base):
    """Anyone with an account or about to have one. One id serves everywhere (``user.id`` and ``patient_id`` in the API)."""

    __tablename__ = "people"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str]
    known_as: Mapped[str]
    email: Mapped[str | None] = mapped_column(unique=True)
    job_title: Mapped[str | None]
    time_zone: Mapped[str] = mapped_column(default="Europe/London")
    language: Mapped[str] = mapped_column(default="en")
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    disabled_at: Mapped[dt.datetime | None]

    role_rows: Mapped[list[PersonRole]] = relationship(back_populates="person", lazy="raise")

    @property
    def roles(self) -> frozenset[str]:
        """The roles this person holds now."""
        return frozenset(row.role for row in self.role_rows if row.ended_at is None)


class PersonRole(Base):
    """One role of a person; several at once are usual (a nurse with diabetes)."""

    __tablename__ = "person_roles"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    role: Mapped[str]
    granted_by: Mapped[uuid.UUID | None]
    granted_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[dt.datetime | None]

    person: Mapped[Person] = relationship(back_populates="role_rows", lazy="raise")


class Patient(Base):
    """What is known of a person as a patient. ``conditions`` are codes of ``people/conditions.py``."""

    __tablename__ = "patients"

    id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    born_on: Mapped[dt.date | None]
    conditions: Mapped[list[str]] = mapped_column(default=list)
    languages: Mapped[list[str]] = mapped_column(default=list)
    interpreter: Mapped[str | None]
    access_needs: Mapped[str | None]
    pronoun: Mapped[str | None]
    review_day: Mapped[str] = mapped_column(default="sun")
    consented_at: Mapped[dt.datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class Team(Base):
    """A practice, clinic or service."""

    __tablename__ = "teams"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    name: Mapped[str]
    phone: Mapped[str | None]
    created_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    closed_at: Mapped[dt.datetime | None]


class TeamMembership(Base):
    """A member of staff in a team, from and until."""

    __tablename__ = "team_memberships"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    team_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("teams.id"), index=True)
    person_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    started_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[dt.datetime | None]


class CareRelationship(Base):
    """A team cares for a patient; ``clinician_id`` names who mainly does. It opens the record to the team's members.

    Where somebody else is named, the row ends and another begins at the same instant: ``follows_id`` is the one before it,
    ``begun_by`` who did it, ``told_at`` when the patient had read it (docs/decisions/0047). The first row of a team follows none.
    """

    __tablename__ = "care_relationships"
    __table_args__ = (sa.Index("ix_care_relationships_team_patient", "team_id", "patient_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"), index=True)
    team_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("teams.id"))
    clinician_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"), index=True)
    started_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    ended_at: Mapped[dt.datetime | None]
    # At most one follows another, whatever two people press at the same moment.
    follows_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("care_relationships.id"), unique=True)
    begun_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    told_at: Mapped[dt.datetime | None]


class CarerLink(Base):
    """A carer whom the patient lets see or write. Mood, questionnaires and notes only where ticked one by one.

    ``ends_on`` is the last day, as the patient chose it; ``ends_at`` the instant at which that day is over where the patient is, which is
    what opens or closes. ``ended_at`` is set where somebody ended it before: ``ended_by`` says who, the patient or the carer.
    """

    __tablename__ = "carer_links"
    # One runs between two people, however many invitations are accepted at the same moment.
    __table_args__ = (
        sa.Index(
            "uq_carer_links_patient_id_carer_id",
            *("patient_id", "carer_id"),
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"), index=True)
    carer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), index=True)
    relation: Mapped[str]  # the patient's word: "daughter"
    may_write: Mapped[bool] = mapped_column(default=False)
    also_sees: Mapped[list[str]] = mapped_column(default=list)  # of mood, questionnaires, notes
    started_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    ends_on: Mapped[dt.date | None]
    ends_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    ended_by: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("people.id"))
    told_at: Mapped[dt.datetime | None]  # when the patient was told who accepted
    version: Mapped[int] = mapped_column(default=1)
    updated_at: Mapped[dt.datetime] = mapped_column(default=clock.now)

    def is_running(self, now: dt.datetime) -> bool:
        """Whether it opens the record at this instant: ``access.running_carer_link`` for a link in hand."""
        last_day_over = self.ends_on is not None and (self.ends_at is None or self.ends_at <= now)
        return self.ended_at is None and not last_day_over


class SharingChoice(Base):
    """What a patient lets their care team see, item by item. The newest row of an item holds; older ones are its history."""

    __tablename__ = "sharing_choices"
    # One row holds, whatever two phones send at the same moment: were there two, the more open one would win.
    __table_args__ = (
        sa.Index("ix_sharing_choices_current", "patient_id", "item", "chosen_at"),
        sa.Index(
            "uq_sharing_choices_patient_id_item",
            *("patient_id", "item"),
            unique=True,
            sqlite_where=sa.text("current"),
            postgresql_where=sa.text("current"),
        ),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"))
    item: Mapped[str]
    shared: Mapped[bool]
    chosen_at: Mapped[dt.datetime] = mapped_column(default=clock.now)
    chosen_by: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"))
    current: Mapped[bool] = mapped_column(default=True)


def describe(person: Person) -> dict[str, Any]:
    """A person as the API gives them: id, name, role (the first) and roles."""
    roles = sorted(person.roles)
    return {"id": str(person.id), "name": person.name, "role": roles[0] if roles else None, "roles": roles}
