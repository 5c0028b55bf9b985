"""The ``selfcare`` command line. Each group has a file named after it."""

from __future__ import annotations

import click

import config
from selfcare.cli import checks, database, demo, duties, people, rights, serving


class _Friendly(click.Group):
    """A wrong setting ends with a sentence, not a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except config.SettingsError as problem:
            raise click.ClickException(str(problem)) from None


@click.group(cls=_Friendly, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Selfcare: run it, look after it."""


main.add_command(serving.serve)
main.add_command(serving.worker)
main.add_command(database.group)
main.add_command(people.group)
main.add_command(demo.group)
main.add_command(rights.export_group)
main.add_command(rights.erase_group)
main.add_command(checks.routes)
main.add_command(checks.config_group)
main.add_command(checks.doctor)
main.add_command(duties.vapid_group)
main.add_command(duties.reminders_group)
main.add_command(duties.audit_group)
main.add_command(duties.packs_group)
