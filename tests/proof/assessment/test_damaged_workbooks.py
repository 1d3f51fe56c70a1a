"""Five hundred damaged workbooks: none crashes or hangs the reader, none is taken for good, each is refused plainly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.reporting.answers import load_words, render_workbook
from tests.proof.assessment.damaged import damaged
from tests.proof.assessment.reader import SECONDS
from tests.proof.row import SEED
from tests.support.engines import ROOT
from tests.support.taken import REPORTS, taken

AT_LEAST, VALIDATED = 500, 100


def test_damaged_workbooks(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    whole = render_workbook(taken(), load_words(REPORTS), "en")
    folder = tmp_path / "files"
    folder.mkdir()
    names = {}
    for number, (name, content) in enumerate(damaged(whole, SEED)):
        names[f"{number:04}.xlsx"] = name
        (folder / f"{number:04}.xlsx").write_bytes(content)
    command = [sys.executable, "-m", "tests.proof.assessment.reader", str(folder)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=900, check=False)
    results = [json.loads(line) for line in done.stdout.splitlines()]
    crashes = [(names[r["file"]], r["crash"]) for r in results if "crash" in r]
    slow = [(names[r["file"]], r["seconds"]) for r in results if r["seconds"] > SECONDS]
    read = [r for r in results if r.get("read")]
    faulty = [r for r in read if r["places"]]
    record_property(
        "result",
        f"{len(results)} files, {len(crashes)} crashes, {len(slow)} over {SECONDS} s, {len(faulty)} refused by "
        f"validation with sheet and cell, {len(results) - len(read)} refused before, "
        f"slowest {max(r['seconds'] for r in results)} s",
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert len(results) == len(names) >= AT_LEAST
    assert crashes == []
    assert slow == []
    assert len(faulty) >= VALIDATED
    for result in faulty:
        assert all(sheet and code for sheet, _cell, code in result["places"]), names[result["file"]]
        assert any(cell for _sheet, cell, _code in result["places"]), names[result["file"]]


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_whole_one_is_read(tmp_path: Path, language: str) -> None:
    """What is refused above is refused for its damage."""
    whole = render_workbook(taken(), load_words(REPORTS), language)  # type: ignore[arg-type]
    (tmp_path / "whole.xlsx").write_bytes(whole)
    command = [sys.executable, "-m", "tests.proof.assessment.reader", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env=os.environ, capture_output=True, text=True, timeout=300, check=True)
    [result] = [json.loads(line) for line in done.stdout.splitlines()]
    assert result["places"] == []
    assert result["rows"] == len(taken().questions)
