"""Broken frameworks: each is a good one with exactly one thing damaged, and the line that must be said about it.

`TEN` are the ten of the promise; broken_reading.py and broken_meaning.py have the rest. The tests use them through
the function and the command, the proof through the real command line.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

GOOD = Path(__file__).parent.parent / "data" / "frameworks" / "tiny-charter" / "1.0"


@dataclass(frozen=True)
class Broken:
    """`damage` takes the version folder of a copy and returns the line that the fault must name.

    `file` is the file it must name, from the framework's folder; `needle` are words that its reason must hold.
    """

    id: str
    file: str
    needle: str
    damage: Callable[[Path], int]


def copy_of_good(into: Path) -> Path:
    """A copy of the small good framework under `into`; the path of its version folder."""
    target = into / "tiny-charter"
    shutil.copytree(GOOD.parent, target)
    return target / GOOD.name


def replace(file: str, old: str, new: str) -> Callable[[Path], int]:
    """Puts `new` in the place of the first `old`; the fault is on the line where `new` begins."""

    def damage(version: Path) -> int:
        path = version / file
        text = path.read_text(encoding="utf-8")
        place = text.index(old)
        path.write_text(text[:place] + new + text[place + len(old) :], encoding="utf-8")
        return text.count("\n", 0, place) + 1

    return damage


def line_before(file: str, old: str, new: str, at: str) -> Callable[[Path], int]:
    """As `replace`, but the fault is on the first line that holds `at`."""

    def damage(version: Path) -> int:
        replace(file, old, new)(version)
        text = (version / file).read_text(encoding="utf-8")
        return text.count("\n", 0, text.index(at)) + 1

    return damage


def write(file: str, data: bytes, line: int = 1) -> Callable[[Path], int]:
    """Makes `data` the whole of the file."""

    def damage(version: Path) -> int:
        (version / file).write_bytes(data)
        return line

    return damage


def append(file: str, data: str) -> Callable[[Path], int]:
    """Puts `data` at the end of the file; the fault is on its first line."""

    def damage(version: Path) -> int:
        path = version / file
        text = path.read_text(encoding="utf-8")
        path.write_text(text + data, encoding="utf-8")
        return text.count("\n") + 1

    return damage


def do(act: Callable[[Path], object], line: int = 1) -> Callable[[Path], int]:
    def damage(version: Path) -> int:
        act(version)
        return line

    return damage


def _last_row_away(version: Path) -> int:
    path = version / "rules.yaml"
    text = path.read_text(encoding="utf-8")
    end = text.index("\ngrades:")
    path.write_text(text[: text.rindex("  - severity:", 0, end)] + text[end:], encoding="utf-8")
    return text.count("\n", 0, text.index("table:")) + 1


def _wrong_encoding(version: Path) -> int:
    path = version / "p01.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_bytes(text.encode("latin-1"))
    first = next(place for place, character in enumerate(text) if ord(character) > 127)
    return text.count("\n", 0, first) + 1


def _huge(version: Path) -> int:
    path = version / "p02.yaml"
    path.write_text(path.read_text(encoding="utf-8") + "# and so on\n" * 100_000, encoding="utf-8")
    return 1


#: The ten of the promise: what people get wrong.
TEN = (
    Broken(
        "duplicate id",
        "1.0/p01.yaml",
        '"C1.a", which is already used at 1.0/p01.yaml:4',
        replace("p01.yaml", "- id: C1.b", "- id: C1.a"),
    ),
    Broken(
        "missing French",
        "1.0/p01.yaml",
        "indicators[C1.a].ask.fr is missing",
        replace(
            "p01.yaml",
            "ask: {en: Answer every letter., fr: Répondre à chaque lettre.}",
            "ask: {en: Answer every letter.}",
        ),
    ),
    Broken(
        "unknown function",
        "1.0/p01.yaml",
        '"leters", which is no function',
        replace("p01.yaml", "any: [letters]", "any: [leters]"),
    ),
    Broken("decision table with a hole", "1.0/rules.yaml", "has no row for", _last_row_away),
    Broken(
        "wrong type",
        "1.0/p01.yaml",
        "indicators[C1.a].surfaces must be a list",
        replace("p01.yaml", "surfaces: [counter, letterbox]", "surfaces: counter"),
    ),
    Broken(
        "applies-when no service can meet",
        "1.0/p01.yaml",
        "indicators[C1.b].applies_when can be met by no service",
        line_before("p01.yaml", "all: [shop]", "all: [shop, letters]", "applies_when:\n      all: [shop, letters]"),
    ),
    Broken("empty file", "1.0/units.yaml", "the file is empty", write("units.yaml", b"")),
    Broken("wrong encoding", "1.0/p01.yaml", "is not UTF-8; save the file as UTF-8", _wrong_encoding),
    Broken("huge file", "1.0/p02.yaml", "larger than 1 MB", _huge),
    Broken(
        "tab indentation",
        "1.0/p01.yaml",
        "is indented with a tab; use spaces",
        replace("p01.yaml", "    ask:", "\task:"),
    ),
)
