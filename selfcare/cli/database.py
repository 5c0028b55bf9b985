"""``selfcare db``: migrations up, down, and whether the tables are those that the code expects."""

from __future__ import annotations

from pathlib import Path

import click
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

import config
from selfcare.extensions import db

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"


def alembic_config(connection: sa.Connection | None = None) -> Config:
    """Alembic's settings; no ini file."""
    settings = Config()
    settings.set_main_option("script_location", str(MIGRATIONS))
    settings.attributes["connection"] = connection
    return settings


def upgrade(revision: str = "head") -> None:
    """Bring the open database up to ``revision``, all or nothing."""
    with db.engine.begin() as connection:
        command.upgrade(alembic_config(connection), revision)


def downgrade(revision: str) -> None:
    """Take the open database down to ``revision``; ``base`` drops everything."""
    with db.engine.begin() as connection:
        command.downgrade(alembic_config(connection), revision)


def newest() -> str | None:
    """The newest revision that the code knows."""
    return ScriptDirectory.from_config(alembic_config()).get_current_head()


@click.group("db")
def group() -> None:
    """The database's tables."""
    settings = config.load()
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    db.open(settings.database_url)


@group.command("upgrade")
@click.argument("revision", default="head")
def upgrade_command(revision: str) -> None:
    """Bring the database up to REVISION (default: the newest)."""
    upgrade(revision)
    click.echo(f"The database is at {revision if revision != 'head' else newest()}.")


@group.command("downgrade")
@click.argument("revision")
def downgrade_command(revision: str) -> None:
    """Take the database down to REVISION (`base` drops every table)."""
    downgrade(revision)
    click.echo(f"The database is at {revision}.")


@group.command("check")
def check_command() -> None:
    """Say whether the tables are those that the code expects; exit 1 if not."""
    try:
        with db.engine.begin() as connection:
            command.check(alembic_config(connection))
    except CommandError as problem:
        raise click.ClickException(f"{problem}. Run: selfcare db upgrade") from None
