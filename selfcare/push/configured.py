"""Push as the settings describe it: the key, whom we may contact, and how."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from flask import current_app

from config import Settings
from selfcare.push import keys
from selfcare.push.encryption import Encrypter
from selfcare.push.endpoint_guard import Guard
from selfcare.push.sender import Sender


@dataclass(frozen=True)
class Configured:
    """Push is set up. ``public_key`` is what browsers are given."""

    encrypter: Encrypter
    guard: Guard
    public_key: str
    ca_file: str

    def sender(self) -> Sender:
        """A sender of the caller's own."""
        return Sender(self.guard, ca_file=self.ca_file)


def of(settings: Settings) -> Configured | None:
    """Push by these settings; None where no VAPID key is set.

    :raises ValueError: a setting is wrong; the message names it.
    """
    if not settings.vapid_private_key:
        return None
    subject = settings.vapid_subject
    if not subject and settings.base_url.startswith("https://"):
        subject = settings.base_url  # Apple refuses a token that names nobody to turn to
    return _make(settings.vapid_private_key, subject, settings.push_origins, settings.push_ca_file)


def here() -> Configured | None:
    """Push in the current application."""
    return of(current_app.config["SETTINGS"])


@lru_cache(maxsize=8)
def _make(private_key: str, subject: str, origins: frozenset[str], ca_file: str) -> Configured:
    key = keys.load(private_key)
    return Configured(Encrypter(key, subject), Guard(origins), keys.public_text(key), ca_file)
