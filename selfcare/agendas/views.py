"""Get ready for a visit: what to talk about, what else to share, a look at what the team will see, Share."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from selfcare.agendas import preview as previews
from selfcare.agendas import service, sheet
from selfcare.agendas.elsewhere import lists_elsewhere
from selfcare.agendas.ideas import PROMPTS, examples_for, ideas_for, prompt_of
from selfcare.agendas.models import LONGEST, QUESTION, TOPIC
from selfcare.agendas.schemas import ItemForm, MoveForm, ShareForm
from selfcare.edge.filters import as_day
from selfcare.edge.forms import Form
from selfcare.edge.roles import roles
from selfcare.errors import Invalid, NotFound
from selfcare.people import sharing
from selfcare.people.access import Part, Record
from selfcare.people.acting import acting, for_query
from selfcare.questionnaires.sharing import meant

bp = Blueprint("agendas", __name__)

TO_SHARE = "to_share"  # in the session, so that a look beforehand shares nothing and forgets nothing


@bp.route("/agenda")
@roles("patient", "carer")
def get_ready() -> ResponseReturnValue:
    """The list for a visit, by default the next one; with ``?start=`` the answer to a prompt is begun."""
    record = acting()
    found = service.read(record, _wanted())
    prompt = prompt_of(request.args.get("start"))
    if prompt is None or not found.has_room(prompt.kind):
        return _get_ready(record, found)
    begun = Form(ItemForm, {"kind": prompt.kind, "text": f"{prompt.begins} "})
    return _get_ready(record, found, begun)


@bp.route("/agenda/not-sure")
@roles("patient", "carer")
def not_sure() -> ResponseReturnValue:
    """Help for whoever does not know what to say: prompts, examples, people to ask."""
    record = acting()
    found = service.read(record, _wanted())
    return render_template(
        "agendas/not_sure.html",
        list=found,
        prompts=[prompt for prompt in PROMPTS if found.has_room(prompt.kind)],
        examples=examples_for(record.patient.conditions),
        own=record.is_own,
        stay=_stay(found),
    )


def _get_ready(
    record: Record, found: service.List, form: Form | None = None, item_id: uuid.UUID | None = None
) -> ResponseReturnValue:
    kind = str(form.values.get("kind") or TOPIC) if form else None
    service.with_look_back(record, found)
    page = render_template(
        "agendas/get_ready.html",
        list=found,
        reader=reader_of(found),
        form=form,
        writing=kind,  # of which kind the words in the form are
        new_ids={each: item_id if each == kind and item_id else uuid.uuid4() for each in (TOPIC, QUESTION)},
        ideas=ideas_for(record.patient.conditions),
        choices=previews.choices(record),
        to_share=_to_share(record) if found.shared_at is None else [],
        elsewhere=lists_elsewhere(record, found),
        own=record.is_own,
        may_write=record.writes(Part.AGENDA) and not found.is_over,
        longest=LONGEST,
        stay=_stay(found),
    )
    return page, 422 if form is not None and form.errors else 200


@bp.route("/agenda/items/<uuid:item_id>", methods=["POST"])
@roles("patient", "carer")
def save(item_id: uuid.UUID) -> ResponseReturnValue:
    """Add an item, or keep its new words. An idea chip only starts the sentence."""
    record = acting()
    idea = request.form.get("pick", "")
    form = Form(ItemForm)
    visit_id = _wanted()
    if idea:
        typed = str(form.values.get("text") or "").replace("\r\n", "\n").rstrip()
        form.values["text"] = f"{typed}\n{idea}: " if typed else f"{idea}: "
        form.errors = {}
        return _get_ready(record, service.read(record, visit_id), form, item_id)
    known = service.item_of(record, item_id)
    if form.ok:
        try:
            item, created = service.put_item(
                record, item_id, text=form.data["text"], visit=visit_id, kind=form.data["kind"]
            )
            flash(_added(service.list_for(record, visit_id)) if created else _("Saved"), "success")
            return redirect(url_for("agendas.get_ready", **_place()) + f"#item-{item.id}", 303)
        except Invalid as problem:
            form.refuse(Invalid({"text": next(iter(problem.errors.values()))}))
    if known is not None and known.removed_at is None and "change" in request.args:
        return _change(record, item_id, form)
    return _get_ready(record, service.read(record, visit_id), form, item_id)


def _added(found: service.List) -> str:
    if found.shared_at is None or found.team is None:
        return _("Added. It is saved, not shared")
    return _("Added. It is shared with %(who)s", who=reader_of(found))


@bp.route("/agenda/items/<uuid:item_id>/move", methods=["POST"])
@roles("patient", "carer")
def move(item_id: uuid.UUID) -> ResponseReturnValue:
    """Up, Down, Most important: a button each."""
    record = acting()
    form = Form(MoveForm)
    if not form.ok:
        raise Invalid(form.errors)
    how = form.data["how"]
    if how in ("up", "down"):
        service.move(record, item_id, -1 if how == "up" else 1)
    else:
        service.mark(record, item_id, most_important=how == "top")
    return redirect(url_for("agendas.get_ready", **_place()) + f"#item-{item_id}", 303)


@bp.route("/agenda/items/<uuid:item_id>/change")
@roles("patient", "carer")
def change(item_id: uuid.UUID) -> ResponseReturnValue:
    """Other words for one item, or take it out."""
    record = acting()
    return _change(record, item_id, None)


def _change(record: Record, item_id: uuid.UUID, form: Form | None) -> ResponseReturnValue:
    item = service.item_of(record, item_id)
    if item is None or item.removed_at is not None:
        raise NotFound
    page = render_template("agendas/change.html", item=item, form=form, longest=LONGEST, stay=_place())
    return page, 422 if form is not None and form.errors else 200


@bp.route("/agenda/items/<uuid:item_id>/remove", methods=["POST"])
@roles("patient", "carer")
def remove(item_id: uuid.UUID) -> ResponseReturnValue:
    """Take an item out."""
    service.remove_item(acting(), item_id)
    flash(_("Taken out"), "success")
    return redirect(url_for("agendas.get_ready", **_place()), 303)


@bp.route("/agenda/look-back/<uuid:goal_id>", methods=["POST"])
@roles("patient", "carer")
def look_back(goal_id: uuid.UUID) -> ResponseReturnValue:
    """Take a goal from last time out of the list, or put it back."""
    out = request.form.get("how") != "back"
    service.leave_out(acting(), goal_id, _wanted(), out=out)
    flash(_("Taken out. Your goal itself stays") if out else _("It is back on your list"), "success")
    return redirect(url_for("agendas.get_ready", **_place()), 303)


@bp.route("/agenda/sharing", methods=["POST"])
@roles("patient", "carer")
def choose() -> ResponseReturnValue:
    """Take back at once what is ticked no more; what is ticked now is shared with the list, or at once where that is shared already."""
    record = acting()
    form = Form(ShareForm)
    if not form.ok:
        raise Invalid(form.errors)
    if record.writes(Part.SHARING):
        offered, ticked = previews.choices(record), set(form.data["items"])
        now = {tick.item for tick in offered if tick.shared}
        shown = set(form.data["shown"])
        kept, added = now - (shown - ticked), (ticked - shown) | (ticked & set(_to_share(record)))
        if service.list_for(record, _wanted()).shared_at is not None:
            kept, added = kept | added, set()
        sharing.choose_sharing(record, meant(offered, kept))
        session[TO_SHARE] = {str(record.patient.id): sorted(added - kept)}
    return redirect(url_for("agendas.preview", **_place()), 303)


@bp.route("/agenda/preview", methods=["GET", "POST"])
@roles("patient", "carer")
def preview() -> ResponseReturnValue:
    """Exactly what the team will see, and what not; then Share."""
    record = acting()
    problem = None
    visit_id = _wanted()
    if request.method == "POST":
        try:
            service.share(record, visit_id)
            _share_ticked(record)
            return redirect(url_for("agendas.shared", **_place()), 303)
        except Invalid as refusal:
            problem = next(iter(refusal.errors.values()))[0]
    found = service.read(record, visit_id)
    # Whoever is on no team here reads nothing: then there is no page of theirs to look at.
    also = _to_share(record) if found.shared_at is None else []
    looked = (
        previews.of(record, found, previews.choices_with(record, also)) if found.team is not None else None
    )
    page = render_template(
        "agendas/preview.html",
        list=found,
        reader=reader_of(found),
        looked=looked,
        problem=problem,
        also=also,
        may_write=record.writes(Part.AGENDA) and not found.is_over,
        stay=_stay(found),
        **(sheet.of(looked.page, level=2, unseen=looked.unseen) if looked else sheet.about(record)),
    )
    return page, 422 if problem else 200


def _share_ticked(record: Record) -> None:
    """Share what stood beside the list on the page on which Share was pressed."""
    form = Form(ShareForm)
    if not form.ok:
        raise Invalid(form.errors)
    if form.data["items"] and record.writes(Part.SHARING):
        sharing.choose_sharing(record, previews.choices_with(record, form.data["items"]))
    session.pop(TO_SHARE, None)


@bp.route("/agenda/large-print")
@roles("patient", "carer")
def large_print() -> ResponseReturnValue:
    """The list to take along on paper, in large letters; an empty one has room to write by hand."""
    record = acting()
    found = service.with_look_back(record, service.read(record, _wanted()))
    return render_template(
        "agendas/large_print.html",
        list=found,
        person=record.person,
        own=record.is_own,
        as_day=as_day,
        stay=_stay(found),
    )


@bp.route("/agenda/shared")
@roles("patient", "carer")
def shared() -> ResponseReturnValue:
    """It is shared: what happens now, and what does not."""
    record = acting()
    found = service.read(record, _wanted())
    if found.shared_at is None:
        return redirect(url_for("agendas.get_ready", **_place()))
    return render_template("agendas/shared.html", list=found, reader=reader_of(found), stay=_stay(found))


def _to_share(record: Record) -> list[str]:
    """What was ticked for this patient and is not shared yet."""
    return (
        list(session.get(TO_SHARE, {}).get(str(record.patient.id), ())) if record.writes(Part.SHARING) else []
    )


def reader_of(found: service.List) -> str:
    """Who reads the list, in a word: "Grace", or "your care team"."""
    if found.visit is not None and (found.visit.clinician is not None or found.team is None):
        return found.visit.short_name
    return _("your care team")


def _wanted() -> uuid.UUID | None:
    """The visit in the address, if one is named.

    :raises NotFound: it is no id.
    """
    named = request.args.get("visit")
    try:
        return uuid.UUID(named) if named else None
    except ValueError:
        raise NotFound from None


def _place() -> dict[str, Any]:
    """What every link and form carries on: the visit in the address, and for whom somebody writes."""
    visit_id = _wanted()
    return ({"visit": str(visit_id)} if visit_id else {}) | for_query()


def _stay(found: service.List) -> dict[str, Any]:
    """The same, with the visit that was found: so a page stays with its visit when another comes up meanwhile."""
    return ({"visit": str(found.visit.id)} if found.visit else {}) | for_query()
