"""Which questionnaires a patient is offered: those whose text is here, that are for them, and that somebody reads where that is needed."""

from __future__ import annotations

from dataclasses import dataclass

from selfcare.people.access import Part, Record
from selfcare.questionnaires import packs, texts
from selfcare.questionnaires.instruments import Instrument
from selfcare.questionnaires.models import QuestionnaireText
from selfcare.questionnaires.readers import Readings, readings_of


@dataclass(frozen=True)
class Offer:
    """One questionnaire with its wording."""

    instrument: Instrument
    text: QuestionnaireText

    @property
    def items(self) -> list[tuple[str, str]]:
        """Number and wording of its items."""
        return [(str(place), words) for place, words in enumerate(self.text.items, 1)][
            : self.instrument.items
        ]

    @property
    def choices(self) -> list[tuple[int, str]]:
        """The answers: number and words."""
        numbers = list(self.instrument.numbers())
        return list(zip(numbers, self.text.answers or [str(number) for number in numbers], strict=True))


def offered(record: Record, also: str = "") -> tuple[dict[str, Offer], Readings]:
    """What the patient can fill in now, by code, in the order of the pages; and who sees it. Three statements.

    :param also: a questionnaire that is in hand already, whether or not somebody reads it by now.
    :raises NotFound: the actor may not see questionnaires.
    """
    record.require(Part.QUESTIONNAIRES)
    readings, here = readings_of(record), texts.in_force()
    found: dict[str, Offer] = {}
    for code, instrument in packs.catalogue().items():
        text = here.get(instrument.text_of)
        if text is not None and packs.usable(instrument) and _is_for(record, instrument):
            found[code] = Offer(instrument, text)
    for code, offer in list(found.items()):
        if not offer.instrument.needs_reader:
            continue
        if readings.are_read(offer.instrument):
            found.pop(offer.instrument.instead or "", None)
        elif code != also:
            del found[code]
    return found, readings


def _is_for(record: Record, instrument: Instrument) -> bool:
    return not instrument.conditions or bool(set(instrument.conditions) & set(record.patient.conditions))
