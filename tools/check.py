"""Every check that needs no running product: a line for each, and what those that fail have to say.

check.py             all of them
check.py lint types  some of them
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = ROOT / ".venv" / "bin"
PYTHON = str(BIN / "python")
LINES = 40

CHECKS = {
    "types": [PYTHON, "-m", "mypy", "compliance", "app.py", "tests", "tools"],
    "lint": [str(BIN / "ruff"), "check", "--output-format", "concise", "."],
    "format": [str(BIN / "ruff"), "format", "--check", "--output-format", "concise", "."],
    "imports": [str(BIN / "lint-imports"), "--no-logo"],
    "templates": [PYTHON, "-m", "djlint", "--lint", "--quiet", "templates", "reports"],
    "security": [PYTHON, "-m", "bandit", "--quiet", "--recursive", "-c", "pyproject.toml", "compliance", "app.py"],
    "content": [str(BIN / "flask"), "--app", "app", "content", "check", "principles/voluntary-principles/2026.1"],
    "words": [PYTHON, "tools/words.py", "check"],
    "colours": [PYTHON, "tools/contrast.py"],
    "locks": [PYTHON, "tools/locks.py", "check"],
}


def check(name: str) -> tuple[str, subprocess.CompletedProcess[str], float]:
    started = time.monotonic()
    environment = {**os.environ, "NO_COLOR": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(CHECKS[name], cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    return name, done, time.monotonic() - started


def shortened(name: str, output: str) -> str:
    """The last lines; all of them are in a file."""
    lines = output.strip().splitlines()
    if len(lines) <= LINES:
        return output.strip()
    log = ROOT / "build" / f"check-{name.replace(' ', '-')}.log"
    log.write_text(output, encoding="utf-8")
    return "\n".join([f"… {len(lines) - LINES} lines more in {log.relative_to(ROOT)}", *lines[-LINES:]])


def main() -> int:
    wanted = sys.argv[1:] or list(CHECKS)
    failed = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for name, done, seconds in pool.map(check, wanted):
            print(f"{'ok    ' if done.returncode == 0 else 'FAILED'} {name} ({seconds:.1f} s)", flush=True)
            if done.returncode:
                failed.append(name)
                print(shortened(name, done.stdout + done.stderr), flush=True)
    if failed:
        print(f"{len(failed)} of {len(wanted)} checks failed: {', '.join(failed)}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
