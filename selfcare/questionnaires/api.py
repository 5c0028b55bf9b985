"""``/api/v1/questionnaires``, ``/questionnaire-responses``, ``/crisis-acknowledgements``."""

from __future__ import annotations

import uuid
from types import SimpleNamespace
from typing import Any

from selfcare import audit
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.paging import PageQuery
from selfcare.edge.roles import roles
from selfcare.people.acting import acting, record_of
from selfcare.questionnaires import reading, service
from selfcare.questionnaires.offering import offered
from selfcare.questionnaires.readers import who_sees
from selfcare.questionnaires.schemas import (
    AcknowledgementSchema,
    QuestionnaireListSchema,
    ResponseListSchema,
    ResponseSchema,
)

blp = ApiBlueprint("questionnaires_api", __name__, description="Questionnaires with published wording")


@blp.route("/questionnaires", methods=["GET"])
@roles("patient", "carer")
@blp.response(200, QuestionnaireListSchema)
def get_questionnaires() -> dict[str, Any]:
    """What can be filled in now: items and answers in the owner's words, who reads them, the newest answers."""
    record = acting()
    found, readings = offered(record)
    latest = reading.latest(record)
    audit.record(record.actor, "questionnaires.read", record.patient)
    items = [
        SimpleNamespace(
            instrument=offer.instrument,
            text=offer.text,
            items=offer.items,
            choices=offer.choices,
            read_by=who_sees(record, offer.instrument, readings),
            latest=latest.get(code),
        )
        for code, offer in found.items()
    ]
    return {"items": items, "next_cursor": None}


@blp.route("/questionnaire-responses", methods=["GET"])
@roles("patient", "carer")
@blp.arguments(PageQuery, location="query")
@blp.response(200, ResponseListSchema)
def get_responses(query: dict[str, Any]) -> dict[str, Any]:
    """Answers, the newest first, corrected ones and their corrections both."""
    return reading.page_of(acting(), query)


@blp.route("/questionnaire-responses/<uuid:response_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(ResponseSchema)
@blp.response(200, ResponseSchema)
@blp.alt_response(201, schema=ResponseSchema)
def put_response(body: dict[str, Any], response_id: uuid.UUID) -> tuple[Any, int]:
    """Keep answers. An answer above the lowest about harming oneself comes back in ``crisis_answer``: show the crisis card."""
    row, created = service.record_response(acting(), response_id, **body)
    return row, 201 if created else 200


@blp.route("/crisis-acknowledgements/<uuid:acknowledgement_id>", methods=["PUT"])
@roles("patient", "carer")
@blp.arguments(AcknowledgementSchema)
@blp.response(200, AcknowledgementSchema)
@blp.alt_response(201, schema=AcknowledgementSchema)
def put_acknowledgement(body: dict[str, Any], acknowledgement_id: uuid.UUID) -> tuple[Any, int]:
    """Note that the crisis card was read."""
    row, created = service.acknowledge(acting(), acknowledgement_id, **body)
    return row, 201 if created else 200


@blp.route("/patients/<uuid:patient_id>/questionnaire-responses", methods=["GET"])
@roles("clinician")
@blp.arguments(PageQuery, location="query")
@blp.response(200, ResponseListSchema)
def get_patients_responses(query: dict[str, Any], patient_id: uuid.UUID) -> dict[str, Any]:
    """The answers of a patient, as far as they share them with the team."""
    return reading.page_of(record_of(patient_id), query)
