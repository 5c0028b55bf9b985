"""Read the answers back: a history, one of them, the newest of each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from functools import cache
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import aliased

from selfcare import audit
from selfcare.edge import paging
from selfcare.errors import NotFound
from selfcare.extensions import db
from selfcare.people.access import Part, Record, owned
from selfcare.people.hands import Hand, hands_of
from selfcare.questionnaires import packs, scoring
from selfcare.questionnaires.instruments import Instrument
from selfcare.questionnaires.models import CrisisAcknowledgement, QuestionnaireResponse, QuestionnaireText


@dataclass(frozen=True)
class Answered:
    """One filled-in questionnaire with what it is compared with.

    ``before``: the one before it of the same questionnaire, without those that were corrected; ``hand``: the carer who wrote.
    """

    row: QuestionnaireResponse
    instrument: Instrument
    before: QuestionnaireResponse | None
    hand: Hand | None
    corrected: bool

    @property
    def words(self) -> str:
        """``14 of 27``; "no score" where too many answers are missing."""
        if self.row.score is None:
            return _("No score: answers are missing")
        return scoring.of_highest(self.instrument, self.row.score)

    @property
    def band(self) -> str:
        """The word for the score, for the care team; empty without one."""
        return scoring.band(self.instrument, self.row.score) if self.row.score is not None else ""

    @property
    def was(self) -> str | None:
        """The score before: ``19``."""
        if self.before is None or self.before.score is None or self.row.score is None:
            return None
        return scoring.written(self.before.score)

    @property
    def more_than_chance(self) -> bool | None:
        """Whether the change is more than chance by what is published; None where nothing can be said."""
        now, before = self.row.score, self.before.score if self.before is not None else None
        if now is None or before is None:
            return None
        return scoring.is_more_than_chance(self.instrument, now, before)


def history(record: Record) -> list[Answered]:
    """All answers that the actor may see, newest first, corrected ones too. One statement, and one where a carer wrote.

    :raises NotFound: the actor may not see questionnaires.
    """
    record.require(Part.QUESTIONNAIRES)
    audit.record(record.actor, "questionnaires.read", record.patient)
    rows = [
        row
        for row in record.rows(_newest_first()).scalars()
        if record.sees_item(Part.QUESTIONNAIRES, row.questionnaire) and row.questionnaire in packs.catalogue()
    ]
    hands = hands_of(record, (row.written_by for row in rows))
    gone = {row.corrects for row in rows if row.corrects is not None}
    found = []
    for place, row in enumerate(rows):
        earlier = (
            each
            for each in rows[place + 1 :]
            if each.questionnaire == row.questionnaire and each.id not in gone and each.score is not None
        )
        found.append(
            Answered(
                row,
                packs.catalogue()[row.questionnaire],
                next(earlier, None),
                hands.get(row.written_by),
                row.id in gone,
            )
        )
    return found


def one(record: Record, response_id: uuid.UUID) -> tuple[Answered, QuestionnaireText, bool]:
    """One filled-in questionnaire, the text it was filled in with, and whether its crisis card still waits to be read.

    It waits for each by themself: what a carer has read, the patient has not. It waits for nobody who may only look: they could not
    say that they have read it.

    :raises NotFound: there is none, or the actor may not see it.
    """
    answered = next((each for each in history(record) if each.row.id == response_id), None)
    if answered is None:
        raise NotFound
    text = db.session.get_one(QuestionnaireText, answered.row.text_id)
    waits = False
    if answered.row.crisis_answer is not None and record.writes(Part.QUESTIONNAIRES):
        read = record.owned(CrisisAcknowledgement).where(
            CrisisAcknowledgement.response_id == response_id,
            CrisisAcknowledgement.written_by == record.actor.id,
        )
        waits = db.session.scalars(read.limit(1)).first() is None
    return answered, text, waits


@cache
def _newest_first() -> sa.Select[QuestionnaireResponse]:
    return owned(QuestionnaireResponse).order_by(
        QuestionnaireResponse.recorded_at.desc(), QuestionnaireResponse.id.desc()
    )


def stands() -> sa.ColumnElement[bool]:
    """A response that no later one corrects."""
    later = aliased(QuestionnaireResponse)
    return ~sa.exists().where(later.corrects == QuestionnaireResponse.id).correlate(QuestionnaireResponse)


def seen(record: Record) -> sa.Select[QuestionnaireResponse]:
    """The responses that the actor may see.

    :raises NotFound: the actor may not see questionnaires.
    """
    record.require(Part.QUESTIONNAIRES)
    codes = [code for code in packs.catalogue() if record.sees_item(Part.QUESTIONNAIRES, code)]
    return record.owned(QuestionnaireResponse).where(QuestionnaireResponse.questionnaire.in_(codes))


def page_of(record: Record, query: dict[str, Any]) -> dict[str, Any]:
    """A page for the API, the newest first. One statement."""
    rows = seen(record)
    audit.record(record.actor, "questionnaires.read", record.patient)
    return paging.page(
        rows,
        by=QuestionnaireResponse.recorded_at,
        key=QuestionnaireResponse.id,
        limit=query["limit"],
        cursor=query["cursor"],
        dump=lambda row: row,
    )


def latest(record: Record) -> dict[str, QuestionnaireResponse]:
    """The newest standing answers to each questionnaire, by its code. One statement."""
    rows = db.session.scalars(seen(record).where(stands()).order_by(QuestionnaireResponse.recorded_at))
    return {row.questionnaire: row for row in rows}


def answered_codes(record: Record) -> list[str]:
    """The questionnaires that were ever filled in, in the order of the pages. One statement."""
    own = record.owned(QuestionnaireResponse).with_only_columns(QuestionnaireResponse.questionnaire)
    codes = set(db.session.scalars(own.distinct()))
    return [code for code in packs.catalogue() if code in codes]
