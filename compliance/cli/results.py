"""`flask results refresh`."""

from __future__ import annotations

import datetime as dt

import click
from flask.cli import AppGroup

from compliance.cli.saying import faults_as_sentences
from compliance.services import results as use_cases

results = AppGroup("results", help="The results that pages and reports are made from.")


@results.command("refresh")
@click.option(
    "--now", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="Pretend that it is another moment (UTC)."
)
def refresh_command(now: dt.datetime | None) -> None:
    """Recompute the results whose day has come: plans and evidence run out without anyone writing."""
    moment = now.replace(tzinfo=dt.UTC) if now else dt.datetime.now(dt.UTC)
    with faults_as_sentences():
        companies = use_cases.refresh_stale(now=moment) + use_cases.refresh_due(now=moment)
    click.echo(f"Companies and cycles recomputed: {companies}.")
