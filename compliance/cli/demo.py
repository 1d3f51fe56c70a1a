"""`flask demo load`."""

from __future__ import annotations

import datetime as dt

import click
from flask import current_app
from flask.cli import AppGroup
from flask_security.utils import hash_password, verify_password

from compliance.cli.saying import faults_as_sentences
from compliance.demo import accounts, loading

demo = AppGroup("demo", help="Invented data to try the software with.")


@demo.command("load")
@click.option("--companies", type=click.IntRange(1, 100_000), default=12, show_default=True)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same data in a month.")
def load(companies: int, seed: int) -> None:
    """Load invented companies, governments, answers and findings into a database that holds nothing else."""
    settings = current_app.extensions["settings"]
    if not settings.demo:
        raise click.ClickException("demo data is for demo mode only, which never leaves this machine: set DEMO=1.")
    password = accounts.password_in(settings.instance / "demo_password")
    with faults_as_sentences():
        loaded = loading.load(
            companies, seed, hash_password=lambda: hash_password(password), now=dt.datetime.now(dt.UTC)
        )
    accounts.keep_password(password, verify_password, hash_password)
    if loaded.companies:
        click.echo(f"Loaded {loaded.companies} invented companies; sign in with the password {password}")
    else:
        click.echo(f"The demo is there already; sign in with the password {password}")
    for line in accounts.table(accounts.sign_ins()):
        click.echo(line)
