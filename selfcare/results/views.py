"""The patient's page of results: what each is, what it means, what changed, what to ask."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from selfcare.edge.roles import roles
from selfcare.people.acting import acting
from selfcare.results import packs, telling

bp = Blueprint("results", __name__)


@bp.get("/results")
@roles("patient", "carer")
def index() -> ResponseReturnValue:
    """Every released result in plain words, the newest of each kind first."""
    record = acting()
    groups = telling.told(record)
    return render_template(
        "results/index.html",
        groups=groups,
        new_id=uuid.uuid4,
        unapproved=any(
            packs.explained(group.measure) and not group.measure.pack.approved for group in groups
        ),
    )
