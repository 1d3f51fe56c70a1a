"""docs/settings.md lists exactly the settings that compliance/config.py reads."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def read_by_the_code() -> set[str]:
    tree = ast.parse((ROOT / "compliance" / "config.py").read_text(encoding="utf-8"))
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.args)
    literals = (node.args[0].value for node in calls if isinstance(node.args[0], ast.Constant))
    return {value for value in literals if isinstance(value, str) and re.fullmatch(r"[A-Z][A-Z_]+", value)}


def listed_on_the_page() -> list[str]:
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    return re.findall(r"^\| `([A-Z_]+)` \|", page, re.MULTILINE)


def test_page_and_code_agree() -> None:
    listed = listed_on_the_page()
    assert set(listed) == read_by_the_code()
    assert listed == sorted(listed), "the table is in alphabetical order"
