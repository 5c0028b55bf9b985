"""What a push carries: declarative Web Push JSON, and the neutral words of a lock screen.

The same JSON is shown by Safari itself and by our service worker elsewhere. Words stay neutral: a phone on a kitchen
table tells nobody what its owner lives with.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from babel import Locale
from flask_babel import force_locale
from flask_babel import gettext as _

from selfcare.extensions import babel

MAGIC = 8030  # marks declarative Web Push; the number of the RFC

# The record size of 4096 that every push service takes, less what RFC 8188 and 8291 add.
MAX_SIZE = 3993  # bytes

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode

OURS = "en"  # what the words are written in, and what a person hears who reads a language that we lack


class TooLong(ValueError):
    """The message does not fit into one push."""


@dataclass(frozen=True)
class Words:
    """What stands on the lock screen, its language (BCP 47) and the direction it is read in.

    ``buttons``: what each is called that stands below it, where the phone has buttons.
    """

    title: str
    body: str
    language: str
    direction: str
    buttons: Mapping[str, str] = field(default_factory=dict)


@lru_cache(maxsize=64)
def neutral_words(language: str) -> Words:
    """A reminder that does not say what about, in this language if there are translations. Needs an app context."""
    locale = _locale(language)
    with force_locale(str(locale)):
        buttons = {"done": _("Done"), "later": _("Later")}
        return _words(locale, _("Time for your check-in"), _("Tap to open it"), buttons)


@lru_cache(maxsize=64)
def news_words(language: str) -> Words:
    """That there is something new, and not what. Needs an app context."""
    locale = _locale(language)
    with force_locale(str(locale)):
        return _words(locale, _("There is something new to read"), _("Tap to open it"))


@lru_cache(maxsize=64)
def test_words(language: str) -> Words:
    """What "Send a test now" shows, in this language if there are translations. Needs an app context."""
    locale = _locale(language)
    with force_locale(str(locale)):
        return _words(locale, _("This is a test"), _("Your reminders will look like this"))


def _locale(language: str) -> Locale:
    spoken = {str(locale).replace("_", "-") for locale in babel.list_translations()}
    return Locale.parse(language if language in spoken else OURS, sep="-")


def _words(locale: Locale, title: str, body: str, buttons: Mapping[str, str] | None = None) -> Words:
    return Words(title, body, str(locale).replace("_", "-"), locale.text_direction, buttons or {})


def message(words: Words, *, navigate: str, tag: str, ways: Mapping[str, str] | None = None) -> bytes:
    """The bytes of one push.

    :param navigate: the absolute address that a tap opens.
    :param tag: a later message with the same tag takes this one's place on the screen.
    :param ways: by button, the absolute address that it opens where nothing but a page can take the answer.
    :raises TooLong: over 3,993 bytes.
    """
    shown: dict[str, Any] = {
        "title": words.title,
        "body": words.body,
        "navigate": navigate,
        "lang": words.language,
        "dir": words.direction,
        "tag": tag,
    }
    if ways:
        shown["actions"] = [
            {"action": button, "title": title, "navigate": ways[button]}
            for button, title in words.buttons.items()
        ]
    data = _encode({"web_push": MAGIC, "notification": shown}).encode()
    if len(data) > MAX_SIZE:
        raise TooLong(f"{len(data)} bytes")
    return data


def base64url(raw: bytes) -> str:
    """Without padding, as Topic and keys are written."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
