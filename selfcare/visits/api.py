"""``/api/v1/visits``."""

from __future__ import annotations

from typing import Any

from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.people.acting import acting
from selfcare.visits import service
from selfcare.visits.schemas import VisitListSchema, VisitsQuery

blp = ApiBlueprint("visits_api", __name__, description="Visits")


@blp.route("/visits", methods=["GET"])
@roles("patient", "carer")
@blp.arguments(VisitsQuery, location="query")
@blp.response(200, VisitListSchema)
def get_visits(query: dict[str, Any]) -> dict[str, Any]:
    """Visits, the earliest first: booked by a care team, or noted by the patient."""
    return service.listed(acting(), query)
