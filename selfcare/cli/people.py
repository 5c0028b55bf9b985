"""``selfcare user``: the first administrator, and closing an account at 3am."""

from __future__ import annotations

import click
import sqlalchemy as sa

from selfcare import audit, clock
from selfcare.app import create_app
from selfcare.edge.roles import ROLES
from selfcare.errors import Invalid
from selfcare.extensions import db
from selfcare.identity import passwords, sessions
from selfcare.people.models import Person, PersonRole


@click.group("user")
def group() -> None:
    """Accounts."""


@group.command("create")
@click.argument("email")
@click.option("--name", required=True, help="Full name.")
@click.option(
    "--role",
    "role_names",
    multiple=True,
    required=True,
    type=click.Choice(ROLES[2:]),
    help="May be repeated.",
)
@click.password_option(help="At least 12 characters.")
def create(email: str, name: str, role_names: tuple[str, ...], password: str) -> None:
    """Create an account for EMAIL."""
    app = create_app()
    with app.test_request_context(), db.scope():
        try:
            with db.transaction() as session:
                if session.scalar(sa.select(Person.id).where(Person.email == email.strip().lower())):
                    raise click.ClickException("There is an account with this email address already.")
                person = Person(name=name, known_as=name.split()[0], email=email.strip().lower())
                session.add(person)
                session.flush()
                session.add_all(PersonRole(person_id=person.id, role=role) for role in role_names)
                passwords.set_password(person, password)
                audit.record(audit.SYSTEM, "person.created", person, by="command line")
        except Invalid as problem:
            raise click.ClickException(
                "; ".join(said for each in problem.errors.values() for said in each)
            ) from None
    click.echo(f"Created. Sign in at {app.config['SETTINGS'].base_url}/sign-in")


@group.command("disable")
@click.argument("email")
def disable(email: str) -> None:
    """Close the account of EMAIL: every session of it ends with its next request."""
    app = create_app()
    with app.test_request_context(), db.scope(), db.transaction() as session:
        person = session.scalar(sa.select(Person).where(Person.email == email.strip().lower()))
        if person is None:
            raise click.ClickException("There is no account with this email address.")
        person.disabled_at = person.disabled_at or clock.now()
        sessions.end_all(person.id)
        audit.record(audit.SYSTEM, "person.disabled", person, by="command line")
    click.echo("Closed.")
