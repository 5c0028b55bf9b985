"""Forms of invitations: what a care team types, and what the invited person answers."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from selfcare.edge.schemas import Choice, Choices, Day, Id, Line, Schema, Text, Whole
from selfcare.people.access import SHAREABLE
from selfcare.people.conditions import CONDITIONS

ITEMS = tuple(part.value for part in SHAREABLE)


class Email(Line):
    """An e-mail address, in small letters. Only its shape is checked: the mail that arrives is the proof."""

    def __init__(self, **options: Any) -> None:
        super().__init__(longest=254, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text = str(super()._deserialize(value, attr, data, **kwargs)).lower()
        if not re.fullmatch(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+", text):
            raise ma.ValidationError(_("Enter an email address such as name@example.com"))
        return text


class Tick(Choice):
    """A box that has to be ticked; ``empty`` is the sentence where it is not."""

    def __init__(self, *, empty: Any) -> None:
        super().__init__(("yes",), required=True)
        self.empty = empty


class Words(Line):
    """Several words in one line, set apart by commas."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        line = str(super()._deserialize(value, attr, data, **kwargs))
        return [word for word in (part.strip() for part in line.split(",")) if word]


class InvitePatientSchema(Schema):
    """A new patient, as their care team knows them."""

    id = Id(required=True)
    team_id = Id(required=True, error_messages={"required": _l("Choose a team")})
    name = Line(required=True, longest=100, empty=_l("Enter the full name"))
    known_as = Line(longest=50)
    born_on = Day(required=True, error_messages={"required": _l("Enter the date of birth")})
    conditions = Choices(tuple(CONDITIONS))
    languages = Words()
    interpreter = Line(longest=100)
    access_needs = Line(longest=200)
    email = Email()


class YearSchema(Schema):
    """The light check that the link reached the right person."""

    year = Whole(required=True, least=1900, most=2100, from_text=True)


class AccountSchema(Schema):
    """E-mail and password of a new account."""

    email = Email(required=True, empty=_l("Enter your email address"))
    password = Text(required=True, longest=1000, empty=_l("Enter a password"))


class NewPasswordSchema(Schema):
    """A password for an account that is known already."""

    password = Text(required=True, longest=1000, empty=_l("Enter a password"))


class ConsentSchema(Schema):
    """Who sees what, item by item; nothing is ticked beforehand."""

    shared = Choices(ITEMS)
    adult = Tick(empty=_l("Tick the box if you are 18 or over"))
    agree = Tick(empty=_l("Tick the box if you agree"))


class JoinSignInSchema(Schema):
    """Sign in to accept with the account one has."""

    email = Line(required=True, longest=254, empty=_l("Enter your email address"))
    password = Text(required=True, longest=1000, empty=_l("Enter your password"))
