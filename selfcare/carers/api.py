"""``/api/v1/carers``: who helps the patient, for the patient alone."""

from __future__ import annotations

import uuid
from typing import Any

from selfcare.carers import links
from selfcare.carers.links import Helper
from selfcare.carers.schemas import CarerListSchema, CarerSchema
from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.people.acting import acting
from selfcare.people.models import CarerLink

blp = ApiBlueprint("carers_api", __name__, description="Who helps the patient, and what they may see and do")


@blp.route("/carers", methods=["GET"])
@roles("patient")
@blp.response(200, CarerListSchema)
def get_carers() -> dict[str, Any]:
    """Everybody who helps now, then those who helped before."""
    found = links.everybody(acting())
    return {"items": [_shown(each) for each in found.running + found.ended], "next_cursor": None}


@blp.route("/carers/<uuid:link_id>", methods=["GET"])
@roles("patient")
@blp.response(200, CarerSchema)
def get_carer(link_id: uuid.UUID) -> dict[str, Any]:
    """One of them."""
    helper = links.helper(acting(), link_id)
    etag.send(helper.link)
    return _shown(helper)


@blp.route("/carers/<uuid:link_id>", methods=["PUT"])
@roles("patient")
@blp.arguments(CarerSchema)
@blp.response(200, CarerSchema)
def put_carer(body: dict[str, Any], link_id: uuid.UUID) -> dict[str, Any]:
    """Change what they may see and do, and until when; it holds from the next request of theirs. Only accepting makes a link."""
    record = acting()
    before = links.helper(record, link_id, hold=True)

    def write() -> tuple[CarerLink, bool]:
        return links.change(record, link_id, **body), False

    etag.put(before.link, lambda: CarerSchema().dump(_shown(before)), write)
    return _shown(links.helper(record, link_id))


@blp.route("/carers/<uuid:link_id>", methods=["DELETE"])
@roles("patient")
@blp.response(204)
def delete_carer(link_id: uuid.UUID) -> None:
    """End it: from the next request they see nothing of this patient any more. What they wrote stays."""
    links.end(acting(), link_id)


def _shown(helper: Helper) -> dict[str, Any]:
    link = helper.link
    return {
        "id": link.id,
        "carer_id": link.carer_id,
        "name": helper.name,
        "relation": link.relation,
        "may_write": link.may_write,
        "also_sees": list(link.also_sees),
        "ends_on": link.ends_on,
        "running": helper.runs,
        "started_at": link.started_at,
        "ended_at": helper.over_at,
        "looked_at": helper.looked_at,
        "version": link.version,
    }
