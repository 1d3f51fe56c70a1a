"""`flask reminders` and `flask mail`."""

from __future__ import annotations

import pytest

from compliance.cli.reminders import mail, reminders
from compliance.mail.reading import list_mails
from compliance.services.reminder.outbox import last_beat
from tests.services.reminder_world import SOON, messages, world
from tests.support import factories
from tests.support.mail import with_settings


@pytest.fixture
def cli(context, tmp_path):
    """The two groups on an application without the site."""
    with_settings(context, f"folder:{tmp_path / 'mail'}")
    context.cli.add_command(reminders)
    context.cli.add_command(mail)
    return context.test_cli_runner()


def test_one_round_at_a_given_moment(cli, tmp_path):
    world()
    early = cli.invoke(args=["reminders", "run", "--now", "2026-09-23T08:59:00-04:00"])
    assert early.exit_code == 0, early.output
    assert "queued 0 reminders" in early.output
    done = cli.invoke(args=["reminders", "run", "--now", "2026-09-23T09:00:00-04:00"])
    assert done.exit_code == 0, done.output
    assert "queued 2 reminders in 2 new messages" in done.output
    assert "sent 2" in done.output
    again = cli.invoke(args=["reminders", "run", "--now", "2026-09-23T09:00:00-04:00"])
    assert "sent 0" in again.output
    assert {line.language for line in list_mails(tmp_path / "mail")} == {"en", "fr"}
    assert last_beat() == SOON


def test_a_moment_that_is_none(cli):
    result = cli.invoke(args=["reminders", "run", "--now", "tomorrow"])
    assert result.exit_code == 2
    assert "is not a moment such as" in result.output


def test_a_bad_plan_is_said_and_the_exit_code_is_1(cli):
    factories.cycle(slug="broken", reminder_plan=[{"id": "x"}])
    result = cli.invoke(args=["reminders", "run", "--now", "2026-09-23T13:00"])
    assert result.exit_code == 1
    assert "broken: the reminder plan cannot be used: stage 1: days is missing" in result.output


def test_preview(cli):
    made = world()
    result = cli.invoke(args=["reminders", "preview", "--cycle", made.cycle.slug])
    assert result.exit_code == 0, result.output
    assert "2026-09-23 09:00 -0400  due_soon" in result.output
    assert f"3 reminders in the plan of {made.cycle.slug}" in result.output
    assert messages() == []
    unknown = cli.invoke(args=["reminders", "preview", "--cycle", "none"])
    assert unknown.exit_code == 1
    assert "there is no cycle 'none'" in unknown.output


def test_a_test_mail(cli, tmp_path):
    done = cli.invoke(args=["mail", "test", "someone@company.example", "--language", "fr"])
    assert done.exit_code == 0, done.output
    (line,) = list_mails(tmp_path / "mail")
    assert (line.to, line.language) == ("someone@company.example", "fr")
    refused = cli.invoke(args=["mail", "test", "nobody"])
    assert refused.exit_code == 1
    assert "not an address" in refused.output
