"""docs/asvs.md keeps its word: every requirement once, every test named is there, nothing open where it must not be."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LINE = re.compile(r"^\| (\d+\.\d+\.\d+) \| (.+) \|$", re.MULTILINE)
#: How many requirements of levels 1 and 2 version 5.0.0 has (OWASP ASVS 5.0.0: 70 of level 1, 183 of level 2).
REQUIREMENTS = 70 + 183
#: Files, authentication, sessions, authorization, logging. One in authentication is open and says so.
NEVER_OPEN = ("5", "7", "8", "16")


def rows() -> list[tuple[str, str]]:
    return LINE.findall((ROOT / "docs" / "asvs.md").read_text(encoding="utf-8"))


def test_every_requirement_stands_once() -> None:
    numbers = [number for number, _how in rows()]
    assert len(numbers) == len(set(numbers)) == REQUIREMENTS


def test_each_has_a_test_a_reason_or_is_open() -> None:
    for number, how in rows():
        assert how.startswith(("`tests/", "reason: ", "does not apply: ", "open: ")), number


def test_the_tests_and_pages_named_are_there() -> None:
    for number, how in rows():
        for path in re.findall(r"`(tests/[^`]+)`|\b(docs/[\w.-]+\.md)", how):
            assert (ROOT / (path[0] or path[1])).exists(), (number, path)


def test_nothing_is_open_where_it_must_not_be() -> None:
    assert [number for number, how in rows() if how.startswith("open") and number.split(".")[0] in NEVER_OPEN] == []
