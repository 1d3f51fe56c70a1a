"""A document as a PDF: accessible (PDF/UA-1) and for archives (PDF/A-3a), the same bytes for the same document.

Typst lays it out. The document reaches the template as JSON in one string literal and never as markup, so no text can
become a command. (Typst's `sys.inputs` would do, too, but a change of them loses every kept layout: a brief took 42 ms
instead of 17.) The template and the fonts are the only files read.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import threading
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import typst

from compliance.reporting.document import Chart, Document, Note, Pairs, Run, Table
from compliance.reporting.drawing import Words
from compliance.reporting.fonts import FontSet, load_fonts
from compliance.reporting.html import kind_of
from compliance.reporting.svg import to_svg

STANDARDS: Final = ("ua-1", "a-3a")
FACTS_FILE: Final = "facts.json"
SHOWN_INSTEAD: Final = "□"
#: Rows with less text than this stay on one page; longer ones may run over to the next.
LONGEST_UNBROKEN_ROW: Final = 1_200  # characters
#: What may stand in a column of numbers instead of one ("suppressed").
LONGEST_INSTEAD: Final = 12
_WHOLE_NUMBER: Final = re.compile(r"\d[\d\s,]*")
#: From this many characters a word may break.
LONG: Final = 25
_LONG_WORD: Final = re.compile(rf"\S{{{LONG},}}")
#: Up to ten characters with what belongs to each: a flag is two letters, a family several faces that are joined.
_CHUNK: Final = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}|\\S(?:[\ufe00-\ufe0f\u20e3\U0001f3fb-\U0001f3ff]|\u200d\\S)*){1,10}"
)
_BREAK_HERE: Final = "\u200b"
_SELECTORS: Final = frozenset(map(chr, range(0xFE00, 0xFE10)))


def render_pdf(document: Document, styles: Path, fonts: Path, facts: Mapping[str, Any] | None = None) -> bytes:
    """`document` as PDF. `styles` is the product's `reports/styles`, `fonts` the folder that `make assets` fills.

    `facts`, when given, are those of exactly this edition and are attached as `facts.json`; no other file is.
    Characters that no font covers are shown as □ and counted in a note at the end. Raises FontsMissing without fonts.
    """
    found = load_fonts(fonts)
    attached = "" if facts is None else _attachment(facts, document)
    try:
        return _compile(document, styles, found, _Printable(found.covered, found), attached)
    except typst.TypstError:
        return _compile(document, styles, found, _Printable(_standing_alone(found.covered), found), attached)


def _standing_alone(covered: frozenset[int]) -> frozenset[int]:
    """The characters that need no neighbour: a mark may be in one font and the sign that bears it in another."""
    return frozenset(point for point in covered if unicodedata.category(chr(point))[0] not in "MC" or point < 0x20)


class _Printable:
    """Prepares text for the fonts: replaces what they lack, counts it, and lets long words break."""

    def __init__(self, covered: frozenset[int], fonts: FontSet) -> None:
        self._covered, self.runs = covered, fonts.runs
        self.replaced = 0

    def __call__(self, text: str) -> str:
        if not text.isascii():
            text = "".join(map(self._one, text))
        if len(text) < LONG:
            return text
        return _LONG_WORD.sub(lambda word: _BREAK_HERE.join(_CHUNK.findall(word.group())), text)

    def _one(self, character: str) -> str:
        if character in _SELECTORS:
            return ""  # each character is in one font only: there is no other look to choose
        if ord(character) in self._covered or character in "\n\t":
            return character
        if unicodedata.category(character) == "Cf":
            return ""  # says how its neighbours look and shows nothing itself
        self.replaced += 1
        return SHOWN_INSTEAD


def count_pages(document: Document, styles: Path, fonts: Path) -> int:
    """On how many pages `document` is printed; counted by laying it out. Raises FontsMissing without fonts."""
    found = load_fonts(fonts)
    source = _source(document, found, _Printable(_standing_alone(found.covered), found), "")
    pages = _compiler(styles / "typst", found).compile(input=source, format="svg")
    return len(pages) if isinstance(pages, list) else 1


def _compile(document: Document, styles: Path, fonts: FontSet, printable: _Printable, attached: str) -> bytes:
    made = _compiler(styles / "typst", fonts).compile(
        input=_source(document, fonts, printable, attached),
        format="pdf",
        pdf_standards=[*STANDARDS],
        timestamp=dt.datetime.combine(document.date, dt.time(), tzinfo=dt.UTC),
    )
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no PDF")
    return made


def _source(document: Document, fonts: FontSet, printable: _Printable, attached: str) -> bytes:
    """The whole input of Typst: our template, and the document as data."""
    data = _plain(replace(document, headings=()), printable)
    if printable.replaced:
        note = Note((Run(document.not_printable.replace("{number}", str(printable.replaced))),))
        data["blocks"].append(_plain(note, printable))
    data["families"] = list(fonts.families)
    data["date"] = [document.date.year, document.date.month, document.date.day]
    return f'#import "/report.typ": report\n{attached}#report(json(bytes({_literal(json.dumps(data))})))\n'.encode(
        "ascii"
    )


def _attachment(facts: Mapping[str, Any], document: Document) -> str:
    """The command that attaches the facts. As ASCII: an escaped character is the same JSON in every reader."""
    content = json.dumps(facts, sort_keys=True)
    return (
        f'#pdf.attach("/{FACTS_FILE}", bytes({_literal(content)}), relationship: "source", '
        f'mime-type: "application/json", description: {_unicode(document.kind_name)})\n'
    )


def _unicode(value: str) -> str:
    return '"' + "".join(f"\\u{{{ord(character):x}}}" for character in value) + '"'


def _literal(value: str) -> str:
    """`value`, which is ASCII, as a string literal of Typst: only the backslash and the quotation mark mean more."""
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


_threads: Final = threading.local()


def _compiler(folder: Path, fonts: FontSet) -> typst.Compiler:
    """This thread's compiler: one compiles one document at a time."""
    kept: dict[tuple[Path, tuple[str, ...]], typst.Compiler] = _threads.__dict__.setdefault("compilers", {})
    key = (folder, fonts.families)
    if key not in kept:
        kept[key] = typst.Compiler(root=str(folder), font_paths=fonts.loaded, ignore_system_fonts=True)
    return kept[key]


def _plain(value: Any, printable: _Printable) -> Any:
    """A block, a run or a document as JSON can hold it; a plain run becomes a bare string."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, tuple):
        return [_plain(item, printable) for item in value]
    if isinstance(value, Run):
        return _run(value, printable)
    if isinstance(value, Chart):
        return _chart(value, printable)
    if is_dataclass(value) and not isinstance(value, type):
        data = {name: _plain(getattr(value, name), printable) for name in _names(type(value))}
        data["kind"] = kind_of(value)  # type: ignore[arg-type]
        if isinstance(value, Table):
            data["breaks"] = [_length(row) > LONGEST_UNBROKEN_ROW for row in value.rows]
            data["numbers"] = _holds_numbers(value)
        elif isinstance(value, Pairs):
            data["breaks"] = sum(len(run.text) for _, line in value.rows for run in line) > LONGEST_UNBROKEN_ROW
        return data
    return value if isinstance(value, (bool, int)) else None


def _chart(chart: Chart, printable: _Printable) -> dict[str, str]:
    """The drawing as SVG; a text in it breaks nowhere."""
    marks = tuple(
        replace(mark, text=printable(mark.text).replace(_BREAK_HERE, "")) if isinstance(mark, Words) else mark
        for mark in chart.drawing.marks
    )
    drawing = replace(chart.drawing, marks=marks)
    caption, description = printable(chart.caption), printable(chart.description).replace(_BREAK_HERE, "")
    svg = to_svg(drawing, caption, description, "chart", printable.runs)
    return {"kind": "chart", "caption": caption, "description": description, "svg": svg}


def _run(run: Run, printable: Callable[[str], str]) -> str | dict[str, str]:
    text = printable(run.text)
    if run.look == "plain" and not run.language and not run.address:
        return text
    language, _, region = run.language.partition("-")
    return {
        "text": text,
        "look": run.look,
        "language": language,
        "region": region if len(region) == 2 else "",
        "dir": _direction(text),
        "address": run.address,
        "symbol": printable(run.symbol),
        "colour": run.colour,
    }


def _direction(text: str) -> str:
    """The direction of the first letter that has one, as browsers choose it for dir="auto"."""
    for character in text:
        kind = unicodedata.bidirectional(character)
        if kind in ("L", "R", "AL"):
            return "ltr" if kind == "L" else "rtl"
    return "ltr"


def _holds_numbers(table: Table) -> bool:
    """Does every column but the first hold whole numbers, or a short word that says why there is none?"""
    texts = ["".join(run.text for line in cell for run in line) for row in table.rows for cell in row[1:]]
    return any(map(_WHOLE_NUMBER.fullmatch, texts)) and all(
        _WHOLE_NUMBER.fullmatch(text) or (len(text) <= LONGEST_INSTEAD and not any(map(str.isdigit, text)))
        for text in texts
    )


def _length(row: Any) -> int:
    return sum(len(run.text) for cell in row for line in cell for run in line)


@cache
def _names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))
