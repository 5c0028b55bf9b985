"""The story of a goal in order of time: topic and visit, agreement, weeks, confidence, follow-ups, next visit.

The same for the patient and for the team, each with what they may see: a team that is not shown goals reads what it wrote itself
and what was said to it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, field
from typing import Any

from selfcare import audit, clock
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.goals import answers, around, confidence, follow_up, team_notes
from selfcare.goals.answers import answers_to
from selfcare.goals.around import Meeting, Topic
from selfcare.goals.models import (
    AgreedGoal,
    ConfidenceScore,
    FollowUp,
    FollowUpAnswer,
    Goal,
    WeeklyPlan,
    WeeklyReview,
)
from selfcare.goals.problem_solving import STEPS
from selfcare.goals.service import count_days
from selfcare.people.access import Part, Record

# Of things on one day, what comes first.
ORDER = ("goal", "visit", "follow_up", "agreed", "week", "confidence", "next_visit")


@dataclass(frozen=True)
class Event:
    """Something in the story. ``kind`` is one of ``ORDER``; which of the other fields are there follows from it."""

    on: dt.date
    kind: str
    at: dt.datetime | None = None
    visit: Meeting | None = None
    topics: list[Topic] = field(default_factory=list)
    agreed: AgreedGoal | None = None
    plan: WeeklyPlan | None = None
    done: int = 0
    skipped: int = 0
    review: WeeklyReview | None = None
    score: ConfidenceScore | None = None
    before: int | None = None
    follow_up: FollowUp | None = None
    answers: list[FollowUpAnswer] = field(default_factory=list)
    note: str | None = None  # of the team, for the team


@dataclass(frozen=True)
class Story:
    """A goal and what became of it. ``words`` are those that the reader may read."""

    goal_id: uuid.UUID
    words: str
    events: list[Event]


def story(record: Record, goal_id: uuid.UUID) -> Story:
    """The story of one goal. A fixed number of statements, however long it is.

    :raises NotFound: no such goal of this person, or the team may read nothing of it.
    """
    record.require(Part.CONSULTATION)
    goal = record.mine(Goal, goal_id)
    if goal is None:
        raise NotFound
    agreed = _rows(record, AgreedGoal, goal_id)
    if not record.sees(Part.GOALS) and not agreed:
        raise NotFound
    follow_ups = _rows(record, FollowUp, goal_id)
    said = answers_to(record, [row.id for row in follow_ups])
    notes = team_notes.notes_about(record, [row.id for row in (*agreed, *follow_ups)])
    zone = record.person.time_zone
    events = [
        Event(row.due_on, "follow_up", follow_up=row, answers=said[row.id], note=notes.get(row.id))
        for row in follow_ups
    ]
    events += [Event(row.agreed_on, "agreed", agreed=row, note=notes.get(row.id)) for row in agreed]
    if record.sees(Part.GOALS):
        if goal.source == "patient":
            events.append(Event(goal.started_on or clock.local(goal.received_at, zone).date(), "goal"))
        events += _weeks(record, goal)
        events += _scores(record, goal_id)
    began = min((event.on for event in events), default=clock.today(zone))
    events += _visits(record, agreed, began)
    audit.record(record.actor, "goal_story.read", record.patient, goal)
    words = (
        goal.statement if record.sees(Part.GOALS) else max(agreed, key=lambda row: row.agreed_on).statement
    )
    return Story(goal_id, words, sorted(events, key=_place))


def _place(event: Event) -> tuple[dt.date, int, str]:
    return event.on, ORDER.index(event.kind), event.at.isoformat() if event.at else ""


def _rows(record: Record, kind: Any, goal_id: uuid.UUID) -> list[Any]:
    return list(
        db.session.scalars(
            record.owned(kind).where(kind.goal_id == goal_id).order_by(kind.received_at, kind.id)
        )
    )


def _weeks(record: Record, goal: Goal) -> list[Event]:
    """Each stands at its Monday; the first, in which the goal began, at that day."""
    counts = count_days(record, goal.id)
    reviews = {row.monday: row for row in _rows(record, WeeklyReview, goal.id)}
    this = clock.monday_of(clock.today(record.person.time_zone))
    return [
        Event(
            goal.started_on
            if goal.started_on is not None and clock.monday_of(goal.started_on) == plan.monday
            else plan.monday,
            "week",
            plan=plan,
            done=counts.get((plan.monday, "done"), 0),
            skipped=counts.get((plan.monday, "skipped"), 0),
            review=reviews.get(plan.monday),
        )
        for plan in _rows(record, WeeklyPlan, goal.id)
        if plan.status == "active" and plan.monday <= this
    ]


def _scores(record: Record, goal_id: uuid.UUID) -> list[Event]:
    """Answers that changed something: another number, or a reason."""
    found: list[Event] = []
    before: int | None = None
    for row in confidence.scores_of(record, [goal_id])[goal_id]:
        if row.score is None and row.words is None:
            continue
        if row.score != before or row.why_not_lower or row.words:
            on = clock.local(row.said_at, record.person.time_zone).date()
            found.append(Event(on, "confidence", at=row.said_at, score=row, before=before))
        before = row.score
    return found


def _visits(record: Record, agreed: list[AgreedGoal], began: dt.date) -> list[Event]:
    named = around.named(record, [row.agenda_item_id for row in agreed if row.agenda_item_id is not None])
    zone, now, found = record.person.time_zone, clock.now(), []
    coming = False
    for visit in around.meetings(record):
        on = clock.local(visit.starts_at, zone).date()
        topics = [topic for topic in named.values() if topic.visit_id == visit.id]
        if visit.starts_at > now:
            if not coming:
                found.append(Event(on, "next_visit", at=visit.starts_at, visit=visit, topics=topics))
            coming = True
        elif on >= began or topics:
            found.append(Event(on, "visit", at=visit.starts_at, visit=visit, topics=topics))
    # What was on a list without a visit stands with the agreement that came of it.
    loose = {topic.id: topic for topic in named.values() if topic.visit_id is None}
    found += [
        Event(row.agreed_on, "visit", topics=[loose[row.agenda_item_id]])
        for row in agreed
        if row.agenda_item_id in loose
    ]
    return found


def words() -> dict[str, Any]:
    """The words of codes that a story shows, for its template."""
    return {
        "results": answers.RESULT_NAMES,
        "own_results": answers.OWN_RESULTS,
        "ways": answers.WAY_NAMES,
        "steps": STEPS,
        "channels": follow_up.CHANNEL_NAMES,
    }
