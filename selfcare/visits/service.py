"""Visits of one record: what comes next, what was, booking and cancelling."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Collection, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from selfcare import audit, clock, history
from selfcare.edge.paging import page
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record, owned
from selfcare.people.models import CareRelationship, Person, Team, TeamMembership
from selfcare.people.teams import clinicians, longest_first
from selfcare.visits.models import CANCELLED, PLANNED, Visit

WHOLE = (joinedload(Visit.team), joinedload(Visit.clinician))


def visible(record: Record) -> sa.Select[Visit]:
    """The visits that the actor may see, each with its team and clinician: for a clinician those of their own teams.

    :raises NotFound: the actor may see none.
    """
    record.require(Part.VISITS)
    rows = record.owned(Visit).options(*WHOLE)
    if record.acting_as == "clinician":
        rows = rows.where(Visit.team_id.in_(teams_of(record.actor.id)))
    return rows


def teams_of(clinician_id: Any) -> sa.Select[uuid.UUID]:
    """Ids of the teams in which this person works now; from an id, or from a statement's parameter."""
    return sa.select(TeamMembership.team_id).where(
        TeamMembership.person_id == clinician_id, TeamMembership.ended_at.is_(None)
    )


def next_visit(record: Record, now: dt.datetime | None = None) -> Visit | None:
    """The visit that comes next, or goes on now; None when none is booked. One statement."""
    record.require(Part.VISITS)
    given: dict[str, Any] = {"now": now or clock.now()}
    of_team = record.acting_as == "clinician"
    if of_team:
        given["clinician_id"] = record.actor.id
    return record.rows(_next(of_team=of_team), **given).scalars().first()


@cache
def _next(*, of_team: bool) -> sa.Select[Visit]:
    """Built once: building it takes longer than running it. ``of_team``: only visits with the clinician's own teams."""
    rows = owned(Visit).options(*WHOLE)
    rows = rows.where(Visit.status == PLANNED, Visit.ends_at > sa.bindparam("now"))
    if of_team:
        rows = rows.where(Visit.team_id.in_(teams_of(sa.bindparam("clinician_id"))))
    return rows.order_by(Visit.starts_at, Visit.id).limit(1)


def next_visits(patient_ids: Collection[uuid.UUID], now: dt.datetime | None = None) -> dict[uuid.UUID, Visit]:
    """The next visit of each of these patients who has one. One statement.

    It asks nobody's leave: for the service's own ticks and for callers that have opened every record.
    """
    place = sa.func.row_number().over(partition_by=Visit.patient_id, order_by=(Visit.starts_at, Visit.id))
    coming = (
        sa.select(Visit.id, place.label("place"))
        .where(
            Visit.patient_id.in_(patient_ids),
            Visit.status == PLANNED,
            Visit.ends_at > (now or clock.now()),
        )
        .subquery()
    )
    rows = sa.select(Visit).join(coming, coming.c.id == Visit.id).where(coming.c.place == 1).options(*WHOLE)
    return {visit.patient_id: visit for visit in db.session.scalars(rows)}


def visits_between(record: Record, first: dt.date, last: dt.date) -> Sequence[Visit]:
    """Visits that are not cancelled and start from ``first`` to ``last``, both included, in the patient's zone. One statement."""
    zone = record.person.time_zone
    start, end = clock.day_bounds(first, zone)[0], clock.day_bounds(last, zone)[1]
    rows = visible(record).where(Visit.status != CANCELLED, Visit.starts_at >= start, Visit.starts_at < end)
    return db.session.scalars(rows.order_by(Visit.starts_at, Visit.id)).all()


def find(record: Record, visit_id: uuid.UUID) -> Visit:
    """One visit.

    :raises NotFound: there is none, or the actor may not see it.
    """
    visit = db.session.scalars(visible(record).where(Visit.id == visit_id)).first()
    if visit is None:
        raise NotFound
    return visit


def listed(record: Record, query: dict[str, Any]) -> dict[str, Any]:
    """A page of visits for the API, the earliest first."""
    rows, zone = visible(record), record.person.time_zone
    if query.get("first"):
        rows = rows.where(Visit.starts_at >= clock.day_bounds(query["first"], zone)[0])
    if query.get("last"):
        rows = rows.where(Visit.starts_at < clock.day_bounds(query["last"], zone)[1])
    audit.record(record.actor, "visits.read", record.patient)
    return page(
        rows,
        by=Visit.starts_at,
        key=Visit.id,
        limit=query.get("limit"),
        cursor=query.get("cursor"),
        dump=lambda row: row,
        newest_first=False,
    )


def coming_and_past(record: Record) -> tuple[list[Visit], list[Visit]]:
    """For the page: what is planned, soonest first, and the last 5 that were. One statement."""
    now = clock.now()
    found = db.session.scalars(visible(record).order_by(Visit.starts_at, Visit.id)).all()
    coming = [visit for visit in found if visit.status == PLANNED and visit.ends_at > now]
    past = [visit for visit in found if visit.ends_at <= now and visit.status != CANCELLED]
    audit.record(record.actor, "visits.read", record.patient)
    return coming, past[-5:][::-1]


def care_teams(record: Record) -> list[Team]:
    """Teams that care for the patient now, the longest standing first; for a clinician only their own. One statement."""
    rows = (
        sa.select(Team)
        .join(CareRelationship, CareRelationship.team_id == Team.id)
        .where(CareRelationship.patient_id == record.patient.id, CareRelationship.ended_at.is_(None))
        .order_by(*longest_first())
    )
    if record.acting_as == "clinician":
        rows = rows.where(Team.id.in_(teams_of(record.actor.id)))
    return list(dict.fromkeys(db.session.scalars(rows)))


def clinicians_of(team_ids: Collection[uuid.UUID]) -> list[Person]:
    """The clinicians who work in these teams now, by name. One statement."""
    return list(dict.fromkeys(person for _team_id, person in clinicians(team_ids)))


def book(
    record: Record,
    visit_id: uuid.UUID,
    *,
    starts_at: dt.datetime,
    minutes: int = 20,
    team_id: uuid.UUID | None = None,
    clinician_id: uuid.UUID | None = None,
    place: str | None = None,
    with_whom: str | None = None,
) -> tuple[Visit, bool]:
    """Book a visit, or change one that the same side booked; True when it is new. Sent twice, it changes nothing.

    :param minutes: how long it lasts.
    :raises NotFound: the actor may not, or the id is somebody else's visit.
    :raises Invalid: it would be in the past, or with people who do not care for this patient.
    """
    record.require(Part.VISITS, write=True)
    side = "team" if record.acting_as == "clinician" else "patient"
    visit = record.mine(Visit, visit_id)
    # Another team of the same patient keeps its visits to itself: ``find`` asks whether the actor sees it.
    if visit is not None and find(record, visit_id).added_by != side:
        raise NotFound
    fields = {
        "starts_at": starts_at,
        "ends_at": starts_at + dt.timedelta(minutes=minutes),
        "minutes": minutes,
        "team_id": team_id,
        "clinician_id": clinician_id,
        "place": place,
        "with_whom": with_whom,
    }
    if visit is not None and all(getattr(visit, name) == value for name, value in fields.items()):
        return visit, False
    _check(record, starts_at, team_id, clinician_id)
    created = visit is None
    if visit is None:
        visit = Visit(
            id=visit_id,
            patient_id=record.patient.id,
            written_by=record.actor.id,
            added_by=side,
            status=PLANNED,
            **fields,
        )
        db.session.add(visit)
    else:
        history.keep(visit, record.actor.id)
        visit.written_by = record.actor.id
        for name, value in fields.items():
            setattr(visit, name, value)
    audit.record(record.actor, "visit.booked" if created else "visit.changed", record.patient, visit)
    db.session.flush()
    return visit, created


def _check(
    record: Record, starts_at: dt.datetime, team_id: uuid.UUID | None, clinician_id: uuid.UUID | None
) -> None:
    problems = {}
    if starts_at <= clock.now():
        problems["day"] = _("Enter a date and time that are still to come")
    teams = {team.id for team in care_teams(record)}
    if team_id is not None and team_id not in teams:
        problems["team"] = _("Select who the visit is with")
    elif team_id is None and record.acting_as == "clinician":
        problems["team"] = _("Select your team")
    elif clinician_id is not None and clinician_id not in {
        who.id for who in clinicians_of([team_id] if team_id else [])
    }:
        problems["clinician_id"] = _("Select somebody of this team")
    if problems:
        raise Invalid(problems)


def cancel(record: Record, visit_id: uuid.UUID) -> Visit:
    """Cancel a visit; what was written for it stays. A patient cancels only what they noted themself.

    :raises NotFound: there is none that the actor may cancel.
    """
    record.require(Part.VISITS, write=True)
    visit = find(record, visit_id)
    if (visit.added_by == "team") != (record.acting_as == "clinician"):
        raise NotFound
    if visit.status == PLANNED:
        history.keep(visit, record.actor.id)
        visit.status, visit.written_by = CANCELLED, record.actor.id
        audit.record(record.actor, "visit.cancelled", record.patient, visit)
        db.session.flush()
    return visit


def coming_with(
    clinician_id: uuid.UUID, patient_ids: Collection[uuid.UUID], team_id: uuid.UUID, *, held: bool = False
) -> Sequence[Visit]:
    """Visits to come of these patients that their team booked with this clinician. One statement.

    :param held: nobody else changes them until this transaction ends.

    What a patient noted for themself is theirs to change. It asks nobody's leave: for a hand-over, which has asked.
    """
    rows = sa.select(Visit).where(
        Visit.patient_id.in_(patient_ids),
        Visit.team_id == team_id,
        Visit.clinician_id == clinician_id,
        Visit.added_by == "team",
        Visit.status == PLANNED,
        Visit.ends_at > clock.now(),
    )
    rows = rows.order_by(Visit.id)
    if held:
        rows = rows.with_for_update().execution_options(populate_existing=True)
    return db.session.scalars(rows).all()


def pass_on(
    actor: Person,
    from_id: uuid.UUID,
    to_id: uuid.UUID,
    patient_ids: Collection[uuid.UUID],
    team_id: uuid.UUID,
) -> list[Visit]:
    """Let a colleague of the team see these patients instead; the earlier version of each visit is kept.

    It asks nobody's leave: for a hand-over, which has asked.
    """
    found = coming_with(from_id, patient_ids, team_id, held=True)
    for visit in found:
        history.keep(visit, actor.id)
        visit.clinician_id, visit.written_by = to_id, actor.id
    return list(found)


def instant(day: dt.date, time: str, zone: str) -> dt.datetime:
    """A day and a wall-clock time such as ``"10:20"`` in a zone, as an instant (of an hour that comes twice, the first)."""
    return dt.datetime.combine(day, dt.time.fromisoformat(time), clock.zone(zone)).astimezone(dt.UTC)
