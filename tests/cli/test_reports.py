"""`report verify` through the real command."""

from __future__ import annotations

from flask.testing import FlaskCliRunner
from sqlalchemy import select

from compliance.services.transaction import writing
from compliance.storage.models import Report, ReportFile
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
