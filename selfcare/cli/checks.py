"""Commands that look and change nothing: routes, settings, packs, audit, doctor."""

from __future__ import annotations

import json
import os
import sys
import zoneinfo

import click
import sqlalchemy as sa
from alembic.runtime.migration import MigrationContext

import config
from selfcare.app import create_app
from selfcare.cli import database
from selfcare.edge.roles import route_table
from selfcare.extensions import db


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON list, for programs.")
def routes(as_json: bool) -> None:
    """Every address, its methods and who may use it."""
    table = route_table(create_app())
    if as_json:
        click.echo(json.dumps(table, indent=2))
        return
    for row in table:
        click.echo(f"{','.join(row['methods']):12} {row['rule']:60} {', '.join(row['roles']) or 'NOBODY'}")


@click.group("config")
def config_group() -> None:
    """Settings."""


@config_group.command("check")
def config_check() -> None:
    """Say whether the settings allow a start, and what is wrong if not."""
    settings = config.load()
    click.echo(f"The settings are complete for {settings.env}.")


@click.command()
def doctor() -> None:
    """Look at everything a start needs, and say what to do about what is missing."""
    failures = 0

    def say(name: str, fine: bool, mend: str) -> None:
        nonlocal failures
        failures += not fine
        click.echo(f"{'ok  ' if fine else 'FAIL'}  {name}" + ("" if fine else f"\n      {mend}"))

    say("Python 3.11 or newer", sys.version_info >= (3, 11), "Install Python 3.11 or newer.")
    say("time zones", "Europe/London" in zoneinfo.available_timezones(), "pip install tzdata")
    try:
        settings = config.load()
    except config.SettingsError as problem:
        say("settings", False, str(problem))
        raise SystemExit(1) from None
    say("settings", True, "")
    say("front end", (config.ROOT / "static" / "dist" / "manifest.json").exists(), "make frontend")
    try:
        db.open(settings.database_url)
        with db.engine.connect() as connection:
            connection.execute(sa.text("SELECT 1"))
            now = MigrationContext.configure(connection).get_current_revision()
        say("database answers", True, "")
        say("database is up to date", now == database.newest(), "selfcare db upgrade")
    except sa.exc.SQLAlchemyError:
        say("database answers", False, "Check SELFCARE_DATABASE_URL, and that the database is running.")
    folder = config.INSTANCE
    say(
        f"{folder.name}/ can be written",
        os.access(folder if folder.exists() else folder.parent, os.W_OK),
        "Check its owner.",
    )
    raise SystemExit(1 if failures else 0)
