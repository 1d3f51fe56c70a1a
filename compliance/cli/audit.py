"""`flask audit verify`."""

from __future__ import annotations

import click
from flask.cli import AppGroup

from compliance.services import audit as use_cases
from compliance.services.transaction import reading

audit = AppGroup("audit", help="The record of who did what.")


@audit.command("verify")
def verify() -> None:
    """Recompute every chain of the audit trail and name each place where it does not agree with itself."""
    faults = use_cases.verify(reading())
    for fault in faults:
        click.echo(f"{fault.chain}, event {fault.number}: {fault.reason}")
    if faults:
        raise SystemExit(1)
    click.echo("Every chain of the audit trail agrees with itself.")
