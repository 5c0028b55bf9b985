"""Pages of a hand-over: whom, to whom, look at it, done."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from selfcare.caseload import handing
from selfcare.caseload.handing import Colleague, Named
from selfcare.caseload.schemas import ALL, CHANGE, DO, TICKED, HandOverSchema
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, NotFound
from selfcare.people.acting import current_person, record_of

bp = Blueprint("caseload", __name__)

EMPTY: dict[str, Any] = {"which": None, "patients": [], "to": "", "note": ""}


@bp.route("/panel/hand-over", methods=["GET", "POST"])
@roles("clinician")
def hand_over() -> ResponseReturnValue:
    """Choose; look at what goes along; do it. Nothing is stored before the last step, and nothing typed is lost."""
    clinician = current_person()
    mine = handing.caseload(clinician)
    colleagues = handing.colleagues_of(clinician.id, {each.team_id for each in mine})
    form = Form(HandOverSchema, EMPTY)
    if not form.sent or (form.ok and form.data["step"] == CHANGE):
        return _choose(form, mine, colleagues)
    if not form.ok:
        return _choose(form, mine, colleagues), 422
    try:
        chosen, to = _chosen(form.data, mine), _colleague(form.data["to"], colleagues)
        handing.check_teams(chosen, to)
    except Invalid as problem:
        form.refuse(problem)
        return _choose(form, mine, colleagues), 422
    if form.data["step"] != DO:
        return _look(form, chosen, to)
    if form.data["expected"] not in (None, len(chosen)):
        return _look(form, chosen, to, changed=True), 409
    done = handing.hand_over(
        clinician,
        clinician.id,
        to,
        chosen,
        note=form.data["note"],
        with_follow_ups=bool(form.data["follow_ups"]),
        with_visits=bool(form.data["visits"]),
    )
    if not done:
        flash(_("Somebody has handed them over in the meantime. Nothing was changed"), "warning")
        return redirect(url_for("agendas.panel"), 303)
    said = ngettext(
        "%(name)s looks after %(num)s patient in place of you now",
        "%(name)s looks after %(num)s patients in place of you now",
        done,
        name=to.name,
    )
    flash(said, "success")
    return redirect(url_for("agendas.panel"), 303)


@bp.route("/patients/<uuid:patient_id>/hand-over")
@roles("clinician")
def hand_one_over(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The same for one patient, from their page.

    :raises NotFound: they are not named to the one who asks.
    """
    record = record_of(patient_id)
    found = handing.caseload(record.actor, patient_id=patient_id)
    if not found:
        raise NotFound
    colleagues = handing.colleagues_of(record.actor.id, {each.team_id for each in found})
    values = EMPTY | {"which": TICKED, "patients": [str(patient_id)]}
    return _choose(Form(HandOverSchema, values), found, colleagues)


def _chosen(given: dict[str, Any], mine: list[Named]) -> list[Named]:
    wanted = set(given["patients"])
    chosen = [each for each in mine if given["which"] == ALL or each.patient_id in wanted]
    if not chosen:
        raise Invalid({"patients": _("Tick 1 patient or more")})
    return chosen


def _colleague(person_id: uuid.UUID, colleagues: list[Colleague]) -> Colleague:
    found = next((each for each in colleagues if each.id == person_id), None)
    if found is None:
        raise Invalid({"to": _("Choose who takes over")})
    return found


def _choose(form: Form, mine: list[Named], colleagues: list[Colleague]) -> str:
    return render_template(
        "caseload/hand_over.html",
        form=form,
        mine=mine,
        teams={each.team_id for each in mine},
        colleagues=colleagues,
        limit=handing.LONGEST_NOTE,
    )


def _look(form: Form, chosen: list[Named], to: Colleague, *, changed: bool = False) -> str:
    return render_template(
        "caseload/look.html",
        form=form,
        chosen=chosen,
        to=to,
        moves=handing.goes_along(current_person().id, chosen),
        changed=changed,
    )
