"""Pages of visits: the patient's own list, and booking one from a patient's page."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare import clock
from selfcare.edge.filters import as_day, nhs_day, nhs_time
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, NotFound
from selfcare.people.access import Part, Record
from selfcare.people.acting import acting, for_query, record_of
from selfcare.visits import service
from selfcare.visits.cancelled import cancelled_to_come
from selfcare.visits.models import Visit
from selfcare.visits.schemas import LENGTHS, SOMEBODY_ELSE, BookForm, OwnVisitForm

bp = Blueprint("visits", __name__)


@bp.route("/visits")
@roles("patient", "carer")
def index() -> ResponseReturnValue:
    """Visits to come, those that were cancelled, and the last ones."""
    record = acting()
    coming, past = service.coming_and_past(record)
    return render_template(
        "visits/index.html",
        coming=coming,
        cancelled=cancelled_to_come(record),
        past=past,
        may_write=record.writes(Part.VISITS),
        as_day=as_day,
    )


@bp.route("/visits/new", methods=["GET", "POST"])
@roles("patient", "carer")
def add() -> ResponseReturnValue:
    """A visit that the patient notes: when, and with whom."""
    record = acting()
    record.require(Part.VISITS, write=True)
    return _own_form(record, Form(OwnVisitForm, {"id": str(uuid.uuid4())}))


@bp.route("/visits/<uuid:visit_id>/change", methods=["GET", "POST"])
@roles("patient", "carer")
def change(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Another day or time for a visit that the patient noted."""
    record = acting()
    record.require(Part.VISITS, write=True)
    visit = service.find(record, visit_id)
    if visit.added_by != "patient":
        raise NotFound
    values = _values(visit, record.person.time_zone) | {
        "team": str(visit.team_id or SOMEBODY_ELSE),
        "with_whom": visit.with_whom or "",
    }
    form = Form(OwnVisitForm, values)
    return _own_form(record, form, visit)


def _own_form(record: Record, form: Form, visit: Visit | None = None) -> ResponseReturnValue:
    teams = service.care_teams(record)
    if form.sent and form.ok:
        data, other = form.data, form.data["team"] == SOMEBODY_ELSE
        if other and not data.get("with_whom"):
            form.refuse(Invalid({"with_whom": _("Enter who the visit is with")}))
        elif not other and data["team"] not in {str(team.id) for team in teams}:
            form.refuse(Invalid({"team": _("Select who the visit is with")}))
        else:
            try:
                _visit, created = service.book(
                    record,
                    visit.id if visit else data["id"],
                    starts_at=service.instant(data["day"], data["time"], record.person.time_zone),
                    team_id=None if other else uuid.UUID(data["team"]),
                    place=data.get("place"),
                    with_whom=data.get("with_whom"),
                )
                flash(_("Visit added") if created else _("Visit saved"), "success")
                return redirect(url_for("visits.index", **for_query()), 303)
            except Invalid as problem:
                form.refuse(problem)
    today = clock.today(record.person.time_zone)
    page = render_template("visits/own.html", form=form, teams=teams, visit=visit, today=today)
    return page, 422 if form.errors else 200


@bp.route("/visits/<uuid:visit_id>/cancel", methods=["POST"])
@roles("patient", "carer")
def cancel(visit_id: uuid.UUID) -> ResponseReturnValue:
    """Take out a visit that the patient noted."""
    service.cancel(acting(), visit_id)
    flash(_("Visit cancelled. What you wrote for it is kept"), "success")
    return redirect(url_for("visits.index", **for_query()), 303)


@bp.route("/patients/<uuid:patient_id>/visits/new", methods=["GET", "POST"])
@roles("clinician")
def book(patient_id: uuid.UUID) -> ResponseReturnValue:
    """A team books a visit: when, how long, with whom."""
    record = record_of(patient_id)
    values = {"id": str(uuid.uuid4()), "minutes": "20", "clinician_id": str(record.actor.id)}
    return _team_form(record, Form(BookForm, values))


@bp.route("/patients/<uuid:patient_id>/visits/<uuid:visit_id>", methods=["GET", "POST"])
@roles("clinician")
def rebook(patient_id: uuid.UUID, visit_id: uuid.UUID) -> ResponseReturnValue:
    """Another day or time for a visit that the team booked."""
    record = record_of(patient_id)
    visit = service.find(record, visit_id)
    if visit.added_by != "team":
        raise NotFound
    values = _values(visit, record.actor.time_zone) | {
        "minutes": str(visit.minutes),
        "team_id": str(visit.team_id),
        "clinician_id": str(visit.clinician_id or ""),
    }
    return _team_form(record, Form(BookForm, values), visit)


def _team_form(record: Record, form: Form, visit: Visit | None = None) -> ResponseReturnValue:
    record.require(Part.VISITS, write=True)
    teams = service.care_teams(record)
    zone = record.actor.time_zone
    if form.sent and form.ok:
        data = form.data
        try:
            booked, _created = service.book(
                record,
                visit.id if visit else data["id"],
                starts_at=service.instant(data["day"], data["time"], zone),
                minutes=data["minutes"],
                team_id=data["team_id"] or (teams[0].id if teams else None),
                clinician_id=data["clinician_id"],
                place=data.get("place"),
            )
            said = _(
                "Visit booked for %(day)s, %(time)s",
                day=nhs_day(booked.starts_at),
                time=nhs_time(booked.starts_at),
            )
            flash(said, "success")
            return redirect(url_for("agendas.patient", patient_id=record.patient.id), 303)
        except Invalid as problem:
            form.refuse(problem)
    page = render_template(
        "visits/book.html",
        form=form,
        record=record,
        visit=visit,
        teams=teams,
        clinicians=service.clinicians_of([team.id for team in teams]),
        lengths=LENGTHS,
        today=clock.today(zone),
    )
    return page, 422 if form.errors else 200


@bp.route("/patients/<uuid:patient_id>/visits/<uuid:visit_id>/cancel", methods=["POST"])
@roles("clinician")
def call_off(patient_id: uuid.UUID, visit_id: uuid.UUID) -> ResponseReturnValue:
    """Cancel a visit that the team booked."""
    service.cancel(record_of(patient_id), visit_id)
    flash(_("Visit cancelled"), "success")
    return redirect(url_for("agendas.patient", patient_id=patient_id), 303)


def _values(visit: Visit, zone: str) -> dict[str, Any]:
    there = clock.local(visit.starts_at, zone)
    return {
        "id": str(visit.id),
        "day": there.date().isoformat(),
        "time": there.strftime("%H:%M"),
        "place": visit.place or "",
    }
