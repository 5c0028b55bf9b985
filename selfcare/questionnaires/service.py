"""Fill in a questionnaire, and acknowledge the crisis card. Reading back is in ``reading.py``."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import uuid
from collections.abc import Mapping

from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.errors import Conflict, Invalid, NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record
from selfcare.questionnaires import packs, scoring, texts
from selfcare.questionnaires.instruments import Instrument
from selfcare.questionnaires.models import CrisisAcknowledgement, QuestionnaireResponse, QuestionnaireText


def record_response(
    record: Record,
    response_id: uuid.UUID,
    *,
    questionnaire: str,
    answers: Mapping[str, int | None],
    recorded_at: dt.datetime | None = None,
    corrects: uuid.UUID | None = None,
    text_id: uuid.UUID | None = None,
) -> tuple[QuestionnaireResponse, bool]:
    """Keep the answers, and say whether they are new; the same body again changes nothing.

    Kept whether or not somebody reads them by now: what was written without signal is never refused for that.

    :param answers: item number ("1") → whole number; None, or no such key, for an item that was left out.
    :param recorded_at: when they were saved on the phone; None means now.
    :param corrects: an earlier one of the same patient and questionnaire; both stay.
    :param text_id: the wording that stood on the page; None means the one in force.
    :raises NotFound: the actor may not write here, or the id is another patient's.
    :raises Conflict: the id is taken by another body.
    :raises Invalid: no such questionnaire or text, no such item or answer, or nothing at all.
    """
    record.require(Part.QUESTIONNAIRES, write=True)
    given = {item: value for item, value in answers.items() if value is not None}
    body_hash = _hash(questionnaire, given, recorded_at, corrects, text_id)
    there = record.mine(QuestionnaireResponse, response_id)
    if there is not None:
        if there.body_hash != body_hash:
            raise Conflict(_("These answers are already saved with something else in them"))
        return there, False
    instrument = packs.catalogue().get(questionnaire)
    if instrument is None:
        raise Invalid({"questionnaire": _("There is no such questionnaire")})
    _check(instrument, given)
    text = texts.text_of(instrument, text_id)
    if corrects is not None:
        before = record.mine(QuestionnaireResponse, corrects)
        if before is None or before.questionnaire != questionnaire:
            raise Invalid({"corrects": _("There are no such answers")})
    # A phone whose clock is ahead has not been in a time to come, and must not stand before what is said afterwards.
    saved_at = min(recorded_at or clock.now(), clock.now())
    row = QuestionnaireResponse(
        id=response_id,
        patient_id=record.patient.id,
        written_by=record.actor.id,
        questionnaire=questionnaire,
        text_id=text.id,
        answers={str(item): given.get(str(item)) for item in range(1, instrument.items + 1)},
        score=scoring.score(instrument, given),
        crisis_answer=_crisis_words(instrument, text, given),
        recorded_at=saved_at,
        recorded_on=clock.local(saved_at, record.person.time_zone).date(),
        corrects=corrects,
        body_hash=body_hash,
    )
    db.session.add(row)
    audit.record(record.actor, "questionnaire.answered", record.patient, row, questionnaire=questionnaire)
    db.session.flush()
    return row, True


def _hash(
    questionnaire: str,
    given: Mapping[str, int],
    recorded_at: dt.datetime | None,
    corrects: uuid.UUID | None,
    text_id: uuid.UUID | None,
) -> str:
    body = {
        "questionnaire": questionnaire,
        "answers": dict(sorted(given.items())),
        "recorded_at": recorded_at.isoformat() if recorded_at else None,
        "corrects": str(corrects) if corrects else None,
    } | ({"text_id": str(text_id)} if text_id else {})
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def _check(instrument: Instrument, given: Mapping[str, int]) -> None:
    items = {str(item) for item in range(1, instrument.items + 1)}
    unknown = sorted(set(given) - items)
    if unknown:
        raise Invalid({"answers": _("There is no question %(number)s", number=unknown[0])})
    low, high = instrument.least, instrument.most
    wrong = [item for item, value in given.items() if not low <= value <= high]
    if wrong:
        said = _("Answers are whole numbers from %(least)s to %(most)s", least=low, most=high)
        raise Invalid({"answers": said})
    if not given:
        raise Invalid({"answers": _("Answer at least 1 question")})


def _crisis_words(instrument: Instrument, text: QuestionnaireText, given: Mapping[str, int]) -> str | None:
    if not scoring.is_crisis(instrument, given):
        return None
    value = given[str(instrument.crisis_item)]
    return text.answers[value - instrument.least] if text.answers else str(value)


def acknowledge(
    record: Record,
    acknowledgement_id: uuid.UUID,
    *,
    response_id: uuid.UUID,
    recorded_at: dt.datetime | None = None,
) -> tuple[CrisisAcknowledgement, bool]:
    """Note that the crisis card after these answers was read; True when it is new.

    :raises NotFound: no such answers here.
    :raises Conflict: the id is taken by another body.
    """
    record.require(Part.QUESTIONNAIRES, write=True)
    there = record.mine(CrisisAcknowledgement, acknowledgement_id)
    if there is not None:
        if there.response_id != response_id or recorded_at not in (None, there.recorded_at):
            raise Conflict(_("This is already saved with something else in it"))
        return there, False
    if record.mine(QuestionnaireResponse, response_id) is None:
        raise NotFound
    row = CrisisAcknowledgement(
        id=acknowledgement_id,
        patient_id=record.patient.id,
        written_by=record.actor.id,
        response_id=response_id,
        recorded_at=recorded_at or clock.now(),
    )
    db.session.add(row)
    audit.record(record.actor, "crisis_card.read", record.patient, row)
    db.session.flush()
    return row, True
