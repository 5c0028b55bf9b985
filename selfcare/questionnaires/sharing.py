"""Sharing with the care team, questionnaire by questionnaire: the ticks, and what a form with them means.

Where nothing was filled in yet there is the one tick for all. From then on there is one for each that was filled in; the part as a whole
is shared while at least one of them is.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from flask_babel import gettext as _

from selfcare.people.access import SHAREABLE, Part, Record, item_of, sharing_now
from selfcare.questionnaires.packs import catalogue
from selfcare.questionnaires.reading import answered_codes

ITEMS = tuple(item_of(Part.QUESTIONNAIRES, code) for code in catalogue())


@dataclass(frozen=True)
class Tick:
    """One thing to share or not. ``name`` is empty for a part as a whole: the page has its words."""

    item: str
    shared: bool
    name: str = ""


def ticks(record: Record, parts: Collection[Part] = SHAREABLE) -> list[Tick]:
    """Everything that can be shared, in order, and whether it is. Two statements.

    :raises NotFound: the actor may not see the agenda: who writes the list sees what goes with it.
    """
    record.require(Part.AGENDA)
    shared, withheld = sharing_now(record.patient.id)
    found = []
    for part in parts:
        codes = answered_codes(record) if part == Part.QUESTIONNAIRES else []
        if not codes:
            found.append(Tick(part.value, part in shared))
        for code in codes:
            item = item_of(part, code)
            name = _("My answers to %(title)s", title=catalogue()[code].title)
            found.append(Tick(item, part in shared and item not in withheld, name))
    return found


def meant(offered: Collection[Tick], wanted: Collection[str]) -> dict[str, bool]:
    """What a form with these ticks asks for: ``sharing.choose_sharing`` takes it."""
    choices = {tick.item: tick.item in wanted for tick in offered}
    one_by_one = [yes for item, yes in choices.items() if item in ITEMS]
    if one_by_one:
        choices[Part.QUESTIONNAIRES.value] = any(one_by_one)
    return choices
