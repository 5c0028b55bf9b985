"""Forms of a hand-over."""

from __future__ import annotations

import marshmallow as ma
from flask_babel import lazy_gettext as _l

from selfcare.caseload.handing import LONGEST_NOTE
from selfcare.edge.schemas import Choice, Id, Schema, Text, Whole

ALL, TICKED = "all", "ticked"
LOOK, CHANGE, DO = "look", "change", "do"
YES = ("yes",)


class AlongSchema(Schema):
    """To whom, and what goes along. ``expected``: how many patients the page said."""

    to = Id(required=True, error_messages={"required": _l("Choose who takes over")})
    follow_ups = Choice(YES, load_default=None)
    visits = Choice(YES, load_default=None)
    expected = Whole(least=0, most=1_000_000, load_default=None)


class HandOverSchema(AlongSchema):
    """Which patients, to whom, a note; ``step``: look at it first, change it, do it."""

    which = Choice(
        (ALL, TICKED),
        say=_l("Choose all of your patients, or tick some"),
        required=True,
        error_messages={"required": _l("Choose all of your patients, or tick some")},
    )
    patients = ma.fields.List(Id(), load_default=list)
    note = Text(longest=LONGEST_NOTE, load_default=None)
    step = Choice((LOOK, CHANGE, DO), load_default=LOOK)


class TeamHandOverSchema(AlongSchema):
    """The patients of one team, as an administrator hands them over."""

    team_id = Id(required=True)
