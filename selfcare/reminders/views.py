"""Pages of reminders: when, on which phone, quiet hours. All but push itself works without a script."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare import clock
from selfcare.edge.filters import join_words, nhs_time
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, NotFound
from selfcare.people.access import Part, Record
from selfcare.people.acting import acting, for_query
from selfcare.push import configured
from selfcare.push import service as push
from selfcare.reminders import service, sources, taps, words
from selfcare.reminders.models import QuietHours, Reminder
from selfcare.reminders.schemas import SNOOZES, QuietHoursForm, ReminderForm

bp = Blueprint("reminders", __name__)

# Offered to begin with, in one tap.
USUAL_TIME, USUAL_ABOUT = "19:00", "diary"

# So long after a message "Remind me again" stands beside it: it may stay on a screen all day.
SNOOZE_WITHIN = taps.SAME_DAY


@dataclass(frozen=True)
class _Card:
    """One reminder as the page shows it."""

    row: Reminder
    title: str
    wish: str
    state: str
    last: str
    may_snooze: bool


@bp.route("/reminders")
@roles("patient", "carer")
def index() -> ResponseReturnValue:
    """This phone, all reminders, quiet hours."""
    record = acting()
    rows = service.everything(record)
    last = service.last_of_each(record)
    cards = []
    for row in rows:
        before = last.get(row.id)
        recently = before is not None and clock.now() - before.due_at < SNOOZE_WITHIN
        cards.append(
            _Card(
                row,
                sources.label(record, row.about),
                words.wish(row),
                _state(row),
                words.outcome(before) if before else "",
                may_snooze=recently and before is not None and before.state == "sent" and row.active,
            )
        )
    phones = push.phones(record)
    setup = configured.here()
    return render_template(
        "reminders/index.html",
        cards=cards,
        phones=[phone for phone in phones if phone.active],
        quiet=service.quiet(record),
        key=setup.public_key if setup else None,
        first=_first_wish(record, rows),
        may_write=record.writes(Part.REMINDERS),
        snoozes=list(zip(SNOOZES, (_("1 hour"), _("This evening"), _("Tomorrow")), strict=True)),
    )


def _state(row: Reminder) -> str:
    if not row.active:
        return _("Paused")
    if row.paused_until_at is not None and row.paused_until_at > clock.now():
        return _("Paused. %(next)s", next=words.coming(service.next_due(row)))
    return words.coming(service.next_due(row))


def _first_wish(record: Record, rows: Any) -> dict[str, str] | None:
    """What is offered in one tap while there is no reminder yet."""
    if rows or not sources.exists(record, USUAL_ABOUT):
        return None
    return {"id": str(uuid.uuid4()), "about": USUAL_ABOUT, "times": USUAL_TIME}


@bp.route("/reminders/new", methods=["GET", "POST"])
@roles("patient", "carer")
def new() -> ResponseReturnValue:
    """A new reminder; ``?about=`` when it is known what about."""
    record = acting()
    record.require(Part.REMINDERS, write=True)
    about = request.args.get("about", "")
    if about and not sources.exists(record, about):
        raise NotFound
    values = {"id": str(uuid.uuid4()), "about": about or None, "times": [USUAL_TIME], "days": []}
    return _form(record, Form(ReminderForm, values))


@bp.route("/reminders/<uuid:reminder_id>/change", methods=["GET", "POST"])
@roles("patient", "carer")
def change(reminder_id: uuid.UUID) -> ResponseReturnValue:
    """Other times or days."""
    record = acting()
    row = service.one(record, reminder_id, write=True)
    values = {"id": str(row.id), "about": row.about, "times": row.times, "days": row.days or []}
    return _form(record, Form(ReminderForm, values), row)


def _form(record: Record, form: Form, row: Reminder | None = None) -> ResponseReturnValue:
    if form.sent and form.ok and not form.data.get("change"):
        data = form.data
        quiet = service.quiet(record)
        doubtful = service.in_quiet_hours(quiet, [t for t in data["times"] if not row or t not in row.times])
        if doubtful and not data.get("keep"):
            return _ask_to_keep(form, row, quiet, doubtful)
        try:
            _row, created = service.put(
                record,
                row.id if row else data["id"],
                about=row.about if row else data["about"],
                times=data["times"],
                days=data["days"] or None,
                time_zone=row.time_zone if row else None,
                channels=row.channels if row else None,
                active=row.active if row else True,
                paused_until=row.paused_until if row else None,
            )
            flash(_("Reminder set") if created else _("Reminder saved"), "success")
            return redirect(url_for("reminders.index", **for_query()), 303)
        except Invalid as problem:
            form.refuse(problem)
    about = row.about if row else str(form.values.get("about") or "")
    page = render_template(
        "reminders/form.html",
        form=form,
        row=row,
        title=sources.label(record, about) if row or sources.exists(record, about) else None,
        choices=sources.choices(record),
        weekdays=clock.WEEKDAYS,
    )
    return page, 422 if form.errors else 200


def _ask_to_keep(
    form: Form, row: Reminder | None, quiet: QuietHours, doubtful: list[str]
) -> ResponseReturnValue:
    """A time inside quiet hours is asked about once, when it is saved. Nothing is saved yet."""
    return render_template(
        "reminders/keep.html",
        row=row,
        quiet=quiet,
        times=join_words([nhs_time(time) for time in doubtful]),
        typed=[
            (name, value) for name in ("id", "about", "times", "days") for value in request.form.getlist(name)
        ],
    )


@bp.route("/reminders/<uuid:reminder_id>/pause", methods=["POST"])
@roles("patient", "carer")
def pause(reminder_id: uuid.UUID) -> ResponseReturnValue:
    """Let it rest."""
    record = acting()
    service.pause(record, service.one(record, reminder_id, write=True), active=False)
    flash(_("Reminder paused. Start it again when you like"), "success")
    return redirect(url_for("reminders.index", **for_query()), 303)


@bp.route("/reminders/<uuid:reminder_id>/start", methods=["POST"])
@roles("patient", "carer")
def start(reminder_id: uuid.UUID) -> ResponseReturnValue:
    """Start it again."""
    record = acting()
    service.pause(record, service.one(record, reminder_id, write=True), active=True)
    flash(_("Reminder started again"), "success")
    return redirect(url_for("reminders.index", **for_query()), 303)


@bp.route("/reminders/<uuid:reminder_id>/delete", methods=["POST"])
@roles("patient", "carer")
def delete(reminder_id: uuid.UUID) -> ResponseReturnValue:
    """Forget it. Sent twice, the second finds nothing to do."""
    record = acting()
    row = service.find(record, reminder_id, write=True)
    if row is not None:
        service.delete(record, row)
    flash(_("Reminder deleted"), "success")
    return redirect(url_for("reminders.index", **for_query()), 303)


@bp.route("/reminders/<uuid:reminder_id>/snooze", methods=["POST"])
@roles("patient", "carer")
def snooze(reminder_id: uuid.UUID) -> ResponseReturnValue:
    """Come again later."""
    record = acting()
    row = service.one(record, reminder_id, write=True)
    until = request.form.get("until", "")
    try:
        found = service.snooze(record, row, until if until in SNOOZES else SNOOZES[0])
        said = words.coming(found.due_at)
        flash(said, "success")
    except Invalid as problem:
        flash(problem.errors["until"][0], "error")
    return redirect(url_for("reminders.index", **for_query()), 303)


@bp.route("/reminders/quiet-hours", methods=["GET", "POST"])
@roles("patient", "carer")
def quiet_hours() -> ResponseReturnValue:
    """When the app adds nothing of its own."""
    record = acting()
    row = service.quiet(record)
    typed = (
        {"tells_news": None}
        if request.method == "POST"
        else {"tells_news": "yes" if row.tells_news else None}
    )
    form = Form(QuietHoursForm, {"begin": row.begin, "end": row.end} | typed)
    if form.sent and form.ok:
        try:
            service.put_quiet(record, **form.data | {"tells_news": form.data["tells_news"] == "yes"})
            flash(_("Quiet hours saved"), "success")
            return redirect(url_for("reminders.index", **for_query()), 303)
        except Invalid as problem:
            form.errors["end"] = problem.errors["to"][0]
    page = render_template("reminders/quiet_hours.html", form=form)
    return page, 422 if form.errors else 200


@bp.route("/reminders/test", methods=["POST"])
@roles("patient", "carer")
def test() -> ResponseReturnValue:
    """Send a test to every phone that takes reminders."""
    if push.send_tests(acting()):
        flash(_("A test is on its way to your phone"), "success")
    else:
        flash(_("No phone takes your reminders yet"), "error")
    return redirect(url_for("reminders.index", **for_query()), 303)


@bp.route("/reminders/phones/<uuid:subscription_id>/remove", methods=["POST"])
@roles("patient", "carer")
def remove_phone(subscription_id: uuid.UUID) -> ResponseReturnValue:
    """No more reminders on this phone."""
    record = acting()
    row = push.find(record, subscription_id, write=True)
    if row is not None:
        push.unsubscribe(record, row)
    flash(_("That phone gets no more reminders"), "success")
    return redirect(url_for("reminders.index", **for_query()), 303)
