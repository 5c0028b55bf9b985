"""Alembic's door: the connection comes from ``selfcare.cli.database``."""

from __future__ import annotations

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from selfcare import app as _wired  # noqa: F401 - imports every room, so that every table is known
from selfcare.database import Base, UTCDateTime


def render(kind: str, item: Any, autogen: AutogenContext) -> str | Literal[False]:
    """Write our own column type by its name."""
    if kind == "type" and isinstance(item, UTCDateTime):
        autogen.imports.add("from selfcare.database import UTCDateTime")
        return "UTCDateTime()"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render,
    compare_type=True,
    include_object=context.config.attributes.get(
        "include_object"
    ),  # a draft may look at one room's tables only
)
with context.begin_transaction():
    context.run_migrations()
