"""`make prove [GROUP=…]`: runs the tests of each row, then the same tests with the row's control switched off."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree  # nosec B405 - our own file

from rich.console import Console
from rich.table import Table

from tests.proof.row import NAMES, SEED, Proof

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "build" / "prove.json"
LONGEST: Final = 1_200  # seconds
PROGRAMS = {"chromium": "/usr/bin/chromium", "soffice": "/usr/bin/soffice"}


def main(arguments: list[str]) -> int:
    """Prove groups (`review`), single rows (`review/model`) or everything; 1 when a row is not ok or its canary green.

    Each row is printed and kept as soon as it is done, so that a run that was stopped has not run in vain.
    """
    good = True
    for group, proofs in _chosen(arguments).items():
        rows = []
        for proof in proofs:
            row = _row(group, proof)
            print(f"{group}/{row['id']}: {row['result']} ({row['seconds']} s)", file=sys.stderr, flush=True)
            _keep(row)
            rows.append(row)
        Console(width=150).print(_table(group, rows))
        good = good and all(row["ok"] and row["canary_red"] is not False for row in rows)
    return 0 if good else 1


def _chosen(arguments: list[str]) -> dict[str, list[Proof]]:
    chosen: dict[str, list[Proof]] = {}
    for name in [name for name in arguments if name] or list(NAMES):
        group, _, wanted = name.partition("/")
        if group not in NAMES:
            sys.exit(f"There is no group {group}; the groups are {', '.join(NAMES)}.")
        rows: tuple[Proof, ...] = import_module(f"tests.proof.{group}.rows").ROWS
        found = [row for row in rows if wanted in ("", row.id)]
        if not found:
            sys.exit(f"There is no row {wanted} in {group}; its rows are {', '.join(row.id for row in rows)}.")
        chosen.setdefault(group, []).extend(found)
    return chosen


def _row(group: str, proof: Proof) -> dict[str, Any]:
    start = time.monotonic()
    missing = proof.needs if proof.needs and not _there(proof.needs) else None
    found = Outcome(False, 0, f"missing: {missing}") if missing else _run(proof, off=None)
    red = None
    result = found.text
    if proof.off and found.ok:
        without = _run(proof, off=proof.off)
        red = without.failed > 0
        result += "" if red else f"; without its control: {without.text}"
    return {
        "group": group,
        "id": proof.id,
        "what": proof.what,
        "target": proof.target,
        "result": result,
        "ok": found.ok,
        "canary_red": red,
        "why_no_canary": proof.why_no_canary,
        "seconds": round(time.monotonic() - start, 1),
        "seed": SEED,
        "commit": _commit(),
    }


def _there(program: str) -> bool:
    return shutil.which(program) is not None or Path(PROGRAMS.get(program, program)).exists()


class Outcome(NamedTuple):
    """What a run of a row's tests came to: all passed, how many failed as tests do, and what was measured."""

    ok: bool
    failed: int
    text: str


def _run(proof: Proof, off: str | None) -> Outcome:
    """Run a row's tests. A canary run stops at the first failure: one is enough.

    A canary is red when a test has failed: a run that broke down, timed out or never began shows nothing.
    """
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.xml"
        command = [sys.executable, "-m", "pytest", *proof.tests, "-q"]
        command += ["-p", "no:cacheprovider", "-p", "tests.proof.off", "-W", "ignore"]
        command += [f"--junitxml={report}", *(["-x"] if off else ["-n", "2"])]
        environment = {**os.environ, "PROOF": "1", "REQUIRE_BROWSER": "1", "PROOF_OFF": off or ""}
        try:
            done = subprocess.run(
                command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=LONGEST, check=False
            )
        except subprocess.TimeoutExpired:
            return Outcome(False, 0, f"not ended after {LONGEST} s")
        if not report.exists():
            return Outcome(False, 0, (done.stdout + done.stderr)[-300:])
        return _read(report, done.returncode)


def _read(report: Path, code: int) -> Outcome:
    suite = ElementTree.parse(report).getroot().find("testsuite")  # nosec B314 - our own file
    assert suite is not None
    number, failed, errors, skipped = (int(suite.get(name, 0)) for name in ("tests", "failures", "errors", "skipped"))
    found = [p.get("value", "") for p in suite.iter("property") if p.get("name") == "result"]
    text = "; ".join([*found, f"{number - failed - errors - skipped} of {number} tests passed"])
    text += f", {errors} could not run" if errors else ""
    text += "".join(f"; {name}: {why}" for name, why in list(_failures(suite))[:3])
    return Outcome(code == 0 and number > skipped, failed, text)


def _failures(suite: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Which tests failed, and the first line of why: what failed once in a thousand runs must not be lost."""
    for case in suite.iter("testcase"):
        for failure in case.iter("failure"):
            yield case.get("name", ""), failure.get("message", "").partition("\n")[0][:300]


def _commit() -> str:
    command = ["git", "rev-parse", "--short", "HEAD"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _keep(row: dict[str, Any]) -> None:
    """Replace this row among those kept, and leave the others."""
    TARGET.parent.mkdir(exist_ok=True)
    before = json.loads(TARGET.read_text(encoding="utf-8")) if TARGET.exists() else []
    kept = [old for old in before if (old["group"], old["id"]) != (row["group"], row["id"])]
    TARGET.write_text(json.dumps([*kept, row], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _table(group: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=f"Proofs: {group}")
    for heading in ("row", "result", "ok", "canary", "seconds"):
        table.add_column(heading)
    for row in rows:
        canary = {True: "red", False: "GREEN", None: "–"}[row["canary_red"]]
        table.add_row(row["id"], row["result"], "yes" if row["ok"] else "NO", canary, str(row["seconds"]))
    return table


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
