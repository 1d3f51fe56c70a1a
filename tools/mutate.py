"""`make mutate`: small faults are put into the code that must not be wrong, one at a time; tests must notice them.

Ends with 1 when a part is below its goal. The dated result goes to docs/mutation.md. Works on a copy in build/mutate,
so that nothing here changes. Takes long: a mutant costs the tests of its part.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

ROOT = Path(__file__).resolve().parents[1]
COPY = ROOT / "build" / "mutate"
RESULT = ROOT / "docs" / "mutation.md"
GOAL: Final = 80  # percent of the mutants of each part
#: Files of a part, as module names; what the parts are is in [tool.mutmut] of pyproject.toml.
PARTS: Final = {
    "permissions": ("compliance/domain/permissions.py",),
    "outbox": ("compliance/services/reminder/outbox.py", "compliance/domain/messages.py"),
    "import validation": ("compliance/domain/workbook_reading.py", "compliance/services/assessment/importing.py"),
}
#: Exit codes of mutmut's meta files: 0 is a mutant that no test noticed, 33 one that no test reaches.
SURVIVED: Final = {0, 33}
NOT_RUN: Final = {None, 34, 37}  # not tried, left out, refused by the type checker


def main() -> int:
    _copy()
    program = Path(sys.executable).with_name("mutmut")
    done = subprocess.run([program, "run", "--max-children", str(os.cpu_count() or 1)], cwd=COPY, check=False)
    scores = {part: _score(files) for part, files in PARTS.items()}
    for part, (killed, all_of_them, survivors) in scores.items():
        print(f"{part}: {killed} of {all_of_them} noticed")
        print("".join(f"  not noticed: {name}\n" for name in survivors), end="")
    if any(not all_of_them for _killed, all_of_them, _survivors in scores.values()):
        sys.exit(f"Nothing was tried (mutmut ended with {done.returncode}).")
    RESULT.write_text(_page(scores), encoding="utf-8")
    return 0 if all(100 * killed >= GOAL * number for killed, number, _survivors in scores.values()) else 1


def _copy() -> None:
    """A copy of what is tracked and of what set-up has made; results are kept for what is unchanged since."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for name in filter(None, listed.split("\0")):
        source, target = ROOT / name, COPY / name
        if not source.is_file() or (target.is_file() and target.read_bytes() == source.read_bytes()):
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(source, target)
    for made in ("static", "fonts", "assets.json"):
        source, target = ROOT / "build" / made, COPY / "build" / made
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        elif source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target)
    for made_words in (ROOT / "templates" / "words").rglob("*.mo"):
        shutil.copy2(made_words, COPY / made_words.relative_to(ROOT))


def _score(files: tuple[str, ...]) -> tuple[int, int, list[str]]:
    """How many mutants of the files were noticed, of how many, and the names of the others."""
    codes: dict[str, int | None] = {}
    for name in files:
        meta = COPY / "mutants" / f"{name}.meta"
        codes |= json.loads(meta.read_text(encoding="utf-8"))["exit_code_by_key"] if meta.is_file() else {}
    tried = {mutant: code for mutant, code in codes.items() if code not in NOT_RUN}
    survivors = sorted(mutant for mutant, code in tried.items() if code in SURVIVED)
    return len(tried) - len(survivors), len(tried), survivors


def _page(scores: dict[str, tuple[int, int, list[str]]]) -> str:
    rows = "".join(
        f"| {part} | {number} | {killed} | {100 * killed / number:.0f} % |\n"
        for part, (killed, number, _survivors) in scores.items()
    )
    groups = {
        part: Counter(name.rpartition("__mutmut_")[0] for name in found) for part, (_k, _n, found) in scores.items()
    }
    left = "".join(f"- `{name}`: {number}\n" for name, number in sorted(groups.items()))
    return (
        "# Mutation testing\n\n"
        "`make mutate` puts small faults into the code that must not be wrong, one at a time, and runs the tests of\n"
        "that part. The score is the share of faults that a test notices. This page is written by the command.\n\n"
        f"Last run: {dt.datetime.now(dt.UTC):%Y-%m-%d}. Goal: {GOAL} % of each part.\n\n"
        "| part | faults | noticed | score |\n|-|-|-|-|\n"
        f"{rows}\nNot noticed, by function:\n\n{left or 'none'}"
    )


if __name__ == "__main__":
    sys.exit(main())
