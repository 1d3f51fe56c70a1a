"""`flask cycle plan`: showing a cycle's reminder plan, and giving it another one."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from compliance.domain.reminder_plans import dump_plan
from compliance.services.reminder.plans import usual_plan
from compliance.storage.models import Cycle
from tests.support import factories as make


@pytest.fixture
def cycle(context: object) -> Cycle:
    return make.cycle(slug="planned", reminder_plan=dump_plan(usual_plan()[:3]))


def stored(session: Session) -> list[dict[str, object]]:
    session.rollback()
    return list(session.scalars(select(Cycle.reminder_plan)).one())


def test_what_it_shows_it_takes(cli: FlaskCliRunner, cycle: Cycle, session: Session, tmp_path: Path) -> None:
    shown = cli.invoke(args=["cycle", "plan", "planned"])
    file = tmp_path / "plan.yaml"
    file.write_text(shown.output.replace("days: -30", "days: -28"), encoding="utf-8")
    taken = cli.invoke(args=["cycle", "plan", "planned", "--file", str(file)])
    assert taken.output == "planned has a plan of 3 stages.\n"
    assert [stage["days"] for stage in stored(session)] == [0, 0, -28]
    assert cli.invoke(args=["cycle", "plan", "planned", "--usual"]).exit_code == 0
    assert stored(session) == dump_plan(usual_plan())


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "stages:\n  - {id: one, from: due, days: x, to: [lead]}\n",
            "plan.yaml:2: stages[one] days must be a whole number",
        ),
        ("stages: 7\n", "plan.yaml:1: stages it must be a list of stages"),
        ("plan: []\n", "plan.yaml:1: the file must hold stages and nothing else"),
        ("stages: [\n", "plan.yaml"),
        ("", "plan.yaml:1: the file is empty"),
    ],
)
def test_a_file_with_faults_changes_nothing(
    cli: FlaskCliRunner, cycle: Cycle, session: Session, tmp_path: Path, text: str, sentence: str
) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(text, encoding="utf-8")
    answer = cli.invoke(args=["cycle", "plan", "planned", "--file", str(file)])
    assert answer.exit_code == 1
    assert sentence in answer.output
    assert len(stored(session)) == 3


def test_a_cycle_that_is_none(cli: FlaskCliRunner, cycle: Cycle) -> None:
    assert cli.invoke(args=["cycle", "plan", "none"]).exit_code == 1
    assert cli.invoke(args=["cycle", "plan", "planned", "--usual", "--file", __file__]).exit_code == 2
