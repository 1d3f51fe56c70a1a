"""`flask content import`: apart from the other content commands, because it needs the database."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from flask.cli import with_appcontext

from compliance.cli.content import content, print_faults
from compliance.cli.saying import faults_as_sentences
from compliance.content import ContentError
from compliance.content.faults import one_line
from compliance.services.cycle.frameworks import import_framework

__all__ = ["content", "import_command"]


@content.command("import")
@click.argument("path", type=click.Path())
@with_appcontext
def import_command(path: str) -> None:
    """Import the version folder PATH into the database, so that cycles can be opened with it.

    Importing it again replaces corrected wording and changes nothing else.
    """
    try:
        with faults_as_sentences():
            framework, stored = import_framework(Path(path), now=dt.datetime.now(dt.UTC))
    except ContentError as error:
        print_faults(path, error.faults)
        raise SystemExit(1) from None
    done = "was imported" if stored else "is there already"
    click.echo(f"{one_line(path)}: {framework.id} {framework.version} {done}; sha256 {framework.sha256}")
