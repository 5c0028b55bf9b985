"""The JSON API's own blueprint and OpenAPI settings."""

from __future__ import annotations

from typing import Any

from flask import Flask
from flask_smorest import Api, Blueprint
from marshmallow import missing
from webargs.flaskparser import FlaskParser

OPENAPI = {
    "API_TITLE": "Selfcare",
    "API_VERSION": "v1",
    "OPENAPI_VERSION": "3.1.0",
    "OPENAPI_URL_PREFIX": "/api",
    "OPENAPI_JSON_PATH": "openapi.json",
}


class _Parser(FlaskParser):
    """Reads JSON through ``edge.bodies``, so that its limits hold; an empty body is an empty object."""

    def _raw_load_json(self, req: Any) -> Any:
        return req.get_json() if req.get_data(cache=True) else missing


class ApiBlueprint(Blueprint):
    """A room's part of ``/api/v1``."""

    ARGUMENTS_PARSER = _Parser()

    def __init__(self, name: str, import_name: str, **options: Any) -> None:
        options.setdefault("url_prefix", "/api/v1")
        super().__init__(name, import_name, **options)


def register(app: Flask, *blueprints: ApiBlueprint) -> Api:
    """Wire the API's rooms; ``/api/openapi.json`` describes them."""
    app.config.update(OPENAPI)
    api = Api(app)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    return api
