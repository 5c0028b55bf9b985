"""Notes, videos and questionnaires for the one page, in one statement: the page may run six in all (performance.md, goal 7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa

from selfcare.database import UTCDateTime
from selfcare.extensions import db
from selfcare.notes import summary as notes
from selfcare.notes.models import SelfCareNote
from selfcare.people import hands
from selfcare.people.access import Part, Record
from selfcare.questionnaires import summary as questionnaires
from selfcare.questionnaires.models import QuestionnaireResponse
from selfcare.videos import summary as videos
from selfcare.videos.models import VideoProgress

# The columns of all three, in the order of the union; each kind names those it has, and the others are NULL.
COLUMNS: dict[str, Any] = {
    "id": sa.Uuid(),
    "kind": sa.Text(),
    "text": sa.Text(),
    "since": sa.Date(),
    "stopped_on": sa.Date(),
    "stop_reason": sa.Text(),
    "received_at": UTCDateTime(),
    "questionnaire": sa.Text(),
    "score": sa.Double(),
    "crisis_answer": sa.Text(),
    "corrected": sa.Boolean(),
    "recorded_at": UTCDateTime(),
    "recorded_on": sa.Date(),
    "writer_name": sa.Text(),
    "writer_relation": sa.Text(),
}


def kept(record: Record, since: dt.date) -> dict[str, list[dict[str, Any]]]:
    """What the sections ``notes``, ``videos`` and ``questionnaires`` say, each only where the record shows it. One statement, or none."""
    asked: list[Any] = []
    if record.sees(Part.NOTES):
        asked.append(_selected("note", notes.query(record, since), SelfCareNote))
    if record.sees(Part.VIDEOS):
        watched = {"text": VideoProgress.video_id, "received_at": VideoProgress.completed_at}
        asked.append(_selected("video", videos.query(record, since), None, **watched))
    if record.sees(Part.QUESTIONNAIRES):
        answers = questionnaires.query(record, since)
        changed = questionnaires.corrected()
        asked.append(_selected("response", answers, QuestionnaireResponse, corrected=changed))
    rows = list(db.session.execute(sa.union_all(*asked))) if asked else []
    return {
        "notes": notes.shaped(row for row in rows if row.what == "note"),
        "videos": videos.shaped(record, ((row.text, row.received_at) for row in rows if row.what == "video")),
        "questionnaires": questionnaires.shaped(
            record, (row for row in rows if row.what == "response"), since
        ),
    }


def _selected(what: str, rows: Any, kind: Any, **named: Any) -> Any:
    """One part of the union: the columns that ``kind`` has under their own names, and those that are named."""
    if kind is not None:
        columns = sa.inspect(kind).columns
        named |= {name: columns[name] for name in COLUMNS if name in columns}
        named |= dict(zip(("writer_name", "writer_relation"), hands.columns(kind), strict=True))
    return rows.with_only_columns(
        sa.literal(what).label("what"),
        *(
            (named[name] if name in named else sa.cast(sa.null(), type_)).label(name)
            for name, type_ in COLUMNS.items()
        ),
    )
