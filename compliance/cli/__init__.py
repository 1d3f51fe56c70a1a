"""The commands behind `flask --app app …`, one file per noun. docs/commands.md describes each."""

from __future__ import annotations

from flask import Flask

from compliance.cli import (
    audit,
    cycles,
    demo,
    documents,
    framework_import,
    organisations,
    public_record,
    reminders,
    reports,
    results,
    users,
)

GROUPS = (
    audit.audit,
    framework_import.content,
    cycles.cycle,
    demo.demo,
    documents.document,
    organisations.organisation,
    public_record.public_record,
    reminders.mail,
    reminders.reminders,
    reports.report,
    results.results,
    users.user,
)


#: Commands that a package brings along and that know nothing of organisations, roles and the audit trail.
FOREIGN = ("roles", "users")


def register(app: Flask) -> None:
    """Put every group of commands into `app`."""
    for name in FOREIGN:
        app.cli.commands.pop(name, None)
    for group in GROUPS:
        app.cli.add_command(group)
