"""Who looked at a patient's record, at what, and when: shown to the patient, who has a right to know.

A small table of its own, written where a record is opened (``people.acting``); the audit trail is never read by a feature
(docs/decisions/0010). One row per patient, viewer, day and kind of page: the last time, and how often.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from selfcare import audit, clock
from selfcare.database import Base
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.people.models import CareRelationship, Person, Team, TeamMembership

PERIOD = dt.timedelta(days=30)  # on one page
MOST = 1000  # rows of a page; 30 days of 5 people who open everything every day are 900

# What was opened, in the patient's words.
WHAT = {
    "summary": _l("your page for a visit"),
    "pdf": _l("your page for a visit, to print"),
    "overview": _l("your name, conditions, visits and what you share"),
    "today": _l("your first page"),
    "diary": _l("your diary"),
    "goals": _l("your goals"),
    "agenda": _l("what you want to talk about"),
    "notes": _l("your medicines and notes"),
    "questionnaires": _l("your questionnaires"),
    "results": _l("your results"),
    "visits": _l("your visits"),
    "videos": _l("videos"),
    "reminders": _l("your reminders"),
    "wrote": _l("wrote something down for you"),
    "record": _l("your pages"),
}

# Doors by name; every other door of a room is that room's. What nobody thought of is "your pages": no look is ever left out.
_DOORS = {
    "agendas.summary": "summary",
    "agendas.summary_pdf": "pdf",
    "agendas_api.get_summary": "summary",
    "agendas.patient": "overview",
    "home.more": "record",
}
_ROOMS = {
    "agendas": "agenda",
    "caseload": "overview",
    "diaries": "diary",
    "goals": "goals",
    "home": "today",
    "notes": "notes",
    "phones": "today",
    "questionnaires": "questionnaires",
    "reminders": "reminders",
    "results": "results",
    "videos": "videos",
    "visits": "visits",
}


class RecordView(Base):
    """Somebody other than the patient opened this part of the record on this day (UTC)."""

    __tablename__ = "record_views"

    patient_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("patients.id"), primary_key=True)
    viewer_id: Mapped[uuid.UUID] = mapped_column(sa.ForeignKey("people.id"), primary_key=True)
    day: Mapped[dt.date] = mapped_column(primary_key=True)
    what: Mapped[str] = mapped_column(primary_key=True, default="record")  # of WHAT
    acting_as: Mapped[str]  # clinician | carer
    relation: Mapped[str | None]  # a carer's, in the patient's word
    at: Mapped[dt.datetime]
    times: Mapped[int] = mapped_column(default=1)


@dataclass(frozen=True)
class Look:
    """One person's looks on one day. ``who`` says who they are: "Nurse at Hornsey Lane Surgery"; ``at`` is the last of them.

    ``seen``: the kinds of pages in words, the latest first, each with how often.
    """

    name: str
    who: str
    at: dt.datetime
    seen: list[tuple[str, int]] = field(default_factory=list)

    @property
    def times(self) -> int:
        """How often, of all kinds."""
        return sum(times for _words, times in self.seen)


@dataclass(frozen=True)
class Looks:
    """30 days of looks by day, newest first.

    ``older``: the last day of the next page, None where nothing is left; ``newer``: of the one before.
    """

    first: dt.date
    last: dt.date
    days: list[tuple[dt.date, list[Look]]]
    older: dt.date | None
    newer: dt.date | None


def what_of(endpoint: str | None, method: str) -> str:
    """The kind of page behind an endpoint, a key of ``WHAT``."""
    if method not in ("GET", "HEAD"):
        return "wrote"
    name = endpoint or ""
    room = name.partition(".")[0].removesuffix("_api")
    return _DOORS.get(name) or _ROOMS.get(room, "record")


def note(record: Record, what: str = "record") -> None:
    """Remember that this record was opened, if by somebody else. Written just before the answer leaves."""
    if record.is_own:
        return
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    now = clock.now()
    statement = insert(RecordView).values(
        patient_id=record.patient.id,
        viewer_id=record.actor.id,
        day=now.date(),
        what=what,
        acting_as=record.acting_as,
        relation=record.relation,
        at=now,
        times=1,
    )
    db.later(
        statement.on_conflict_do_update(
            index_elements=[RecordView.patient_id, RecordView.viewer_id, RecordView.day, RecordView.what],
            set_={"at": statement.excluded.at, "times": RecordView.times + 1},
        )
    )


def who_looked(record: Record, last: dt.date | None = None) -> Looks:
    """Everybody who opened this record in the 30 days up to ``last`` (today by default), newest first. Two statements.

    Days are the patient's own.

    :raises NotFound: only the patient may know.
    """
    record.require(Part.SHARING)
    audit.record(record.actor, "looks.read", record.patient)
    zone = record.person.time_zone
    today = clock.today(zone)
    last = min(last or today, today)
    first = last - PERIOD + dt.timedelta(days=1)
    starts, ends = clock.day_bounds(first, zone)[0], clock.day_bounds(last, zone)[1]
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
    mine = RecordView.patient_id == record.patient.id
    rows = db.session.execute(
        sa.select(RecordView, Person.name, Person.job_title, team)
        .join(Person, Person.id == RecordView.viewer_id)
        .where(mine, RecordView.at >= starts, RecordView.at < ends)
        .order_by(RecordView.at.desc(), RecordView.viewer_id, RecordView.what)
        .limit(MOST)
    ).all()
    before = db.session.scalar(sa.select(sa.func.max(RecordView.at)).where(mine, RecordView.at < starts))
    by_day = groupby(rows, key=lambda row: clock.local(row[0].at, zone).date())
    return Looks(
        first=first,
        last=last,
        days=[(day, _by_person(list(on_day))) for day, on_day in by_day],
        older=clock.local(before, zone).date() if before is not None else None,
        newer=min(last + PERIOD, today) if last < today else None,
    )


def _by_person(rows: list[Any]) -> list[Look]:
    """One look a person, in the order of their last one."""
    found: dict[tuple[uuid.UUID, str], Look] = {}
    for view, name, job_title, team_name in rows:
        look = found.setdefault(
            (view.viewer_id, view.acting_as),
            Look(name or _("Somebody"), _who(view, job_title, team_name), view.at),
        )
        look.seen.append((str(WHAT.get(view.what, WHAT["record"])), view.times))
    return list(found.values())


def _who(view: RecordView, job_title: str | None, team_name: str | None) -> str:
    if view.acting_as == "carer":
        return _("Helps you: %(relation)s", relation=view.relation) if view.relation else _("Helps you")
    if job_title and team_name:
        return _("%(job)s at %(team)s", job=job_title[:1].upper() + job_title[1:], team=team_name)
    return team_name or job_title or _("Your care team")
