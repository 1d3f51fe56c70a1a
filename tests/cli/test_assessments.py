"""Answers as files of the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskCliRunner
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from compliance.services.transaction import writing
from compliance.storage.models import Answer, AuditEvent, Cycle, Organisation, User
from tests.support import factories as make


@pytest.fixture
def company(context: Flask) -> Organisation:
    return make.organisation()


@pytest.fixture
def lead(company: Organisation) -> User:
    return make.user(company, "lead")


@pytest.fixture
def cycle(company: Organisation, lead: User) -> Cycle:
    cycle = make.cycle()
    make.participation(cycle, company)
    assessment = make.assessment(cycle, company)
    make.answer(assessment, make.service(company, slug="letters"), "C1.a", make.acting(lead))
    return cycle


def run(cli: FlaskCliRunner, *args: object) -> Result:
    done = cli.invoke(args=["assessment", *map(str, args)])
    assert "Traceback" not in done.output
    return done


@pytest.mark.parametrize("suffix", [".xlsx", ".json"])
def test_there_and_back(
    cli: FlaskCliRunner, cycle: Cycle, lead: User, tmp_path: Path, session: Session, suffix: str
) -> None:
    path = tmp_path / f"answers{suffix}"
    where = ["--cycle", cycle.slug, "--as", lead.email]
    assert run(cli, "export", *where, "--output", path).exit_code == 0
    same = run(cli, "import", path, *where)
    assert (same.exit_code, same.output) == (0, "0 to save, 1 unchanged, 0 refused\n")
    with writing() as other:
        other.execute(update(Answer).values(explanation="changed", version=2))
    preview = run(cli, "import", path, *where, "--preview")
    assert "conflict: C1.a letters" in preview.output
    assert run(cli, "import", path, *where).exit_code == 1
    assert run(cli, "import", path, *where, "--overwrite").exit_code == 0
    session.rollback()
    assert session.scalars(select(Answer.explanation)).one() == "This is how we do C1.a."
    assert session.scalars(select(AuditEvent.action)).all().count("answer.save") == 1


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data["answers"][0].update(status="perhaps"),
        lambda data: data["answers"][0].update(planned_on="soon"),
        lambda data: data["answers"][0].pop("indicator"),
        lambda data: data["answers"][0].update(indicator="Z.z"),
        lambda data: data["answers"][0].update(service="nobody"),
        lambda data: data["answers"][0].update(explanation="x" * 9000),
        lambda data: data["answers"][0].update(metrics=[{"metric": "C1-m1", "value": "NaN"}]),
        lambda data: data["answers"].append({**data["answers"][0], "explanation": "twice"}),
        lambda data: data.update(company="other"),
        lambda data: data.update(answers="none"),
        lambda data: data.update(format=9),
    ],
)
def test_a_bad_file_writes_nothing(
    cli: FlaskCliRunner, cycle: Cycle, lead: User, tmp_path: Path, session: Session, damage: object
) -> None:
    path = tmp_path / "answers.json"
    where = ["--cycle", cycle.slug, "--as", lead.email]
    run(cli, "export", *where, "--output", path)
    data = json.loads(path.read_text())
    data["answers"][0]["explanation"] = "another"
    damage(data)  # type: ignore[operator]
    path.write_text(json.dumps(data))
    assert run(cli, "import", path, *where).exit_code == 1
    session.rollback()
    assert session.scalars(select(Answer.explanation)).one() == "This is how we do C1.a."


def test_nobody_and_nowhere(cli: FlaskCliRunner, cycle: Cycle, lead: User, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    assert run(cli, "export", "--cycle", cycle.slug, "--as", "nobody@a.example", "--output", path).exit_code == 1
    assert run(cli, "export", "--cycle", "never", "--as", lead.email, "--output", path).exit_code == 1
    assert run(cli, "export", "--cycle", cycle.slug, "--as", lead.email, "--output", tmp_path / "a.doc").exit_code == 1
    path.write_text("{")
    assert run(cli, "import", path, "--cycle", cycle.slug, "--as", lead.email).exit_code == 1
