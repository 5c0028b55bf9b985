"""An operator's smaller duties: push keys, reminders due, the audit chain, content packs."""

from __future__ import annotations

import json
from pathlib import Path

import click

from selfcare import clock
from selfcare.app import create_app
from selfcare.audit.verify import verify
from selfcare.diaries import packs as measures
from selfcare.extensions import db
from selfcare.push import keys
from selfcare.questionnaires import packs as questionnaires
from selfcare.questionnaires import texts
from selfcare.reminders import claim
from selfcare.results import packs as results
from selfcare.videos import packs as videos


@click.group("vapid")
def vapid_group() -> None:
    """The key that web push is signed with."""


@vapid_group.command("new")
def vapid_new() -> None:
    """Print a new key. Phones that subscribed under an earlier one have to be asked again."""
    key = keys.new_key()
    click.echo(f"SELFCARE_VAPID_PRIVATE_KEY={key.private}")
    click.echo(f"# browsers are given: {key.public}", err=True)


@click.group("reminders")
def reminders_group() -> None:
    """Reminders."""


@reminders_group.command("due")
@click.option("--dry-run", is_flag=True, required=True, help="Look only; the worker sends.")
@click.option("--limit", default=500, show_default=True)
@click.option("--json", "as_json", is_flag=True)
def reminders_due(dry_run: bool, limit: int, as_json: bool) -> None:
    """What a worker would send now, by number: never to whom and about what."""
    app = create_app()
    with app.app_context():
        found = claim.due(limit, clock.now())
    rows = [{"id": str(one.id), "due_at": one.due_at.isoformat()} for one in found]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
        return
    click.echo(f"{len(rows)} due" + (" (there may be more)" if len(rows) == limit else ""))
    for row in rows:
        click.echo(f"  {row['due_at']}  {row['id']}")


@click.group("audit")
def audit_group() -> None:
    """The audit trail."""


@audit_group.command("verify")
@click.option("--expect", default=None, help="A head that was written down earlier, NUMBER:HASH.")
@click.option("--json", "as_json", is_flag=True)
def audit_verify(expect: str | None, as_json: bool) -> None:
    """Walk the sealed chain; exit 1 where something was edited, deleted, moved or cut off."""
    app = create_app()
    with app.app_context(), db.scope():
        db.reading(only=True)
        try:
            report = verify(expect)
        except ValueError as problem:
            raise click.ClickException(str(problem)) from None
    problems = [
        {"sequence": each.sequence, "kind": each.kind, "event": each.event_id} for each in report.problems
    ]
    if as_json:
        said = {"ok": report.ok, "sealed": report.sealed, "waiting": report.waiting, "head": report.head}
        click.echo(json.dumps(said | {"problems": problems}, indent=2))
    else:
        click.echo(f"{report.sealed} sealed events, {report.waiting} waiting for the seal")
        click.echo(f"Head, to be kept somewhere else: {report.head}")
        for each in problems:
            click.echo(f"  event {each['sequence']}: {each['kind']}")
    if not report.ok:
        raise click.ClickException(
            "The trail was tampered with. Keep a copy of the database as it is, then ask for help."
        )


@click.group("packs")
def packs_group() -> None:
    """Content as data: measures, help cards, results, videos."""


@packs_group.command("check")
def packs_check() -> None:
    """Owner, licence, version, review date and languages of every pack; exit 1 where one is missing or past."""
    problems = measures.check_packs() + results.check_packs() + videos.check_packs()
    problems += questionnaires.check_packs()
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        raise SystemExit(1)
    click.echo("Every pack is complete and within its review date.")


@packs_group.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--as",
    "code",
    required=True,
    type=click.Choice(list(questionnaires.catalogue())),
    help="Which one it is.",
)
@click.option(
    "--accept", default="", metavar="HASH", help="The hash of the wording that was read and signed off."
)
def packs_import(file: Path, code: str, accept: str) -> None:
    """Bring in a questionnaire's text (a FHIR Questionnaire), in its owner's words.

    Without --accept the wording is shown with its hash, and nothing changes: somebody reads it first.
    """
    instrument = questionnaires.catalogue()[code]
    try:
        wording = texts.read(file, instrument)
    except texts.NotThisText as problem:
        raise click.ClickException(f"{file.name}: {problem}. Nothing was imported.") from None
    accepted = accept or instrument.text_hash
    if wording.hash != accepted:
        for line in (wording.stem, *wording.items, *wording.answers, wording.notice):
            click.echo(line)
        if accept or instrument.text_hash:
            click.echo("This is another wording than the one signed off. Nothing was imported.", err=True)
        raise click.ClickException(f"Read it against the owner's text. Then: --accept {wording.hash}")
    app = create_app()
    try:
        with app.app_context(), db.scope(), db.transaction():
            new = texts.bring_in(instrument, file, accepted=accepted, source=file.name)
    except texts.NotThisText as problem:
        raise click.ClickException(f"{problem}. Nothing was imported.") from None
    click.echo(f"The text of {instrument.title} is in force." if new else "It is in force already.")
