"""Every text column of every spreadsheet, opened and saved by LibreOffice: no formula, and the text is the same."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.domain.answers import EvidenceEntry, Grade, Ground, MetricEntry, Reason, Status
from compliance.domain.questionnaire import Profile
from compliance.domain.typed import clean
from compliance.domain.workbook_reading import rows_of
from compliance.files.workbooks import read_workbook
from compliance.reporting.answers import Kind, load_words, render_workbook
from tests.proof.assessment.office import cells, converted
from tests.support.taken import REPORTS, framework, taken, vocabulary

STARTS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠", "'", '"', "=cmd|' /C calc'!A0", "%", "=1+1\n=2")
BODIES = ("1+1", 'HYPERLINK("http://a.example","x")', "SUM(A1:A9)", "cmd|' /C calc'!A0")
#: As they are stored: a form takes away what stands around a text, and has one kind of line end.
TEXTS = tuple(dict.fromkeys(clean(f"{start}{body}") for start in STARTS for body in BODIES))


def nasty(kind: Kind) -> object:
    """Every column that people write into, with every text in turn."""
    base = taken(kind, TEXTS)
    entries = {}
    for number, (key, entry) in enumerate(base.entries.items()):
        text = TEXTS[number % len(TEXTS)]
        entries[key] = dataclasses.replace(
            entry,
            status=Status.CANNOT_SAY if "cannot_say" in framework().indicators[key[1]].statuses else entry.status,
            reason=Reason.CONFIDENTIAL,
            reason_text=text,
            claim_ground=Ground.COMMERCIAL,
            claim_reason=text,
            sensitive_method=True,
            evidence=(
                EvidenceEntry(Grade.STATED, description=text),
                EvidenceEntry(Grade.PUBLIC_LINK, "https://a.example/?=1"),
            ),
            metrics=tuple(MetricEntry(m.metric_id, None, m.unit, None, None, text, text, text) for m in entry.metrics),
        )
    services = [Profile(p.slug, p.name, p.functions) for p in base.services]
    return dataclasses.replace(base, entries=entries, services=services, company=f"=Harbour+{TEXTS[0]}")


@pytest.mark.parametrize("kind", ["workbook", "draft", "sealed"])
def test_no_formula_and_the_same_text(
    kind: Kind, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    path = tmp_path / "answers.xlsx"
    made = nasty(kind)
    path.write_bytes(render_workbook(made, load_words(REPORTS), "en"))  # type: ignore[arg-type]
    formulas, seen = cells(converted(path, "fods", tmp_path / "flat"))
    missing = [text for text in TEXTS if text not in seen]
    record_property("result", f"{kind}: {len(TEXTS)} texts, {len(formulas)} formulas, {len(missing)} changed")
    assert formulas == []
    assert missing == []


def test_the_way_through_libreoffice_and_back_changes_nothing(tmp_path: Path) -> None:
    """Filled in, saved by LibreOffice, read by the product: each answer is word for word what it was."""
    path = tmp_path / "answers.xlsx"
    made = nasty("workbook")
    path.write_bytes(render_workbook(made, load_words(REPORTS), "en"))  # type: ignore[arg-type]
    saved = converted(path, "xlsx", tmp_path / "saved")
    rows, faults = rows_of(read_workbook(saved.read_bytes()), vocabulary(), framework(), {})
    assert faults == []
    back = {row.key: row.entry for row in rows}
    for key, entry in made.entries.items():  # type: ignore[attr-defined]
        metrics = tuple(dataclasses.replace(item, unit="") for item in entry.metrics)
        assert back[key] == dataclasses.replace(entry, metrics=metrics), key
