"""Fields for bodies: shape only. They refuse what a database driver or a later read would stumble over.

Text: no control characters (but line breaks and tabs), no lone surrogates, a length limit. Dates: years 1900 to 2100.
Unknown fields are refused; optional ones may be absent or null.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
import uuid
from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask_babel import format_decimal
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from marshmallow import validate

from selfcare import clock

MAX_TEXT = 2000  # characters, anything a patient writes freely
MAX_LINE = 200  # characters, one line such as a name


class Schema(ma.Schema):
    """Parent of every schema: refuses unknown fields."""

    class Meta:
        unknown = ma.RAISE
        ordered = True

    error_messages = {"unknown": "There is no such field", "type": "Send a JSON object"}  # noqa: RUF012 - marshmallow's own name

    def on_bind_field(self, field_name: str, field_obj: ma.fields.Field[Any]) -> None:
        """Say what to enter where a required field is missing or null; a field's own ``empty`` sentence comes first."""
        said = getattr(field_obj, "empty", "") or _l("Enter something here")
        for code in ("required", "null"):
            # `is`: to compare what is written later in the reader's language would translate it, for every field of every request.
            if field_obj.error_messages.get(code) is ma.fields.Field.default_error_messages[code]:
                field_obj.error_messages[code] = said


def clean_text(text: str, longest: int) -> None:
    """Refuse what is not plain text.

    :raises marshmallow.ValidationError: in the reader's words.
    """
    if len(text) > longest:
        raise ma.ValidationError(_("Use %(most)s characters or fewer", most=format_decimal(longest)))
    for letter in text:
        if letter not in "\n\r\t" and unicodedata.category(letter) in ("Cc", "Cs"):
            raise ma.ValidationError(_("Take out the hidden characters"))


class Text(ma.fields.String):
    """What a person wrote, kept byte for byte. ``longest`` in characters; ``required`` text may not be blank."""

    def __init__(self, *, longest: int = MAX_TEXT, empty: str = "", **options: Any) -> None:
        options.setdefault("allow_none", not options.get("required", False))
        super().__init__(**options)
        self.longest, self.empty = longest, empty
        self.metadata = {"maxLength": longest} | dict(self.metadata)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, str):
            raise ma.ValidationError(_("Send text"))
        clean_text(value, self.longest)
        if self.required and not value.strip():
            raise ma.ValidationError(str(self.empty) or _("Enter something here"))
        return value


class Line(Text):
    """One line of text: no line breaks, shorter; spaces around it are dropped."""

    def __init__(self, *, longest: int = MAX_LINE, **options: Any) -> None:
        super().__init__(longest=longest, **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        text: str = super()._deserialize(value, attr, data, **kwargs)
        if "\n" in text or "\r" in text:
            raise ma.ValidationError(_("Use 1 line"))
        return text.strip()


class Whole(ma.fields.Field[int]):
    """A whole number. 8.0 is 8, but 8.7, "8" in JSON, true and 10**400 are refused. From a form, text digits are read."""

    def __init__(
        self, *, least: int = -(2**31), most: int = 2**31 - 1, from_text: bool = False, **options: Any
    ) -> None:
        options.setdefault("allow_none", not options.get("required", False))
        super().__init__(**options)
        self.least, self.most, self.from_text = least, most, from_text
        self.validators = [self._in_range]
        self.metadata = dict(self.metadata) | {"type": "integer", "minimum": least, "maximum": most}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        if isinstance(value, str) and (self.from_text or self.context_is_form()):
            digits = value.strip()
            if re.fullmatch("-?[0-9]{1,11}", digits):
                return int(digits)
            raise ma.ValidationError(self._say())
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise ma.ValidationError(self._say())
        if isinstance(value, float) and not value.is_integer():
            raise ma.ValidationError(self._say())
        return int(value)

    def context_is_form(self) -> bool:
        """Whether the body came from an HTML form, where every value is text."""
        return bool(getattr(self.root, "from_form", False))

    def _in_range(self, value: int) -> None:
        if not self.least <= value <= self.most:
            raise ma.ValidationError(self._say())

    def _say(self) -> str:
        if self.least > -(2**31) and self.most < 2**31 - 1:
            return _("Enter a whole number from %(least)s to %(most)s", least=self.least, most=self.most)
        return _("Enter a whole number")


class Ruler(Whole):
    """The 0 to 10 ruler: whole numbers only (method.md)."""

    def __init__(self, **options: Any) -> None:
        super().__init__(least=0, most=10, **options)


class YesOrNo(ma.fields.Boolean):
    """true or false, and nothing that only looks like it (1 is equal to true)."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> bool:
        if not isinstance(value, bool):
            raise ma.ValidationError(_("Send true or false"))
        return value


class Instant(ma.fields.AwareDateTime):
    """RFC 3339 with offset, years 1900 to 2100. Given back in UTC."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_none", not options.get("required", False))
        super().__init__(format="iso", **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, str) or len(value) > 40 or "T" not in value.upper():
            raise ma.ValidationError(_("Send a time such as 2026-10-06T19:40:00+01:00"))
        try:
            instant = dt.datetime.fromisoformat(value.upper())
        except ValueError:
            raise ma.ValidationError(_("Send a time such as 2026-10-06T19:40:00+01:00")) from None
        if instant.tzinfo is None:
            raise ma.ValidationError(_("The time needs its offset, such as +01:00"))
        if not clock.FIRST_YEAR < instant.year < clock.LAST_YEAR:
            raise ma.ValidationError(_("The year must be between 1901 and 2099"))
        return instant.astimezone(dt.UTC)


class Day(ma.fields.Date):
    """YYYY-MM-DD, years 1900 to 2100."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("allow_none", not options.get("required", False))
        super().__init__(format="iso", **options)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> Any:
        if not isinstance(value, str):
            raise ma.ValidationError(_("Send a date such as 2026-10-06"))
        return read_day(value)


def read_day(text: str) -> dt.date:
    """The date in ``YYYY-MM-DD``.

    :raises marshmallow.ValidationError: no such date, or outside 1900 to 2100.
    """
    try:
        day = dt.datetime.strptime(text, "%Y-%m-%d").date() if len(text) == 10 else None  # noqa: DTZ007 - a calendar day has no zone
    except ValueError:
        day = None
    if day is None:
        raise ma.ValidationError(_("There is no such date. Use a date such as 2026-10-06"))
    if not clock.FIRST_YEAR <= day.year <= clock.LAST_YEAR:
        raise ma.ValidationError(_("The year must be between 1900 and 2100"))
    return day


class ClockTime(ma.fields.Field[str]):
    """A time on the wall clock, "HH:MM", 00:00 to 23:59."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        if isinstance(value, str) and len(value) == 5:
            try:
                return dt.time.fromisoformat(value).strftime("%H:%M")
            except ValueError:
                pass
        raise ma.ValidationError(_("Enter a time such as 19:00"))


class TimeZone(ma.fields.String):
    """An IANA zone such as Europe/London."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        try:
            clock.zone(str(name))
        except ValueError:
            raise ma.ValidationError(_("Choose a time zone such as Europe/London")) from None
        return str(name)


class Choice(ma.fields.String):
    """One of a few codes. ``say`` is the sentence for anything else."""

    def __init__(self, codes: tuple[str, ...], *, say: str = "", **options: Any) -> None:
        options.setdefault("allow_none", not options.get("required", False))
        super().__init__(
            validate=validate.OneOf(codes, error=say or "Choose one of: " + ", ".join(codes)), **options
        )


class Choices(ma.fields.List[str]):
    """Some of a few codes, each at most once, kept in the codes' own order."""

    def __init__(self, codes: tuple[str, ...], *, say: str = "", **options: Any) -> None:
        super().__init__(
            Choice(codes, say=say, required=True), validate=validate.Length(max=len(codes)), **options
        )
        self.codes = codes

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[str | None]:
        chosen = super()._deserialize(value, attr, data, **kwargs)
        return [code for code in self.codes if code in (chosen or [])]


class Id(ma.fields.UUID):
    """A UUID."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> uuid.UUID:
        if not isinstance(value, str) or len(value) not in (32, 36):
            raise ma.ValidationError(_("Send a UUID"))
        found = super()._deserialize(value, attr, data, **kwargs)
        assert found is not None
        return found
