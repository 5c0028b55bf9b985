"""``/api/v1/today`` and ``/api/v1/sharing``."""

from __future__ import annotations

from typing import Any

import marshmallow as ma

from selfcare.edge import etag
from selfcare.edge.api import ApiBlueprint
from selfcare.edge.roles import roles
from selfcare.edge.schemas import Schema
from selfcare.home import rights, today
from selfcare.people import sharing
from selfcare.people.acting import acting

blp = ApiBlueprint("home_api", __name__, description="Today, and what the care team may see")


class SharingSchema(Schema):
    """Each item of a record and whether the care team sees it; absent ones stay as they are."""

    goals = ma.fields.Boolean(truthy={True}, falsy={False})
    diary = ma.fields.Boolean(truthy={True}, falsy={False})
    questionnaires = ma.fields.Boolean(truthy={True}, falsy={False})
    notes = ma.fields.Boolean(truthy={True}, falsy={False})
    videos = ma.fields.Boolean(truthy={True}, falsy={False})


@blp.route("/today", methods=["GET"])
@roles("patient", "carer")
@blp.response(200)
def get_today() -> dict[str, Any]:
    """This day of the patient: goals, diary, next visit, review and follow-ups due."""
    return today.as_json(today.today_of(acting()))


@blp.route("/export", methods=["GET"])
@roles("patient")
@blp.response(200)
def get_export() -> dict[str, Any]:
    """Everything there is about the signed-in patient."""
    return rights.export_of(acting())


@blp.route("/sharing", methods=["GET"])
@roles("patient")
@blp.response(200, SharingSchema)
def get_sharing() -> dict[str, bool]:
    """What the care team sees now."""
    now = sharing.read_sharing(acting())
    etag.send(etag.Fingerprint(now))
    return now


@blp.route("/sharing", methods=["PUT"])
@roles("patient")
@blp.arguments(SharingSchema)
@blp.response(200, SharingSchema)
def put_sharing(body: dict[str, bool]) -> dict[str, bool]:
    """Change some items; it holds from the next request of anybody."""
    record = acting()
    now = etag.Fingerprint(sharing.sharing_of(record))
    holds, _status = etag.put(
        now, lambda: now.body, lambda: (etag.Fingerprint(sharing.choose_sharing(record, body)), False)
    )
    return holds.body
