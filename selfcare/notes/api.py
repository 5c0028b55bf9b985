"""``/api/v1/notes``: medicines and self-care notes."""

from __future__ import annotations

import uuid
from typing import Any

from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.paging import PageQuery
from selfcare.edge.roles import roles
from selfcare.notes import service
from selfcare.notes.models import SelfCareNote
from selfcare.notes.schemas import NoteListSchema, NoteSchema
from selfcare.people.access import Part
from selfcare.people.acting import acting

blp = ApiBlueprint("notes_api", __name__, description="Medicines and self-care notes")


@blp.route("/notes", methods=["GET"])
@roles("patient", "carer")
@blp.arguments(PageQuery, location="query")
@blp.response(200, NoteListSchema)
def get_notes(query: dict[str, Any]) -> dict[str, Any]:
    """Medicines and notes, the newest first."""
    return service.listed(acting(), query)


@blp.route("/notes/<uuid:note_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(NoteSchema)
@blp.response(200, NoteSchema)
@blp.alt_response(201, schema=NoteSchema)
def put_note(body: dict[str, Any], note_id: uuid.UUID) -> tuple[Any, int]:
    """Write a note, or replace it."""
    record = acting()
    record.require(Part.NOTES, write=True)
    before = record.mine(SelfCareNote, note_id)
    return etag.put(before, lambda: NoteSchema().dump(before), lambda: service.keep(record, note_id, **body))


@blp.route("/notes/<uuid:note_id>", methods=["DELETE"])
@roles("patient", "carer")
@blp.response(204)
def delete_note(note_id: uuid.UUID) -> None:
    """Take a note out; its history stays."""
    service.remove(acting(), note_id)
