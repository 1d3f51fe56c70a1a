"""Each row of `make prove` names tests that are there, and a control that exists or the reason why there is none."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

from tests.proof.row import NAMES, Proof

ROOT = Path(__file__).resolve().parents[2]
ROWS = [(name, row) for name in NAMES for row in import_module(f"tests.proof.{name}.rows").ROWS]
CONTROLS = {name for group in NAMES for name in import_module(f"tests.proof.{group}.controls").CONTROLS}


@pytest.mark.parametrize(("group", "row"), ROWS, ids=[f"{group}-{row.id}" for group, row in ROWS])
def test_a_row_is_whole(group: str, row: Proof) -> None:
    del group
    assert bool(row.off) != bool(row.why_no_canary), "a control, or the reason why there is none"
    assert row.off is None or row.off in CONTROLS
    for address in row.tests:
        assert (ROOT / address.partition("::")[0]).exists(), address


def test_no_two_rows_of_a_group_have_the_same_name() -> None:
    names = [(group, row.id) for group, row in ROWS]
    assert sorted(set(names)) == sorted(names)


def test_every_control_turns_off_something_that_is_there() -> None:
    """A control that patches a name which has moved would leave its canary green, or red for no reason."""
    command = [sys.executable, "-m", "tests.support.controls", *sorted(CONTROLS)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
