"""`flask reminders …` and `flask mail …`."""

from __future__ import annotations

import datetime as dt

import click
from flask import current_app
from flask.cli import AppGroup

from compliance.domain.errors import ProductError
from compliance.mail.failures import SendFailure
from compliance.services.reminder import outbox, outlook
from compliance.services.reminder import reminders as use_cases

reminders = AppGroup("reminders", help="Who is reminded of what, and when.")
mail = AppGroup("mail", help="Does mail go out?")


class Moment(click.ParamType[dt.datetime]):
    """A moment such as 2027-04-23T09:00:00+12:00; without an offset it is UTC."""

    name = "ISO"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.datetime:
        if isinstance(value, dt.datetime):
            return value
        try:
            moment = dt.datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"{value!r} is not a moment such as 2027-04-23T09:00:00+12:00", param, ctx)
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def _office() -> outbox.PostOffice:
    settings = current_app.extensions["settings"]
    return outbox.post_office(settings.mail_url, settings.base_url, settings.mail_from, settings.secret_key)


@reminders.command("run")
@click.option("--now", type=Moment(), default=lambda: dt.datetime.now(dt.UTC), help="Pretend that it is this moment.")
def run(now: dt.datetime) -> None:
    """One round: queue what is due and send what is ready."""
    office = _office()
    queued = use_cases.queue_due(now, base_url=office.base_url)
    outcomes = outbox.send_due(now, office)
    outbox.beat(now)
    click.echo(f"queued {queued.reminders} reminders in {queued.messages} new messages, {queued.skipped} not needed")
    click.echo(", ".join(f"{outcome} {outcomes[outcome]}" for outcome in outbox.Outcome))
    for fault in queued.faults:
        click.echo(fault, err=True)
    if queued.faults or outcomes[outbox.Outcome.FAILED] or outcomes[outbox.Outcome.UNREACHABLE]:
        raise SystemExit(1)


@reminders.command("preview")
@click.option("--cycle", "slug", required=True, metavar="SLUG")
@click.option("--now", type=Moment(), default=lambda: dt.datetime.now(dt.UTC), help="Pretend that it is this moment.")
def preview(slug: str, now: dt.datetime) -> None:
    """What the plan of a cycle has sent and will send, as things stand. Changes nothing."""
    try:
        lines = outlook.preview(slug, now)
    except ProductError as error:
        raise click.ClickException(str(error)) from error
    for line in lines:
        local = line.moment.astimezone(line.zone)
        click.echo(f"{local:%Y-%m-%d %H:%M %z}  {line.stage:<18}  {line.standing:<14}  {line.company}  {line.address}")
    click.echo(f"{len(lines)} reminders in the plan of {slug}")


@mail.command("test")
@click.argument("address")
@click.option("--language", type=click.Choice(["en", "fr"]), default="en")
def test(address: str, language: str) -> None:
    """Send a test mail to ADDRESS at once and say what the mail server answered."""
    try:
        outbox.send_trial(address, dt.datetime.now(dt.UTC), _office(), language)
    except SendFailure as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"A test mail for {address} was handed over.")
