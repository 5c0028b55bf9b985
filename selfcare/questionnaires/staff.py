"""The team's pages of questionnaires: one patient's answers, who reads what; and for administrators, which texts are here."""

from __future__ import annotations

import uuid

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid
from selfcare.people.access import Part
from selfcare.people.acting import current_person, record_of
from selfcare.questionnaires import packs, readers, reading, texts, to_read
from selfcare.questionnaires.schemas import ReaderForm
from selfcare.questionnaires.views import bp

__all__ = ["bp"]  # the room's pages stand in several files; app.py takes the last


@bp.get("/patients/<uuid:patient_id>/questionnaires", endpoint="patient")
@roles("clinician")
def of_patient(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Every answer that the patient shares, newest first; for one who shares none, that and nothing else."""
    record = record_of(patient_id)
    shared = record.sees(Part.QUESTIONNAIRES)
    return render_template(
        "questionnaires/patient.html",
        record=record,
        shared=shared,
        answered=reading.history(record) if shared else [],
    )


@bp.route("/panel/questionnaires", methods=["GET", "POST"], endpoint="readers")
@roles("clinician")
def who_reads() -> ResponseReturnValue:
    """Who of the team reads the answers to a questionnaire, and within how many days."""
    clinician = current_person()
    form = Form(ReaderForm)
    if form.sent and form.ok:
        data = form.data
        try:
            readers.choose(
                clinician,
                data["team_id"],
                data["questionnaire"],
                clinician_id=data["clinician_id"],
                within_days=data["within_days"],
            )
            flash(_("Saved. It holds from now"), "success")
            return redirect(url_for("questionnaires.readers"), 303)
        except Invalid as problem:
            form.refuse(problem)
    page = render_template(
        "questionnaires/readers.html",
        rows=readers.of_teams(clinician),
        waiting=to_read.waiting(clinician),
        titles={code: each.title for code, each in packs.catalogue().items()},
        form=form,
        here=texts.in_force(),
        longest=readers.LONGEST,
    )
    return page, 422 if form.errors else 200


@bp.get("/admin/questionnaires", endpoint="packs")
@roles("administrator")
def list_packs() -> ResponseReturnValue:
    """Every pack: its licence and reviewer, and whether its text is here. A text that is not here is offered to nobody."""
    return render_template(
        "questionnaires/packs.html",
        instruments=packs.catalogue().values(),
        here=texts.in_force(),
        usable=packs.usable,
    )
