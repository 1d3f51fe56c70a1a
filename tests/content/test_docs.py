"""The commands of docs/content.md do what it says they do."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")

#: Stands for `flask --app app content …` without the settings and the database of the product.
FLASK = """#!{python}
import sys
from compliance.cli.content import content
assert sys.argv[1:4] == ["--app", "app", "content"], sys.argv
content(sys.argv[4:], prog_name="content")
"""


def steps() -> list[tuple[str, str]]:
    """Each command of the page with what it prints."""
    blocks = "".join(re.findall(r"```console\n(.*?)```", PAGE, re.S))
    return [(command, output) for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", blocks, re.M)]


def pattern(output: str) -> str:
    """The output as a pattern, in which … stands for anything."""
    return ".*".join(re.escape(part) for part in output.split("…"))


def test_commands(tmp_path: Path):
    shutil.copytree(ROOT / "principles", tmp_path / "principles")
    (tmp_path / "principles/voluntary-principles/published.yaml").unlink(missing_ok=True)
    flask = tmp_path / "bin" / "flask"
    flask.parent.mkdir()
    flask.write_text(FLASK.format(python=sys.executable))
    flask.chmod(0o755)
    environment = os.environ | {
        "PATH": f"{flask.parent}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
    }
    assert len(steps()) >= 8
    for command, output in steps():
        done = subprocess.run(
            command, shell=True, cwd=tmp_path, env=environment, capture_output=True, encoding="utf-8", check=False
        )
        assert done.stderr == ""
        assert re.fullmatch(pattern(output), done.stdout, re.S), f"{command}\n{done.stdout}"
