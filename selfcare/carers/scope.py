"""What a carer may see and do, and until when: the same rules for an invitation and for a link that runs."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from selfcare import clock
from selfcare.errors import Invalid
from selfcare.people.access import CARER_TICKS, Record

# In the order in which they are asked. Each is ticked on its own; none is ticked beforehand.
TICKS = tuple(part for part in ("mood", "questionnaires", "notes") if part in CARER_TICKS)
TICK_WORDS = {
    "mood": _l("Mood"),
    "questionnaires": _l("Questionnaires"),
    "notes": _l("Medicines and notes"),
}


def check_last_day(record: Record, ends_on: dt.date | None) -> None:
    """Hold a last day to what it can be: today at the earliest.

    :raises Invalid: it is over already.
    """
    if ends_on is not None and ends_on < clock.today(record.person.time_zone):
        raise Invalid({"ends_on": _("The last day must be today or later")})


def end_of(zone: str, ends_on: dt.date | None) -> dt.datetime | None:
    """The instant at which the last day is over where the patient is; None for no last day."""
    return None if ends_on is None else clock.day_bounds(ends_on, zone)[1]


def for_carer(may_write: bool, also_sees: list[str]) -> str:
    """The same, said to the carer: ``You can see and write. Also: mood``."""
    does = _("You can see and write") if may_write else _("You can see, not write")
    extra = [str(TICK_WORDS[part]).lower() for part in TICKS if part in also_sees]
    return _("%(does)s. Also: %(what)s", does=does, what=", ".join(extra)) if extra else does


def in_words(may_write: bool, also_sees: list[str]) -> str:
    """``Can see and write. Also sees: mood, medicines and notes``."""
    does = _("Can see and write") if may_write else _("Can see")
    extra = [str(TICK_WORDS[part]).lower() for part in TICKS if part in also_sees]
    return _("%(does)s. Also sees: %(what)s", does=does, what=", ".join(extra)) if extra else does


def codes(also_sees: list[str] | None) -> list[str]:
    """The ticks in their own order, each once."""
    return [part for part in TICKS if part in (also_sees or [])]


def values(row: Any) -> dict[str, Any]:
    """The scope of an invitation or a link, as plain values."""
    return {
        "relation": row.relation,
        "may_write": row.may_write,
        "also_sees": list(row.also_sees),
        "ends_on": row.ends_on,
    }
