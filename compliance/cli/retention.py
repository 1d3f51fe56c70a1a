"""`flask retention apply`."""

from __future__ import annotations

import datetime as dt

import click
from flask import current_app
from flask.cli import AppGroup

from compliance.services import retention as use_cases

retention = AppGroup("retention", help="For how long technical records about people are kept.")


@retention.command("apply")
def apply() -> None:
    """Remove what is older than RETENTION says. The schedule does it every day."""
    removed = use_cases.apply(current_app.extensions["settings"].retention, now=dt.datetime.now(dt.UTC))
    for kind, count in removed.items():
        click.echo(f"{count} {kind.replace('_', ' ')} removed.")
    if not removed:
        click.echo("Nothing to remove.")
