"""Documents from the command line: listed without being read, set aside, taken back into use."""

from __future__ import annotations

from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.storage.models import AuditEvent, Document
from tests.support import factories as make


def test_the_way_of_a_document_that_was_set_aside(context: Flask, cli: FlaskCliRunner, session: Session) -> None:
    company = make.organisation()
    row = make.document(company, make.actor(company))
    assert row.sha256 in cli.invoke(args=["document", "list"]).output
    assert cli.invoke(args=["document", "list", "--set-aside"]).output == ""
    done = cli.invoke(args=["document", "set-aside", row.sha256, "--company", company.slug, "--reason", "reported"])
    assert done.exit_code == 0, done.output
    assert row.key in cli.invoke(args=["document", "list", "--set-aside"]).output
    session.rollback()
    assert session.scalars(select(Document.state)).one() == "quarantined"
    back = cli.invoke(args=["document", "release", row.sha256, "--company", company.slug, "--reason", "harmless"])
    assert back.exit_code == 0, back.output
    session.rollback()
    assert session.scalars(select(Document.state)).one() == "clean"
    actions = session.scalars(select(AuditEvent.action).where(AuditEvent.action.like("document%"))).all()
    assert actions == ["document.quarantine", "document.release"]


def test_what_is_not_there_is_said(context: Flask, cli: FlaskCliRunner) -> None:
    company = make.organisation()
    row = make.document(company, make.actor(company))
    for args in (
        ["set-aside", "0" * 64, "--company", company.slug, "--reason", "x"],
        ["release", row.sha256, "--company", "nobody", "--reason", "x"],
        ["set-aside", row.sha256, "--company", company.slug, "--reason", " "],
    ):
        done = cli.invoke(args=["document", *args])
        assert done.exit_code == 1
        assert "Error" in done.output
        assert "Traceback" not in done.output
