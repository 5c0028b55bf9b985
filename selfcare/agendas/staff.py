"""The clinician's pages: panel, one patient, the one page before a visit."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass

from flask import flash, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare import audit, clock
from selfcare.agendas import next_patient, one_page, panel, paper, pdf, search, sheet, summary
from selfcare.agendas.schemas import PanelQuery, SearchSchema
from selfcare.agendas.views import bp
from selfcare.edge.filters import as_day, nhs_day
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.goals import consultation, follow_up, team_notes
from selfcare.people import care
from selfcare.people.acting import current_person, record_of
from selfcare.people.conditions import condition_names
from selfcare.visits import service as visits

__all__ = ["bp"]  # the room's pages stand in several files; app.py takes the last


@dataclass(frozen=True)
class Day:
    """Rows under one heading; ``later`` rows say their own day."""

    title: str
    rows: list[panel.Row]
    later: bool = False


# What a clinician chose on the panel stays until they change or clear it, or sign out: in the cookie of the session, codes only.
KEPT, CHOSEN = "panel", ("show", "only", "sort", "team")


@bp.route("/panel", endpoint="panel")
@roles("clinician")
def panel_page() -> ResponseReturnValue:
    """Next visits first, days as groups. Without a choice in the address, what was chosen last."""
    if "clear" in request.args:
        session.pop(KEPT, None)
        return redirect(url_for("agendas.panel"), 303)
    if set(CHOSEN) & set(request.args):
        given = {name: value for name, value in request.args.items() if value}
        session[KEPT] = {name: given[name] for name in CHOSEN if name in given}
    else:
        given = session.get(KEPT, {}) | {
            name: request.args[name] for name in ("cursor",) if name in request.args
        }
    return _chosen(given, Form(SearchSchema, {"q": ""}))


@bp.route("/panel/search", methods=["POST"])
@roles("clinician")
def search_panel() -> ResponseReturnValue:
    """Patients by name. The answer to the POST is the page itself, so that no name stands in an address."""
    form = Form(SearchSchema, {"q": ""})
    if not form.ok:
        return _chosen(session.get(KEPT, {}), form)
    return _panel(search.find(current_person(), form.data["q"]), form, found=True)


def _chosen(given: dict[str, str], form: Form) -> ResponseReturnValue:
    """The panel by what was chosen; what is none of its choices is left out."""
    known = {field.data_key or name for name, field in PanelQuery().fields.items()}
    given = {name: value for name, value in given.items() if name in known}
    wrong = PanelQuery().validate(given)
    query = PanelQuery().load({name: value for name, value in given.items() if name not in wrong})
    chosen = {"only": query["only_"], "sort": query["sort"], "cursor": query["cursor"], "team": query["team"]}
    page = panel.read(current_person(), show=query["show"] if "show" in given else None, **chosen)
    return _panel(page, form, **chosen)


def _panel(
    page: panel.Panel,
    form: Form,
    *,
    only: str | None = None,
    sort: str = "visit",
    cursor: str | None = None,
    team: uuid.UUID | None = None,
    found: bool = False,
) -> ResponseReturnValue:
    clinician = current_person()
    html = render_template(
        "agendas/panel.html",
        panel=page,
        form=form,
        only=only,
        sort=sort,
        cursor=cursor,
        team=team,
        found=found,
        days=_days(page.rows, clock.today(clinician.time_zone), clinician.time_zone, by_day=sort == "visit"),
        today=clock.today(clinician.time_zone),
        condition_names=condition_names,
        as_day=as_day,
    )
    return html, 422 if form.errors else 200


def _days(rows: list[panel.Row], today: dt.date, zone: str, *, by_day: bool) -> list[Day]:
    if not by_day:
        return [Day("", rows, later=True)] if rows else []
    tomorrow = today + dt.timedelta(days=1)
    sunday = clock.monday_of(today) + dt.timedelta(days=6)
    groups: dict[str, list[panel.Row]] = {}
    for row in rows:  # in the order of their visits, so the groups come in theirs
        day = clock.local(row.starts_at, zone).date() if row.starts_at else None
        if day is None:
            name = "none"
        elif day <= tomorrow:
            name = "today" if day <= today else "tomorrow"
        else:
            name = "week" if day <= sunday else "later"
        groups.setdefault(name, []).append(row)
    titles = {
        "today": _("Today, %(day)s", day=nhs_day(today)),
        "tomorrow": _("Tomorrow, %(day)s", day=nhs_day(tomorrow)),
        "week": _("This week"),
        "later": _("Later"),
        "none": _("No visit booked"),
    }
    return [
        Day(titles[name], group, later=name in ("week", "later")) for name, group in groups.items() if group
    ]


@bp.route("/patients/<uuid:patient_id>")
@roles("clinician")
def patient(patient_id: uuid.UUID) -> ResponseReturnValue:
    """One patient: who they are, their visits, what they share, and the ways to everything else."""
    record = record_of(patient_id)
    coming, past = visits.coming_and_past(record)
    cared = care.history_of(record)
    audit.record(record.actor, "patient.read", record.patient)
    return render_template(
        "agendas/patient.html",
        coming=coming,
        past=past,
        goals=consultation.goals_to_choose(record),
        follow_ups=follow_up.open_follow_ups(record),
        cared=cared,
        handing_notes=team_notes.notes_about(record, [each.id for each in cared]),
        **sheet.about(record),
    )


@bp.route("/patients/<uuid:patient_id>/agenda", endpoint="summary")
@roles("clinician")
def summary_page(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The one page before a visit, for the screen and for paper."""
    page = summary.of(record_of(patient_id), _visit())
    return _rendered(page)


@bp.route("/panel/visits/<uuid:visit_id>/<any(next, previous):where>")
@roles("clinician")
def beside(visit_id: uuid.UUID, where: str) -> ResponseReturnValue:
    """The page of the next or the previous patient of that day; at the end of the list back to the panel."""
    found = next_patient.beside(current_person(), visit_id, step=1 if where == "next" else -1)
    if found is None:
        said = (
            _("That was the last visit of the day")
            if where == "next"
            else _("That was the first visit of the day")
        )
        flash(said, "info")
        return redirect(url_for("agendas.panel"), 303)
    return redirect(url_for("agendas.summary", patient_id=found.patient_id, visit=found.id), 303)


@bp.route("/patients/<uuid:patient_id>/agenda.pdf")
@roles("clinician")
def summary_pdf(patient_id: uuid.UUID) -> ResponseReturnValue:
    """The same as one A4 page.

    :raises NotBuilt: (501) the library for it is not installed; the answer offers printing.
    """
    record = record_of(patient_id)
    page = summary.of(record, _visit())
    written = pdf.pdf(paper.of(page), lambda drawn: _rendered(page, drawn))
    response = make_response(written)
    response.content_type = "application/pdf"
    response.headers["Content-Disposition"] = 'inline; filename="agenda.pdf"'
    return response


def _rendered(page: summary.Summary, drawn: paper.Paper | None = None) -> str:
    return render_template(
        "agendas/summary.html",
        plain_text=one_page.plain_text(page),
        pdf=pdf.available(),
        **sheet.of(page, drawn=drawn),
    )


def _visit() -> uuid.UUID | None:
    named = request.args.get("visit")
    try:
        return uuid.UUID(named) if named else None
    except ValueError:
        return None
