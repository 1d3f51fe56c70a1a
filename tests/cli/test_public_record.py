"""Importing sourced facts from the command line: every fault is one line, and nothing is half written."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask.testing import FlaskCliRunner
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from compliance.storage.models import AuditEvent, Organisation, PublicRecord, Service

REAL = Path(__file__).resolve().parents[1] / "data" / "public_record_real.json"
ITEM = {
    "id": "F1",
    "provider": "Harbour",
    "service": "Clips",
    "principle": 1,
    "indicator_idea": "matches images",
    "status": "in place",
    "source_url": "https://source.example/1",
}

Run = Callable[..., Result]


@pytest.fixture
def run(cli: FlaskCliRunner) -> Run:
    def run(*args: object) -> Result:
        result = cli.invoke(args=["public-record", "import", *map(str, args)])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result

    return run


def written(session: Session) -> list[int | None]:
    session.rollback()
    return [
        session.scalar(select(func.count()).select_from(model))
        for model in (Organisation, Service, PublicRecord, AuditEvent)
    ]


def test_the_facts_about_real_providers(run: Run, session: Session) -> None:
    done = run(REAL, "--create", "--lead-country", "CA")
    assert done.exit_code == 0
    assert done.output.splitlines()[0].split() == ["company", "Apple"]
    assert (
        "add        P001  Apple, iCloud: detects known material with hash matching or similar: not in place\n"
        in done.output
    )
    assert "add        P010  Apple, whole company: reports made to NCMEC in the year: 234 reports\n" in done.output
    assert "add        P044  Google, service not named: " in done.output
    assert done.output.endswith("25 to add, 0 to change, 0 unchanged, 0 refused; written.\n")
    before = written(session)
    again = run(REAL)
    assert again.exit_code == 0
    assert again.output.endswith(
        "0 to add, 0 to change, 25 unchanged, 0 refused; every fact is there already, nothing had to be written.\n"
    )
    assert written(session) == before


def test_a_preview_writes_nothing(run: Run, session: Session) -> None:
    before = written(session)
    seen = run(REAL, "--create", "--preview")
    assert (seen.exit_code, written(session)) == (0, before)
    assert seen.output.endswith("25 to add, 0 to change, 0 unchanged, 0 refused; nothing was written.\n")


def test_without_create_every_item_of_an_unknown_company_is_refused(run: Run, session: Session) -> None:
    before = written(session)
    refused = run(REAL)
    assert (refused.exit_code, written(session)) == (1, before)
    lines = [line for line in refused.output.splitlines() if line.startswith("refused")]
    assert len(lines) == 25
    assert lines[0] == "refused    P001  provider 'Apple': there is no such company; --create makes it"
    assert refused.output.endswith("25 facts cannot be used; nothing was written.\n")


def test_a_lead_country_is_for_new_companies(run: Run) -> None:
    assert run(REAL, "--lead-country", "CA").exit_code == 2
    assert run(REAL, "--create", "--lead-country", "XX").exit_code == 2


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "the file is empty"),
        (b"not JSON", "the file is not JSON"),
        (b"\xff\xfe", "the file is not UTF-8"),
        (b"[]", 'not an object with a list "facts"'),
        (b'{"facts": []}', "the file holds no fact"),
        (b"[" * 200_000, "the file is nested too deeply"),
        (b'{"facts": "' + b"x" * 5_000_000 + b'"}', "the file is larger than 5 MB"),
    ],
)
def test_a_file_that_cannot_be_used(run: Run, session: Session, tmp_path: Path, content: bytes, message: str) -> None:
    before, path = written(session), tmp_path / "facts.json"
    path.write_bytes(content)
    refused = run(path, "--create")
    assert (refused.exit_code, written(session)) == (1, before)
    assert message in refused.output
    assert len(refused.output.splitlines()) == 1


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"source_url": None}, "refused    F1  source_url is missing"),
        ({"source_url": "javascript:alert(1)"}, "refused    F1  source_url is not an address"),
        ({"principle": 99}, "refused    F1  there is no principle 99 (1 to 11)"),
        ({"status": "excellent"}, "refused    F1  the status 'excellent' is none of"),
        ({"indicator": "P02.a"}, "refused    F1  the indicator 'P02.a' belongs to another principle"),
        ({"id": "\x1b[31mred\n"}, "refused    �[31mred  id holds a control character"),
        ({"provider": []}, "refused    F1  provider is not a text"),
    ],
)
def test_an_item_that_cannot_be_used(
    run: Run, session: Session, tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    """The good item beside it is not written either."""
    before, path = written(session), tmp_path / "facts.json"
    path.write_text(json.dumps({"facts": [ITEM | {"id": "good"}, ITEM | changes]}), encoding="utf-8")
    refused = run(path, "--create")
    assert (refused.exit_code, written(session)) == (1, before)
    assert [line for line in refused.output.splitlines() if line.startswith(message)]


def test_a_file_that_is_not_there(run: Run, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for path, message in ((tmp_path / "nothing", "there is no such file"), (tmp_path, "not a regular file")):
        refused = run(path)
        assert (refused.exit_code, len(refused.output.splitlines())) == (1, 1)
        assert message in refused.output
    assert "not a regular file" in run(tmp_path / "pipe").output
