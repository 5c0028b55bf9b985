"""What questionnaires add to the clinician's page, part 5: score, change, date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import clock
from selfcare.edge.filters import nhs_date, short_day
from selfcare.extensions import db
from selfcare.people import hands
from selfcare.people.access import Part, Record
from selfcare.questionnaires import scoring
from selfcare.questionnaires.instruments import Instrument
from selfcare.questionnaires.models import QuestionnaireResponse
from selfcare.questionnaires.packs import catalogue
from selfcare.questionnaires.reading import stands


def section(record: Record, since: dt.date) -> list[dict[str, Any]]:
    """The newest answers to each questionnaire that the record shows, compared with those before. One statement, or none.

    ``[{code, title, score, most, words, band, before, before_on, facts, answered_on, crisis_answer, hand}]`` in the order of the
    pages; ``score`` and ``before`` are numbers, or None where answers were left out; ``words`` and ``facts`` are ready to show.
    ``since`` changes nothing here.
    """
    if not record.sees(Part.QUESTIONNAIRES):
        return []
    response = QuestionnaireResponse
    columns = [
        response.questionnaire,
        response.score,
        response.recorded_on,
        response.recorded_at,
        response.crisis_answer,
        *hands.columns(response),
    ]
    return shaped(record, db.session.execute(query(record).with_only_columns(*columns)))


def query(record: Record) -> sa.Select[QuestionnaireResponse]:
    """The two newest standing responses of each questionnaire, in any order."""
    place = (
        sa.func.row_number()
        .over(
            partition_by=QuestionnaireResponse.questionnaire,
            order_by=(QuestionnaireResponse.recorded_at.desc(), QuestionnaireResponse.id.desc()),
        )
        .label("place")
    )
    newest = (
        sa.select(QuestionnaireResponse.id, place)
        .where(QuestionnaireResponse.patient_id == record.patient.id, stands())
        .subquery()
    )
    return record.owned(QuestionnaireResponse).where(
        QuestionnaireResponse.id.in_(sa.select(newest.c.id).where(newest.c.place <= 2))
    )


def shaped(record: Record, rows: Iterable[Any]) -> list[dict[str, Any]]:
    """The section made of these rows, which have the columns that :func:`section` asks for."""
    by_code: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda row: row.recorded_at, reverse=True):
        by_code.setdefault(row.questionnaire, []).append(row)
    return [
        _line(instrument, *by_code[code])
        for code, instrument in catalogue().items()
        if code in by_code and record.sees_item(Part.QUESTIONNAIRES, code)
    ]


def _line(instrument: Instrument, row: Any, before: Any = None) -> dict[str, Any]:
    scored = before is not None and before.score is not None and row.score is not None
    return {
        "code": instrument.code,
        "title": instrument.title,
        "score": row.score,
        "most": instrument.highest,
        "words": scoring.of_highest(instrument, row.score) if row.score is not None else _("no score"),
        "band": scoring.band(instrument, row.score) if row.score is not None else "",
        "before": before.score if scored else None,
        "before_on": before.recorded_on if scored else None,
        "facts": list(_facts(instrument, row, before if scored else None)),
        "answered_on": row.recorded_on,
        "crisis_answer": _(
            "Question %(item)s: “%(answer)s”", item=instrument.crisis_item, answer=row.crisis_answer
        )
        if row.crisis_answer is not None
        else None,
        "hand": hands.words(row.writer_name, row.writer_relation),
    }


def _facts(instrument: Instrument, row: Any, before: Any) -> Iterator[str]:
    if row.score is None:
        yield _("answers are missing")
    elif band := scoring.band(instrument, row.score):
        yield band
    if before is not None:
        was = _(
            "was %(score)s on %(day)s", score=scoring.written(before.score), day=_short(before.recorded_on)
        )
        beyond = scoring.is_more_than_chance(instrument, row.score, before.score)
        if row.score == before.score or beyond is None:
            yield was
        else:
            yield was + ", " + (_("more than chance") if beyond else _("which could be chance"))
    yield _("answered %(day)s", day=_short(row.recorded_on))


def _short(day: dt.date) -> str:
    """``13 Nov``; with its year where it lies further back than that would be read."""
    return short_day(day) if (clock.now().date() - day).days < 330 else nhs_date(day)
