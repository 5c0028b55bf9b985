"""Logs without personal data: one line a request, by rule and never by address, from a list of allowed fields."""

from __future__ import annotations

import logging
import sys
import time
import uuid
from collections.abc import MutableMapping
from typing import Any

import structlog
from flask import Flask, Response, g, has_request_context, request

# Anything else is dropped before it is written: a name or a diary line cannot slip in by a careless call.
ALLOWED = frozenset(
    {
        "event",
        "level",
        "timestamp",
        "request",
        "method",
        "rule",
        "endpoint",
        "status",
        "ms",
        "kind",
        "where",
        "count",
        "head",
        "state",
        "host",
        "job",
        "seconds",
        "lines",
        "wrong",
    }
)

log = structlog.get_logger()


def only_allowed(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Keep the allowed fields."""
    return {key: value for key, value in event.items() if key in ALLOWED}


def add_request(logger: Any, name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Which request it belongs to: what went wrong in it, and the line of its answer, are found by one id."""
    if has_request_context() and "request_id" in g:
        event["request"] = g.request_id
    return event


def configure(level: str) -> None:
    """One JSON line an event on standard error."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            add_request,
            only_allowed,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level.upper())),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def register(app: Flask) -> None:
    """Log each answer by its rule: paths hold tokens and ids, queries hold more."""

    @app.before_request
    def start() -> None:
        g.request_id, g.started = uuid.uuid4().hex[:12], time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "none"
        took = round((time.perf_counter() - g.started) * 1000) if "started" in g else None
        log.info(
            "request",
            method=request.method,
            rule=rule,
            status=response.status_code,
            ms=took,
        )
        return response
