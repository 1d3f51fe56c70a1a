"""`flask cycle …`: opening, inviting, granting a date, closing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import click
import yaml
from flask.cli import AppGroup

from compliance.cli.saying import faults_as_sentences
from compliance.content import load_reminders
from compliance.domain.reminder_plans import dump_plan
from compliance.domain.text import Text
from compliance.services.cycle import cycles as use_cases
from compliance.services.cycle import due_dates
from compliance.services.cycle.due_dates import NewDate
from compliance.services.gap import results
from compliance.services.reminder import plans

cycle = AppGroup("cycle", help="Rounds of assessments.")


class Day(click.ParamType[dt.date]):
    """A day such as 2026-12-31."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        try:
            return dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a day such as 2026-12-31", param, ctx)


@cycle.command("open")
@click.argument("slug")
@click.option("--framework", required=True, metavar="ID")
@click.option("--version", required=True)
@click.option("--name-en", required=True)
@click.option("--name-fr", required=True)
@click.option("--period-start", required=True, type=Day(), help="The first day that answers are about.")
@click.option("--period-end", required=True, type=Day(), help="The last day that answers are about.")
@click.option("--opens", "opens_on", required=True, type=Day(), help="The day from which companies answer.")
@click.option("--due", "due_on", required=True, type=Day(), help="The last day to submit.")
@click.option("--company", "companies", multiple=True, metavar="SLUG", help="A company to invite; may be repeated.")
@click.option("--all", "everyone", is_flag=True, help="Invite every company.")
@click.option("--previous", metavar="SLUG", help="The cycle to compare with.")
def open_command(name_en: str, name_fr: str, companies: tuple[str, ...], everyone: bool, **given: object) -> None:
    """Open the cycle SLUG and invite its companies, with the usual reminders."""
    if bool(companies) == everyone:
        raise click.UsageError("Name companies with --company, or invite every company with --all.")
    new = use_cases.NewCycle(
        name=Text(name_en, name_fr),
        companies=None if everyone else companies,
        **given,  # type: ignore[arg-type]  # click has checked the options, which have the names of the fields
    )
    with faults_as_sentences():
        opened, invited = use_cases.open_cycle(new, now=dt.datetime.now(dt.UTC))
    click.echo(f"{opened.slug} is open; companies invited: {invited}.")
    _compute()


@cycle.command("invite")
@click.argument("slug")
@click.option("--company", "companies", multiple=True, metavar="SLUG", help="A company to invite; may be repeated.")
@click.option("--all", "everyone", is_flag=True, help="Invite every company that is not in it yet.")
def invite_command(slug: str, companies: tuple[str, ...], everyone: bool) -> None:
    """Invite more companies to the open cycle SLUG; whoever is in it already stays as it is."""
    if bool(companies) == everyone:
        raise click.UsageError("Name companies with --company, or invite every company with --all.")
    with faults_as_sentences():
        invited = use_cases.invite(slug, None if everyone else companies, now=dt.datetime.now(dt.UTC))
    click.echo(f"Companies invited: {invited}.")
    _compute()


@cycle.command("extend")
@click.argument("slug")
@click.option("--company", required=True, metavar="SLUG")
@click.option("--due", "due_on", type=Day(), help="The company's own last day; without it, the cycle's again.")
@click.option("--reason", required=True, help="Why; the company reads it.")
def extend_command(slug: str, company: str, due_on: dt.date | None, reason: str) -> None:
    """Give one company a later date in the cycle SLUG; reminders, lists and reports follow it."""
    new = NewDate(slug, company, due_on, reason)
    with faults_as_sentences():
        holds = due_dates.grant(None, new, now=dt.datetime.now(dt.UTC))
    click.echo(f"{company} has until {holds}.")


@cycle.command("list")
def list_command() -> None:
    """Every cycle, newest first."""
    for each in use_cases.all_cycles():
        closed = f"closed {each.closed_on}" if each.closed_on else f"due {each.due_on}"
        version = each.framework_version
        click.echo(f"{each.slug}  {version.framework} {version.version}  opens {each.opens_on}  {closed}")


@cycle.command("plan")
@click.argument("slug")
@click.option("--file", "file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A plan to take.")
@click.option("--usual", is_flag=True, help="Take the usual plan, principles/reminders.yaml.")
def plan_command(slug: str, file: Path | None, usual: bool) -> None:
    """Show the reminder plan of the cycle SLUG as YAML, or give it another one."""
    if file and usual:
        raise click.UsageError("Take the plan of --file or the usual one, not both.")
    with faults_as_sentences():
        if not file and not usual:
            click.echo(yaml.safe_dump({"stages": plans.stages_of(slug)}, sort_keys=False), nl=False)
            return
        wanted = plans.usual_plan() if usual else load_reminders(file.parent, file.name) if file else ()
        taken = plans.change_plan(None, slug, dump_plan(wanted), now=dt.datetime.now(dt.UTC))
    click.echo(f"{slug} has a plan of {len(taken)} stages.")


def _compute() -> None:
    """Compute the results that opening or closing left for later."""
    computed = results.refresh_stale(now=dt.datetime.now(dt.UTC))
    if computed:
        click.echo(f"Results computed: {computed}.")


@cycle.command("close")
@click.argument("slug")
@click.option("--early", is_flag=True, help="Close it although it is not yet due.")
def close_command(slug: str, early: bool) -> None:
    """Close the cycle SLUG: answers are no longer taken, and results stay as they are today."""
    with faults_as_sentences():
        closed = use_cases.close_cycle(slug, early=early, now=dt.datetime.now(dt.UTC))
    click.echo(f"{closed.slug} was closed on {closed.closed_on}.")
    _compute()
