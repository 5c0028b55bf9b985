"""Everything Today shows, gathered from the rooms. The number of statements is the same for every patient."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from selfcare import audit, clock
from selfcare.agendas import finding as agendas
from selfcare.diaries import service as diaries
from selfcare.diaries import trackers
from selfcare.diaries.measures import Measure
from selfcare.goals import answers, weekly_review
from selfcare.goals import schemas as goal_schemas
from selfcare.goals.follow_up import open_follow_ups
from selfcare.goals.models import FollowUp
from selfcare.goals.this_week import GoalCard, goals_this_week
from selfcare.goals.weekly_review import ReviewDue
from selfcare.people.access import Part, Record
from selfcare.results.reading import unread
from selfcare.visits import schemas as visit_schemas
from selfcare.visits import service as visits
from selfcare.visits.models import Visit


@dataclass(frozen=True)
class SunDay:
    """One of the seven dots over the sun: a day of this week. ``state``: on (wrote something), now, off."""

    date: dt.date
    state: str


@dataclass(frozen=True)
class Today:
    """One day of one patient."""

    record: Record
    date: dt.date
    sun: list[SunDay]
    logged: bool
    trackers: list[Measure]
    goals: list[GoalCard]
    visit: Visit | None
    agenda_shared: bool
    reviews: list[ReviewDue]
    review_on: dt.date
    follow_ups: list[FollowUp]
    results_unread: int  # released, and not opened yet
    asked: list[FollowUp]  # those of them that are asked about today

    @property
    def coming(self) -> list[tuple[dt.date, str, Any]]:
        """What comes up, soonest first: ``(day, kind, row)`` with kind how_it_went, review_due, visit,
        follow_up or review."""
        zone = self.record.person.time_zone
        rows: list[tuple[dt.date, str, Any]] = [
            (self.date, "how_it_went", (row, self._title(row))) for row in self.asked
        ]
        rows += [(self.date, "review_due", due) for due in self.reviews]
        if self.visit is not None:
            rows.append((clock.local(self.visit.starts_at, zone).date(), "visit", self.visit))
        rows += [(row.due_on, "follow_up", row) for row in self.follow_ups if row not in self.asked]
        if self.goals and not self.reviews:
            rows.append((self.review_on, "review", None))
        return sorted(rows, key=lambda row: row[0])

    def _title(self, row: FollowUp) -> str | None:
        return next((card.title for card in self.goals if card.goal.id == row.goal_id), None)

    @property
    def is_new(self) -> bool:
        """Nothing chosen, nothing planned: the first visit of a new person."""
        return not (self.trackers or self.goals or self.logged)


def today_of(record: Record) -> Today:
    """Today of this patient, for themself or a carer, to show it.

    :raises NotFound: not theirs to see.
    """
    audit.record(record.actor, "today.read", record.patient)
    return gather(record)


def gather(record: Record) -> Today:
    """The same for another room, which notes the reading in its own words."""
    day = clock.today(record.person.time_zone)
    written = diaries.week_of(record, clock.monday_of(day))
    goals = goals_this_week(record, day)
    visit = visits.next_visit(record)
    follow_ups = open_follow_ups(record)
    return Today(
        record=record,
        date=day,
        sun=_sun(day, written),
        logged=day in written,
        trackers=trackers.trackers_of(record),
        goals=goals,
        visit=visit,
        agenda_shared=visit is not None and agendas.is_shared(record, visit.id),
        reviews=weekly_review.due(record, day),
        review_on=weekly_review.next_review_day(day, record.patient.review_day),
        follow_ups=follow_ups,
        asked=answers.asked_now(record, follow_ups, day),
        results_unread=unread(record),
    )


def _sun(day: dt.date, written: set[dt.date]) -> list[SunDay]:
    monday = clock.monday_of(day)
    week = [monday + dt.timedelta(days=offset) for offset in range(7)]
    return [SunDay(each, "on" if each in written else "now" if each == day else "off") for each in week]


def as_json(today: Today) -> dict[str, Any]:
    """The same for ``GET /today``."""
    sees_diary = today.record.sees(Part.DIARY)
    return {
        "date": today.date.isoformat(),
        "goals": goal_schemas.CardOut(many=True).dump(today.goals),
        "diary": {"logged_today": today.logged, "trackers": [m.code for m in today.trackers]}
        if sees_diary
        else None,
        "next_visit": visit_schemas.VisitSchema().dump(today.visit) if today.visit else None,
        "agenda_shared": today.agenda_shared,
        "reviews_due": [
            {"goal_id": str(due.goal_id), "title": due.title, "monday": due.monday.isoformat()}
            for due in today.reviews
        ],
        "follow_ups": [
            {
                "id": str(row.id),
                "goal_id": str(row.goal_id) if row.goal_id else None,
                "due_on": row.due_on.isoformat(),
                "asked": row in today.asked,
            }
            for row in today.follow_ups
        ],
        "results_unread": today.results_unread,
    }
