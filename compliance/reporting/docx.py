"""A document as Word: real headings, lists and tables with header rows, in a style template that can be replaced.

`reports/styles/docx/template.docx`, where an installation puts one, gives cover, styles and page; without it Word's own
styles are used.
"""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from functools import singledispatch
from pathlib import Path
from typing import Any, Final

import docx
from docx.document import Document as Word
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.text.paragraph import Paragraph as Lines
from docx.text.run import Run as Written

from compliance.reporting import document as blocks
from compliance.reporting.document import Document, Line, Run

TEMPLATE: Final = "template.docx"
#: The text colours of the style sheet (assets/styles/_palette.scss); the word beside them carries the meaning.
COLOURS: Final = {
    "red": "8C1A15",
    "violet": "4D2B86",
    "amber": "694200",
    "blue": "0C4674",
    "green": "13502F",
    "grey": "46545A",
}
QUIET: Final = RGBColor.from_string("465A62")
BRAND: Final = RGBColor.from_string("0D5563")
#: Style, size in points, space before and after in points.
STYLES: Final = (
    ("Normal", 10, 0, 3),
    ("Title", 22, 0, 2),
    ("Subtitle", 10, 0, 0),
    ("Heading 1", 13, 12, 3),
    ("Heading 2", 11, 8, 2),
    ("Caption", 8.5, 4, 2),
    ("List Bullet", 10, 0, 1),
    ("Intense Quote", 10, 4, 4),
)
SMALL: Final = Pt(8)
GRID: Final = Pt(6.5)


def render_docx(document: Document, styles: Path) -> bytes:
    """`document` as a .docx file, the same bytes for the same document."""
    template = styles / "docx" / TEMPLATE
    word = docx.Document(str(template) if template.is_file() else None)
    if not template.is_file():
        _own_styles(word)
    _properties(word, document)
    _frame(word, document)
    _paragraph(word, "Subtitle").add_run(document.kind_name)
    _paragraph(word, "Title").add_run(document.title)
    _paragraph(word).add_run(document.subtitle)
    for block in document.blocks:
        put(block, word)
    written = io.BytesIO()
    word.save(written)
    return _with_fixed_times(written.getvalue(), document.date)


def _own_styles(word: Word) -> None:
    """Word's plain template in the look of our pages: one sans serif, calm headings, little space, wide text."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    for name, size, before, after in STYLES:
        style = word.styles[name]
        style.font.name, style.font.size, style.font.italic = "Arial", Pt(size), False
        style.element.get_or_add_rPr().rFonts.set(qn("w:eastAsia"), "Arial")
        for part in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            style.element.rPr.rFonts.attrib.pop(qn(f"w:{part}"), None)
        spacing = style.paragraph_format
        spacing.space_before, spacing.space_after = Pt(before), Pt(after)
        if name not in ("Normal", "List Bullet"):
            style.font.color.rgb = BRAND


def _paragraph(container: Any, style: str = "") -> Lines:
    """A new paragraph. The style goes in by its id: looking it up by name takes longer than all the rest."""
    paragraph: Lines = container.add_paragraph()
    if style:
        paragraph._p.style = style
    return paragraph


def _properties(word: Word, document: Document) -> None:
    """Title, language and date; nobody's name, and not the one that the template brings along."""
    moment = dt.datetime.combine(document.date, dt.time())
    properties = word.core_properties
    properties.title, properties.subject = document.title, f"{document.kind_name}: {document.subtitle}"
    properties.author = properties.last_modified_by = properties.comments = properties.keywords = ""
    properties.created = properties.modified = moment
    properties.revision, properties.language = 1, document.language
    language = word.styles.element.find(f"{qn('w:docDefaults')}//{qn('w:lang')}")
    if language is not None:
        language.set(qn("w:val"), "fr-CA" if document.language == "fr" else "en-CA")


def _frame(word: Word, document: Document) -> None:
    """The marking top right and the footer with the page number, on every page."""
    section = word.sections[0]
    marking = section.header.paragraphs[0]
    marking.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    marking.add_run(document.marking).bold = True
    footer = section.footer.paragraphs[0]
    footer.add_run(f"{document.footer} · ")
    before, _page, rest = document.page_of.partition("{page}")
    between, _pages, after = rest.partition("{pages}")
    for text, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
        footer.add_run(text)
        if field:
            _field(footer, field)


def _field(paragraph: Lines, code: str) -> None:
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    paragraph._p.append(field)


@singledispatch
def put(block: Any, _word: Word) -> None:
    """Put one block behind what is there."""
    raise TypeError(f"no way to put a {type(block).__name__} into Word")


@put.register
def _(block: blocks.Heading, word: Word) -> None:
    if block.new_page:
        _paragraph(word).add_run().add_break(WD_BREAK.PAGE)
    _paragraph(word, f"Heading{block.level}").add_run(block.text)


@put.register
def _(block: blocks.Paragraph, word: Word) -> None:
    _line(_paragraph(word), block.line)


@put.register
def _(block: blocks.Note, word: Word) -> None:
    _line(_paragraph(word, "IntenseQuote"), block.line)


@put.register
def _(block: blocks.Bullets, word: Word) -> None:
    for item in block.items:
        _line(_paragraph(word, "ListBullet"), item)


@put.register
def _(block: blocks.Sources, word: Word) -> None:
    for number, item in enumerate(block.items, 1):
        paragraph = _paragraph(word)
        paragraph.add_run(f"[{number}] ")
        _line(paragraph, item)


@put.register
def _(block: blocks.Pairs, word: Word) -> None:
    for label, value in block.rows:
        paragraph = _paragraph(word)
        indent = paragraph.paragraph_format
        indent.left_indent, indent.first_line_indent = Mm(55), Mm(-55)
        indent.tab_stops.add_tab_stop(Mm(55))
        paragraph.add_run(label).bold = True
        paragraph.add_run("\t")
        _line(paragraph, value)


@put.register
def _(block: blocks.Asks, word: Word) -> None:
    for number, item in enumerate(block.items, 1):
        paragraph = _paragraph(word)
        paragraph.add_run(f"{number} ")
        paragraph.add_run(item.ask).bold = True
        for line in item.lines:
            below = _paragraph(word)
            below.paragraph_format.left_indent = Mm(6)
            _line(below, line)


@put.register
def _(block: blocks.Table, word: Word) -> None:
    _paragraph(word, "Caption").add_run(block.caption)
    table = _table(word, block.columns, block.widths)
    for row in block.rows:
        for cell, lines in zip(table.add_row().cells, row, strict=True):
            for place, line in enumerate(lines):
                _line(cell.paragraphs[0] if place == 0 else cell.add_paragraph(), line, SMALL)
    _paragraph(word)


@put.register
def _(block: blocks.Grid, word: Word) -> None:
    """One column per principle: number, symbol and word, how many, changes."""
    _paragraph(word, "Caption").add_run(block.caption)
    table = _table(word, tuple(cell.number for cell in block.cells), (1,) * len(block.cells))
    for cell, item in zip(table.add_row().cells, block.cells, strict=True):
        _line(cell.paragraphs[0], (Run(item.word, "tag", symbol=item.symbol, colour=item.colour),), GRID)
        for text in (item.count, *item.changes):
            if text:
                _line(cell.add_paragraph(), (Run(text),), GRID)


def _table(word: Word, columns: tuple[str, ...], widths: tuple[int, ...]) -> Any:
    """A table with a header row that is repeated on each page and announced as such by screen readers."""
    table = word.add_table(rows=1, cols=len(columns))
    table._tbl.tblPr.style = "TableGrid"
    table.autofit = False
    section = word.sections[0]
    room = int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0)
    for column, share in zip(table.columns, widths, strict=True):
        column.width = room * share // sum(widths)
    for cell, name in zip(table.rows[0].cells, columns, strict=True):
        _line(cell.paragraphs[0], (Run(name, "strong"),), SMALL)
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    table.rows[0]._tr.get_or_add_trPr().append(mark)
    return table


def _line(paragraph: Lines, line: Line, size: Pt | None = None) -> None:
    for run in line:
        written = _link(paragraph, run) if run.address else _run(paragraph, run)
        if size:
            written.font.size = size


def _run(paragraph: Lines, run: Run) -> Written:
    text = f"{run.symbol} {run.text}" if run.look == "tag" and run.symbol else run.text
    written = paragraph.add_run(text)
    if run.look in ("strong", "tag"):
        written.bold = True
    if run.look == "tag" and run.colour:
        written.font.color.rgb = RGBColor.from_string(COLOURS[run.colour])
    if run.look == "quiet":
        written.font.color.rgb = QUIET
    if run.language:
        tag = OxmlElement("w:lang")
        tag.set(qn("w:val"), run.language)
        written._r.get_or_add_rPr().append(tag)
    return written


def _link(paragraph: Lines, run: Run) -> Written:
    """A link that opens in the reader's browser; nothing is fetched here."""
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(run.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    written = paragraph.add_run(run.text)
    written.font.underline = True
    link.append(written._r)
    paragraph._p.append(link)
    return written


def _with_fixed_times(content: bytes, day: dt.date) -> bytes:
    """The same archive with the document's day as the time of each part, so that the same document is the same file."""
    moment = (max(day.year, 1980), day.month, day.day, 0, 0, 0)
    fixed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as target:
        for part in source.infolist():
            info = zipfile.ZipInfo(part.filename, moment)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(part.filename))
    return fixed.getvalue()
