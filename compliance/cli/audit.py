"""`flask audit verify|heads`."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from compliance.domain.audit_chain import Head
from compliance.services.audit import check as audit_check
from compliance.services.audit import heads as audit_heads
from compliance.services.transaction import reading

audit = AppGroup("audit", help="The record of who did what.")

_FILE = click.Path(dir_okay=False, path_type=Path)


@audit.command("verify")
@click.option("--heads", "path", type=_FILE, help="Compare with this file of signed heads, not with the newest one.")
def verify(path: Path | None) -> None:
    """Recompute every chain of the audit trail and name each place where it does not agree with itself.

    Compares with the newest file of signed heads, too.
    """
    settings = current_app.extensions["settings"]
    path = path or audit_heads.newest(settings.audit_heads)
    faults = audit_check.verify(reading(), _kept(path, settings.secret_key))
    for fault in faults:
        click.echo(f"{fault.chain}, event {fault.number}: {fault.reason}")
    if faults:
        raise SystemExit(1)
    click.echo("Every chain of the audit trail agrees with itself" + (f" and with {path}." if path else "."))


@audit.command("heads")
@click.argument("target", type=_FILE)
def heads(target: Path) -> None:
    """Write the signed heads of all chains to the file TARGET now."""
    settings = current_app.extensions["settings"]
    audit_heads.write(reading(), target, settings.secret_key, now=dt.datetime.now(dt.UTC))
    click.echo(f"Wrote {target}.")


def _kept(path: Path | None, secret: str) -> list[Head]:
    if path is None:
        return []
    try:
        return audit_heads.read(path, secret)
    except audit_heads.BadHeads as error:
        raise click.ClickException(f"{error}.") from None
