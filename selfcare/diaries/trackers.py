"""What a person keeps track of: their own list, in their own order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flask import current_app
from flask_babel import gettext as _

from selfcare import audit, history
from selfcare.diaries import packs
from selfcare.diaries.measures import Measure
from selfcare.diaries.models import TrackerChoice, choice_id
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.people.access import Part, Record

# More are kept when somebody chooses more; the page asks first, since five a day is already a lot.
USUAL_MOST = 5


def readable(record: Record) -> Mapping[str, Measure]:
    """Every measure whose values this actor may see, by code: mood only where they may see mood."""
    return packs.catalogue() if record.sees(Part.MOOD) else packs.without_mood()


def on_offer(record: Record) -> Mapping[str, Measure]:
    """Every measure that this actor may choose and write here."""
    return {code: measure for code, measure in readable(record).items() if offered(measure)}


def offered(measure: Measure) -> bool:
    """Whether this measure may be chosen here at all: in production only what a named reviewer approved."""
    return measure.pack.approved or current_app.config["SETTINGS"].env != "production"


def offered_by_condition(record: Record) -> list[Measure]:
    """What is on offer for this patient: their conditions' own measures first, then what is for everyone.

    What they keep track of already is offered as well, whatever their conditions are now.
    """
    conditions, chosen = set(record.patient.conditions), {m.code for m in trackers_of(record)}
    measures = list(on_offer(record).values())
    own = [m for m in measures if conditions & set(m.conditions) and not m.shared]
    own_shared = [m for m in measures if conditions & set(m.conditions) and m.shared]
    shared = [m for m in measures if m.shared and m not in own_shared]
    kept = [m for m in measures if m.code in chosen and not m.shared and m not in own]
    return own_shared + own + kept + shared


def choice_of(record: Record) -> TrackerChoice | None:
    """The row as it stands, for ETags; None before the first choice. One statement.

    :raises NotFound: the actor may not see the diary.
    """
    record.require(Part.DIARY)
    return record.mine(TrackerChoice, choice_id(record.patient.id))


def trackers_of(record: Record) -> list[Measure]:
    """What the patient keeps track of and the actor may see, in the patient's order; empty before the first choice. One statement.

    :raises NotFound: the actor may not see the diary.
    """
    row, known = choice_of(record), readable(record)
    return [known[code] for code in row.measures if code in known] if row else []


def asked(record: Record) -> list[Measure]:
    """What the form for an entry asks: the patient's trackers that are on offer. To show it: the reading is noted."""
    audit.record(record.actor, "trackers.read", record.patient)
    offered = on_offer(record)
    return [measure for measure in trackers_of(record) if measure.code in offered]


def read_trackers(record: Record) -> tuple[list[str], TrackerChoice | None]:
    """The codes and the row behind them, for the API."""
    audit.record(record.actor, "trackers.read", record.patient)
    return [measure.code for measure in trackers_of(record)], choice_of(record)


def choose_trackers(record: Record, measures: Sequence[str]) -> tuple[TrackerChoice, bool]:
    """Keep track of these, in this order. Returns the row and whether it is the first choice.

    What the actor may not see (mood, for a carer without that tick) stays in its place. The same list again changes nothing.

    :raises NotFound: the actor may not write the diary.
    :raises Invalid: a code that is not on offer.
    """
    record.require(Part.DIARY, write=True)
    row, offered = choice_of(record), on_offer(record)
    before = row.measures if row else []
    wanted = list(dict.fromkeys(measures))
    # What was chosen once may be kept, even if it is no longer on offer here.
    known = offered.keys() | (set(before) & readable(record).keys())
    unknown = [code for code in wanted if code not in known]
    if unknown:
        raise Invalid({"measures": _("There is no measure called %(code)s", code=unknown[0])})
    for place, code in enumerate(before):
        if code not in readable(record) and code in packs.catalogue():
            wanted.insert(place, code)
    created = row is None
    if row is None:
        row = TrackerChoice(
            id=choice_id(record.patient.id),
            patient_id=record.patient.id,
            written_by=record.actor.id,
            measures=wanted,
            version=1,
        )
        db.session.add(row)
    elif row.measures == wanted:
        return row, False
    else:
        history.keep(row, record.actor.id)
        row.measures, row.written_by = wanted, record.actor.id
    audit.record(record.actor, "trackers.chosen", record.patient, row, measures=wanted)
    db.session.flush()
    return row, created
