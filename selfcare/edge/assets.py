"""Built static files: logical name → hashed file, from ``static/dist/manifest.json``."""

from __future__ import annotations

import json

from flask import Flask

import config

MANIFEST = config.ROOT / "static" / "dist" / "manifest.json"


def register(app: Flask) -> None:
    """Give templates ``asset_url``.

    :raises RuntimeError: the front end is not built.
    """
    if not MANIFEST.exists():
        raise RuntimeError("The front end is not built. Build it with: make frontend")
    names: dict[str, str] = json.loads(MANIFEST.read_text())

    def asset_url(name: str) -> str:
        return f"/static/dist/{names[name]}"

    app.jinja_env.globals["asset_url"] = asset_url
