"""Every broken framework gives exactly one clear line with the right file and line, exit 1 and no traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from compliance.cli.content import content
from compliance.content import check
from tests.content.broken import TEN, Broken, copy_of_good
from tests.content.broken_meaning import MEANING, SHAPE
from tests.content.broken_reading import FILES, YAML

CASES = (*TEN, *FILES, *YAML, *SHAPE, *MEANING)


def test_the_undamaged_framework_is_good(tmp_path: Path):
    result = CliRunner().invoke(content, ["check", str(copy_of_good(tmp_path))])
    assert result.exit_code == 0, result.output
    assert result.output.endswith(
        "1.0: 2 principles, 1 theme, 3 indicators, 1 metric; the decision table covers all 1,440 combinations\n"
    )


def test_the_ten_are_there():
    assert len(TEN) == 10
    assert len({case.id for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_one_clear_line(case: Broken, tmp_path: Path):
    version = copy_of_good(tmp_path)
    line = case.damage(version)
    faults = check(version)
    assert [str(fault) for fault in faults] == [f"{case.file}:{line}: {faults[0].reason}"]
    assert case.needle in faults[0].reason

    result = CliRunner().invoke(content, ["check", str(version)])
    assert result.exit_code == 1
    assert isinstance(result.exception, SystemExit)
    assert result.output == f"{version.parent}/{faults[0]}\n"
    assert "Traceback" not in result.output
