"""`flask --app app assessment export|import`."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from compliance.cli.saying import faults_as_sentences
from compliance.domain.text import language_of
from compliance.services.assessment import answer_files

assessment = AppGroup("assessment", help="A company's answers as files.")


@assessment.command("export")
@click.option("--cycle", required=True, metavar="SLUG")
@click.option("--as", "email", required=True, metavar="EMAIL", help="The person of the company who takes them.")
@click.option("--lang", "language", type=click.Choice(["en", "fr"]), default="en", show_default=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), required=True, help="*.xlsx or *.json")
def export_command(cycle: str, email: str, language: str, output: Path) -> None:
    """Write the answers as they are now into a workbook or a JSON file."""
    reports = current_app.extensions["reports"].reports
    with faults_as_sentences():
        actor = answer_files.person(email)
        content = answer_files.export(
            actor, cycle, output.suffix, language_of(language), reports, now=dt.datetime.now(dt.UTC)
        )
    output.write_bytes(content)
    click.echo(f"{output}: {len(content):,} bytes")


@assessment.command("import")
@click.argument("path", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cycle", required=True, metavar="SLUG")
@click.option("--as", "email", required=True, metavar="EMAIL", help="The person of the company who saves them.")
@click.option("--preview", is_flag=True, help="Say what would be changed, and write nothing.")
@click.option("--overwrite", is_flag=True, help="Replace what colleagues saved since the file was made.")
def import_command(path: Path, cycle: str, email: str, preview: bool, overwrite: bool) -> None:
    """Save the answers in FILE: all of them, or none when one cannot be saved."""
    reports = current_app.extensions["reports"].reports
    now = dt.datetime.now(dt.UTC)
    with faults_as_sentences():
        actor = answer_files.person(email)
        content = path.read_bytes()
        plan = answer_files.plan(actor, cycle, path.suffix, content, reports, now=now)
        for change in plan.changes:
            service, indicator = change.question.key
            click.echo(f"{change.kind}: {indicator} {service or 'company'}")
        for fault in plan.refused:
            click.echo(f"refused: {fault.place.sheet} {fault.place.cell}: {fault.code}", err=True)
        if not preview and not plan.refused:
            answer_files.save(actor, cycle, path.suffix, content, reports, overwrite=overwrite, now=now)
    click.echo(f"{len(plan.changes)} to save, {plan.same} unchanged, {len(plan.refused)} refused")
    if plan.refused:
        sys.exit(1)
