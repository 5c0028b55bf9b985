"""What the browser and the phone ask for by a fixed address: manifest, service worker, offline page, health."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from flask import Blueprint, Response, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import config
from selfcare.edge.roles import roles
from selfcare.extensions import db
from selfcare.reminders import heartbeat

bp = Blueprint("shell", __name__)

WORKER = config.ROOT / "static" / "dist" / "sw.js"


@bp.get("/manifest.webmanifest")
@roles("anyone")
def manifest() -> Response:
    """What the phone needs to install the app."""
    name = current_app.config["SETTINGS"].brand_name
    icons: list[dict[str, Any]] = [
        {
            "src": f"/static/icons/icon-{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "any",
        }
        for size in (192, 512)
    ]
    icons += [
        {
            "src": f"/static/icons/icon-maskable-{size}.png",
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "maskable",
        }
        for size in (192, 512)
    ]
    body = {
        "id": "/",
        "name": name,
        "short_name": name[:12],
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f4ee",
        "theme_color": "#00605c",
        "icons": icons,
        "shortcuts": [
            {"name": _("Log today"), "url": "/diary/new"},
            {"name": _("My goals"), "url": "/goals"},
            {"name": _("Get ready"), "url": "/agenda"},
        ],
    }
    response = Response(json.dumps(body), content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


@bp.get("/sw.js")
@roles("anyone")
def service_worker() -> Response:
    """The service worker; never cached, so that a new one is seen at the next visit."""
    response = Response(WORKER.read_bytes(), content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/offline")
@roles("anyone")
def offline() -> ResponseReturnValue:
    """Shown when there is no signal: what can be done now, and the help numbers."""
    return render_template("home/offline.html")


@bp.get("/healthz")
@roles("anyone")
def healthz() -> Response:
    """The process is up."""
    return jsonify(status="up")


@bp.get("/readyz")
@roles("anyone")
def readyz() -> tuple[Response, int]:
    """The database answers, its tables are current, and the reminder worker was seen lately; 503 otherwise."""
    checks = {"database": False, "migrations": False, "worker": False}
    try:
        connection = db.session.connection()
        connection.execute(sa.text("SELECT 1"))
        checks["database"] = True
        checks["migrations"] = MigrationContext.configure(connection).get_current_revision() is not None
        checks["worker"] = heartbeat.alive()
    except sa.exc.SQLAlchemyError:
        db.rollback()
    ready = all(checks.values())
    return jsonify(ready=ready, **checks), 200 if ready else 503
