"""Built static files: logical name → hashed file, from ``static/dist/manifest.json``, read once at the start."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask

import config

MANIFEST = config.ROOT / "static" / "dist" / "manifest.json"
URL = "/static/dist/"

# Built files carry 8 characters of their hash before the ending: ``patient.KA63DYRI.css``. For whitenoise, which
# lets browsers keep what matches for ever.
HASHED = r"^.+\.[0-9A-Z]{8}\.[a-z0-9]+$"


class Assets:
    """Where each built file is. Called with a logical name: ``patient.css``, ``icons/icon-192.png``."""

    def __init__(self, manifest: Path = MANIFEST) -> None:
        """Read the manifest.

        :raises RuntimeError: the front end is not built; the message says what builds it.
        """
        try:
            self._names: dict[str, str] = json.loads(manifest.read_text(encoding="utf-8"))
        except FileNotFoundError:
            raise RuntimeError("The front end is not built. Build it with: make frontend") from None

    def __call__(self, name: str) -> str:
        """The path to give to a browser.

        :raises RuntimeError: no such file in the last build: a slip in a template, or the build is older than it.
        """
        try:
            return URL + self._names[name]
        except KeyError:
            raise RuntimeError(f"The last build has no {name}. Build again with: make frontend") from None


def register(app: Flask) -> None:
    """Give templates ``asset_url``.

    :raises RuntimeError: the front end is not built.
    """
    app.jinja_env.globals["asset_url"] = Assets()
