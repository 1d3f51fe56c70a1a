"""`flask public-record import`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Final

import click
from flask.cli import AppGroup

from compliance.cli.saying import faults_as_sentences
from compliance.domain.public_record import ServicesScope
from compliance.domain.public_record_file import FILE_LIMIT, FileFact, Unreadable
from compliance.services.account.organisations import COUNTRIES
from compliance.services.review.public_record_import import Action, Import, Wish, import_facts

public_record = AppGroup("public-record", help="What public sources say about companies.")

WIDTH: Final = 90  # characters of a statement in one line of the preview


@public_record.command("import")
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--create", is_flag=True, help="Create the companies and services that are not there.")
@click.option(
    "--lead-country",
    type=click.Choice(list(COUNTRIES)),
    help="The country that leads on created companies; without one, no government sees more than participation.",
)
@click.option("--preview", is_flag=True, help="Say what would be done, and write nothing.")
def import_command(path: Path, create: bool, lead_country: str | None, preview: bool) -> None:
    """Import the facts in the JSON file FILE: all of them, or none when one cannot be used.

    Each fact is kept as published, under its id: importing a file again changes nothing.
    """
    if lead_country and not create:
        raise click.UsageError("--lead-country is for companies that --create makes.")
    with faults_as_sentences():
        try:
            done = import_facts(_bytes_of(path), Wish(create, lead_country, preview), now=dt.datetime.now(dt.UTC))
        except Unreadable as error:
            raise click.ClickException(f"{path}: {error}.") from None
    _say(done)
    if done.refusals:
        raise click.ClickException(f"{len(done.refusals)} facts cannot be used; nothing was written.")


def _bytes_of(path: Path) -> bytes:
    """The content of a regular file, no more than can be used. Another kind of file could keep one waiting for ever."""
    try:
        if not path.is_file():
            raise Unreadable("there is no such file" if not path.exists() else "this is not a regular file")
        with path.open("rb") as file:
            return file.read(FILE_LIMIT + 1)
    except (OSError, ValueError) as error:
        if isinstance(error, Unreadable):
            raise
        raise Unreadable(f"the file cannot be read ({error})") from None


def _say(done: Import) -> None:
    """The preview, or the same as a report on what was done: a line for each company, service, fact and refusal."""
    for name in done.new_companies:
        click.echo(f"{'company':<10} {name}")
    for name in done.new_services:
        click.echo(f"{'service':<10} {name}")
    for line in done.lines:
        detail = f" ({line.detail})" if line.detail else ""
        click.echo(f"{line.action:<10} {line.reference}  {_said(line.fact)}{detail}")
    for refusal in done.refusals:
        click.echo(f"{'refused':<10} {refusal.item}  {refusal.reason}", err=True)
    counts = f"{done.count(Action.ADD)} to add, {done.count(Action.CHANGE)} to change, "
    counts += f"{done.count(Action.UNCHANGED)} unchanged, {len(done.refusals)} refused"
    if done.written and done.count(Action.UNCHANGED) == len(done.lines):
        click.echo(f"{counts}; every fact is there already, nothing had to be written.")
    else:
        click.echo(f"{counts}; {'written' if done.written else 'nothing was written'}.")


def _said(fact: FileFact) -> str:
    """Whom the fact is about, the statement, and the status or number that makes it say something."""
    entry = fact.entry
    about = {ServicesScope.COMPANY: "whole company", ServicesScope.NOT_NAMED: "service not named"}
    services = about.get(entry.scope, entry.services_text) if entry.scope else ""
    statement = entry.statement if len(entry.statement) <= WIDTH else f"{entry.statement[:WIDTH]}…"
    states = entry.status.value.replace("_", " ") if entry.status else ""
    if entry.value is not None:
        states = f"{entry.value:f} {entry.unit}"
    return f"{fact.provider}, {services}: {statement}" + (f": {states}" if states else "")
