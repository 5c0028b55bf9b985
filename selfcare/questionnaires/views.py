"""Questionnaires for patients and carers: the list, one to fill in, and what was answered."""

from __future__ import annotations

import uuid
from dataclasses import replace

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, NotFound
from selfcare.people.access import Part, Record
from selfcare.people.acting import acting, for_query
from selfcare.questionnaires import packs, reading, service, texts
from selfcare.questionnaires.models import QuestionnaireResponse
from selfcare.questionnaires.offering import Offer, offered
from selfcare.questionnaires.readers import Readings, readings_of, who_sees
from selfcare.questionnaires.schemas import SKIP, ReadForm, answers_of, field_name, form_for

bp = Blueprint("questionnaires", __name__)


@bp.route("/questionnaires")
@roles("patient", "carer")
def index() -> ResponseReturnValue:
    """What can be filled in now, and what was answered before."""
    record = acting()
    found, _readings = offered(record)
    return render_template(
        "questionnaires/index.html",
        offers=list(found.values()),
        answered=reading.history(record),
        may_write=record.writes(Part.QUESTIONNAIRES),
    )


@bp.route("/questionnaires/<code>", methods=["GET", "POST"])
@roles("patient", "carer")
def fill_in(code: str) -> ResponseReturnValue:
    """One questionnaire on one page: who will see it, its questions, Save."""
    record = acting()
    record.require(Part.QUESTIONNAIRES, write=True)
    instrument = packs.catalogue().get(code)
    if instrument is None:
        raise NotFound
    found, readings = offered(record)
    before = _corrected(record, code)
    form = Form(form_for(instrument), _values(before))
    if form.sent and form.ok:
        # Also where it is offered no more since the page was opened: the answers are kept first, like any.
        try:
            row, _created = service.record_response(
                record,
                form.data["id"],
                questionnaire=code,
                answers=answers_of(instrument, form.data),
                corrects=form.data["corrects"],
                text_id=form.data["text_id"],
            )
            return redirect(url_for("questionnaires.answered", response_id=row.id, **for_query()), 303)
        except Invalid as problem:
            form.refuse(problem)
    offer = found.get(code) or (_still_open(record, code) if form.sent or before else None)
    if offer is None:
        flash(_("This questionnaire is not offered at the moment. You can fill in another one"), "info")
        return redirect(url_for("questionnaires.index", **for_query()), 303)
    if before is not None:
        # What is put right is asked in the words that were answered.
        offer = replace(offer, text=texts.text_of(instrument, before.text_id))
    return _page(record, offer, readings, form, before)


def _page(
    record: Record, offer: Offer, readings: Readings, form: Form, before: QuestionnaireResponse | None
) -> ResponseReturnValue:
    page = render_template(
        "questionnaires/fill_in.html",
        offer=offer,
        form=form,
        before=before,
        record=record,
        field_name=field_name,
        skip=SKIP,
        sees=who_sees(record, offer.instrument, readings),
        practice=readings.phone,
        read_id=str(uuid.uuid4()),
    )
    return page, 422 if form.errors else 200


def _still_open(record: Record, code: str) -> Offer | None:
    """A page that was opened while it was on offer, or answers that are put right."""
    return next(
        (offer for offer in offered(record, also=code)[0].values() if offer.instrument.code == code), None
    )


def _corrected(record: Record, code: str) -> QuestionnaireResponse | None:
    """The answers that this page puts right, named in the address or in the form.

    :raises NotFound: they are not this patient's, or of another questionnaire.
    """
    named = request.form.get("corrects") or request.args.get("corrects")
    if not named:
        return None
    try:
        row = record.mine(QuestionnaireResponse, uuid.UUID(named))
    except ValueError:
        row = None
    if row is None or row.questionnaire != code:
        raise NotFound
    return row


def _values(before: QuestionnaireResponse | None) -> dict[str, str]:
    values = {"id": str(uuid.uuid4())}
    if before is not None:
        values["corrects"] = str(before.id)
        values |= {
            field_name(item): SKIP if value is None else str(value) for item, value in before.answers.items()
        }
    return values


@bp.route("/questionnaires/answers/<uuid:response_id>")
@roles("patient", "carer")
def answered(response_id: uuid.UUID) -> ResponseReturnValue:
    """What was answered: the crisis card first where one is due, then the score and what it is for."""
    record = acting()
    found, text, waits = reading.one(record, response_id)
    readings = readings_of(record)
    return render_template(
        "questionnaires/answered.html",
        answered=found,
        offer=Offer(found.instrument, text),
        waits=waits,
        sees=who_sees(record, found.instrument, readings),
        practice=readings.phone,
        read_id=str(uuid.uuid4()),
        may_write=record.writes(Part.QUESTIONNAIRES),
        record=record,
    )


@bp.route("/questionnaires/answers/<uuid:response_id>/read", methods=["POST"])
@roles("patient", "carer")
def read(response_id: uuid.UUID) -> ResponseReturnValue:
    """The crisis card was read."""
    record = acting()
    form = Form(ReadForm)
    if not form.ok:
        raise Invalid(form.errors)
    service.acknowledge(record, form.data["id"], response_id=response_id)
    return redirect(url_for("questionnaires.answered", response_id=response_id, **for_query()), 303)
