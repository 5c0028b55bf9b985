"""Medicines and notes: list, add, change, stop."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare import clock
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid
from selfcare.notes import service
from selfcare.notes.models import SelfCareNote
from selfcare.notes.schemas import NoteForm, StopForm
from selfcare.people.access import Part, Record
from selfcare.people.acting import acting, for_query
from selfcare.people.hands import hands_of

bp = Blueprint("notes", __name__)


@bp.route("/notes")
@roles("patient", "carer")
def index() -> ResponseReturnValue:
    """What the patient takes, what they noted, and what they stopped."""
    record = acting()
    notes = service.everything(record)
    return render_template(
        "notes/index.html",
        notes=notes,
        hands=hands_of(record, (note.written_by for note in notes)),
        may_write=record.writes(Part.NOTES),
    )


@bp.route("/notes/new", methods=["GET", "POST"])
@roles("patient", "carer")
def add() -> ResponseReturnValue:
    """Another medicine or note."""
    record = acting()
    record.require(Part.NOTES, write=True)
    return _form(record, Form(NoteForm, {"id": str(uuid.uuid4())}))


@bp.route("/notes/<uuid:note_id>/change", methods=["GET", "POST"])
@roles("patient", "carer")
def change(note_id: uuid.UUID) -> ResponseReturnValue:
    """Other words for a medicine or note."""
    record = acting()
    record.require(Part.NOTES, write=True)
    note = service.find(record, note_id)
    form = Form(
        NoteForm,
        {
            "id": str(note.id),
            "kind": note.kind,
            "text": note.text,
            "since": note.since.isoformat() if note.since else "",
        },
    )
    return _form(record, form, note)


def _form(record: Record, form: Form, note: SelfCareNote | None = None) -> ResponseReturnValue:
    if form.sent and form.ok:
        data = form.data
        try:
            _note, created = service.keep(
                record,
                note.id if note else data["id"],
                kind=data["kind"],
                text=data["text"],
                since=data["since"],
                stopped_on=note.stopped_on if note else None,
                stop_reason=note.stop_reason if note else None,
            )
            flash(_("Added") if created else _("Saved"), "success")
            return redirect(url_for("notes.index", **for_query()), 303)
        except Invalid as problem:
            form.refuse(problem)
    page = render_template("notes/form.html", form=form, note=note)
    return page, 422 if form.errors else 200


@bp.route("/notes/<uuid:note_id>/stop", methods=["GET", "POST"])
@roles("patient", "carer")
def stop(note_id: uuid.UUID) -> ResponseReturnValue:
    """The day a medicine was stopped, and why."""
    record = acting()
    record.require(Part.NOTES, write=True)
    note = service.find(record, note_id)
    today = clock.today(record.person.time_zone)
    form = Form(StopForm, {"stopped_on": today.isoformat()})
    if form.sent and form.ok:
        try:
            service.stop(record, note_id, **form.data)
            flash(_("Saved as stopped"), "success")
            return redirect(url_for("notes.index", **for_query()), 303)
        except Invalid as problem:
            form.refuse(problem)
    page = render_template("notes/stop.html", form=form, note=note, today=today)
    return page, 422 if form.errors else 200


@bp.route("/notes/<uuid:note_id>/remove", methods=["POST"])
@roles("patient", "carer")
def remove(note_id: uuid.UUID) -> ResponseReturnValue:
    """Take out a slip of the pen."""
    service.remove(acting(), note_id)
    flash(_("Removed"), "success")
    return redirect(url_for("notes.index", **for_query()), 303)
