"""The order of gaps as content: read, refused with the line at fault, and what it decides."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from compliance.content import ContentError, check, load, load_priority
from compliance.domain.priority import Priority

PRINCIPLES = Path(__file__).parents[2] / "principles" / "voluntary-principles"
GOOD = (PRINCIPLES / "priority.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def order() -> Priority:
    found = load_priority(PRINCIPLES)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("severity", "flags", "functions", "level", "traits"),
    [
        ("gap_without_plan", (), {"children_can_use", "private_messages"}, "first", {"children", "contact"}),
        ("gap_with_plan", ("overdue_commitment",), {"children_can_use"}, "first", {"children"}),
        ("gap_without_plan", (), {"children_can_use"}, "high", {"children"}),
        ("gap_without_plan", (), {"search"}, "high", {"reach"}),
        ("gap_with_plan", ("worse",), {"payments"}, "high", set()),
        ("not_known", (), {"children_can_use", "games"}, "high", {"children", "contact"}),
        ("not_known", (), None, "usual", set()),
        ("gap_with_plan", ("disputed",), {"children_can_use", "games"}, "usual", set()),
    ],
)
def test_what_comes_first_and_why(
    order: Priority, severity: str, flags: tuple[str, ...], functions: set[str] | None, level: str, traits: set[str]
) -> None:
    verdict = order.verdict(severity, flags, functions)
    assert verdict.level.id == level
    assert {trait.id for trait in verdict.traits} == traits
    assert verdict.because.en
    assert verdict.because.fr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("- level: first", "- level: now", "is not one of the levels above"),
        ("traits: [children]", "traits: [adults]", "names no trait"),
        ("any: [children_can_use]", "any: [toddlers_can_use]", "names no function"),
        ("severity: [not_known]", "severity: [unknown]", "names no severity"),
        ("flags: [overdue_commitment, worse]", "flags: [late]", "must be one of"),
        ("- {id: high,", "- {id: first,", "is there twice"),
        ("  - level: usual\n", "  - level: usual\n    flags: [worse]\n", "must hold for every gap"),
        ("      fr: Aucune condition d'une priorité plus élevée n'est remplie.\n", "", "is missing"),
    ],
)
def test_a_fault_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in GOOD
    folder = tmp_path / "voluntary-principles"
    shutil.copytree(PRINCIPLES, folder)
    (folder / "priority.yaml").write_text(GOOD.replace(old, new), encoding="utf-8")
    faults = check(folder / "2026.1")
    assert any(said in fault.reason and fault.file == "priority.yaml" and fault.line > 1 for fault in faults), faults
    with pytest.raises(ContentError):
        load(folder / "2026.1")


def test_a_framework_without_an_order(tmp_path: Path) -> None:
    assert load_priority(tmp_path) is None
