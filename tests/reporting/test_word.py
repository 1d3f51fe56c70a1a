"""The brief as Word: the same text as the page, real headings and header rows, nothing of anybody's machine in it."""

from __future__ import annotations

import io
import json
import zipfile

import docx
import pytest
from docx.document import Document as Word
from docx.oxml.ns import qn
from docx.table import Table, _Cell
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from compliance.domain.text import LANGUAGES, Language
from compliance.reporting import check_facts, render_docx, render_html
from tests.reporting import factory
from tests.reporting.conftest import STYLES, Build
from tests.reporting.reading import squeezed, text_of_html

each_language = pytest.mark.parametrize("language", LANGUAGES)


def opened(content: bytes) -> Word:
    return docx.Document(io.BytesIO(content))


def text_of(word: Word) -> str:
    """All text in reading order, with the signs that Word draws before the items of a list."""
    parts = []
    for item in word.iter_inner_content():
        if isinstance(item, Table):
            parts += [paragraph.text for cell in cells_of(item) for paragraph in cell.paragraphs]
        else:
            style = item.style.name if item.style is not None else ""
            parts.append(("•" if style == "List Bullet" else "") + item.text)
    return squeezed("".join(parts))


def cells_of(table: Table) -> list[_Cell]:
    """Row by row; the grid of principles, whose header is their numbers, column by column as it is on the page."""
    rows = [list(row.cells) for row in table.rows]
    if all(cell.text.isdecimal() for cell in rows[0]):
        rows = [list(column) for column in zip(*rows, strict=True)]
    return [cell for row in rows for cell in row]


@each_language
@pytest.mark.parametrize("facts", [factory.full, factory.empty, factory.silent, factory.large])
def test_the_same_text_as_the_page(facts, language: Language, build: Build) -> None:
    document = build(facts(), language)
    assert text_of(opened(render_docx(document, STYLES))) == text_of_html(render_html(document, STYLES))


@each_language
def test_headings_header_rows_marking_and_language(language: Language, build: Build) -> None:
    document = build(factory.full(), language)
    word = opened(render_docx(document, STYLES))
    styles = [paragraph.style.name for paragraph in word.paragraphs if paragraph.style is not None]
    assert styles.count("Title") == 1
    assert styles.count("Heading 1") > 5
    assert all(table.rows[0]._tr.get_or_add_trPr().find(qn("w:tblHeader")) is not None for table in word.tables)
    section = word.sections[0]
    assert section.header.paragraphs[0].text == document.marking
    assert "PAGE" in section.footer._element.xml
    assert word.core_properties.title == document.title
    assert word.core_properties.language == language
    assert word.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == f"{language}-CA"


def test_nobodys_name_and_no_other_time_than_the_documents(build: Build) -> None:
    document = build(factory.full(), "en")
    content = render_docx(document, STYLES)
    properties = opened(content).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created is not None
    assert properties.created.date() == document.date
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert {info.date_time[:3] for info in archive.infolist()} == {document.date.timetuple()[:3]}
    assert render_docx(document, STYLES) == content


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=60))
def test_any_text_can_be_exported(text: str, build: Build) -> None:
    document = build(factory.hostile(same=text), "en")
    assert text_of(opened(render_docx(document, STYLES)))


def test_facts_are_json_and_come_back_the_same() -> None:
    facts = check_facts(factory.full())
    assert check_facts(json.loads(json.dumps(facts, ensure_ascii=False))) == facts
