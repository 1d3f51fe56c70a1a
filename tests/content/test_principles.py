"""Every file in principles/ is a case, and so is the small framework that knows nothing of the real one."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from compliance.content import ContentError, build, check, load, load_reminders
from compliance.content.folder import SHARED, WORDING
from compliance.content.pins import PINS, _pins_in
from compliance.content.priority import FILE as PRIORITY
from compliance.content.priority import PriorityFile
from compliance.content.schemas import FILES, PrincipleFile
from compliance.content.shapes import shape_faults
from compliance.content.yaml_source import read_sheet
from compliance.domain.answers import Status
from compliance.domain.rules import holes
from tests.content.broken import GOOD

ROOT = Path(__file__).parents[2]
PRINCIPLES = ROOT / "principles"
SHEETS = sorted(PRINCIPLES.glob("*/**/*.yaml"))  # of frameworks; reminders.yaml beside them is of none
VERSIONS = [*sorted(path.parent for path in PRINCIPLES.glob("*/*/framework.yaml")), GOOD]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_each_file_has_its_shape(path: Path):
    if path.name == PINS:
        assert _pins_in(path)
        return
    shapes = FILES | {PRIORITY: PriorityFile}
    assert shape_faults(read_sheet(path, path.name), shapes.get(path.name, PrincipleFile)) == []


@pytest.mark.parametrize("path", SHEETS, ids=name)
def test_each_file_belongs_to_a_version(path: Path):
    """A file elsewhere would be read by nobody."""
    beside = path.name in (WORDING, PINS, PRIORITY)
    assert len(path.relative_to(PRINCIPLES).parts) == (2 if beside else 3)
    assert beside or (path.parent / "framework.yaml").exists()


@pytest.mark.parametrize("path", VERSIONS, ids=name)
def test_each_version_is_without_fault(path: Path):
    assert [str(fault) for fault in check(path)] == []


@pytest.mark.parametrize("path", VERSIONS, ids=name)
def test_the_stored_document_makes_the_same_framework(path: Path):
    loaded = load(path)
    # as a database gives it back: fields in another order
    stored = json.loads(json.dumps(loaded.document, sort_keys=True))
    assert build(stored) == loaded.framework
    assert loaded.framework.sha256 == loaded.sha256


@pytest.mark.parametrize("path", VERSIONS, ids=name)
def test_what_is_built_can_be_asked(path: Path):
    framework = load(path).framework
    assert [principle.number for principle in framework.principles] == list(range(1, len(framework.principles) + 1))
    everything = frozenset(framework.function_words)
    for indicator in framework.indicators.values():
        assert indicator.applies_when.possible
        assert indicator.applies_to(None)
        assert framework.surfaces_of(indicator, None) == tuple(framework.surface_words[s] for s in indicator.surfaces)
        assert framework.surfaces_of(indicator, everything) == framework.surfaces_of(indicator, None)
    assert set(framework.status_words) == {status.value for status in Status}
    assert all(principle.theme_id in framework.themes_by_id for principle in framework.principles)
    assert all(
        not text.text.en.endswith("\n") for text in (framework.title, *(p.wording for p in framework.principles))
    )


@pytest.mark.parametrize("path", VERSIONS, ids=name)
def test_a_table_without_one_of_its_rows_has_a_hole_or_another_word(path: Path):
    """The proof of totality notices: a row that could go without a trace would prove that nothing is proved."""
    table = load(path).framework.rules.table
    assert holes(table) == []
    assert len(holes(table[:-1])) > 0
    assert len(holes(())) == 1_440


def test_the_voluntary_principles_are_all_there():
    framework = load(PRINCIPLES / "voluntary-principles" / "2026.1").framework
    assert len(framework.principles) == 11
    assert len(framework.themes) == 7
    assert len(framework.indicators) >= 58
    assert len(framework.metrics) >= 30
    assert all(principle.indicators and principle.metrics for principle in framework.principles)


def test_ids_stand_on_a_line_of_their_own():
    """So that a person, or a search, finds where an indicator is written."""
    folder = PRINCIPLES / "voluntary-principles" / "2026.1"
    framework = load(folder).framework
    lines = {
        line.strip()
        for path in folder.glob("*.yaml")
        if path.name not in SHARED
        for line in path.read_text(encoding="utf-8").splitlines()
    }
    for item in (*framework.indicators, *framework.metrics):
        assert f"- id: {item}" in lines


def test_loading_takes_less_than_a_second():
    start = time.monotonic()
    for path in VERSIONS:
        load(path)
    assert time.monotonic() - start < 1.0


def test_the_usual_reminders_are_a_plan_and_its_faults_are_named_with_their_line(tmp_path: Path):
    assert len(load_reminders(PRINCIPLES)) > 20
    text = (PRINCIPLES / "reminders.yaml").read_text(encoding="utf-8")
    (tmp_path / "reminders.yaml").write_text(text.replace("days: -14", "days: fortnight"), encoding="utf-8")
    with pytest.raises(ContentError) as broken:
        load_reminders(tmp_path)
    line = 1 + text[: text.index("days: -14")].count("\n")
    assert [(fault.file, fault.line) for fault in broken.value.faults] == [("reminders.yaml", line)]
    assert "stages[due_14] days must be a whole number" in broken.value.faults[0].reason
