"""`content check` and `content publish`: for policy officers, on files alone, without settings or a database."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from compliance.content import ContentError, Fault, load, publish
from compliance.content.faults import one_line

LINES_LIMIT: Final = 200  # nobody reads more; the first faults are put right first


@click.group("content")
def content() -> None:
    """Check what is asked: the frameworks in principles/."""


@content.command("check")
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
def check_command(paths: tuple[str, ...]) -> None:
    """Check the version folder PATH (such as principles/voluntary-principles/2026.1).

    Says file, line and reason for each fault and ends with 1 when there is one.
    """
    failed = False
    for path in paths:
        try:
            click.echo(f"{one_line(path)}: {load(path)}")
        except ContentError as error:
            failed = True
            print_faults(path, error.faults)
    if failed:
        raise SystemExit(1)


@content.command("publish")
@click.argument("path", type=click.Path())
def publish_command(path: str) -> None:
    """Pin the version folder PATH in published.yaml beside it, after which it is never edited."""
    try:
        loaded = publish(path, dt.datetime.now(dt.UTC).date())
    except ContentError as error:
        print_faults(path, error.faults)
        raise SystemExit(1) from None
    done = f"was already published on {loaded.published}" if loaded.published else "is published"
    click.echo(f"{one_line(path)} {done}; sha256 {loaded.sha256}")


def print_faults(path: str, faults: Sequence[Fault]) -> None:
    """One line per fault, on standard output; files are named from where the command was given."""
    folder = os.path.normpath(Path(path) / os.pardir)
    for fault in faults[:LINES_LIMIT]:
        click.echo(one_line(str(Path(folder) / str(fault))))
    if len(faults) > LINES_LIMIT:
        click.echo(f"… and {len(faults) - LINES_LIMIT:,} more")
