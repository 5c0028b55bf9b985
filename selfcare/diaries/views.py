"""Pages of the diary: the trends, a new entry, what was saved, past days, what to keep track of."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any

import marshmallow as ma
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare import clock
from selfcare.diaries import care_cards, forms, packs, service, trackers, trends, who_sees
from selfcare.diaries.back_dating import MOST_DAYS
from selfcare.diaries.charts import Period
from selfcare.diaries.days import each_day
from selfcare.diaries.measures import Measure
from selfcare.diaries.service import Entry
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.edge.schemas import read_day
from selfcare.errors import Conflict, Invalid, NeedsConfirming, NotFound
from selfcare.people.access import Part, Record
from selfcare.people.acting import acting, for_query
from selfcare.people.hands import hands_of

bp = Blueprint("diaries", __name__)


@bp.get("/diary")
@roles("patient", "carer")
def index() -> ResponseReturnValue:
    """The last 7, 28 or 90 days: a sentence, a chart and a table for each tracker."""
    record = acting()
    wanted = request.args.get("days", "")
    span = int(wanted) if wanted in [str(each) for each in trends.SPANS] else trends.USUAL_SPAN
    period = Period.until(clock.today(record.person.time_zone), span)
    entries = service.read_diary(record, period.first, period.last)
    tracked = trackers.trackers_of(record)
    written = {code for entry in entries if not entry.corrected for code in entry.values}
    others = [m for m in trackers.readable(record).values() if m.code in written and m not in tracked]
    return render_template(
        "diaries/index.html",
        record=record,
        trends=trends.trends([*tracked, *others], entries, period),
        period=period,
        spans=trends.SPANS,
        days_written=len({entry.experienced_on for entry in entries}),
        readers=who_sees.readers_of(record),
        may_write=record.writes(Part.DIARY),
    )


@bp.route("/diary/new", methods=["GET", "POST"])
@roles("patient", "carer")
def new() -> ResponseReturnValue:
    """How was today? My trackers and a note on one page; nothing is required, nothing chosen beforehand."""
    record = acting()
    record.require(Part.DIARY, write=True)
    asked = trackers.asked(record)
    if not asked:
        return redirect(url_for("diaries.setup", **for_query()), 303)
    day = _past_day(record, request.args.get("day"))
    form = Form(forms.entry_form(asked), forms.empty_values(record.person.time_zone, day))
    return _entry_page(record, form, asked, time_open=day is not None)


@bp.route("/diary/<uuid:entry_id>/correct", methods=["GET", "POST"])
@roles("patient", "carer")
def correct(entry_id: uuid.UUID) -> ResponseReturnValue:
    """Change what was written: a new entry that says which one it replaces. Both stay."""
    record = acting()
    record.require(Part.DIARY, write=True)
    entry = service.read_entry(record, entry_id)
    if (clock.today(record.person.time_zone) - entry.experienced_on).days > MOST_DAYS:
        flash(_("You can change the last %(most)s days", most=MOST_DAYS), "warning")
        return redirect(url_for("diaries.past", **for_query()), 303)
    known = trackers.readable(record)
    asked = trackers.asked(record)
    asked += [known[code] for code in entry.values if code in known and known[code] not in asked]
    form = Form(forms.entry_form(asked), forms.values_of(entry, asked))
    return _entry_page(record, form, asked, corrects=entry)


def _entry_page(
    record: Record,
    form: Form,
    asked: list[Measure],
    *,
    corrects: Entry | None = None,
    time_open: bool = False,
) -> ResponseReturnValue:
    status, saved_before = 200, False
    if form.sent and form.ok and not form.data["change"]:
        try:
            given = forms.read(form.data, asked, record.person.time_zone)
            entry, _created = service.record_entry(
                record, form.data["id"], corrects=corrects.id if corrects else None, **given
            )
            return redirect(url_for("diaries.saved", entry=entry.id, **for_query()), 303)
        except NeedsConfirming as problem:
            return _ask_page(form, problem, corrects), 422
        except Conflict:
            # Back, changed, Save again: what was saved first stays, and the change goes on as a correction of it.
            corrects, saved_before, status = service.read_entry(record, form.data["id"]), True, 409
            form.values["id"] = str(uuid.uuid4())
        except Invalid as problem:
            form.refuse(forms.beside_fields(problem, asked))
    if form.sent and not form.ok:
        status = 422
    today = clock.today(record.person.time_zone)
    page = render_template(
        "diaries/entry.html",
        record=record,
        form=form,
        asked=asked,
        corrects=corrects,
        saved_before=saved_before,
        felt=_felt(form, record.person.time_zone),
        time_open=time_open or bool(form.errors.keys() & {"day", "time"}),
        first_day=today - dt.timedelta(days=MOST_DAYS),
        last_day=today,
        readers=who_sees.readers_of(record),
        mood=any(measure.mood for measure in asked),
    )
    return page, status


def _ask_page(form: Form, problem: NeedsConfirming, corrects: Entry | None) -> str:
    """ "Is 690 right?": everything typed is carried along, whatever the answer."""
    known = packs.catalogue()
    typed = [
        (name, each)
        for name, value in form.values.items()
        for each in (value if isinstance(value, list) else [value])
        if each is not None and each != ""
    ]
    return render_template(
        "diaries/is_it_right.html",
        questions=[(known[code], problem.errors[code][0]) for code in problem.confirm],
        typed=typed,
        corrects=corrects,
    )


def _felt(form: Form, zone: str) -> dict[str, Any]:
    """The day and time the form holds, for the line above it; now where they cannot be read."""
    now = clock.local(clock.now(), zone)
    try:
        day = read_day(str(form.values.get("day", "")))
        time = dt.time.fromisoformat(str(form.values.get("time", "")))
    except (ma.ValidationError, ValueError):
        return {"day": now.date(), "time": now.time(), "is_today": True}
    return {"day": day, "time": time, "is_today": day == now.date()}


def _past_day(record: Record, text: str | None) -> dt.date | None:
    """The day a link asks for, if it is one of the last 14."""
    if not text:
        return None
    try:
        day = read_day(text)
    except ma.ValidationError:
        return None
    days_ago = (clock.today(record.person.time_zone) - day).days
    return day if 0 < days_ago <= MOST_DAYS else None


@bp.get("/diary/saved")
@roles("patient", "carer")
def saved() -> ResponseReturnValue:
    """What was saved, who sees it, when to get help, and what next."""
    record = acting()
    try:
        entry = service.read_entry(record, uuid.UUID(request.args.get("entry", "")))
    except ValueError:
        raise NotFound from None
    known = trackers.readable(record)
    mood = any(known[code].mood for code in entry.values if code in known)
    return render_template(
        "diaries/saved.html",
        record=record,
        entry=entry,
        rows=_rows(record, entry),
        hands=hands_of(record, [entry.written_by]),
        readers=who_sees.readers_of(record),
        mood=mood,
        cards=care_cards.cards_for(record.patient.conditions, mood=mood),
        # Somebody who came back a second time may want it nearer.
        offer_install=service.wrote_twice(record),
    )


def _rows(record: Record, entry: Entry) -> list[tuple[str, str]]:
    """(name, value) of an entry, trackers in the catalogue's order: ``("Blood sugar", "7.2 mmol/L, before eating")``."""
    known = trackers.readable(record)
    rows = []
    for code in (code for code in known if code in entry.values):
        measure = known[code]
        words = measure.write_with_unit(entry.values[code])
        if code in entry.tags:
            words = _("%(number)s, %(tag)s", number=words, tag=measure.write_tag(entry.tags[code]).lower())
        rows.append((measure.name, words))
    return rows


@bp.get("/diary/past")
@roles("patient", "carer")
def past() -> ResponseReturnValue:
    """Today and the 14 days before: what was written, each with "Change", and days without an entry with "Add"."""
    record = acting()
    today = clock.today(record.person.time_zone)
    period = Period.until(today, MOST_DAYS + 1)
    entries = service.read_diary(record, period.first, period.last)
    before = {entry.id: entry for entry in entries}
    days = []
    for day in reversed(list(each_day(period.first, period.last))):
        written = [
            {
                "entry": entry,
                "rows": _rows(record, entry),
                "before": _rows(record, before[entry.corrects]) if entry.corrects in before else None,
            }
            for entry in entries
            if entry.experienced_on == day and not entry.corrected
        ]
        days.append((day, written))
    return render_template(
        "diaries/past.html",
        record=record,
        days=days,
        hands=hands_of(record, (entry.written_by for entry in entries)),
        may_write=record.writes(Part.DIARY),
    )


@bp.route("/diary/setup", methods=["GET", "POST"])
@roles("patient", "carer")
def setup() -> ResponseReturnValue:
    """Choose what to keep track of: the measures of the person's own conditions, then those for everyone."""
    record = acting()
    record.require(Part.DIARY, write=True)
    before = [measure.code for measure in trackers.trackers_of(record)]
    form = Form(forms.TrackersForm, {"measures": before})
    too_many = False
    if form.sent and "measures" not in request.form:
        form.values["measures"] = []
    if form.sent and form.ok:
        chosen = form.data["measures"]
        too_many = len(chosen) > max(trackers.USUAL_MOST, len(before)) and not form.data["more"]
        if not chosen:
            form.refuse(Invalid({"measures": _("Choose at least 1 thing to keep track of")}))
        elif not too_many:
            try:
                # What is kept keeps its place; what is new comes after it.
                kept = [code for code in before if code in chosen]
                trackers.choose_trackers(record, kept + [code for code in chosen if code not in kept])
                return redirect(url_for("diaries.index" if before else "diaries.new", **for_query()), 303)
            except Invalid as problem:
                form.refuse(problem)
    offered = trackers.offered_by_condition(record)
    page = render_template(
        "diaries/setup.html",
        record=record,
        form=form,
        offered=offered,
        first_time=not before,
        too_many=len(form.values["measures"]) if too_many else 0,
        usual_most=trackers.USUAL_MOST,
        unapproved=any(not measure.pack.approved for measure in offered),
    )
    return page, 422 if form.errors else 200
