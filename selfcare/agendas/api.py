"""``/api/v1``: the list for a visit, the panel and the one page."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

from selfcare.agendas import panel, search, service, summary
from selfcare.agendas.models import AgendaItem
from selfcare.agendas.schemas import (
    ItemSchema,
    ListSchema,
    PanelQuery,
    PanelSchema,
    SearchSchema,
    ShareSchema,
    SummarySchema,
    VisitQuery,
)
from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.people.acting import acting, current_person, record_of
from selfcare.people.conditions import condition_names

blp = ApiBlueprint("agendas_api", __name__, description="The list for a visit, the panel and the one page")


@blp.route("/agenda", methods=["GET"])
@roles("patient", "carer")
@blp.arguments(VisitQuery, location="query")
@blp.response(200, ListSchema)
def get_agenda(query: dict[str, Any]) -> Any:
    """The list for a visit; the next one by default, and without any the list that waits for one."""
    record = acting()
    found = service.with_look_back(record, service.read(record, query["visit"]))
    etag.send(found)
    return found


@blp.route("/agenda-items/<uuid:item_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(ItemSchema)
@blp.response(200, ItemSchema)
@blp.alt_response(201, schema=ItemSchema)
def put_item(body: dict[str, Any], item_id: uuid.UUID) -> tuple[AgendaItem, int]:
    """Write, change or move an item: up to 3 topics and 5 questions, until the visit is over."""
    record = acting()
    before = service.item_of(record, item_id)
    shown = ItemSchema(exclude=("written_by_name", "written_with"))
    return etag.put(before, lambda: shown.dump(before), lambda: service.put_item(record, item_id, **body))


@blp.route("/agenda-items/<uuid:item_id>", methods=["DELETE"])
@roles("patient", "carer")
@blp.response(204)
def delete_item(item_id: uuid.UUID) -> None:
    """Take an item out; the others close the gap."""
    service.remove_item(acting(), item_id)


@blp.route("/agenda/share", methods=["POST"])
@roles("patient", "carer")
@blp.arguments(ShareSchema)
@blp.response(200, ListSchema)
def post_share(body: dict[str, Any]) -> Any:
    """Let the care team read the list. Later changes are theirs to see at once."""
    record = acting()
    return service.with_look_back(record, service.share(record, body["visit"]))


@blp.route("/panel", methods=["GET"])
@roles("clinician")
@blp.arguments(PanelQuery, location="query")
@blp.response(200, PanelSchema)
def get_panel(query: dict[str, Any]) -> dict[str, Any]:
    """Your patients, next visit first; of each only what they share."""
    found = panel.read(
        current_person(),
        show=query["show"],
        only=query["only_"],
        sort=query["sort"],
        limit=query["limit"],
        cursor=query["cursor"],
        team=query["team"],
    )
    return _panel(found)


@blp.route("/panel/search", methods=["POST"])
@roles("clinician")
@blp.arguments(SearchSchema)
@blp.response(200, PanelSchema)
def post_search(body: dict[str, Any]) -> dict[str, Any]:
    """Patients of your teams by name. A POST, so that no name stands in an address."""
    return _panel(search.find(current_person(), body["q"]))


def _panel(found: panel.Panel) -> dict[str, Any]:
    return {"items": [_row(row) for row in found.rows], "next_cursor": found.next_cursor}


def _row(row: panel.Row) -> dict[str, Any]:
    said = row.confidence
    visit = {"id": row.visit_id, "starts_at": row.starts_at, "minutes": row.minutes}
    return {
        "id": row.patient_id,
        "patient_id": row.patient_id,
        "name": row.name,
        "age": row.age,
        "conditions": row.conditions,
        "next_visit": visit if row.visit_id else None,
        "agenda": {
            "shared": row.shared_at is not None,
            "shared_at": row.shared_at,
            "topics": row.topics,
        },
        "confidence": (
            {"latest": said.number, "change": said.change} if said and said.number is not None else None
        ),
        "confidence_words": said.words if said else None,
        "last_entry": row.last_entry,
        "results_to_release": row.to_release,
        "overdue_since": row.overdue_since,
        "handed_from": row.handed_from,
    }


@blp.route("/patients/<uuid:patient_id>/agenda-summary", methods=["GET"])
@roles("clinician")
@blp.arguments(VisitQuery, location="query")
@blp.response(200, SummarySchema)
def get_summary(query: dict[str, Any], patient_id: uuid.UUID) -> dict[str, Any]:
    """The one page before a visit, in its order; of each part only what the patient shares."""
    page = summary.of(record_of(patient_id), query["visit"])
    patient, person = page.record.patient, page.record.person
    body = {
        "patient": {
            "id": person.id,
            "name": person.name,
            "born_on": patient.born_on,
            "age": page.age,
            "conditions": condition_names(patient.conditions),
            "languages": patient.languages,
            "interpreter": patient.interpreter,
            "access_needs": patient.access_needs,
        },
        "visit": page.visit,
        "agenda": {"shared_at": page.shared_at, "look_back": page.look_back, "items": page.items},
        **{name: page.parts[name] for name in ("goals", "diary", "questionnaires", "notes")},
        "changes": page.changes,
        "prompts": page.prompts,
    }
    return {name: _plain(value) if name not in ("visit", "agenda") else value for name, value in body.items()}


def _plain(value: Any) -> Any:
    """Sections' data as JSON: days and instants as ISO text, ids as text."""
    if isinstance(value, dict):
        return {str(_plain(key)): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, dt.date | dt.datetime):
        return value.isoformat()
    if isinstance(value, uuid.UUID):
        return str(value)
    return value
