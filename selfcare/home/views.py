"""Today, More, help and sharing."""

from __future__ import annotations

import datetime as dt
import uuid

import marshmallow as ma
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare import clock
from selfcare.carers import links
from selfcare.edge.roles import roles
from selfcare.edge.schemas import read_day
from selfcare.home import today
from selfcare.identity.views import landing
from selfcare.people import care, looked, sharing
from selfcare.people.access import Record
from selfcare.people.acting import acting, current_person, for_query
from selfcare.questionnaires.sharing import Tick, meant, ticks

bp = Blueprint("home", __name__)


@bp.get("/")
@roles("signed-in")
def index() -> ResponseReturnValue:
    """Today, for patients and carers; everyone else is led to their own first page."""
    person = current_person()
    if "patient" in person.roles or request.args.get("for"):
        record = acting()
        return render_template(
            "home/today.html",
            today=today.today_of(record),
            part_of_day=part_of_day(record.person.time_zone),
            accepted=links.news(record),
            handed_over=care.news(record),
        )
    if "carer" in person.roles:
        helped = links.helped_by(person)
        if len(helped) == 1:
            return redirect(url_for("home.today") + f"?for={helped[0].person.id}")
        return redirect(url_for("helping.index"))
    return redirect(landing(person))


# The layouts and every other room say "home.today".
bp.add_url_rule("/", endpoint="today", view_func=index, methods=["GET"])


def part_of_day(zone: str) -> str:
    """``morning`` before midday, ``afternoon`` before 6pm, else ``evening``, on the patient's clock."""
    hour = clock.local(clock.now(), zone).hour
    return "morning" if 4 <= hour < 12 else "afternoon" if 12 <= hour < 18 else "evening"


@bp.get("/more")
@roles("patient", "carer")
def more() -> ResponseReturnValue:
    """Everything that has no tab of its own; for a carer who is with nobody, their own account beside the people they help."""
    if "patient" not in current_person().roles and not request.args.get("for"):
        return redirect(url_for("helping.index"))
    return render_template("home/more.html", record=acting())


@bp.get("/install")
@roles("patient", "carer")
def install() -> ResponseReturnValue:
    """How to put the app on this phone, whichever phone it is."""
    acting()
    return render_template("home/install.html")


@bp.get("/help", endpoint="help")
@roles("anyone")
def help_page() -> ResponseReturnValue:
    """Where to get help now, and what this app does not do."""
    return render_template("home/help.html")


@bp.get("/account")
@roles("signed-in")
def account() -> ResponseReturnValue:
    """Who is signed in, for people whose rooms are not built yet."""
    return render_template("home/account.html")


@bp.route("/sharing", methods=["GET", "POST"])
@roles("patient")
def sharing_page() -> ResponseReturnValue:
    """What the care team may see, item by item, and who looked."""
    record = acting()
    if request.method == "POST":
        wanted = set(request.form.getlist("items"))
        sharing.choose_sharing(record, meant(ticks(record), wanted))
        flash(_("Saved. It holds from now"), "success")
        return redirect(url_for("home.sharing", **for_query()), 303)
    g.tab = "more"
    return render_template(
        "home/sharing.html",
        choices=_read_ticks(record),
        looks=looked.who_looked(record, _day(request.args.get("until"))),
        helpers=links.running(record),
        team=care.history_of(record),
    )


def _read_ticks(record: Record) -> list[Tick]:
    sharing.read_sharing(record)  # whoever looks at this page is noted
    return ticks(record)


@bp.post("/care/<uuid:relationship_id>/told")
@roles("patient")
def told_of_hand_over(relationship_id: uuid.UUID) -> ResponseReturnValue:
    """The patient has read who looks after them now: Today says it no more."""
    care.told(acting(), relationship_id)
    return redirect(url_for("home.today"), 303)


def _day(text: str | None) -> dt.date | None:
    """The day in an address, or None where it is none."""
    try:
        return read_day(text) if text else None
    except ma.ValidationError:
        return None


bp.add_url_rule("/sharing", endpoint="sharing", view_func=sharing_page, methods=["GET", "POST"])
