"""What the team will see, and what not: the very page that they open, before anything is shared."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from flask_babel import lazy_gettext as _l

from selfcare.agendas import sections, service, summary
from selfcare.people.access import SHAREABLE, Part, Record, as_the_team_sees
from selfcare.questionnaires.packs import catalogue
from selfcare.questionnaires.sharing import Tick, meant, ticks

# The ticks of "What else can Grace see?", in the order of the page.
NAMES = {
    Part.GOALS: _l("My goals, and how confident I am"),
    Part.DIARY: _l("My diary, last 28 days"),
    Part.QUESTIONNAIRES: _l("My questionnaire answers"),
    Part.NOTES: _l("My medicines and notes"),
    Part.VIDEOS: _l("Videos I watched"),
}
NOT_SHARED = {
    Part.GOALS: _l("my goals"),
    Part.DIARY: _l("my diary"),
    Part.QUESTIONNAIRES: _l("my questionnaire answers"),
    Part.NOTES: _l("my medicines and notes"),
    Part.VIDEOS: _l("videos I watched"),
}


@dataclass(frozen=True)
class Preview:
    """The team's page, looked at beforehand.

    ``withheld``: what the patient does not share, in words; ``unseen``: parts that the team sees, and the carer who looks may not.
    """

    page: summary.Summary
    withheld: list[str]
    unseen: frozenset[Part]


def choices(record: Record) -> list[Tick]:
    """Everything that can be shared here, and whether it is. Two statements."""
    return [
        replace(tick, name=tick.name or str(NAMES[Part(tick.item)])) for tick in ticks(record, _offered())
    ]


def choices_with(record: Record, also: Collection[str]) -> dict[str, bool]:
    """What is shared now with these items beside it, as ``sharing.choose_sharing`` takes it; empty without any. Two statements."""
    if not also:
        return {}
    offered = ticks(record, _offered())
    return meant(offered, {*also, *(tick.item for tick in offered if tick.shared)})


def _offered() -> list[Part]:
    return [part for part in SHAREABLE if sections.has(part.value)]


def of(record: Record, found: service.List, proposed: Mapping[str, bool]) -> Preview:
    """The page that the team sees of this list, made as theirs is made. For a list with a team.

    :param proposed: what is ticked and will be shared with the list (:func:`choices_with`).

    :raises NotFound: the actor may not see the agenda.
    """
    seen, unseen = as_the_team_sees(record, proposed)
    return Preview(
        page=summary.draft(seen, found),
        unseen=unseen & {*_offered(), Part.MOOD},
        withheld=[str(NOT_SHARED[part]) for part in _offered() if not seen.sees(part) and part not in unseen]
        + [each.title for each in catalogue().values() if _is_held_back(seen, each.code)],
    )


def _is_held_back(seen: Record, code: str) -> bool:
    """Whether this questionnaire is held back while others are shared."""
    return seen.sees(Part.QUESTIONNAIRES) and not seen.sees_item(Part.QUESTIONNAIRES, code)
