"""The team's pages of results: the list of one patient, new ones, a correction, the release, and a file for many."""

from __future__ import annotations

import uuid
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from selfcare import clock
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Conflict, Invalid, NeedsConfirming, NotFound
from selfcare.people.access import Part, Record
from selfcare.people.acting import current_person, record_of
from selfcare.results import forms, importing, packs, reading, service
from selfcare.results.catalogue import Measure
from selfcare.results.models import Result
from selfcare.results.schemas import ImportForm, ReleaseForm
from selfcare.results.views import bp

__all__ = ["bp"]  # the room's pages stand in several files; app.py takes the last


@bp.get("/patients/<uuid:patient_id>/results", endpoint="patient")
@roles("clinician")
def of_patient(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Everything the team knows: held ones marked, corrected ones beside their corrections."""
    record = record_of(patient_id)
    rows = reading.all_of(record)
    held = [row for row in rows if row.release is None and row.correction is None and not row.taken_back]
    return render_template(
        "results/patient.html", record=record, rows=rows, held=held, measures=packs.catalogue()
    )


@bp.route("/patients/<uuid:patient_id>/results/new", methods=["GET", "POST"])
@roles("clinician")
def enter(patient_id: uuid.UUID) -> ResponseReturnValue:
    """All the usual measures on one page; what is left empty is not stored."""
    record = record_of(patient_id)
    record.require(Part.RESULTS, write=True)
    measures = list(packs.catalogue().values())
    today = clock.today(record.actor.time_zone)
    form = Form(forms.schema_for(*packs.catalogue()), forms.empty(today))
    if form.sent and form.ok and not form.data["change"]:
        try:
            rows = service.record_several(record, forms.read(form, measures))
            words = ngettext(
                "%(num)s result is saved. %(name)s does not see it until you release it",
                "%(num)s results are saved. %(name)s does not see them until you release them",
                len(rows),
                name=record.person.known_as,
            )
            flash(words, "success")
            return redirect(url_for("results.patient", patient_id=patient_id), 303)
        except NeedsConfirming as problem:
            return _sure(record, form, problem, url_for("results.enter", patient_id=patient_id))
        except Invalid as problem:
            form.refuse(problem)
    page = render_template(
        "results/enter.html", record=record, form=form, measures=measures, today=today, box=forms.box
    )
    return page, 422 if form.errors else 200


@bp.route("/patients/<uuid:patient_id>/results/<uuid:result_id>/correct", methods=["GET", "POST"])
@roles("clinician")
def correct(patient_id: uuid.UUID, result_id: uuid.UUID) -> ResponseReturnValue:
    """Another number, another day, or none at all: a new result that names this one. Both stay."""
    record = record_of(patient_id)
    record.require(Part.RESULTS, write=True)
    row = reading.one(record, result_id)
    if row is None:
        raise NotFound
    measure = packs.catalogue()[row.measure]
    form = Form(forms.schema_for(measure.code, correcting=True), forms.values_of(row, measure))
    if form.sent and form.ok and not form.data["change"]:
        try:
            service.record_several(record, [_correction(form, row, measure)])
            flash(_told(record, row), "success")
            return redirect(url_for("results.patient", patient_id=patient_id), 303)
        except NeedsConfirming as problem:
            here = url_for("results.correct", patient_id=patient_id, result_id=result_id)
            return _sure(record, form, problem, here)
        except Invalid as problem:
            form.refuse(problem)
    page = render_template(
        "results/correct.html",
        record=record,
        row=row,
        measure=measure,
        form=form,
        today=clock.today(record.actor.time_zone),
        box=forms.box,
    )
    return page, 422 if form.errors else 200


def _correction(form: Form, row: Result, measure: Measure) -> dict[str, Any]:
    named = {"corrects": row.id, "reason": form.data["reason"]}
    if form.data["taken_back"]:
        about = {"measure": row.measure, "taken_on": row.taken_on, "taken_back": True}
        return about | named | {"result_id": form.data["id"]}
    return forms.read(form, [measure])[0] | named


def _told(record: Record, row: Result) -> str:
    name = record.person.known_as
    if row.release is None:
        return _("The correction is saved. %(name)s has seen neither", name=name)
    return _("The correction is saved. %(name)s is told of it", name=name)


def _sure(record: Record, form: Form, problem: NeedsConfirming, here: str) -> ResponseReturnValue:
    """ "Is 190 right?": everything typed is carried along, whatever the answer."""
    known = packs.catalogue()
    questions = [(known[code], problem.errors[code][0]) for code in problem.confirm]
    page = render_template(
        "results/sure.html",
        record=record,
        here=here,
        questions=questions,
        typed=forms.typed(form),
        confirmed=form.data["confirmed"],
    )
    return page, 422


@bp.post("/patients/<uuid:patient_id>/results/release")
@roles("clinician")
def release(patient_id: uuid.UUID) -> ResponseReturnValue:
    """Everything held, in one action, from the patient's results or from the panel."""
    record = record_of(patient_id)
    form = Form(ReleaseForm)
    if not form.ok:
        raise Invalid(form.errors)
    name = record.person.known_as
    try:
        number = service.release_all(record, expected=form.data["expected"], until=form.data["until"])
    except Conflict as problem:
        flash(problem.message, "warning")
        return redirect(url_for("results.patient", patient_id=patient_id), 303)
    if number:
        words = ngettext(
            "%(num)s result is released. %(name)s sees it from now",
            "%(num)s results are released. %(name)s sees them from now",
            number,
            name=name,
        )
        flash(words, "success")
    else:
        flash(_("Nothing was waiting. %(name)s sees every result already", name=name), "success")
    if form.data["back"] == "panel":
        return redirect(url_for("agendas.panel"), 303)
    return redirect(url_for("results.patient", patient_id=patient_id), 303)


@bp.route("/results/import", methods=["GET", "POST"], endpoint="file")
@roles("clinician")
def import_file() -> ResponseReturnValue:
    """Results of many patients from a file, and what was wrong with it, line by line."""
    form = Form(ImportForm)
    report = None
    if form.sent and form.ok:
        given = request.files.get("file")
        data = given.read() if given is not None else b""
        try:
            if not data:
                raise Invalid({"file": _("Choose a file")})
            keep = form.data["keep_right"] == "yes"
            report = importing.import_results(current_person(), data, keep_right=keep)
        except Invalid as problem:
            form.refuse(problem)
    failed = bool(form.errors) or (report is not None and report.stored == 0 and bool(report.wrong))
    page = render_template(
        "results/import.html",
        form=form,
        report=report,
        measures=packs.catalogue(),
        most=importing.MOST_LINES,
        example=importing.EXAMPLE,
    )
    # Anything but a success stores nothing: the edge takes all of it back.
    return page, 422 if failed else 200
