"""``selfcare export patient`` and ``selfcare erase patient``."""

from __future__ import annotations

import json
import sys
import uuid

import click

from selfcare import audit
from selfcare.app import create_app
from selfcare.extensions import db
from selfcare.home import rights
from selfcare.people.models import Patient


@click.group("export")
def export_group() -> None:
    """Give a person a copy of their data."""


@export_group.command("patient")
@click.argument("patient_id", type=click.UUID)
def export_patient(patient_id: uuid.UUID) -> None:
    """Print everything there is about the patient as JSON."""
    app = create_app()
    with app.test_request_context(), db.scope(), db.transaction() as session:
        patient = session.get(Patient, patient_id)
        if patient is None:
            raise click.ClickException("There is no patient with this id.")
        audit.record(audit.SYSTEM, "data.exported", patient, by="command line")
        json.dump(rights.collect(patient_id), sys.stdout, ensure_ascii=False, indent=2)
        click.echo()


@click.group("erase")
def erase_group() -> None:
    """Delete a person's data."""


@erase_group.command("patient")
@click.argument("patient_id", type=click.UUID)
@click.option("--yes", is_flag=True, help="Do not ask.")
def erase_patient(patient_id: uuid.UUID, yes: bool) -> None:
    """Delete everything about the patient, for ever, and say what stays and why."""
    if not yes:
        click.confirm("This cannot be undone. Delete everything about this patient?", abort=True)
    app = create_app()
    with app.test_request_context(), db.scope(), db.transaction():
        try:
            stays = rights.erase(audit.SYSTEM, patient_id)
        except LookupError:
            raise click.ClickException("There is no patient with this id.") from None
    click.echo("Erased. What stays:")
    for name, why in stays.items():
        click.echo(f"  {name}: {why}")
