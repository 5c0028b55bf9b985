"""What the browser and the phone ask for by a fixed address: manifest, service worker, offline page, health."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from flask import Blueprint, Response, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

import config
from selfcare.agendas.models import LONGEST
from selfcare.diaries import packs
from selfcare.diaries.trackers import offered
from selfcare.edge.roles import roles
from selfcare.extensions import db
from selfcare.goals.views import REASONS
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
    """The service worker, with a hash of the page it keeps: new words are a new version, as new code is.

    Never cached, so that it is seen at the next visit.
    """
    page = hashlib.sha256(_offline_page().encode()).hexdigest()[:12]
    script = WORKER.read_text(encoding="utf-8").replace("SELFCARE_PAGE", page)
    response = Response(script, content_type="text/javascript; charset=utf-8")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/offline")
@roles("anyone")
def offline() -> ResponseReturnValue:
    """The page that the phone keeps for when there is no signal. The same for everybody, whoever asks."""
    return _offline_page()


def _offline_page() -> str:
    measures = [m for m in packs.catalogue().values() if offered(m)]
    return render_template(
        "offline/page.html",
        current_person=None,
        acting_for=None,
        for_query={},
        form=None,
        measures=measures,
        reasons_to_skip=REASONS,
        longest_topic=LONGEST,
    )


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
