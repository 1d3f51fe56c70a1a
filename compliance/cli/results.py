"""`flask results refresh`."""

from __future__ import annotations

import datetime as dt

import click
from flask.cli import AppGroup

from compliance.cli.saying import faults_as_sentences
from compliance.services.gap import results as use_cases
from compliance.services.review import replies

results = AppGroup("results", help="The results that pages and reports are made from.")


@results.command("refresh")
@click.option(
    "--now", type=click.DateTime(["%Y-%m-%dT%H:%M", "%Y-%m-%d"]), help="Pretend that it is another moment (UTC)."
)
def refresh_command(now: dt.datetime | None) -> None:
    """What the calendar changes: a right of reply that ran out ends the exchange; results whose day has come."""
    moment = now.replace(tzinfo=dt.UTC) if now else dt.datetime.now(dt.UTC)
    with faults_as_sentences():
        concluded = replies.conclude_due(now=moment)
        companies = use_cases.refresh_stale(now=moment) + use_cases.refresh_due(now=moment)
    click.echo(f"Exchanges concluded without a reply: {concluded}. Companies and cycles recomputed: {companies}.")
