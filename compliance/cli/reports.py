"""`flask --app app report build …`"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from compliance.cli.saying import faults_as_sentences
from compliance.domain.text import language_of
from compliance.services import briefs

report = AppGroup("report", help="Reports.")


@report.command("build")
@click.argument("kind", type=click.Choice([briefs.KIND]))
@click.option("--cycle", "cycle", required=True, metavar="SLUG")
@click.option("--company", required=True, metavar="SLUG")
@click.option("--format", "layout", type=click.Choice([*briefs.FORMATS]), required=True)
@click.option("--lang", "language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option("--country", metavar="XX", help="The country that reads it; without one, the company's lead country.")
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True)
def build(
    kind: str, *, cycle: str, company: str, layout: str, language: str, country: str | None, output: Path
) -> None:
    """Build a report of KIND into a file."""
    folders = current_app.extensions["reports"]
    with faults_as_sentences():
        brief = briefs.brief_for_operator(
            company, cycle, language_of(language), folders, country=country, now=dt.datetime.now(dt.UTC)
        )
    content = briefs.as_file(brief, layout, folders)
    output.write_bytes(content)
    click.echo(f"{output}: {kind} on {company}, {len(content):,} bytes")
