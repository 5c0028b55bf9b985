"""What questionnaires add to the clinician's page, part 5: score, change, date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from selfcare import clock
from selfcare.edge.arrivals import flags_of
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
    ``crisis_answer`` is the newest answer about harm given since ``since``, or that came since (a phone's clock may be years behind, an
    outbox weeks late), also where later answers say nothing of it, or she changed it.
    """
    if not record.sees(Part.QUESTIONNAIRES):
        return []
    response = QuestionnaireResponse
    columns = [
        response.id,
        response.questionnaire,
        response.score,
        response.recorded_on,
        response.recorded_at,
        response.received_at,
        response.crisis_answer,
        corrected(),
        *hands.columns(response),
    ]
    return shaped(record, db.session.execute(query(record, since).with_only_columns(*columns)), since)


def corrected() -> sa.ColumnElement[bool]:
    """Whether other answers hold instead: a column that :func:`shaped` asks for."""
    return (~stands()).label("corrected")


def query(record: Record, since: dt.date) -> sa.Select[QuestionnaireResponse]:
    """The two newest standing responses of each questionnaire, and all since a day with an answer about harm, in any order."""
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
    said = sa.and_(
        QuestionnaireResponse.crisis_answer.is_not(None),
        sa.or_(
            QuestionnaireResponse.recorded_on >= since,
            QuestionnaireResponse.received_at >= clock.day_bounds(since, record.person.time_zone)[0],
        ),
    )
    return record.owned(QuestionnaireResponse).where(
        sa.or_(QuestionnaireResponse.id.in_(sa.select(newest.c.id).where(newest.c.place <= 2)), said)
    )


def shaped(record: Record, rows: Iterable[Any], since: dt.date) -> list[dict[str, Any]]:
    """The section made of these rows, which have the columns that :func:`section` asks for."""
    by_code: dict[str, list[Any]] = {}
    for row in sorted(rows, key=lambda row: (row.recorded_at, row.id), reverse=True):
        by_code.setdefault(row.questionnaire, []).append(row)
    return [
        _line(instrument, by_code[code], since, record.person.time_zone)
        for code, instrument in catalogue().items()
        if code in by_code and record.sees_item(Part.QUESTIONNAIRES, code)
    ]


def _line(instrument: Instrument, rows: list[Any], since: dt.date, zone: str) -> dict[str, Any]:
    row, before = [*(row for row in rows if not row.corrected), None][:2]
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
        "crisis_answer": _crisis_answer(instrument, rows, since, zone),
        "hand": hands.words(row.writer_name, row.writer_relation),
    }


def _crisis_answer(instrument: Instrument, rows: list[Any], since: dt.date, zone: str) -> str | None:
    """The newest answer about harm, with its day where others were given after it: those do not take it back, and neither does a change."""

    def came_on(row: Any) -> dt.date:
        return clock.local(row.received_at, zone).date()

    standing_first = sorted(rows, key=lambda row: row.corrected)
    newest = standing_first[0]
    found = (row for row in standing_first if row.crisis_answer)
    said = next((row for row in found if row is newest or max(row.recorded_on, came_on(row)) >= since), None)
    if said is None:
        return None
    given = {"item": instrument.crisis_item, "answer": said.crisis_answer}
    if "late" in flags_of(said.recorded_at, said.received_at):
        days = {"day": _short(said.recorded_on), "came": _short(came_on(said))}
        words = _("Question %(item)s on %(day)s, arrived %(came)s: “%(answer)s”", **days, **given)
    elif said is newest:
        words = _("Question %(item)s: “%(answer)s”", **given)
    else:
        words = _("Question %(item)s on %(day)s: “%(answer)s”", day=_short(said.recorded_on), **given)
    return _("%(answer)s, changed later", answer=words) if said.corrected else words


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
