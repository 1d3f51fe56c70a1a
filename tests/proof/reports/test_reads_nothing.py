"""While reports full of payloads are made, the process (the typesetter inside it, too) opens no file and no connection.

The system calls are watched from outside: the typesetter is no Python, so Python's own watch does not see it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
BEGIN, END = "/reports-begin-here", "/reports-end-here"
PROGRAM = f"""
import os, sys
sys.path.insert(0, {str(ROOT)!r})
from compliance.reporting import FORMATS, Folders, check_facts, lay, render
from pathlib import Path
from tests.reporting import factory
from tests.reporting.test_injection import PAYLOADS

root = Path({str(ROOT)!r})
folders = Folders(root / "reports", root / "build" / "fonts")
def make(payload):
    facts = check_facts(factory.hostile(same=payload))
    for language in ("en", "fr"):
        for layout in FORMATS:
            render(lay(facts, language, folders), layout, folders)
make("a harmless text")  # templates, fonts and libraries are loaded once
os.access({BEGIN!r}, os.F_OK)
for payload in PAYLOADS:
    make(payload)
if "--reads" in sys.argv:
    open("/etc/hostname").close()
os.access({END!r}, os.F_OK)
"""
#: Not of the payload: outlines are looked at for changes, python-docx reads its own parts, large sheets go to /tmp.
OWN = re.compile(
    r'"(/tmp/[^"]*|[^"]*/reports/[^"]*|[^"]*/docx/[^"]*templates[^"]*|[^"]*site-packages[^"]*|[^"]*/babel/[^"]*)"'
)


def calls(tmp_path: Path, *arguments: str) -> list[str]:
    """What the process asked of the system between the two marks, apart from its own templates."""
    trace = tmp_path / "trace"
    command = ["strace", "-f", "-qq", "-e", "trace=%file,%network", "-o", str(trace), sys.executable, "-c", PROGRAM]
    subprocess.run([*command, *arguments], check=True, timeout=900, cwd=ROOT)
    lines = trace.read_text(errors="replace").splitlines()
    begin = next(place for place, line in enumerate(lines) if BEGIN in line)
    end = next(place for place, line in enumerate(lines) if END in line)
    return [line for line in lines[begin + 1 : end] if not OWN.search(line)]


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_a_hundred_payloads_read_nothing(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    assert calls(tmp_path) == []
    record_property("result", "100 payloads × 2 languages × 6 formats: 0 files and 0 connections beyond the templates")


@pytest.mark.skipif(shutil.which("strace") is None, reason="needs strace")
def test_the_watch_sees_one_file_being_read(tmp_path: Path) -> None:
    assert any("/etc/hostname" in line for line in calls(tmp_path, "--reads"))
