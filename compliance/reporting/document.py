"""One report in one language, as a list of blocks of nine kinds. Renderers lay it out and decide no content.

All text is plain text: no markup is read in it, in any format.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Literal

from compliance.domain.text import Language
from compliance.reporting.drawing import Drawing
from compliance.reporting.facts import Colour

Look = Literal["plain", "strong", "quiet", "tag"]


@dataclass(frozen=True, slots=True)
class Run:
    """Some text in one look. `language` is set when it differs from the document's; `address` makes it a link.

    A tag is a word of the gap rules: `symbol` and `colour` repeat what `text` says.
    """

    text: str
    look: Look = "plain"
    language: str = ""
    address: str = ""
    symbol: str = ""
    colour: Colour | Literal[""] = ""


Line = tuple[Run, ...]
TableCell = tuple[Line, ...]  # lines stand under each other


@dataclass(frozen=True, slots=True)
class Heading:
    """`level` 1 is a part of the report; `new_page` asks paged formats for a fresh page."""

    text: str
    level: Literal[1, 2] = 1
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Paragraph:
    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """Labels with their values."""

    rows: tuple[tuple[str, Line], ...]


@dataclass(frozen=True, slots=True)
class Table:
    """The first column names its row. `widths` are relative, one per column."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[TableCell, ...], ...]
    widths: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, and in `description` all that it shows in words. A table with the same facts is a block of its own."""

    caption: str
    description: str
    drawing: Drawing


@dataclass(frozen=True, slots=True)
class AskItem:
    """The words to say, and below them lines on what they are about."""

    ask: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Asks:
    items: tuple[AskItem, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """Something the reader must not miss."""

    line: Line


@dataclass(frozen=True, slots=True)
class Sources:
    """Numbered from 1; text refers to them as [1]."""

    items: tuple[Line, ...]


Block = Heading | Paragraph | Bullets | Pairs | Table | Chart | Asks | Note | Sources


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report.

    `footer` stands on every page beside `page_of` ("Page {page} of {pages}"). `not_printable` is the note for a
    format whose fonts lack characters; it has a `{number}`. `headings` are what spreadsheets call each fact.
    """

    language: Language
    kind_name: str
    title: str
    subtitle: str
    marking: str
    date: dt.date
    footer: str
    page_of: str
    not_printable: str
    headings: tuple[tuple[str, str], ...]
    blocks: tuple[Block, ...]
