"""What the browser and the phone ask for by a fixed address: manifest, service worker, offline page, health."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext
from babel import Locale
from flask import Blueprint, Response, current_app, jsonify, render_template
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
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
    """What the phone needs to install the app. Every picture has its hash in its name, so a phone may keep it for ever."""
    name = current_app.config["SETTINGS"].brand_name
    locale = get_locale() or Locale("en")
    body = {
        "id": "/",
        "name": name,
        "short_name": name[:12].rstrip(),
        "description": _("Your diary, your goals and what you want to say at your next visit, in one place."),
        "lang": str(locale).replace("_", "-"),
        "dir": locale.text_direction,
        "categories": ["health", "medical", "lifestyle"],
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "background_color": "#f7f4ee",
        "theme_color": "#00605c",
        # No launch_handler: "navigate-existing" would take a half-written page away, "focus-existing" leaves shortcuts dead.
        "icons": [
            _picture(f"icons/icon{kind}-{size}.png", size, size, purpose=purpose)
            for kind, purpose in (("", "any"), ("-maskable", "maskable"))
            for size in (192, 512)
        ],
        "shortcuts": [
            {"name": words, "url": path, "icons": [_picture(f"icons/shortcut-{icon}.png", 192, 192)]}
            for words, path, icon in (
                (_("Log today"), "/diary/new", "log"),
                (_("My goals"), "/goals", "goals"),
                (_("Get ready"), "/agenda", "ready"),
            )
        ],
        "screenshots": _screenshots(),
    }
    response = Response(json.dumps(body), content_type="application/manifest+json")
    response.headers["Cache-Control"] = "public, max-age=3600"
    response.vary.add("Accept-Language")
    return response


def _screenshots() -> list[dict[str, str]]:
    """The real product with invented people (tools/make_pictures.py), as a phone and as a desk shows it."""
    narrow, wide = {"form_factor": "narrow"}, {"form_factor": "wide"}
    today, diary = _("Today: your diary, your goals and your next visit"), _("Your diary as a picture")
    return [
        _picture("screens/today-narrow.webp", 720, 1480, label=today, **narrow),
        _picture(
            "screens/log-narrow.webp", 720, 1480, label=_("Log how you are in about 1 minute"), **narrow
        ),
        _picture("screens/diary-narrow.webp", 720, 1480, label=diary, **narrow),
        _picture(
            "screens/ready-narrow.webp",
            720,
            1480,
            label=_("Get ready for a visit, in your own words"),
            **narrow,
        ),
        _picture("screens/today-wide.webp", 1280, 800, label=today, **wide),
        _picture("screens/diary-wide.webp", 1280, 800, label=diary, **wide),
    ]


def _picture(name: str, width: int, height: int, **more: str) -> dict[str, str]:
    asset_url: Any = current_app.jinja_env.globals["asset_url"]
    kind = name.rpartition(".")[2]
    return {"src": asset_url(name), "sizes": f"{width}x{height}", "type": f"image/{kind}", **more}


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
