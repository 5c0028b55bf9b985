"""``/api/v1/results``: the team writes and releases, the patient reads what was released."""

from __future__ import annotations

import uuid
from typing import Any

from selfcare.edge.api import ApiBlueprint
from selfcare.edge.paging import PageQuery
from selfcare.edge.roles import roles
from selfcare.people.acting import acting, current_person, record_of
from selfcare.results import finding, packs, reading, service
from selfcare.results.schemas import (
    ReleaseAllSchema,
    ReleasedSchema,
    ReleaseSchema,
    ResultListSchema,
    ResultMeasureListSchema,
    ResultOut,
    ResultSchema,
)

blp = ApiBlueprint("results_api", __name__, description="Results of tests and measurements")


@blp.route("/results", methods=["GET"])
@roles("patient", "carer")
@blp.arguments(PageQuery, location="query")
@blp.response(200, ResultListSchema)
def get_results(query: dict[str, Any]) -> dict[str, Any]:
    """Released results, the newest first."""
    return reading.page(acting(), query)


@blp.route("/result-measures", methods=["GET"])
@roles("clinician")
@blp.response(200, ResultMeasureListSchema)
def get_measures() -> dict[str, Any]:
    """The catalogue: code, unit, both ranges, choices."""
    return {"items": [measure.describe() for measure in packs.catalogue().values()], "next_cursor": None}


@blp.route("/patients/<uuid:patient_id>/results", methods=["GET"])
@roles("clinician")
@blp.arguments(PageQuery, location="query")
@blp.response(200, ResultListSchema)
def get_results_of(query: dict[str, Any], patient_id: uuid.UUID) -> dict[str, Any]:
    """Every result of a patient, held ones marked."""
    return reading.page(record_of(patient_id), query)


@blp.route("/results/<uuid:result_id>", methods=["PUT"])
@roles("clinician")
@blp.arguments(ResultSchema)
@blp.response(200, ResultOut)
@blp.alt_response(201, schema=ResultOut)
def put_result(body: dict[str, Any], result_id: uuid.UUID) -> tuple[dict[str, Any], int]:
    """Write a result once; it is held until it is released."""
    record = record_of(body.pop("patient_id"))
    row, created = service.record_result(record, result_id, **body)
    return reading.shown(record, row.id), 201 if created else 200


@blp.route("/results/<uuid:result_id>/release", methods=["POST"])
@roles("clinician")
@blp.arguments(ReleaseSchema)
@blp.response(200, ResultOut)
def post_release(body: dict[str, Any], result_id: uuid.UUID) -> dict[str, Any]:
    """Let the patient see this result; asked again, it changes nothing."""
    record = record_of(finding.patient_of(current_person(), result_id))
    row, _created = service.release(record, result_id)
    return reading.shown(record, row.id)


@blp.route("/patients/<uuid:patient_id>/results/release", methods=["POST"])
@roles("clinician")
@blp.arguments(ReleaseAllSchema)
@blp.response(200, ReleasedSchema)
def post_release_all(body: dict[str, Any], patient_id: uuid.UUID) -> dict[str, Any]:
    """Let the patient see every result that is held."""
    return {"released": service.release_all(record_of(patient_id), **body)}
