"""`report build` and `report verify` through the real commands."""

from __future__ import annotations

from pathlib import Path

from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.services.transaction import writing
from compliance.storage.models import AuditEvent, Report, ReportFile
from tests.services.report_world import world


def test_verify_says_what_it_found(cli: FlaskCliRunner) -> None:
    assert cli.invoke(args=["report", "verify"]).output == "0 files made again, 0 not as they were\n"
    number = world().released()
    whole = cli.invoke(args=["report", "verify", str(number)])
    assert whole.exit_code == 0
    assert whole.output == "22 files made again, 0 not as they were\n"
    with writing() as session:
        session.get_one(Report, number).packages = {"typst": "0.1"}
    other = cli.invoke(args=["report", "verify"])
    assert other.exit_code == 0
    assert "made with other versions of" in other.output
    with writing() as session:
        file = session.scalars(select(ReportFile)).first()
        assert file is not None
        file.content = b"%PDF-"
    bad = cli.invoke(args=["report", "verify"])
    assert bad.exit_code == 1
    assert "DAMAGED" in bad.output
    assert cli.invoke(args=["report", "verify", "99"]).exit_code == 1


def test_a_report_that_is_built_is_written_down(cli: FlaskCliRunner, session: Session, tmp_path: Path) -> None:
    known, output = world(), tmp_path / "brief.json"
    args = ["report", "build", "company-brief", "--cycle", known.cycle.slug, "--company", "aster", "--format", "json"]
    assert cli.invoke(args=[*args, "--edition", "redacted", "--output", str(output)]).exit_code == 0
    assert output.stat().st_size
    event = session.scalars(select(AuditEvent).where(AuditEvent.action == "report.build")).one()
    assert (event.chain, event.subject, event.actor_id) == ("system", "company:aster", None)
    assert event.after == {
        "kind": "company-brief", "cycle": known.cycle.slug, "principle": None, "edition": "redacted",
        "layout": "json", "language": "en", "country": "CA",
    }  # fmt: skip
    refused = cli.invoke(args=[*args[:4], "nothing", "--company", "aster", "--format", "json", "--output", str(output)])
    assert refused.exit_code != 0
    assert len(session.scalars(select(AuditEvent).where(AuditEvent.action == "report.build")).all()) == 1
