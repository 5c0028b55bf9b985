"""What somebody wrote on a list that waits while the page shows another: it is on this page too, so that it can be found and changed."""

from __future__ import annotations

from itertools import groupby

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from selfcare.agendas.finding import waits_for
from selfcare.agendas.models import Agenda, AgendaItem
from selfcare.agendas.service import List
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.visits.models import Visit


def lists_elsewhere(record: Record, found: List) -> list[List]:
    """Lists with something on them that go with no visit as yet: of a visit that was cancelled, or for another team. One statement.

    :raises NotFound: the actor may not see the agenda.
    """
    record.require(Part.AGENDA)
    own_visit = aliased(Visit)
    rows = (
        sa.select(AgendaItem, Agenda)
        .join(Agenda, Agenda.id == AgendaItem.agenda_id)
        .outerjoin(Agenda.visit.of_type(own_visit))
        .where(
            Agenda.patient_id == record.patient.id,
            AgendaItem.removed_at.is_(None),
            waits_for(Agenda, own_visit, None),
        )
        .options(
            joinedload(AgendaItem.writer),
            joinedload(Agenda.team),
            contains_eager(Agenda.visit.of_type(own_visit)),
        )
        .order_by(Agenda.updated_at.desc(), Agenda.id, AgendaItem.position, AgendaItem.id)
    )
    if found.agenda is not None:
        rows = rows.where(Agenda.id != found.agenda.id)
    pairs = db.session.execute(rows)
    return [
        List(None, agenda.team, agenda, [item for item, _agenda in group])
        for agenda, group in groupby(pairs, key=lambda pair: pair[1])
    ]
