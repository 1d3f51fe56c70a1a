"""`flask --app app document …`: for whoever runs the installation and has to deal with what was set aside."""

from __future__ import annotations

import datetime as dt

import click
from flask.cli import AppGroup

from compliance.cli.saying import faults_as_sentences
from compliance.services.assessment import set_aside

document = AppGroup("document", help="Documents shown as evidence.")


@document.command("list")
@click.option("--set-aside", "only", is_flag=True, help="Only those that were set aside.")
def list_command(only: bool) -> None:
    """Say what is kept: company, state, sha256, name in the store, name, reason. No content is read."""
    for item in set_aside.documents_kept(only_set_aside=only):
        parts = (item.company, item.document.state, item.document.sha256, item.document.key, item.document.name)
        click.echo("  ".join(filter(None, (*parts, item.document.note))))


@document.command("set-aside")
@click.argument("sha256")
@click.option("--company", required=True, metavar="SLUG")
@click.option("--reason", required=True)
def set_aside_command(sha256: str, company: str, reason: str) -> None:
    """Set a document aside: nobody is handed it any more."""
    with faults_as_sentences():
        set_aside.set_aside(company, sha256, reason, now=dt.datetime.now(dt.UTC))
    click.echo(f"{sha256} of {company} is set aside")


@document.command("release")
@click.argument("sha256")
@click.option("--company", required=True, metavar="SLUG")
@click.option("--reason", required=True)
def release_command(sha256: str, company: str, reason: str) -> None:
    """Take a document back into use after it was examined."""
    with faults_as_sentences():
        set_aside.release(company, sha256, reason, now=dt.datetime.now(dt.UTC))
    click.echo(f"{sha256} of {company} is in use again")
