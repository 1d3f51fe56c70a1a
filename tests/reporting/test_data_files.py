"""Word says what the page says; spreadsheets, CSV and JSON hold the facts, each in one cell; no text is a formula."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import docx
import pikepdf
import pytest
from python_calamine import CalamineWorkbook

from compliance.domain.text import LANGUAGES, Language
from compliance.reporting import (
    SHAPES,
    check_facts,
    lay,
    load_outlines,
    render,
    render_html,
)
from compliance.reporting.data_files import csv_text, render_csv, render_json, render_xlsx, sheet_name
from compliance.reporting.document import Chart, Heading, Table
from compliance.reporting.docx import render_docx
from compliance.reporting.drawing import Drawing, Words
from compliance.reporting.facts import CompanyBrief
from compliance.reporting.pdf import render_pdf
from compliance.reporting.raster import to_png
from compliance.reporting.shapes import keys_of
from compliance.reporting.tables import TABLE_WORDS, FactTable, fact_tables, named
from tests.reporting import factory
from tests.reporting.conftest import FOLDERS, FONTS, REPORTS, STYLES, Build
from tests.reporting.reading import faults_of_pdf, pages_of_pdf, squeezed, text_of_html

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WP = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
FORMULAS = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    '=HYPERLINK("http://x.invalid")',
    "{=1}",
    "\t=1",
    "'=1",
    "=cmd|' /C calc'!A0",
]
ORDINARY = {"full": factory.full, "empty": factory.empty, "silent": factory.silent}
each_language = pytest.mark.parametrize("language", LANGUAGES)


def text_of_docx(content: bytes) -> str:
    """The text of the body, with the bullets that Word draws itself."""
    root = ElementTree.fromstring(zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml"))
    parts: list[str] = []
    for paragraph in root.iter(f"{W}p"):
        style = paragraph.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") == "ListBullet":
            parts.append("•")
        parts += [text.text or "" for text in paragraph.iter(f"{W}t")]
    return squeezed("".join(parts))


def content_of(package: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(package)).read(name)


def leaves(value: object, language: Language) -> Counter[object]:
    """Every leaf of facts, a text in both languages counted once."""
    if isinstance(value, dict):
        if set(value) == {"en", "fr"} and isinstance(value["en"], str):
            return Counter([value[language]])
        return sum((leaves(inner, language) for inner in value.values()), Counter())
    if isinstance(value, list):
        return sum((leaves(inner, language) for inner in value), Counter())
    return Counter() if value is None else Counter([value])


@each_language
@pytest.mark.parametrize("facts", ORDINARY.values(), ids=ORDINARY)
def test_word_says_what_the_page_says(facts, language: Language, build: Build) -> None:
    document = build(facts(), language)
    assert text_of_docx(render_docx(document, STYLES, FONTS)) == text_of_html(render_html(document, STYLES))


@each_language
@pytest.mark.parametrize("place", range(len(factory.HOSTILE)))
def test_hostile_text_is_text_in_word(place: int, language: Language, build: Build) -> None:
    document = build(factory.hostile(same=factory.HOSTILE[place]), language)
    assert text_of_docx(render_docx(document, STYLES, FONTS)) == text_of_html(render_html(document, STYLES))


@each_language
def test_word_has_headings_header_rows_and_alternative_texts(language: Language, build: Build) -> None:
    document = build(factory.full(), language)
    content = render_docx(document, STYLES, FONTS)
    opened = docx.Document(io.BytesIO(content))
    styled = [(p.text, p.style.name if p.style is not None else "") for p in opened.paragraphs]
    headings = [(text, name) for text, name in styled if name.startswith("Heading")]
    assert headings == [(b.text, f"Heading {b.level}") for b in document.blocks if isinstance(b, Heading)]
    assert document.marking in opened.sections[0].header.paragraphs[0].text
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    tables = sum(isinstance(block, Table) for block in document.blocks)
    assert xml.count("<w:tblHeader/>") == tables
    assert xml.count("<w:tblDescription ") == xml.count("<w:tbl>") == tables
    charts = [block for block in document.blocks if isinstance(block, Chart)]
    root = ElementTree.fromstring(xml)
    assert [p.get("descr") for p in root.iter(f"{WP}docPr")] == [chart.description for chart in charts] != []
    assert all(content_of(content, "word/media/image1.png").startswith(b"\x89PNG") for _ in charts)
    assert opened.core_properties.language == f"{language}-CA"


def test_the_same_document_makes_the_same_bytes(build: Build) -> None:
    document = build(factory.full(), "fr")
    assert render_docx(document, STYLES, FONTS) == render_docx(document, STYLES, FONTS)
    assert render_xlsx(factory.full(), "fr", {}) == render_xlsx(factory.full(), "fr", {})


def _hostile() -> CompanyBrief:
    return factory.hostile(same="=1+1")


@each_language
@pytest.mark.parametrize("facts", [*ORDINARY.values(), factory.hostile, _hostile])
def test_tables_hold_every_fact_once(facts, language: Language) -> None:
    checked = check_facts(facts())
    cells: Counter[object] = Counter()
    for table in fact_tables(facts(), language):
        skip = 1 if table.name == "report" else 2
        cells.update(cell for row in table.rows for cell in row[skip:] if cell is not None)
    assert cells == leaves(checked, language)


@each_language
@pytest.mark.parametrize("facts", [*ORDINARY.values(), factory.hostile, _hostile])
def test_spreadsheet_and_csv_hold_the_tables(facts, language: Language) -> None:
    tables = fact_tables(facts(), language)
    book = CalamineWorkbook.from_filelike(io.BytesIO(render_xlsx(facts(), language, {})))
    taken: set[str] = set()
    for table in tables:
        rows = book.get_sheet_by_name(sheet_name(table.title({}), taken)).to_python(skip_empty_area=False)
        once = table.name == "report"
        facts_named = [[named(str(row[0]), {}), row[1]] if once else row for row in table.rows]
        wanted = [table.heads({}), *([_cell(value) for value in row] for row in facts_named)]
        assert [[_cell(value) for value in row] for row in rows[: len(wanted)]] == wanted
    lines = list(csv.reader(io.StringIO(render_csv(facts(), language, {}).decode("utf-8-sig"), newline="")))
    assert lines[1:] == [line for table in tables for line in _lines(table)]


def _lines(table: FactTable) -> list[list[str]]:
    if table.name == "report":
        return [
            ["report", str(n), named(str(key), {}), csv_text(value)] for n, (key, value) in enumerate(table.rows, 1)
        ]
    return [
        [table.title({}), str(number), column, csv_text(value)]
        for number, row in enumerate(table.rows, 1)
        for column, value in zip(table.heads({}), row, strict=True)
    ]


@each_language
@pytest.mark.parametrize("shape", SHAPES)
def test_every_fact_of_every_shape_has_a_word_in_both_languages(shape: str, language: Language) -> None:
    headings = load_outlines(REPORTS)[shape].headings
    lacking = (keys_of(SHAPES[shape].type) | TABLE_WORDS) - set(headings)
    assert lacking == set()
    for key, words in headings.items():
        assert not re.search(r"[\[\]:*?/\\]|_", words[language]["other"]), key


def test_a_french_edition_has_french_headings() -> None:
    report = lay(check_facts(factory.full()), "fr", FOLDERS)
    lines = list(csv.reader(io.StringIO(render(report, "csv", FOLDERS).decode("utf-8-sig"), newline="")))
    assert lines[0] == ["Tableau", "Rangée", "Colonne", "Valeur"]
    assert ["Rapport", "3", "Date", "2026-11-24"] in lines
    english = {"Company", "Marking", "Gaps", "gaps", "company", "marking", "Question and service"}
    assert not {part for line in lines for name in line[:3] for part in name.split(" – ")} & english
    book = CalamineWorkbook.from_filelike(io.BytesIO(render(report, "xlsx", FOLDERS)))
    assert book.sheet_names[0] == "Rapport"
    assert "Lacunes" in book.sheet_names
    heads = book.get_sheet_by_name("Lacunes").to_python()[0]
    assert heads[:4] == ["De la rangée", "Rangée", "Question – Identifiant", "Question – Nom"]


def _cell(value: object) -> object:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    return "" if value is None else value


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_is_a_formula(text: str) -> None:
    facts = factory.hostile(same=text)
    archive = zipfile.ZipFile(io.BytesIO(render_xlsx(facts, "en", {})))
    for name in archive.namelist():
        assert b"<f>" not in archive.read(name)
        assert b"<hyperlink" not in archive.read(name)
    for line in csv.reader(io.StringIO(render_csv(facts, "en", {}).decode("utf-8-sig"), newline="")):
        assert not re.match(r"[=+\-@\t\r]", line[3])


def test_json_is_the_facts() -> None:
    assert json.loads(render_json(factory.full())) == check_facts(factory.full())


@each_language
@pytest.mark.parametrize("facts", [*ORDINARY.values(), factory.hostile])
def test_the_pdf_meets_both_standards(facts, language: Language, build: Build) -> None:
    made = render_pdf(build(facts(), language), STYLES, FONTS, check_facts(facts()))
    for profile in ("ua1", "3a"):
        assert faults_of_pdf(made, profile) == []


@each_language
def test_the_pdf_carries_the_facts_of_its_edition(language: Language, build: Build) -> None:
    facts = check_facts(factory.full())
    with pikepdf.open(io.BytesIO(render_pdf(build(factory.full(), language), STYLES, FONTS, facts))) as pdf:
        assert [*pdf.attachments] == ["facts.json"]
        assert json.loads(pdf.attachments["facts.json"].get_file().read_bytes()) == facts
        metadata = str(pdf.Root.Metadata.read_bytes())
        assert "<pdfaid:part>3" in metadata
        assert "<pdfuaid:part>1" in metadata


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("soffice") is None, reason="needs LibreOffice: tools/system-packages installs it")
@each_language
def test_an_office_opens_word_and_spreadsheet(language: Language, build: Build, tmp_path: Path) -> None:
    """Both are opened and printed; the Word file's first page ends before the annex, in its own language's words."""
    facts = factory.full()
    document = build(facts, language)
    (tmp_path / "brief.docx").write_bytes(render_docx(document, STYLES, FONTS))
    (tmp_path / "facts.xlsx").write_bytes(render_xlsx(facts, language, {}))
    for name in ("brief.docx", "facts.xlsx"):
        home = f"-env:UserInstallation=file://{tmp_path}/office"
        command = [
            "soffice",
            home,
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(tmp_path),
            str(tmp_path / name),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
    pages = pages_of_pdf((tmp_path / "brief.pdf").read_bytes())
    annex = next(block.text for block in document.blocks if isinstance(block, Heading) and block.new_page)
    assert squeezed(annex) in squeezed(pages[1])
    assert all(squeezed(document.marking) in squeezed(page) for page in pages)
    assert facts["company"]["name"] in "".join(pages_of_pdf((tmp_path / "facts.pdf").read_bytes()))


def test_a_sign_that_only_another_font_has_is_drawn() -> None:
    """Nothing was drawn of it in Word once: the name of its font holds a number and stood without quotation marks."""
    made = {to_png(Drawing(40, 20, (Words(2, 14, sign, 12),)), FONTS) for sign in ("✕", "◔", "A", "ح", "👩", " ")}
    assert len(made) == 6
