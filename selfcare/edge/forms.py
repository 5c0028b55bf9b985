"""HTML forms read by the same schemas as JSON, so a rule and its words exist once.

A view does::

    form = Form(GoalSchema)             # GET: empty; ``Form(GoalSchema, values={…})`` to fill in
    if form.sent and form.ok:           # POST: what was typed stays in form.values whatever happens
        try:
            service.save(record, **form.data)
        except Invalid as problem:
            form.refuse(problem)

Templates show ``form.values.NAME`` and ``form.errors.NAME``.
"""

from __future__ import annotations

from typing import Any

import marshmallow as ma
from flask import request

from selfcare.edge.schemas import Schema
from selfcare.errors import Invalid

# Sent with a form that is only to be shown again as it was typed, with nothing saved (docs/decisions/0034).
ONLY_SHOW = "only_show"
# Fields of every form that belong to no schema.
OF_THE_EDGE = frozenset({"csrf_token", ONLY_SHOW})


class Form:
    """One form: what was typed, what it means, what is wrong with it."""

    def __init__(self, schema: type[Schema] | Schema, values: dict[str, Any] | None = None) -> None:
        self.schema = schema() if isinstance(schema, type) else schema
        self.schema.from_form = True  # type: ignore[attr-defined]  # read by fields: every value is text
        self.values: dict[str, Any] = dict(values or {})
        self.errors: dict[str, str] = {}
        self.data: dict[str, Any] = {}
        self.sent = request.method == "POST" and ONLY_SHOW not in request.form
        self.ok = False
        if request.method == "POST":
            self._read()
        if not self.sent:
            self.errors, self.ok = {}, False  # nobody has pressed Save

    def _read(self) -> None:
        raw: dict[str, Any] = {}
        for name in request.form:
            if name in OF_THE_EDGE:
                continue
            field = self.schema.fields.get(name)
            given = request.form.getlist(name)
            raw[name] = given if isinstance(field, ma.fields.List) else given[-1]
        self.values |= raw
        # An empty box is "not answered", never an empty answer. Line ends arrive as CRLF from every browser.
        body = {
            name: value.replace("\r\n", "\n") if isinstance(value, str) else value
            for name, value in raw.items()
            if not (isinstance(value, str) and not value.strip())
        }
        try:
            self.data = dict(self.schema.load(body))
            self.ok = True
        except ma.ValidationError as problem:
            for name, said in dict(problem.messages_dict).items():
                self.errors[str(name)] = _first(said)

    def refuse(self, problem: Invalid) -> None:
        """Show the service's objections beside their fields."""
        self.ok = False
        self.errors |= {name: said[0] for name, said in problem.errors.items()}


def _first(said: Any) -> str:
    while isinstance(said, dict):
        said = next(iter(said.values()))
    return str(said[0] if isinstance(said, list) else said)
