"""`flask organisation …`: creating one, and another country that leads on a company."""

from __future__ import annotations

import datetime as dt

import click
from flask.cli import AppGroup

from compliance.cli.saying import faults_as_sentences
from compliance.domain.permissions import OrganisationKind
from compliance.domain.text import LANGUAGES
from compliance.services.account import organisations as use_cases
from compliance.services.cycle import sharing

organisation = AppGroup("organisation", help="Companies, government departments, and who runs the installation.")


@organisation.command("create")
@click.argument("slug")
@click.option("--name", required=True, help="As people write it.")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in OrganisationKind]))
@click.option(
    "--country",
    type=click.Choice(list(use_cases.COUNTRIES)),
    help="A government's own country, or the one that leads on a company.",
)
@click.option("--time-zone", default="", help="Such as America/Toronto; without it, that of the country's capital.")
@click.option("--language", type=click.Choice(LANGUAGES), default="en", show_default=True)
def create(slug: str, name: str, kind: str, country: str | None, time_zone: str, language: str) -> None:
    """Create the organisation SLUG (a-z, 0-9 and hyphens; it stands in addresses)."""
    new = use_cases.NewOrganisation(slug, name, OrganisationKind(kind), country, time_zone, language)
    with faults_as_sentences():
        made = use_cases.create(new, now=dt.datetime.now(dt.UTC))
    click.echo(f"{made.name} ({made.slug}) was created as a {made.kind}.")


@organisation.command("lead")
@click.argument("slug")
@click.argument("country")
def lead_command(slug: str, country: str) -> None:
    """Another COUNTRY leads on the company SLUG: in open cycles it sees the content, and the old one no longer does."""
    with faults_as_sentences():
        company = sharing.change_lead(slug, country, now=dt.datetime.now(dt.UTC))
    click.echo(f"{company.country} leads on {company.slug}.")
