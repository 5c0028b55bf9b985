"""The door for a WSGI server: ``wsgi:app``."""

from __future__ import annotations

from selfcare.app import create_app

app = create_app()
