"""``/api/v1``: measures, trackers, diary entries."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from selfcare import clock
from selfcare.diaries import service, trackers
from selfcare.diaries.schemas import (
    EntryListSchema,
    EntryQuery,
    EntrySchema,
    MeasureListSchema,
    TrackersSchema,
)
from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.people.access import Part, Record
from selfcare.people.acting import acting, record_of

blp = ApiBlueprint("diaries_api", __name__, description="What can be recorded, what is tracked, the diary")


@blp.route("/measures", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, MeasureListSchema)
def get_measures() -> dict[str, Any]:
    """Every measure on offer: code, unit, both ranges, words."""
    record = acting()
    record.require(Part.DIARY)
    return {"items": [m.describe() for m in trackers.on_offer(record).values()], "next_cursor": None}


@blp.route("/trackers", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, TrackersSchema)
def get_trackers() -> dict[str, Any]:
    """What the patient keeps track of, in their order."""
    codes, row = trackers.read_trackers(acting())
    if row is not None:
        etag.send(row)
    return {"measures": codes}


@blp.route("/trackers", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(TrackersSchema)
@blp.response(200, TrackersSchema)
@blp.alt_response(201, schema=TrackersSchema)
def put_trackers(body: dict[str, Any]) -> tuple[Any, int]:
    """Keep track of these. State: replaced as a whole, earlier lists are kept."""
    record = acting()
    record.require(Part.DIARY, write=True)
    before = trackers.choice_of(record)
    _row, status = etag.put(
        before, lambda: _trackers(record), lambda: trackers.choose_trackers(record, body["measures"])
    )
    return _trackers(record), status


def _trackers(record: Record) -> dict[str, list[str]]:
    return {"measures": [measure.code for measure in trackers.trackers_of(record)]}


@blp.route("/diary-entries", methods=["GET"])
@roles("patient", "carer")
@blp.arguments(EntryQuery, location="query")
@blp.response(200, EntryListSchema)
def get_entries(query: dict[str, Any]) -> dict[str, Any]:
    """Entries, newest first; an entry that was corrected and its correction both."""
    return _page(acting(), query)


@blp.route("/diary-entries/<uuid:entry_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(EntrySchema)
@blp.response(200, EntrySchema)
@blp.alt_response(201, schema=EntrySchema)
def put_entry(body: dict[str, Any], entry_id: uuid.UUID) -> tuple[Any, int]:
    """Store an entry. Unlikely values answer 422 with ``confirm``; the same body with ``confirmed`` is stored."""
    entry, created = service.record_entry(acting(), entry_id, **body)
    return entry, 201 if created else 200


@blp.route("/patients/<uuid:patient_id>/diary-entries", methods=["GET"])
@roles("clinician")
@blp.arguments(EntryQuery, location="query")
@blp.response(200, EntryListSchema)
def get_patients_entries(query: dict[str, Any], patient_id: uuid.UUID) -> dict[str, Any]:
    """The diary of a patient who shares it with the team."""
    return _page(record_of(patient_id), query)


def _page(record: Record, query: dict[str, Any]) -> dict[str, Any]:
    return service.entries_page(
        record,
        start=_instant(record, query["start"], end=False),
        end=_instant(record, query["end"], end=True),
        limit=query["limit"],
        cursor=query["cursor"],
    )


def _instant(record: Record, given: dt.date | dt.datetime | None, *, end: bool) -> dt.datetime | None:
    """A day is a day of the patient's own zone, and its last one is included."""
    if given is None or isinstance(given, dt.datetime):
        return given
    return clock.day_bounds(given, record.person.time_zone)[1 if end else 0]
