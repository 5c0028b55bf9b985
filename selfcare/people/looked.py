"""Who looked at a patient's record: shown to the patient, who has a right to know.

A small table of its own, written where a record is opened (``people.acting``); the audit trail is never read by a feature
(docs/decisions). One row per patient, viewer and day: the last time, and how often.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import clock
from selfcare.database import Base
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.people.models import CareRelationship, Person, Team, TeamMembership


class RecordView(Base):
    """Somebody other than the patient opened the record on this day (UTC)."""

    __tablename__ = "record_views"

    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"), primary_key=True)
    viewer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    acting_as: Mapped[str]  # clinician | carer
    relation: Mapped[str | None]  # a carer's, in the patient's word
    at: Mapped[dt.datetime]
    times: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True)
class Look:
    """One person's looks on one day. ``what`` says who they are: "Nurse at Hornsey Lane Surgery"."""

    name: str
    what: str
    at: dt.datetime
    times: int


def note(record: Record) -> None:
    """Remember that this record was opened, if by somebody else. Written just before the answer leaves."""
    if record.is_own:
        return
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    now = clock.now()
    statement = insert(RecordView).values(
        patient_id=record.patient.id,
        viewer_id=record.actor.id,
        day=now.date(),
        acting_as=record.acting_as,
        relation=record.relation,
        at=now,
        times=1,
    )
    db.later(
        statement.on_conflict_do_update(
            index_elements=[RecordView.patient_id, RecordView.viewer_id, RecordView.day],
            set_={"at": statement.excluded.at, "times": RecordView.times + 1},
        )
    )


def who_looked(record: Record, since: dt.datetime) -> list[Look]:
    """Everybody who opened this record since then, newest first, at most 200. One statement.

    :raises NotFound: only the patient may know.
    """
    record.require(Part.SHARING)
    # A viewer may have left the team since: the look stays, with the team it was.
    team = (
        sa.select(Team.name)
        .join(TeamMembership, TeamMembership.team_id == Team.id)
        .join(CareRelationship, CareRelationship.team_id == Team.id)
        .where(
            TeamMembership.person_id == RecordView.viewer_id,
            CareRelationship.patient_id == RecordView.patient_id,
        )
        .order_by(TeamMembership.started_at.desc())
        .limit(1)
        .scalar_subquery()
    )
    rows = db.session.execute(
        sa.select(RecordView, Person.name, Person.job_title, team)
        .join(Person, Person.id == RecordView.viewer_id)
        .where(RecordView.patient_id == record.patient.id, RecordView.at >= since)
        .order_by(RecordView.at.desc())
        .limit(200)
    )
    return [
        Look(name=name, what=_who(view, job_title, team_name), at=view.at, times=view.times)
        for view, name, job_title, team_name in rows
    ]


def _who(view: RecordView, job_title: str | None, team_name: str | None) -> str:
    if view.acting_as == "carer":
        return _("Helps you: %(relation)s", relation=view.relation) if view.relation else _("Helps you")
    if job_title and team_name:
        return _("%(job)s at %(team)s", job=job_title[:1].upper() + job_title[1:], team=team_name)
    return team_name or job_title or _("Your care team")
