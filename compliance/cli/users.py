"""`flask user create`."""

from __future__ import annotations

import datetime as dt
import sys

import click
from flask.cli import AppGroup
from flask_security.utils import hash_password

from compliance.cli.saying import faults_as_sentences
from compliance.domain.permissions import Role
from compliance.domain.text import LANGUAGES
from compliance.services.account import users as use_cases

user = AppGroup("user", help="People's accounts and roles.")


@user.command("create")
@click.argument("email")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]))
@click.option("--organisation", required=True, metavar="SLUG")
@click.option("--name", default="", help="Without it, the part of the address before the @.")
@click.option("--language", type=click.Choice(LANGUAGES), help="Without it, that of the organisation.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of making one up.")
def create(email: str, role: str, organisation: str, name: str, language: str | None, password_stdin: bool) -> None:
    """Give EMAIL a role in an organisation, and an account with a password if there is none yet."""
    password = sys.stdin.readline().rstrip("\r\n") if password_stdin else None
    new = use_cases.NewRole(email, Role(role), organisation, name, language or "", password)
    with faults_as_sentences():
        granted = use_cases.create_user(new, hash_password, now=dt.datetime.now(dt.UTC))
    what = "has an account and is" if granted.is_new else "is now also"
    click.echo(f"{granted.user.email} {what} {role} in {organisation}.")
    if granted.password is not None:
        click.echo(f"Password, shown only now: {granted.password}")
