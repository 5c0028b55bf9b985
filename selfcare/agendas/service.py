"""The patient's list: write, order, take out, share. A carer may do the same where the patient lets them write."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from dataclasses import dataclass, field

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased, joinedload

from selfcare import audit, clock, history
from selfcare.agendas import ordering
from selfcare.agendas.finding import newest_first, waits_for
from selfcare.agendas.models import MOST, QUESTION, TOPIC, Agenda, AgendaItem
from selfcare.errors import Invalid, NotFound
from selfcare.extensions import db
from selfcare.goals import looking_back
from selfcare.goals.looking_back import LookBack
from selfcare.people.access import Part, Record
from selfcare.people.models import CareRelationship, Person, Team
from selfcare.people.teams import longest_first
from selfcare.visits import service as visits
from selfcare.visits.models import CANCELLED, Visit


@dataclass
class List:
    """A list as a page or a program shows it: for which visit and team, and its items in order. It may not be begun yet."""

    visit: Visit | None
    team: Team | None
    agenda: Agenda | None = None
    items: list[AgendaItem] = field(default_factory=list)
    opener: Person | None = None
    look_back: list[LookBack] = field(default_factory=list)  # goals from last time; see with_look_back
    left_out: list[LookBack] = field(default_factory=list)  # those that the patient took out

    @property
    def topics(self) -> list[AgendaItem]:
        """What to talk about, in order."""
        return [item for item in self.items if item.kind == TOPIC]

    @property
    def questions(self) -> list[AgendaItem]:
        """Questions, in order."""
        return [item for item in self.items if item.kind == QUESTION]

    @property
    def shared_at(self) -> dt.datetime | None:
        """When it was shared with the team that reads it now; None while it is the patient's own."""
        if self.agenda is None or self.agenda.team_id != (self.team.id if self.team else None):
            return None
        return self.agenda.shared_at

    @property
    def is_over(self) -> bool:
        """Whether its visit is over: then it is kept as it was."""
        return self.visit is not None and self.visit.ends_at <= clock.now()

    @property
    def version(self) -> str:
        """Changes whenever anything of the list does; for its ETag."""
        whole = [(item.id.hex, item.version) for item in self.items]
        state = (self.agenda.id.hex, self.agenda.version, self.agenda.opened_at) if self.agenda else None
        return hashlib.sha256(repr((state, whole)).encode()).hexdigest()[:16]

    def has_room(self, kind: str) -> bool:
        """Whether one more of this kind fits."""
        return sum(item.kind == kind for item in self.items) < MOST[kind]


def read(record: Record, visit_id: uuid.UUID | None = None) -> List:
    """The list for a visit, by default the next one, or without any the list that waits for one.

    :raises NotFound: the visit or the agenda is not the actor's to see.
    """
    found = list_for(record, visit_id)
    audit.record(record.actor, "agenda.read", record.patient, found.agenda)
    return found


def list_for(record: Record, visit_id: uuid.UUID | None = None) -> List:
    """The same for a caller that notes the reading in its own words."""
    record.require(Part.AGENDA)
    following = visits.next_visit(record) if record.sees(Part.VISITS) else None
    visit = following
    if visit_id is not None and (following is None or following.id != visit_id):
        visit = visits.find(record, visit_id)
    team = visit.team if visit is not None else _first_team(record)
    agenda = _agenda_of(record, visit, team)
    return _filled(List(visit, team, agenda))


def with_look_back(record: Record, found: List) -> List:
    """The list with what stands first on it: goals from last time that nobody has looked back on (docs/decisions/0033).

    A list for people who do not use this app has none, and one whose visit is over is kept as it was. Two statements.
    """
    if found.team is None or found.is_over or not record.sees(Part.CONSULTATION):
        return found
    zone = record.person.time_zone
    day = clock.local(found.visit.starts_at, zone).date() if found.visit else clock.today(zone)
    out = set((found.agenda.left_out or []) if found.agenda else [])
    waiting = looking_back.unreviewed(record, day)
    found.look_back = [each for each in waiting if str(each.goal_id) not in out]
    found.left_out = [each for each in waiting if str(each.goal_id) in out]
    return found


def leave_out(record: Record, goal_id: uuid.UUID, visit_id: uuid.UUID | None, *, out: bool) -> List:
    """Take a goal from last time out of the list, or put it back. The goal itself stays.

    :raises NotFound: there is no such goal on this list.
    :raises Invalid: the visit is over.
    """
    record.require(Part.AGENDA, write=True)
    found = with_look_back(record, list_for(record, visit_id))
    _open(found)
    if goal_id not in {each.goal_id for each in (*found.look_back, *found.left_out)}:
        raise NotFound
    agenda = _begun(record, found)
    before = agenda.left_out or []
    after = sorted({*before, str(goal_id)} if out else set(before) - {str(goal_id)})
    if after != before:
        if agenda not in db.session.new and not db.session.is_modified(agenda):
            history.keep(agenda, record.actor.id)
        agenda.left_out = after
        audit.record(record.actor, "agenda.left_out" if out else "agenda.put_back", record.patient, agenda)
        db.session.flush()
    return with_look_back(record, found)


def _first_team(record: Record) -> Team | None:
    return db.session.scalars(
        sa.select(Team)
        .join(CareRelationship, CareRelationship.team_id == Team.id)
        .where(CareRelationship.patient_id == record.patient.id, CareRelationship.ended_at.is_(None))
        .order_by(*longest_first())
        .limit(1)
    ).first()


def _agenda_of(record: Record, visit: Visit | None, team: Team | None) -> Agenda | None:
    own_visit = aliased(Visit)
    rows = record.owned(Agenda).outerjoin(own_visit, own_visit.id == Agenda.visit_id)
    visit_id = visit.id if visit else None
    waiting = sa.and_(
        waits_for(Agenda, own_visit, visit_id),
        Agenda.team_id.is_not_distinct_from(team.id if team else None),
    )
    rows = rows.where(waiting if visit is None else sa.or_(Agenda.visit_id == visit_id, waiting))
    own_first = sa.case((Agenda.visit_id == visit_id, 0), else_=1)
    return db.session.scalars(rows.order_by(own_first, *newest_first(Agenda)).limit(1)).first()


def _filled(found: List) -> List:
    if found.agenda is not None:
        found.items = list(
            db.session.scalars(
                sa.select(AgendaItem)
                .where(AgendaItem.agenda_id == found.agenda.id, AgendaItem.removed_at.is_(None))
                .options(joinedload(AgendaItem.writer))
                .order_by(AgendaItem.position, AgendaItem.id)
            )
        )
        if found.agenda.opened_by is not None and found.shared_at is not None:
            found.opener = db.session.get(Person, found.agenda.opened_by)
    return found


def item_of(record: Record, item_id: uuid.UUID) -> AgendaItem | None:
    """The item with this id as the actor may change it, or None where there is none at all.

    :raises NotFound: it is another patient's, or the actor may not write here.
    """
    record.require(Part.AGENDA, write=True)
    return record.mine(AgendaItem, item_id)


def put_item(
    record: Record,
    item_id: uuid.UUID,
    *,
    text: str,
    visit: uuid.UUID | None = None,
    position: int | None = None,
    kind: str | None = None,
    most_important: bool | None = None,
) -> tuple[AgendaItem, bool]:
    """Write an item, change it or move it; True when it is new. Sent twice, it changes nothing.

    :param visit: for which visit; None is the list that the item is on, for a new one the next visit's.
    :param position: 1 is first; the others make room. None: last, or where it is.
    :param kind: ``topic`` or ``question``; None: a topic, or what it is.
    :param most_important: only one item is; None: no, or as it is.
    :raises NotFound: the visit or the item is not the actor's.
    :raises Invalid: the list is full, the visit is over, or the item is on another list.
    """
    item = item_of(record, item_id)
    found = _list_of(record, item) if item is not None and visit is None else list_for(record, visit)
    _open(found)
    if item is not None and (found.agenda is None or item.agenda_id != found.agenda.id):
        raise Invalid({"visit": _("This is on the list for another visit")})
    created = item is None
    kind = kind or (item.kind if item else TOPIC)
    back_again = item is None or item.removed_at is not None
    if (back_again or (item is not None and item.kind != kind)) and not found.has_room(kind):
        raise Invalid({"text": _full(kind)})
    agenda = _begun(record, found)
    if item is None:
        item = _new(record, agenda, item_id, kind, text)
    elif back_again or (item.text, item.kind) != (text, kind):
        history.keep(item, record.actor.id)
        item.removed_at, item.kind = None, kind
        if item.text != text:
            item.text = text
            item.written_by, item.relation, item.writer = record.actor.id, record.relation, record.actor
        audit.record(record.actor, "agenda_item.changed", record.patient, item)
    if back_again:
        item.writer = db.session.get_one(Person, item.written_by)
        found.items.append(item)
        item.position = len(found.items)
    _arrange(record, found, item, position)
    _mark(record, found, item, most_important)
    agenda.updated_at = clock.now()
    db.session.flush()
    return item, created


def _new(record: Record, agenda: Agenda, item_id: uuid.UUID, kind: str, text: str) -> AgendaItem:
    item = AgendaItem(
        id=item_id,
        patient_id=record.patient.id,
        written_by=record.actor.id,
        raised_by=record.actor.id,
        relation=record.relation,
        agenda_id=agenda.id,
        kind=kind,
        text=text,
        position=0,
        most_important=False,
        version=1,
    )
    db.session.add(item)
    audit.record(record.actor, "agenda_item.written", record.patient, item)
    return item


def _list_of(record: Record, item: AgendaItem) -> List:
    agenda = db.session.scalars(
        record.owned(Agenda)
        .where(Agenda.id == item.agenda_id)
        .options(
            joinedload(Agenda.team),
            joinedload(Agenda.visit).options(joinedload(Visit.team), joinedload(Visit.clinician)),
        )
    ).one()
    visit = agenda.visit if agenda.visit is not None and agenda.visit.status != CANCELLED else None
    return _filled(List(visit, visit.team if visit is not None else agenda.team, agenda))


def _open(found: List) -> None:
    if found.is_over:
        raise Invalid({"visit": _("This visit is over. Write it on the list for your next visit")})


def _full(kind: str) -> str:
    if kind == QUESTION:
        return _("You have %(n)s questions. Take 1 out first", n=MOST[kind])
    return _("You have %(n)s things to talk about. Take 1 out first", n=MOST[kind])


def _begun(record: Record, found: List) -> Agenda:
    """The list's row: made now if nothing was written yet, and tied to its visit if it waited for one.

    Where the visit is with another team now, it is that team's list: shared with them when she says so, and not by a change of diary.
    """
    visit_id = found.visit.id if found.visit else None
    team_id = found.team.id if found.team else None
    if found.agenda is None:
        found.agenda = Agenda(
            id=uuid.uuid4(),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            visit_id=visit_id,
            team_id=team_id,
        )
        db.session.add(found.agenda)
        db.session.flush()
    elif (visit_id is not None and found.agenda.visit_id != visit_id) or found.agenda.team_id != team_id:
        history.keep(found.agenda, record.actor.id)
        found.agenda.visit_id = visit_id or found.agenda.visit_id
        if found.agenda.team_id != team_id:
            found.agenda.team_id = team_id
            found.agenda.shared_at = found.agenda.shared_by = None
            found.agenda.opened_at = found.agenda.opened_by = None
    return found.agenda


def _arrange(record: Record, found: List, item: AgendaItem, position: int | None) -> None:
    by_id = {each.id: each for each in found.items}
    order = ordering.placed([each.id for each in found.items], item.id, position)
    for place, each_id in enumerate(order, 1):
        each = by_id[each_id]
        if each.position != place:
            _keep(record, each)
            each.position = place
    found.items = [by_id[each_id] for each_id in order]


def _mark(record: Record, found: List, item: AgendaItem, most_important: bool | None) -> None:
    if most_important is None or item.most_important == most_important:
        return
    for each in found.items:
        if each.most_important and each is not item:
            _keep(record, each)
            each.most_important = False
    _keep(record, item)
    item.most_important = most_important


def _keep(record: Record, item: AgendaItem) -> None:
    # What this very request wrote, or has kept already, has no other earlier version.
    if item in db.session.new or db.session.is_modified(item):
        return
    history.keep(item, record.actor.id)
    audit.record(record.actor, "agenda_item.moved", record.patient, item)


def remove_item(record: Record, item_id: uuid.UUID) -> None:
    """Take an item out; the others close the gap, and its history stays. Asked twice, it changes nothing.

    :raises NotFound: there is none.
    :raises Invalid: the visit is over.
    """
    item = item_of(record, item_id)
    if item is None:
        raise NotFound
    if item.removed_at is not None:
        return
    found = _list_of(record, item)
    _open(found)
    history.keep(item, record.actor.id)
    item.removed_at, item.most_important = clock.now(), False
    found.items = [each for each in found.items if each.id != item.id]
    for place, each in enumerate(found.items, 1):
        if each.position != place:
            _keep(record, each)
            each.position = place
    assert found.agenda is not None
    found.agenda.updated_at = clock.now()
    audit.record(record.actor, "agenda_item.removed", record.patient, item)
    db.session.flush()


def move(record: Record, item_id: uuid.UUID, step: int) -> AgendaItem:
    """Change places with the neighbour of the same kind; -1 is up, 1 is down.

    :raises NotFound: there is no such item.
    """
    item = item_of(record, item_id)
    if item is None or item.removed_at is not None:
        raise NotFound
    found = _list_of(record, item)
    among = [each.id for each in found.items if each.kind == item.kind]
    position = ordering.moved([each.id for each in found.items], item.id, among, step)
    item, _created = put_item(record, item_id, text=item.text, position=position)
    return item


def mark(record: Record, item_id: uuid.UUID, *, most_important: bool) -> AgendaItem:
    """Say that this item matters most, or that none does.

    :raises NotFound: there is no such item.
    """
    item = item_of(record, item_id)
    if item is None or item.removed_at is not None:
        raise NotFound
    item, _created = put_item(record, item_id, text=item.text, most_important=most_important)
    return item


def share(record: Record, visit_id: uuid.UUID | None = None) -> List:
    """Let the team read the list, now and after every later change. Asked twice, it changes nothing.

    :raises NotFound: not the actor's.
    :raises Invalid: nothing is written yet, nobody here could read it, or the visit is over.
    """
    record.require(Part.AGENDA, write=True)
    found = list_for(record, visit_id)
    _open(found)
    if not found.items:
        raise Invalid({"items": _("Write 1 thing to talk about first")})
    if found.team is None:
        raise Invalid({"visit": _("They do not use this app. You can show them your list at the visit")})
    agenda = _begun(record, found)
    if agenda.shared_at is None:
        history.keep(agenda, record.actor.id)
        agenda.shared_at, agenda.shared_by = clock.now(), record.actor.id
        audit.record(record.actor, "agenda.shared", record.patient, agenda, items=len(found.items))
    db.session.flush()
    return found


def note_opened(record: Record, agenda: Agenda) -> None:
    """Remember the first time somebody of the team read a shared list; the patient is shown it."""
    if agenda.opened_at is None:
        db.later(
            sa.update(Agenda)
            .where(Agenda.id == agenda.id, Agenda.opened_at.is_(None))
            .values(opened_at=clock.now(), opened_by=record.actor.id)
        )
