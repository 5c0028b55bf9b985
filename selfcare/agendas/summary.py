"""The one page before a visit: eight parts in the order of method.md, from what the patient shares and nothing else."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload

from selfcare import audit, clock
from selfcare.agendas import finding, keeping, sections, service
from selfcare.agendas.ages import age_of
from selfcare.agendas.changes import changes
from selfcare.agendas.models import QUESTION, TOPIC, Agenda, AgendaItem
from selfcare.agendas.prompts import prompts
from selfcare.diaries.models import TrackerChoice
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.goals import looking_back
from selfcare.goals.looking_back import LookBack
from selfcare.people.access import Part, Record
from selfcare.people.models import Patient
from selfcare.visits.models import CANCELLED, Visit
from selfcare.visits.service import teams_of

DAYS_WITHOUT_VISIT = 90  # how far back "what changed" looks where no earlier visit is known


@dataclass
class Summary:
    """The page's data. ``items`` are empty and ``shared_at`` None until the patient shares their list.

    ``look_back``: goals from last time that nobody has looked back on, which stand first on the list unless the patient took them
    out (docs/decisions/0033).
    """

    record: Record
    visit: Visit | None
    shared_at: dt.datetime | None
    items: list[AgendaItem]
    last_visit_on: dt.date | None
    since: dt.date
    parts: dict[str, Any]
    changes: list[dict[str, Any]]
    prompts: list[dict[str, str]]
    made_at: dt.datetime
    look_back: list[LookBack]
    is_draft: bool = False  # looked at beforehand by the patient or a carer: see ``draft``

    @property
    def topics(self) -> list[AgendaItem]:
        """What to talk about, in the patient's order."""
        return [item for item in self.items if item.kind == TOPIC]

    @property
    def questions(self) -> list[AgendaItem]:
        """Questions, in the patient's order."""
        return [item for item in self.items if item.kind == QUESTION]

    @property
    def age(self) -> int | None:
        """The patient's age today, in full years."""
        return age_of(self.record.patient.born_on, clock.today(self.record.person.time_zone))

    @property
    def diary_written_with(self) -> list[str]:
        """Which entries of the diary a carer wrote, a line for each carer."""
        return self.parts["diary"][0]["written_with"] if self.parts["diary"] else []

    @property
    def is_shared(self) -> bool:
        """Whether the patient shared their list for this visit."""
        return self.shared_at is not None


def of(record: Record, visit_id: uuid.UUID | None = None) -> Summary:
    """The page for a visit with a team of the actor's, by default their next one from today on.

    :raises NotFound: no such visit with their teams.
    """
    record.require(Part.AGENDA)
    visit, agenda, items, previous, _trackers = _visit_and_list(record, visit_id)
    page = _made(record, visit, agenda, items, previous)
    audit.record(record.actor, "agenda_summary.read", record.patient, agenda)
    if agenda is not None:
        service.note_opened(record, agenda)
    return page


def draft(record: Record, found: service.List) -> Summary:
    """The same page for the list in hand, shared or not, for the patient or a carer to look at: nobody of the team has read it then.

    :param record: as ``access.as_the_team_sees`` gives it: a record of one's own shows more than the team sees.
    """
    record.require(Part.AGENDA)
    audit.record(record.actor, "agenda.previewed", record.patient, found.agenda)
    page = _made(record, found.visit, found.agenda, found.items, _visit_before(record, found))
    return replace(page, is_draft=True)


def _visit_before(record: Record, found: service.List) -> dt.datetime | None:
    """When the visit before was with a team of whoever will read the page: the clinician of the visit, else anybody of the team."""
    reader = found.visit.clinician_id if found.visit is not None else None
    teams = teams_of(reader) if reader is not None else [found.team.id if found.team is not None else None]
    zone = record.person.time_zone
    today, _tomorrow = clock.day_bounds(clock.today(zone), zone)
    until = found.visit.starts_at if found.visit is not None else today
    return db.session.scalar(
        record.owned(Visit)
        .where(Visit.team_id.in_(teams), Visit.status != CANCELLED, Visit.starts_at < until)
        .with_only_columns(sa.func.max(Visit.starts_at))
    )


def _made(
    record: Record,
    visit: Visit | None,
    agenda: Agenda | None,
    items: list[AgendaItem],
    previous: dt.datetime | None,
) -> Summary:
    zone = record.person.time_zone
    last = clock.local(previous, zone).date() if previous else None
    since = last or clock.today(zone) - dt.timedelta(days=DAYS_WITHOUT_VISIT)
    parts = sections.collect(record, since, "goals", "diary")
    parts |= keeping.kept(record, since)
    return Summary(
        record=record,
        visit=visit,
        shared_at=agenda.shared_at if agenda else None,
        items=items,
        last_visit_on=last,
        since=since,
        parts=parts,
        changes=changes(parts, since),
        prompts=prompts(parts["goals"]),
        made_at=clock.now(),
        look_back=_look_back(parts["goals"], visit, agenda, zone),
    )


def _look_back(
    goals: list[dict[str, Any]], visit: Visit | None, agenda: Agenda | None, zone: str
) -> list[LookBack]:
    day = clock.local(visit.starts_at, zone).date() if visit is not None else clock.today(zone)
    out = set((agenda.left_out or []) if agenda is not None else [])
    return [each for each in looking_back.of_parts(goals, day) if str(each.goal_id) not in out]


def _visit_and_list(
    record: Record, visit_id: uuid.UUID | None
) -> tuple[Visit | None, Agenda | None, list[AgendaItem], dt.datetime | None, TrackerChoice | None]:
    """The visit, its list if it is shared, its items, and when the visit before was. One statement for all.

    With them comes the patient's choice of trackers, which the diary's section then finds in the session instead of asking.
    """
    today, tomorrow = clock.day_bounds(clock.today(record.actor.time_zone), record.actor.time_zone)
    given: dict[str, Any] = {"clinician_id": record.actor.id, "since": today}
    if visit_id is not None:
        given["visit_id"] = visit_id
    else:
        given |= {"tomorrow": tomorrow, "now": clock.now()}
    rows = record.rows(_whole(named=visit_id is not None), **given).all()
    visit, agenda, _item, previous, trackers = rows[0]
    if visit_id is not None and visit is None:
        raise NotFound
    return visit, agenda, [row[2] for row in rows if row[2] is not None], previous, trackers


@cache
def _whole(*, named: bool) -> sa.Select[Visit, Agenda, AgendaItem | None, dt.datetime | None, TrackerChoice]:
    """The statement for ``:patient_id``, built once: building it takes three times as long as running it.

    :param named: for the visit ``:visit_id``, else the next one.
    """
    me: sa.BindParameter[uuid.UUID] = sa.bindparam("clinician_id")
    since = sa.bindparam("since", type_=Visit.starts_at.type)
    if named:
        this_one: sa.ColumnElement[bool] = sa.and_(
            Visit.id == sa.bindparam("visit_id"),
            Visit.patient_id == Patient.id,
            Visit.team_id.in_(teams_of(me)),
        )
    else:
        this_one = Visit.id == finding.next_visit_id(Patient.id, me)
    earlier = aliased(Visit)
    before = (
        sa.select(sa.func.max(earlier.starts_at))
        .where(
            earlier.patient_id == Patient.id,
            earlier.team_id.in_(teams_of(me)),
            earlier.status != CANCELLED,
            earlier.starts_at < sa.func.coalesce(Visit.starts_at, since),
        )
        .scalar_subquery()
    )
    goes_with = finding.list_id(Patient.id, Visit.id, Visit.team_id, me)
    return (
        sa.select(Visit, Agenda, AgendaItem, sa.type_coerce(before, Visit.starts_at.type), TrackerChoice)
        .select_from(Patient)
        .outerjoin(Visit, this_one)
        .outerjoin(Agenda, sa.and_(Agenda.id == goes_with, Agenda.shared_at.is_not(None)))
        .outerjoin(AgendaItem, sa.and_(AgendaItem.agenda_id == Agenda.id, AgendaItem.removed_at.is_(None)))
        .outerjoin(TrackerChoice, TrackerChoice.patient_id == Patient.id)
        .where(Patient.id == sa.bindparam("patient_id"))
        .options(joinedload(Visit.team), joinedload(Visit.clinician), joinedload(AgendaItem.writer))
        .order_by(AgendaItem.position, AgendaItem.id)
    )
