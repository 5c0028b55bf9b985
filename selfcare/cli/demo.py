"""``selfcare demo``: demonstration people, and the one command that shows them (`make demo`)."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import click
import sqlalchemy as sa
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

import config
from selfcare.app import create_app
from selfcare.cli import database, serving
from selfcare.demo import accounts, load
from selfcare.extensions import db
from selfcare.people.models import Person
from selfcare.push import keys
from selfcare.questionnaires import texts


@click.group("demo")
def group() -> None:
    """The demonstration."""


@group.command("load")
@click.option("--patients", default=40, show_default=True, type=click.IntRange(2, 5000))
@click.option("--weeks", default=12, show_default=True, type=click.IntRange(1, 110))
@click.option("--seed", default=7, show_default=True, help="The same seed makes the same people.")
def load_command(patients: int, weeks: int, seed: int) -> None:
    """Fill an empty database with people and their life-like data."""
    settings = config.load()
    if settings.env == "production":
        raise click.ClickException("Demonstration data never goes into a production database (SELFCARE_ENV).")
    app = create_app(settings)
    with app.test_request_context(), db.scope():
        if has_people():
            raise click.ClickException("There are people in this database already; nothing was changed.")
        fill(patients, weeks, seed)


def has_people() -> bool:
    """Whether anybody is in the database yet."""
    found = db.session.scalar(sa.select(sa.exists().where(Person.id.is_not(None))))
    db.rollback()
    return bool(found)


def fill(patients: int, weeks: int, seed: int) -> None:
    """Load with a progress bar, in one transaction: a broken-off load leaves nothing."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as bar, db.transaction():
        task = bar.add_task("Demonstration patients", total=patients)
        texts.install_published(config.ROOT / "build" / "texts")
        load.load(patients=patients, weeks=weeks, seed=seed, step=lambda: bar.advance(task))


def prepare(port: int) -> None:
    """Set what the demonstration needs and nobody has set, keeping its keys under ``instance/``."""
    config.INSTANCE.mkdir(exist_ok=True)
    wanted: dict[str, str | Callable[[], str]] = {
        "SELFCARE_ENV": "demo",
        "SELFCARE_BASE_URL": f"http://127.0.0.1:{port}",
        "SELFCARE_SCHEDULER": "embedded",
        "SELFCARE_SECRET_KEY": lambda: kept("secret_key", lambda: secrets.token_urlsafe(48)),
        "SELFCARE_VAPID_PRIVATE_KEY": lambda: kept("vapid_private_key", lambda: keys.new_key().private),
        "SELFCARE_VAPID_SUBJECT": "mailto:operator@demo.example",
    }
    for name, value in wanted.items():
        if not os.environ.get(name):
            os.environ[name] = value if isinstance(value, str) else value()


def kept(name: str, make: Callable[[], str]) -> str:
    """The secret in ``instance/NAME``, made at the first start and readable by its owner only."""
    path = config.INSTANCE / name
    if not path.exists():
        secret = make()  # before the file: a failure must not leave an empty key behind
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secret)
    return path.read_text()


@group.command("start")
@click.option("--port", default=8000, show_default=True, envvar="PORT")
def start(port: int) -> None:
    """Keys, tables and data if they are missing; then serve with the reminder worker inside."""
    serving.require_free("127.0.0.1", port)
    prepare(port)
    settings = config.load()
    if settings.database_url.startswith("sqlite:///"):
        Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    app = create_app(settings)
    click.echo("Bringing the database up to date")
    database.upgrade()
    with app.test_request_context(), db.scope():
        if not has_people():
            fill(patients=40, weeks=12, seed=7)
    own = urlsplit(settings.base_url)
    click.echo(f"\n  {settings.base_url}")
    if own.hostname == "127.0.0.1":
        click.echo(f"  {own.scheme}://localhost:{own.port}   (passkeys need this one)")
    click.echo(f"\nSign in with the password: {accounts.PASSWORD}")
    for email, who in accounts.SHOWN:
        click.echo(f"  {email:26} {who}")
    click.echo("\nStop with Ctrl-C.\n")
    serving.serve_app(app, "127.0.0.1", port)
