"""Shapes of the list, the panel and the one page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from marshmallow import fields

from selfcare.agendas.models import KINDS, LONGEST, MOST
from selfcare.edge.paging import PageQuery
from selfcare.edge.schemas import Choice, Choices, Id, Instant, Line, Schema, Text, Whole, YesOrNo
from selfcare.people.access import SHAREABLE
from selfcare.questionnaires.sharing import ITEMS
from selfcare.visits.schemas import TeamSchema, VisitSchema


class ItemSchema(Schema):
    """One topic or question, at most 2,000 characters, kept byte for byte. ``position`` 1 is first."""

    id = Id(dump_only=True)
    visit = Id(load_default=None, allow_none=True, load_only=True)
    position = Whole(least=1, most=sum(MOST.values()), load_default=None)
    text = Text(required=True, longest=LONGEST, error_messages={"required": _l("Write what you want to say")})
    kind = Choice(KINDS, load_default=None)
    most_important = YesOrNo(load_default=None, allow_none=True)
    raised_by = Id(dump_only=True)
    written_by = Id(dump_only=True)
    written_by_name = fields.String(attribute="writer.name", dump_only=True)
    written_with = fields.String(dump_only=True, allow_none=True)
    version = Whole(dump_only=True)
    updated_at = Instant(dump_only=True)


class LookBackSchema(Schema):
    """A goal from last time that nobody has looked back on: it stands before the items."""

    goal_id = Id()
    text = fields.String()
    since = fields.Date()


class ListSchema(Schema):
    """The list for one visit. ``look_back`` stands before ``items``, and is no item."""

    id = Id(attribute="agenda.id", dump_default=None, allow_none=True)
    visit = fields.Nested(VisitSchema, allow_none=True)
    team = fields.Nested(TeamSchema, allow_none=True)
    shared_at = Instant(allow_none=True)
    opened_at = Instant(attribute="agenda.opened_at", dump_default=None, allow_none=True)
    look_back = fields.List(fields.Nested(LookBackSchema))
    items = fields.List(fields.Nested(ItemSchema))


class VisitQuery(Schema):
    """Which visit; the next one by default."""

    visit = Id(load_default=None)


class ShareSchema(Schema):
    """Which visit; the next one by default."""

    visit = Id(load_default=None, allow_none=True)


class PanelQuery(PageQuery):
    """``sort`` by next visit or name; ``show`` the patients named to you, or all of your teams; ``only`` some of them;
    ``team`` of one of your teams."""

    sort = Choice(("visit", "name"), load_default="visit")
    show = Choice(("mine", "team"), load_default="team")
    only_ = Choice(("agenda", "follow_up", "results", "handed"), data_key="only", load_default=None)
    team = Id(load_default=None)


class SearchSchema(Schema):
    """Words of a name, in any order; accents and capitals do not matter."""

    q = Line(required=True, longest=100, error_messages={"required": _l("Enter a name or part of it")})


class PanelVisitSchema(Schema):
    """The next visit with one of your teams."""

    id = Id()
    starts_at = Instant()
    minutes = Whole()


class PanelAgendaSchema(Schema):
    """Whether the list for it is shared, and how many topics it has."""

    shared = fields.Boolean()
    shared_at = Instant(allow_none=True)
    topics = Whole(allow_none=True)


class PanelConfidenceSchema(Schema):
    """The latest score, 0 to 10, and its change against the one before about the same thing."""

    latest = Whole()
    change = Whole(allow_none=True)


class PanelRowSchema(Schema):
    """One patient. What they do not share is null. ``confidence_words`` is there where their latest answer was given in words, which
    no number stands for; ``confidence`` is then the latest number from before."""

    id = Id()
    patient_id = Id()
    name = fields.String()
    age = Whole(allow_none=True)
    conditions = fields.List(fields.String())
    next_visit = fields.Nested(PanelVisitSchema, allow_none=True)
    agenda = fields.Nested(PanelAgendaSchema)
    confidence = fields.Nested(PanelConfidenceSchema, allow_none=True)
    confidence_words = fields.String(allow_none=True)
    last_entry = fields.Date(allow_none=True)
    results_to_release = Whole()
    follow_up_overdue_since = fields.Date(attribute="overdue_since", allow_none=True)
    handed_over_by = fields.String(attribute="handed_from", allow_none=True)


class PanelSchema(Schema):
    """A page of the panel."""

    items = fields.List(fields.Nested(PanelRowSchema))
    next_cursor = fields.String(allow_none=True)


class SummaryPatientSchema(Schema):
    """Who it is about."""

    id = fields.String()
    name = fields.String()
    born_on = fields.String(allow_none=True)
    age = Whole(allow_none=True)
    conditions = fields.List(fields.String())
    languages = fields.List(fields.String())
    interpreter = fields.String(allow_none=True)
    access_needs = fields.String(allow_none=True)


class SummaryAgendaSchema(Schema):
    """What the patient wants to talk about. Empty, and ``shared_at`` null, until they share it."""

    shared_at = Instant(allow_none=True)
    look_back = fields.List(fields.Nested(LookBackSchema))
    items = fields.List(fields.Nested(ItemSchema))


class SummarySchema(Schema):
    """The one page, in its order."""

    patient = fields.Nested(SummaryPatientSchema)
    visit = fields.Nested(VisitSchema, allow_none=True)
    agenda = fields.Nested(SummaryAgendaSchema)
    goals = fields.Raw(allow_none=True)
    diary = fields.Raw(allow_none=True)
    questionnaires = fields.Raw(allow_none=True)
    notes = fields.Raw(allow_none=True)
    changes = fields.Raw(allow_none=True)
    prompts = fields.Raw(allow_none=True)


class ItemForm(Schema):
    """An item as the pages send it."""

    visit = Id(load_default=None)
    kind = Choice(KINDS, load_default=None)
    text = Text(required=True, longest=LONGEST, error_messages={"required": _l("Write what you want to say")})


class MoveForm(Schema):
    """One of the buttons beside an item."""

    visit = Id(load_default=None)
    how = Choice(("up", "down", "top", "plain"), required=True)


class ShareForm(Schema):
    """The ticks of "What else can Grace see?"."""

    visit = Id(load_default=None)
    items = Choices((*(part.value for part in SHAREABLE), *ITEMS), load_default=list)
    # What was ticked when the page was made: of a page that was open for long, only what she changed on it counts.
    shown = Choices((*(part.value for part in SHAREABLE), *ITEMS), load_default=list)
