"""The panel: a clinician's patients, next visit first, in facts. Three statements, however many patients."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.agendas import columns, finding
from selfcare.agendas.ages import age_of
from selfcare.agendas.models import TOPIC, Agenda, AgendaItem
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.goals.panel import Latest, is_due, overdue_since
from selfcare.people.access import open_to
from selfcare.people.models import CareRelationship, Patient, Person
from selfcare.questionnaires import to_read
from selfcare.results.panel import has_to_release, held_until, to_release
from selfcare.visits.models import Visit
from selfcare.visits.service import teams_of

# How long the panel says who handed a patient over.
RECENT = dt.timedelta(days=14)
# Patients without a visit come last in the order of visits.
NO_VISIT = dt.datetime(2200, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Row:
    """One patient. What they do not share, or what is not there, is None."""

    patient_id: uuid.UUID
    name: str
    age: int | None
    conditions: list[str]
    interpreter: str | None
    visit_id: uuid.UUID | None
    starts_at: dt.datetime | None
    minutes: int | None
    shared_at: dt.datetime | None
    topics: int | None
    confidence: Latest | None
    last_entry: dt.date | None
    shares_goals: bool
    shares_diary: bool
    to_release: int
    held_until: dt.datetime | None  # when the newest of those came in
    overdue_since: dt.date | None  # of the follow-up that is over longest
    handed_from: str | None  # by name, where it was within RECENT


@dataclass(frozen=True)
class Panel:
    """One page of it, and what stands above: how many patients are the clinician's own and the team's, visits and shared lists today."""

    rows: list[Row]
    next_cursor: str | None
    show: str
    mine: int
    team: int
    visits_today: int
    shared_today: int
    handed: int
    teams: list[tuple[uuid.UUID, str]]  # the clinician's own, by name
    to_read: int  # patients whose answers to a questionnaire wait to be read by the clinician


def read(
    clinician: Person,
    *,
    show: str | None = None,
    only: str | None = None,
    sort: str | None = None,
    limit: int | None = None,
    cursor: str | None = None,
    team: uuid.UUID | None = None,
    among: Collection[uuid.UUID] | None = None,
) -> Panel:
    """A page of the panel.

    :param show: ``mine``, the patients named to this clinician; ``team``, all of their teams; None: mine if there are any.
    :param only: ``agenda``, those who shared their list; ``follow_up``, those whose follow-up is due;
        ``results``, those with results that are held; ``handed``, those whom a colleague handed over lately.
    :param sort: ``visit`` (default) or ``name``.
    :param team: only patients of this one of the clinician's teams; the counts as well.
    :param among: only these patients, as a search found them.
    :raises Invalid: the cursor is none of ours.
    """
    today = clock.today(clinician.time_zone)
    start, tomorrow = clock.day_bounds(today, clinician.time_zone)
    limit = limit or 50
    given: dict[str, Any] = {"clinician_id": clinician.id, "since": start, "tomorrow": tomorrow}
    given |= {"today": today, "most": limit + 1, "no_visit": NO_VISIT}
    given |= {"now": clock.now(), "recently": clock.now() - RECENT}
    given["answered_after"] = to_read.since()
    if team is not None:
        given["team_id"] = team
    if cursor:
        given["last_id"] = _read(cursor)
    if among is not None:
        given["among"] = list(among)
    statement = _page(show, only, sort, after=bool(cursor), few=among is not None, of_team=team is not None)
    rows: Any = db.session.execute(statement, given).all()
    above, rows = rows[0], [row for row in rows if row.patient_id is not None]
    more, rows = len(rows) > limit, rows[:limit]
    patient_ids = [row.patient_id for row in rows]
    confidence, last_entries = columns.confidence(patient_ids), columns.last_entries(patient_ids)
    audit.record(clinician, "panel.read", None, patients=[str(each) for each in patient_ids])
    return Panel(
        rows=[_row(row, today, confidence, last_entries) for row in rows],
        next_cursor=str(rows[-1].patient_id) if more else None,
        show=show or ("mine" if above.mine_count else "team"),
        mine=above.mine_count or 0,
        team=above.team_count or 0,
        visits_today=above.visits_today or 0,
        shared_today=above.shared_today or 0,
        handed=above.handed or 0,
        teams=columns.read_teams(above.teams),
        to_read=above.to_read,
    )


@cache
def _page(
    show: str | None, only: str | None, sort: str | None, *, after: bool, few: bool, of_team: bool
) -> sa.Select[Any]:
    """The statement of a page. Built once for each way to look: building it takes three times as long as running it.

    :param after: only what comes after the patient ``:last_id``.
    :param few: only the patients ``:among``.
    :param of_team: only the patients of ``:team_id``.
    """
    everyone = _everyone(of_team=of_team)
    counts = _counts(everyone).subquery()
    wanted = _wanted(everyone, show, only, few=few)
    if after:
        last = everyone.alias("last")
        # Whoever is not there any more has no place to go on from: then it begins again, so that nobody is passed over.
        wanted = wanted.outerjoin(last, last.c.patient_id == sa.bindparam("last_id")).where(
            sa.or_(
                last.c.patient_id.is_(None),
                sa.tuple_(*_order(everyone, sort)) > sa.tuple_(*_order(last, sort)),
            )
        )
    found = (
        wanted.order_by(*_order(everyone, sort)).limit(sa.bindparam("most", type_=sa.Integer())).subquery()
    )
    # The counts are there even where no patient is.
    return (
        sa.select(counts, found)
        .select_from(counts.outerjoin(found, sa.true()))
        .order_by(*_order(found, sort))
    )


def _everyone(*, of_team: bool) -> sa.CTE:
    """Every patient whom this clinician may open, with the next visit and its list if that is shared."""
    me: sa.BindParameter[uuid.UUID] = sa.bindparam("clinician_id")
    patients = open_to(me)
    if of_team:
        patients = patients.where(columns.cared_for_by(Patient.id, sa.bindparam("team_id")))
    ids = patients.with_only_columns(Patient.id).subquery("ids")
    named = sa.exists().where(
        CareRelationship.patient_id == ids.c.id,
        CareRelationship.clinician_id == me,
        CareRelationship.team_id.in_(teams_of(me)),
        CareRelationship.ended_at.is_(None),
    )
    visit_of = sa.select(
        ids.c.id.label("patient_id"),
        named.correlate(ids).label("is_mine"),
        finding.next_visit_id(ids.c.id, me).label("visit_id"),
    ).subquery("visit_of")
    goes_with = finding.list_id(visit_of.c.patient_id, Visit.id, Visit.team_id, me)
    return (
        sa.select(
            visit_of.c.patient_id,
            visit_of.c.is_mine,
            columns.handed_from(visit_of.c.patient_id, me).label("handed_from"),
            Person.name,
            Visit.id.label("visit_id"),
            Visit.starts_at,
            Visit.minutes,
            Agenda.id.label("agenda_id"),
            Agenda.shared_at,
        )
        .join(Person, Person.id == visit_of.c.patient_id)
        .outerjoin(Visit, Visit.id == visit_of.c.visit_id)
        .outerjoin(Agenda, sa.and_(Agenda.id == goes_with, Agenda.shared_at.is_not(None)))
        .where(Person.disabled_at.is_(None))
        .cte("everyone")
    )


def _counts(everyone: sa.CTE) -> sa.Select[int, Any, Any, Any, Any, str, int]:
    today = everyone.c.starts_at < sa.bindparam("tomorrow")
    return sa.select(
        sa.func.count().label("team_count"),
        sa.func.sum(sa.case((everyone.c.is_mine, 1), else_=0)).label("mine_count"),
        sa.func.sum(sa.case((today, 1), else_=0)).label("visits_today"),
        sa.func.sum(sa.case((sa.and_(today, everyone.c.shared_at.is_not(None)), 1), else_=0)).label(
            "shared_today"
        ),
        sa.func.sum(sa.case((everyone.c.handed_from.is_not(None), 1), else_=0)).label("handed"),
        columns.teams_in_one(sa.bindparam("clinician_id")).label("teams"),
        to_read.count(
            sa.bindparam("clinician_id"), sa.bindparam("answered_after", type_=Visit.starts_at.type)
        ).label("to_read"),
    ).select_from(everyone)


def _wanted(everyone: sa.CTE, show: str | None, only: str | None, *, few: bool) -> sa.Select[Any]:
    topics = (
        sa.select(sa.func.count())
        .where(
            AgendaItem.agenda_id == everyone.c.agenda_id,
            AgendaItem.removed_at.is_(None),
            AgendaItem.kind == TOPIC,
        )
        .scalar_subquery()
    )
    wanted = sa.select(
        everyone,
        topics.label("topics"),
        Patient.born_on,
        Patient.conditions,
        Patient.interpreter,
        columns.shares(everyone.c.patient_id, "goals").label("shares_goals"),
        columns.shares(everyone.c.patient_id, "diary").label("shares_diary"),
        to_release(everyone.c.patient_id).label("to_release"),
        held_until(everyone.c.patient_id).label("held_until"),
        overdue_since(everyone.c.patient_id).label("overdue_since"),
    ).join(Patient, Patient.id == everyone.c.patient_id)
    if show == "mine":
        wanted = wanted.where(everyone.c.is_mine)
    elif show is None:
        others = everyone.alias("others")
        wanted = wanted.where(sa.or_(everyone.c.is_mine, ~sa.exists().where(others.c.is_mine)))
    if only == "agenda":
        wanted = wanted.where(everyone.c.shared_at.is_not(None))
    elif only == "follow_up":
        wanted = wanted.where(is_due(everyone.c.patient_id))
    elif only == "results":
        wanted = wanted.where(has_to_release(everyone.c.patient_id))
    elif only == "handed":
        wanted = wanted.where(everyone.c.handed_from.is_not(None))
    if few:
        wanted = wanted.where(everyone.c.patient_id.in_(sa.bindparam("among", expanding=True)))
    return wanted


def _order(rows: Any, sort: str | None) -> tuple[sa.ColumnElement[Any], ...]:
    kind = Visit.starts_at.type
    starts = sa.type_coerce(sa.func.coalesce(rows.c.starts_at, sa.bindparam("no_visit", type_=kind)), kind)
    return (*(() if sort == "name" else (starts,)), rows.c.name, rows.c.patient_id)


def _read(cursor: str) -> uuid.UUID:
    # The last patient of the page before: their id alone, since a name has no place in an address.
    try:
        return uuid.UUID(cursor)
    except ValueError:
        raise Invalid({"cursor": _("Use the next_cursor of the page before")}) from None


def _row(
    row: Any,
    today: dt.date,
    confidence: dict[uuid.UUID, Latest],
    last_entries: dict[uuid.UUID, dt.date],
) -> Row:
    return Row(
        patient_id=row.patient_id,
        name=row.name,
        age=age_of(row.born_on, today),
        conditions=row.conditions,
        interpreter=row.interpreter,
        visit_id=row.visit_id,
        starts_at=row.starts_at,
        minutes=row.minutes,
        shared_at=row.shared_at,
        topics=row.topics if row.shared_at else None,
        confidence=confidence.get(row.patient_id),
        last_entry=last_entries.get(row.patient_id),
        shares_goals=row.shares_goals,
        shares_diary=row.shares_diary,
        to_release=row.to_release,
        held_until=row.held_until,
        overdue_since=row.overdue_since,
        handed_from=row.handed_from,
    )
