"""``create_app``: the one place that wires the rooms together."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from sqlalchemy.exc import IntegrityError
from werkzeug.middleware.proxy_fix import ProxyFix
from whitenoise import WhiteNoise

import config
from config import Settings
from selfcare.admin import api as admin_api
from selfcare.admin import team_views as admin_views
from selfcare.agendas import api as agenda_api
from selfcare.agendas import sections
from selfcare.agendas import staff as agenda_pages
from selfcare.agendas import topics as agenda_topics
from selfcare.carers import api as carer_api
from selfcare.carers import helping_views
from selfcare.carers import views as carer_views
from selfcare.caseload import views as caseload_views
from selfcare.diaries import api as diary_api
from selfcare.diaries import reminding as diary_reminding
from selfcare.diaries import summary as diary_summary
from selfcare.diaries import views as diary_views
from selfcare.diaries import who_sees
from selfcare.edge import api, assets, bodies, compression, etag, filters, headers, logs, problems
from selfcare.edge import roles as role_table
from selfcare.extensions import babel, csrf, db, limiter, login_manager
from selfcare.goals import api as goal_api
from selfcare.goals import around as goal_surroundings
from selfcare.goals import ideas as goal_ideas
from selfcare.goals import pages as goal_pages
from selfcare.goals import reminding as goal_reminding
from selfcare.goals import summary as goal_summary
from selfcare.home import api as home_api
from selfcare.home import shell
from selfcare.home import views as home_views
from selfcare.identity import api as identity_api
from selfcare.identity import carrying, join_views, sessions
from selfcare.identity import views as identity_views
from selfcare.notes import api as note_api
from selfcare.notes import summary as note_summary
from selfcare.notes import views as note_views
from selfcare.people import acting
from selfcare.phones import api as phone_api
from selfcare.phones import receipts
from selfcare.push import api as push_api
from selfcare.questionnaires import api as questionnaire_api
from selfcare.questionnaires import staff as questionnaire_pages
from selfcare.questionnaires import summary as questionnaire_summary
from selfcare.reminders import api as reminder_api
from selfcare.reminders import news as reminder_news
from selfcare.reminders import sources as reminder_sources
from selfcare.reminders import views as reminder_views
from selfcare.results import api as result_api
from selfcare.results import news as result_news
from selfcare.results import staff as result_pages
from selfcare.videos import api as video_api
from selfcare.videos import packs as video_packs
from selfcare.videos import summary as video_summary
from selfcare.videos import views as video_views
from selfcare.visits import api as visit_api
from selfcare.visits import reminding as visit_reminding
from selfcare.visits import service as visit_service
from selfcare.visits import views as visit_views

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment

# Languages with a catalogue; the others join as their texts are reviewed.
LANGUAGES = ("en",)


class SelfcareFlask(Flask):
    """Flask with one transaction a request, committed at this edge and nowhere else."""

    request_class = bodies.LimitedRequest
    # nhsuk's macros reach into absent parameters; our own names are held strict by a test. The macros are .jinja
    # files, which Flask does not escape by their ending: without autoescape a patient's words would run as HTML.
    jinja_options = Flask.jinja_options | {"undefined": jinja2.ChainableUndefined, "autoescape": True}

    def wsgi_app(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """One request in a database scope of its own."""
        with db.scope():
            return super().wsgi_app(environ, start_response)

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view; 2xx and 3xx mean committed, anything else stored nothing."""
        try:
            return self._answer()
        except IntegrityError:
            # Two tabs sent the same at once, or a button was pressed twice, and the other was quicker by a moment. Nothing of this
            # one is stored, so it may be run again: it meets what is there by now, as if it had come later.
            db.rollback()
            for file in request.files.values():
                file.stream.seek(0)
            for name in ("_login_user", "receipt", "record", "acting_for"):
                g.pop(name, None)
            return self._answer()

    def _answer(self) -> ResponseReturnValue:
        response: Response = self.make_response(receipts.claim() or super().dispatch_request())
        if response.status_code < 400:
            receipts.note()
            acting.note_reading()
            db.commit()
        else:
            db.rollback()
        return response

    def handle_user_exception(self, e: Exception) -> Any:
        """Give the transaction up before anything about the error is rendered."""
        db.rollback()
        problems.know_reader(e)
        return super().handle_user_exception(e)

    def log_exception(self, exc_info: Any) -> None:
        """Flask's own would write the whole exception down, with the values of the statement that failed."""
        problems.log_slip(exc_info[1])


def create_app(settings: Settings | None = None) -> Flask:
    """The application, wired.

    :raises config.SettingsError: the settings do not allow a start.
    """
    settings = settings or config.load()
    logs.configure(settings.log_level)
    here = config.ROOT
    app = SelfcareFlask("selfcare", static_folder=None, template_folder=str(here / "templates"))
    app.config.update(
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key,
        TESTING=settings.env == "test",
        SESSION_COOKIE_NAME="__Host-selfcare" if settings.secure else "selfcare",
        SESSION_COOKIE_SECURE=settings.secure,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=sessions.PATIENT_LONGEST,
        REMEMBER_COOKIE_SECURE=settings.secure,
        REMEMBER_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the session: a form left open overnight must still send
        WTF_CSRF_SSL_STRICT=False,  # edge.headers checks the Origin itself
        RATELIMIT_STORAGE_URI=settings.rate_limit_url,
        BABEL_DEFAULT_TIMEZONE=settings.time_zone,
        BABEL_TRANSLATION_DIRECTORIES=str(here / "translations"),
    )
    db.open(settings.database_url)
    login_manager.init_app(app)
    limiter.init_app(app)
    babel.init_app(app, locale_selector=_locale, timezone_selector=_time_zone)
    _guard(app, settings)
    _templates(app, settings)
    _rooms(app, settings)
    problems.register(app)  # after the API's library, whose own handlers it replaces
    _static(app, here / "static")
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.trusted_proxies)  # type: ignore[method-assign]  # as Flask documents
    return app


def _guard(app: Flask, settings: Settings) -> None:
    compression.register(app)  # first, so that it runs last: on the answer as it leaves
    logs.register(app)

    @app.before_request
    def begin() -> None:
        db.reading(only=request.method in headers.SAFE_METHODS)

    app.before_request(role_table.check_roles)
    headers.register(app, secure=settings.secure, origins=settings.origins)
    csrf.init_app(app)  # last of the guards: who you are is told before what your form lacks


def _templates(app: Flask, settings: Settings) -> None:
    app.jinja_loader = jinja2.ChoiceLoader(
        [
            jinja2.FileSystemLoader(app.template_folder or "templates"),
            jinja2.PackageLoader("nhsuk_frontend_jinja"),
        ]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    filters.register(app)
    app.add_template_filter(etag.keep_tag)
    assets.register(app)

    @app.context_processor
    def everywhere() -> dict[str, Any]:
        return {
            "settings": settings,
            "brand_name": settings.brand_name,
            "html_lang": str(get_locale() or "en").replace("_", "-"),
            "current_person": current_user.reader if current_user.is_authenticated else None,
            "acting_for": acting.acting_for(),
            "for_query": acting.for_query(),
            "csrf_token": generate_csrf,
        }


def _rooms(app: Flask, settings: Settings) -> None:
    pages = [
        home_views.bp,
        shell.bp,
        diary_views.bp,
        identity_views.bp,
        join_views.bp,
        admin_views.bp,
        video_views.bp,
        visit_views.bp,
        note_views.bp,
        carer_views.bp,
        helping_views.bp,
        agenda_pages.bp,
        caseload_views.bp,
        goal_pages.bp,
        reminder_views.bp,
        result_pages.bp,
        questionnaire_pages.bp,
    ]
    apis = [
        home_api.blp,
        phone_api.blp,
        diary_api.blp,
        identity_api.blp,
        admin_api.blp,
        video_api.blp,
        visit_api.blp,
        note_api.blp,
        carer_api.blp,
        agenda_api.blp,
        push_api.blp,
        reminder_api.blp,
        goal_api.blp,
        result_api.blp,
        questionnaire_api.blp,
    ]
    for page in pages:
        app.register_blueprint(page)
    api.register(app, *apis)
    goal_ideas.add_source("video", video_packs.goal_idea)
    # What the one page before a visit collects.
    sections.add("goals", goal_summary.section)
    sections.add("diary", diary_summary.section)
    sections.add("questionnaires", questionnaire_summary.section)
    sections.add("notes", note_summary.section)
    sections.add("videos", video_summary.section)
    who_sees.ask_visits(visit_service.next_visit)
    problems.carry(carrying.page)
    # What the story of a goal names besides the goal.
    goal_surroundings.ask(
        topics=agenda_topics.of_the_visit, named=agenda_topics.named, meetings=agenda_topics.meetings
    )
    # What reminders can be about.
    reminder_sources.add(diary_reminding.DiaryReminder())
    reminder_sources.add(goal_reminding.GoalSource())
    reminder_sources.add(goal_reminding.ReviewSource())
    reminder_sources.add(visit_reminding.VisitSource())
    # What the system tells of by itself.
    reminder_sources.add(result_news.ResultNews())
    result_news.ask(reminder_news.tell)


def _static(app: Flask, folder: Path) -> None:
    # Built files carry their hash in the name, so they may be kept for ever.
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]  # the way that Flask documents
        app.wsgi_app,
        root=str(folder),
        prefix="static/",
        max_age=3600,
        immutable_file_test=assets.HASHED,
        mimetypes={".vtt": "text/vtt; charset=utf-8"},
    )


def _locale() -> str:
    if current_user.is_authenticated and current_user.reader.language in LANGUAGES:
        return str(current_user.reader.language)
    return request.accept_languages.best_match(LANGUAGES) or LANGUAGES[0]


def _time_zone() -> str | None:
    return str(current_user.reader.time_zone) if current_user.is_authenticated else None
