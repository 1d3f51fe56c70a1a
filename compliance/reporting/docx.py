"""A document as a Word file: real headings, header rows, alternative texts, on a style template that can be replaced.

The blocks are written as one piece of XML, every text escaped, and hung into the template; a paragraph at a time took
five times as long. `styles/docx/template.docx`, when it is there, brings fonts, colours and page; otherwise
python-docx's own template does. The same document makes the same bytes: the zip carries the document's date.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr  # nosec B406 - text is written, nothing is parsed

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.pkgwriter import PackageWriter
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from compliance.reporting import svg
from compliance.reporting.document import (
    Asks,
    Block,
    Bullets,
    Chart,
    Document,
    Heading,
    Line,
    Note,
    Pairs,
    Paragraph,
    Run,
    Sources,
    Table,
    TableCell,
)
from compliance.reporting.raster import to_png

TEMPLATE: Final = Path("docx") / "template.docx"
LONGEST_UNBROKEN_ROW: Final = 1_200  # characters; longer rows may run over to the next page
#: Values of labels begin here, and further lines of a value hang below its first.
LABEL_COLUMN: Final = '<w:tabs><w:tab w:val="left" w:pos="3400"/></w:tabs><w:ind w:left="3400" w:hanging="3400"/>'
PAGE_WIDTH: Final = 9_638  # twentieths of a point between the margins of A4
EMU: Final = 635  # of Word's smallest measure in a twentieth of a point
PICTURE: Final = "http://schemas.openxmlformats.org/drawingml/2006/picture"
#: Per colour: text and tint, the same as on paper (styles/typst).
PALETTE: Final = {name: (text[1:].upper(), tint[1:].upper()) for name, (text, tint, _) in svg.PALETTE.items()}
#: Without a template: style, size, space before and after, in points.
LOOK: Final = (
    ("Normal", 9.5, 0, 2),
    ("No Spacing", 9, 0, 0),
    ("List Bullet", 9.5, 0, 1),
    ("Title", 20, 0, 2),
    ("Subtitle", 10, 0, 2),
    ("Heading 1", 13, 9, 3),
    ("Heading 2", 11, 6, 2),
    ("Caption", 8.5, 2, 2),
    ("Intense Quote", 9.5, 2, 4),
)
#: Between rows only, as on paper; and room above and below what stands in a cell.
_EDGE: Final = 'w:val="single" w:sz="4" w:space="0" w:color="C2CFD3"/>'
HAIRLINES: Final = f"<w:tblBorders {nsdecls('w')}><w:top {_EDGE}<w:bottom {_EDGE}<w:insideH {_EDGE}</w:tblBorders>"
CELL_MARGINS: Final = (
    f'<w:tblCellMar {nsdecls("w")}><w:top w:w="50" w:type="dxa"/><w:left w:w="80" w:type="dxa"/>'
    '<w:bottom w:w="50" w:type="dxa"/><w:right w:w="80" w:type="dxa"/></w:tblCellMar>'
)
_FIELD: Final = re.compile(r"(\{pages?\})")


def render_docx(document: Document, styles: Path, fonts: Path) -> bytes:
    """`document` as DOCX. `styles` is the product's `reports/styles`, where a template may lie; `fonts` are for charts.

    Raises FontsMissing when there is a chart and no font to draw it with.
    """
    template = styles / TEMPLATE
    file = docx.Document(str(template) if template.is_file() else None)
    if not template.is_file():
        _plain_look(file)
    _say_whose(file, document)
    section = file.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    words = _Words(file.part, fonts)
    for part, inner in ((section.header, _marking(document)), (section.footer, _footer(document))):
        part._element.append(parse_xml(inner))
        part._element.remove(part._element[0])
    body = parse_xml(f"<w:body {nsdecls('w', 'r', 'wp', 'a', 'pic')}>{''.join(words.document(document))}</w:body>")
    last = file.element.body[-1]  # the section's properties
    for element in list(body):
        last.addprevious(element)
    return _same_bytes(file, document.date)


def _plain_look(file: Any) -> None:
    """The look without a template: one page must hold what is said in the room."""
    styles = file.styles
    for name, size, before, after in LOOK:
        style = styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        for fonts in style.element.iter(qn("w:rFonts")):
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
        if name != "Normal" and not name.startswith(("No ", "List")):
            style.font.color.rgb = RGBColor(0x13, 0x27, 0x2E) if name == "Title" else RGBColor(0x0D, 0x55, 0x63)
        style.font.italic = False
    section = file.sections[0]
    section.top_margin, section.bottom_margin = Mm(20), Mm(18)
    grid = styles["Table Grid"].element.find(qn("w:tblPr"))
    for old in (grid.find(qn("w:tblBorders")), grid.find(qn("w:tblCellMar"))):
        if old is not None:
            grid.remove(old)
    for new in (HAIRLINES, CELL_MARGINS):
        grid.append(parse_xml(new))


def _say_whose(file: Any, document: Document) -> None:
    language = f"{document.language}-CA"
    core = file.core_properties
    core.title, core.subject, core.language = document.title[:255], document.kind_name, language
    core.author, core.comments, core.keywords, core.last_modified_by = "", "", document.marking, ""
    core.created = core.modified = dt.datetime.combine(document.date, dt.time())
    for lang in file.styles.element.iter(qn("w:lang")):
        lang.set(qn("w:val"), language)


def _same_bytes(file: Any, date: dt.date) -> bytes:
    out = io.BytesIO()
    stamp = (max(date.year, 1980), date.month, date.day, 0, 0, 0)
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in _Parts(file.part.package).content.items():
            if name != "docProps/thumbnail.jpeg":
                new.writestr(zipfile.ZipInfo(name, stamp), _without_thumbnail(name, content), zipfile.ZIP_DEFLATED)
    return out.getvalue()


class _Parts:
    """The files of a package by name, as python-docx would zip them: with a zip of its own it all was packed twice."""

    def __init__(self, package: Any) -> None:
        self.content: dict[str, bytes] = {}
        for part in package.parts:
            part.before_marshal()
        writer: Any = PackageWriter  # whose steps have no types
        writer._write_content_types_stream(self, package.parts)
        writer._write_pkg_rels(self, package.rels)
        writer._write_parts(self, package.parts)

    def write(self, name: Any, content: bytes) -> None:
        """What the writer of a package calls for each file."""
        self.content[name.membername] = content


def _without_thumbnail(name: str, content: bytes) -> bytes:
    """The template's preview picture shows another document: it goes, and so does the mention of it."""
    if name == "_rels/.rels":
        return re.sub(rb"<Relationship [^>]*thumbnail[^>]*/>", b"", content)
    return content


def _marking(document: Document) -> str:
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Header"/><w:jc w:val="right"/></w:pPr>'
        f"<w:r><w:rPr><w:b/></w:rPr>{_text(document.marking)}</w:r></w:p>"
    )


def _footer(document: Document) -> str:
    parts = "".join(
        f'<w:fldSimple w:instr="{"NUMPAGES" if part == "{pages}" else "PAGE"}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'
        if _FIELD.fullmatch(part)
        else f"<w:r>{_text(part)}</w:r>"
        for part in _FIELD.split(document.page_of)
        if part
    )
    return (
        f'<w:p {nsdecls("w")}><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f"<w:r>{_text(document.footer)}</w:r><w:r>{_text(' · ')}</w:r>{parts}</w:p>"
    )


def _text(value: str) -> str:
    return "<w:br/>".join(f'<w:t xml:space="preserve">{escape(piece)}</w:t>' for piece in value.split("\n"))


def _paragraph(inner: str, style: str = "Normal", properties: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/>{properties}</w:pPr>{inner}</w:p>'


class _Words:
    """The XML of blocks; addresses become relationships of `part`."""

    def __init__(self, part: Any, fonts: Path) -> None:
        self._part, self._fonts, self._pictures = part, fonts, 0

    def document(self, document: Document) -> Iterator[str]:
        """The title and every block."""
        yield _paragraph(f"<w:r>{_text(document.kind_name)}</w:r>", "Subtitle")
        yield _paragraph(f"<w:r>{_text(document.title)}</w:r>", "Title")
        yield _paragraph(f"<w:r>{_text(document.subtitle)}</w:r>", "Subtitle")
        for block in document.blocks:
            yield self.block(block)

    def block(self, block: Block) -> str:
        """One block, of any kind."""
        match block:
            case Heading():
                fresh = "<w:pageBreakBefore/>" if block.new_page else ""
                return _paragraph(f"<w:r>{_text(block.text)}</w:r>", f"Heading{block.level}", fresh)
            case Paragraph():
                return _paragraph(self.line(block.line))
            case Note():
                return _paragraph(self.line(block.line), "IntenseQuote")
            case Table():
                return self._table(block)
            case Chart():
                return self._chart(block)
            case _:
                return "".join(self._items(block))

    def _items(self, block: Bullets | Sources | Asks | Pairs) -> Iterator[str]:
        match block:
            case Bullets():
                yield from (_paragraph(self.line(item), "ListBullet") for item in block.items)
            case Sources():
                for number, item in enumerate(block.items, 1):
                    yield _paragraph(f"<w:r>{_text(f'[{number}] ')}</w:r>{self.line(item)}")
            case Asks():
                yield from (self._ask(number, item.ask, item.lines) for number, item in enumerate(block.items, 1))
            case Pairs():
                for label, value in block.rows:
                    name = f"<w:r><w:rPr><w:b/></w:rPr>{_text(label)}</w:r><w:r><w:tab/></w:r>"
                    yield _paragraph(name + self.line(value), "Normal", LABEL_COLUMN)

    def _ask(self, number: int, ask: str, lines: tuple[Line, ...]) -> str:
        first = f"<w:r><w:rPr><w:b/></w:rPr>{_text(f'{number} {ask}')}</w:r>"
        return _paragraph(first, "Normal", "<w:keepNext/>") + "".join(_paragraph(self.line(line)) for line in lines)

    def _chart(self, chart: Chart) -> str:
        """Caption and picture; what it shows is said in the alternative text."""
        wide = PAGE_WIDTH * EMU
        high = round(wide * chart.drawing.height / chart.drawing.width)
        there, _ = self._part.get_or_add_image(io.BytesIO(to_png(chart.drawing, self._fonts)))
        self._pictures += 1
        number, title, said = self._pictures, quoteattr(chart.caption), quoteattr(chart.description)
        picture = (
            f'<pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="chart-{number}.png" descr={said}/><pic:cNvPicPr/>'
            f'</pic:nvPicPr><pic:blipFill><a:blip r:embed="{there}"/><a:stretch><a:fillRect/></a:stretch>'
            f"</pic:blipFill>"
            f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
            f'<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>'
        )
        inline = (
            f'<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{wide}" cy="{high}"/>'
            f'<wp:docPr id="{number}" name="chart {number}" title={title} descr={said}/>'
            f'<a:graphic><a:graphicData uri="{PICTURE}">{picture}</a:graphicData></a:graphic></wp:inline>'
        )
        caption = _paragraph(f"<w:r>{_text(chart.caption)}</w:r>", "Caption", "<w:keepNext/>")
        return caption + _paragraph(f"<w:r><w:drawing>{inline}</w:drawing></w:r>")

    def _table(self, table: Table) -> str:
        names = zip(table.columns, table.widths, strict=True)
        head = "".join(self._cell(((Run(name, "strong"),),), "F2F6F6") for name, _ in names)
        made = [f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{head}</w:tr>"]
        for row in table.rows:
            length = sum(len(run.text) for cell in row for line in cell for run in line)
            whole = "<w:trPr><w:cantSplit/></w:trPr>" if length <= LONGEST_UNBROKEN_ROW else ""
            made.append(f"<w:tr>{whole}{''.join(map(self._cell, row))}</w:tr>")
        return self._framed(table.caption, [*table.widths], "".join(made))

    def _framed(self, caption: str, widths: list[int], rows: str) -> str:
        total = sum(widths) or 1
        grid = "".join(f'<w:gridCol w:w="{PAGE_WIDTH * width // total}"/>' for width in widths)
        title = quoteattr(caption)
        look = (
            '<w:tblLook w:firstRow="1" w:lastRow="0" w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
        )
        return (
            _paragraph(f"<w:r>{_text(caption)}</w:r>", "Caption", "<w:keepNext/>")
            + f'<w:tbl><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:w="{PAGE_WIDTH}" w:type="dxa"/>'
            + f'<w:tblLayout w:type="fixed"/>{look}'
            + f"<w:tblCaption w:val={title}/><w:tblDescription w:val={title}/></w:tblPr>"
            + f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>{_paragraph('')}"
        )

    def _cell(self, cell: TableCell, tint: str = "") -> str:
        shade = f'<w:tcPr><w:shd w:val="clear" w:color="auto" w:fill="{tint}"/></w:tcPr>' if tint else ""
        lines = "".join(_paragraph(self.line(line), "NoSpacing") for line in cell) or _paragraph("")
        return f"<w:tc>{shade}{lines}</w:tc>"

    def line(self, line: Line) -> str:
        """The runs of one line."""
        return "".join(map(self._run, line))

    def _run(self, run: Run) -> str:
        language = f"<w:lang w:val={quoteattr(run.language)}/>" if run.language else ""
        if run.look == "tag" and run.colour:
            ink, tint = PALETTE[run.colour]
            looks = f'<w:b/><w:color w:val="{ink}"/><w:shd w:val="clear" w:color="auto" w:fill="{tint}"/>'
            return f"<w:r><w:rPr>{looks}</w:rPr>{_text(f'{run.symbol} {run.text}')}</w:r>"
        bold = "<w:b/>" if run.look == "strong" else ""
        ink = '<w:color w:val="465A62"/>' if run.look == "quiet" else ""
        if run.address:
            there = self._part.relate_to(run.address, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
            ink = '<w:color w:val="0D5563"/><w:u w:val="single"/>'
            return (
                f'<w:hyperlink r:id="{there}"><w:r><w:rPr>{ink}{language}</w:rPr>{_text(run.text)}</w:r></w:hyperlink>'
            )
        return f"<w:r><w:rPr>{bold}{ink}{language}</w:rPr>{_text(run.text)}</w:r>"
