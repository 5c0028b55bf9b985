"""Limits on a body before anything parses it: size, nesting, and bytes that are no UTF-8."""

from __future__ import annotations

import json
from typing import Any

from flask import Request
from flask_babel import gettext as _
from werkzeug.exceptions import BadRequest, RequestEntityTooLarge, UnsupportedMediaType

MAX_BODY = 256 * 1024  # bytes; the largest honest body (a year's notes in one) is far smaller
MAX_DEPTH = 20  # levels of [ and {


class LimitedRequest(Request):
    """A request whose JSON is measured before it is parsed: 100,000 brackets would exhaust the parser's stack."""

    max_content_length = MAX_BODY
    max_form_memory_size = MAX_BODY
    max_form_parts = 500

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """The body as JSON.

        :raises BadRequest: not UTF-8, no JSON, too deep, or a number no database holds.
        """
        if not self.is_json and not force:
            if silent:
                return None
            raise UnsupportedMediaType
        try:
            data = self.get_data(cache=cache)
            text = data.decode("utf-8")
            _measure(text)
            return json.loads(text, parse_constant=_no_such_number, parse_int=_whole)
        except (UnicodeDecodeError, ValueError, RecursionError):
            if silent:
                return None
            raise BadRequest(_("This could not be read as JSON")) from None
        except RequestEntityTooLarge:
            raise


def _measure(text: str) -> None:
    depth, in_string, escaped = 0, False, False
    for letter in text:
        if in_string:
            if escaped:
                escaped = False
            elif letter == "\\":
                escaped = True
            elif letter == '"':
                in_string = False
        elif letter == '"':
            in_string = True
        elif letter in "[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError("too deep")
        elif letter in "]}":
            depth -= 1


def _no_such_number(name: str) -> Any:
    raise ValueError(name)


def _whole(digits: str) -> int:
    if len(digits) > 19:
        raise ValueError("too many digits")
    return int(digits)
