"""Reading a workbook that came back. It may be anything: it is checked before it is parsed, and every size is bounded.

The cells are read by calamine; before that the XML is walked once for what would make it read too much (a cell at the
far end of a sheet) or say what nobody typed (formulas).
"""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from xml.etree import ElementTree  # nosec B405 - parts with a document type were refused before
from xml.parsers import expat  # nosec B406 - the same

from python_calamine import CalamineWorkbook

from compliance.domain.workbook import (
    ABOUT,
    ANSWERS,
    COLUMNS_LIMIT,
    EVIDENCE,
    NUMBERS,
    ROWS_LIMIT,
    Book,
    Cell,
    Fault,
    Place,
    Sheet,
)
from compliance.files.packages import BadPackage, Package, open_package

WORKBOOK_LIMIT: Final = 8 * 1024 * 1024  # bytes of the file
SHEETS_LIMIT: Final = 400
_XML_LIMIT: Final = 40 * 1024 * 1024  # bytes of all sheets together
#: Cells of all sheets together, empty ones between two others counted, because the reader makes room for them.
_AREA_LIMIT: Final = 1_500_000
_REFERENCE: Final = re.compile(r"([A-Za-z]{1,3})([1-9][0-9]{0,6})")
_MAIN: Final = b"spreadsheetml.sheet.main+xml"


class BadWorkbook(Exception):
    """A file that is not read at all; `code` is that of the sentence that says why, `place` where, if known."""

    def __init__(self, code: str, place: Place | None = None) -> None:
        super().__init__(code)
        self.code, self.place = code, place


def read_workbook(content: bytes) -> Book:
    """What stands in a workbook of ours. Raises BadWorkbook for everything that is none."""
    if len(content) > WORKBOOK_LIMIT:
        raise BadWorkbook("workbook_too_large")
    package = _package(content)
    formulas = _walk(package)
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as opened:
            raw = [
                (name, opened.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in opened.sheet_names
            ]
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as error:  # a panic of the reader is no Exception
        raise BadWorkbook("workbook_damaged") from error
    return _book(raw, formulas)


def _package(content: bytes) -> Package:
    try:
        package = open_package(content)
    except BadPackage as bad:
        raise BadWorkbook(f"workbook_{bad.code}") from bad
    if _MAIN not in package.parts.get("[Content_Types].xml", b""):
        raise BadWorkbook("workbook_not_ours")
    if any("vbaproject" in name.casefold() for name in package.names):
        raise BadWorkbook("workbook_macros")
    return package


# --- the walk before --------------------------------------------------------------------------------------------------


def _walk(package: Package) -> Mapping[str, Sequence[str]]:
    """The cells with a formula, by the name of their sheet. Raises BadWorkbook for sheets that are too much."""
    sheets = _sheet_parts(package)
    if len(sheets) > SHEETS_LIMIT:
        raise BadWorkbook("workbook_too_many_sheets")
    if sum(len(package.parts[part]) for part in sheets.values()) > _XML_LIMIT:
        raise BadWorkbook("workbook_bomb")
    found: dict[str, Sequence[str]] = {}
    area = 0
    for name, part in sheets.items():
        walker = _Walker()
        try:
            walker.run(package.parts[part])
        except (expat.ExpatError, ValueError) as error:
            raise BadWorkbook("workbook_damaged", Place(name)) from error
        if walker.too_far:
            raise BadWorkbook("workbook_too_many_rows", Place(name, walker.too_far))
        area += max(walker.area, walker.cells)
        if area > _AREA_LIMIT:
            raise BadWorkbook("workbook_bomb")
        found[name] = walker.formulas
    return found


def _sheet_parts(package: Package) -> dict[str, str]:
    """The part of each sheet by the sheet's name, as the package lists them."""
    try:
        book = _parsed(package, "xl/workbook.xml")
        targets = {
            item.get("Id"): str(item.get("Target", ""))
            for item in _parsed(package, "xl/_rels/workbook.xml.rels")
            if str(item.get("TargetMode", "")).casefold() != "external"
        }
        named = {}
        for item in book.iter():
            if _local(item.tag) == "sheet":
                link = next((value for key, value in item.attrib.items() if _local(key) == "id"), "")
                target = targets[link].lstrip("/")
                part = target if target.startswith("xl/") else f"xl/{target}"
                if part not in package:
                    raise BadWorkbook("workbook_damaged", Place(str(item.get("name", ""))))
                named[str(item.get("name", ""))] = part
    except (KeyError, ElementTree.ParseError, ValueError) as error:
        raise BadWorkbook("workbook_damaged") from error
    # Every other sheet-like part is walked, too: what is read is decided by the reader, not by this list.
    for part in package.names:
        if part.startswith("xl/worksheets/") and part.endswith(".xml") and part not in named.values():
            named[part] = part
    return named


def _parsed(package: Package, name: str) -> Any:
    return ElementTree.fromstring(package.parts[name])  # noqa: S314  # nosec B314 - no document type, size bounded


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


@dataclass
class _Walker:
    """Goes through the XML of one sheet: where its cells are, and which hold a formula."""

    formulas: list[str] = field(default_factory=list)
    too_far: str = ""
    _cell: str = ""
    cells: int = 0
    _rows: int = 0
    _last: tuple[int, int] = (0, 0)  # row and column

    @property
    def area(self) -> int:
        return self._last[0] * self._last[1]

    def run(self, content: bytes) -> None:
        if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
            raise ValueError("not UTF-8")
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.Parse(content, True)

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            self.cells += 1
            self._cell = attributes.get("r", "")
            self._look(self._cell)
            if self.cells > _AREA_LIMIT:
                self.too_far = self.too_far or self._cell or "–"
        elif name == "row":
            self._rows += 1
            number = attributes.get("r", "1")
            if not number.strip().isdecimal() or int(number) > ROWS_LIMIT or self._rows > ROWS_LIMIT:
                self.too_far = self.too_far or f"A{number.strip()[:9]}"
        elif name == "f" and len(self.formulas) < 50:
            self.formulas.append(self._cell)
        elif name == "dimension":
            for end in attributes.get("ref", "A1").split(":"):
                self._look(end)

    def _look(self, reference: str) -> None:
        """A cell without a place stands where the one before it ends: there are only so many of those."""
        if not reference:
            return
        found = _REFERENCE.fullmatch(reference)
        if found is None:
            raise ValueError(reference)
        column = 0
        for letter in found.group(1).upper():
            column = column * 26 + ord(letter) - 64
        row = int(found.group(2))
        self._last = max(self._last[0], row), max(self._last[1], column)
        if row > ROWS_LIMIT or column > COLUMNS_LIMIT:
            self.too_far = self.too_far or reference


# --- the cells --------------------------------------------------------------------------------------------------------


def _book(raw: Sequence[tuple[str, list[list[Any]]]], formulas: Mapping[str, Sequence[str]]) -> Book:
    about: dict[str, str] = {}
    sheets: list[Sheet] = []
    faults: list[Fault] = []
    for name, grid in raw:
        role, _, service = str(grid[0][0] if grid and grid[0] else "").partition(":")
        if role == ABOUT:
            about = {str(row[0]): str(row[2]) for row in grid[1:] if len(row) > 2 and row[0]}
        elif role in (ANSWERS, EVIDENCE, NUMBERS):
            keys = [str(key) for key in grid[0]]
            keys[0] = {ANSWERS: "indicator", EVIDENCE: "service", NUMBERS: "service"}[role]
            sheets.append(Sheet(name, role, service or None, list(_rows(name, keys, grid))))
            faults += [Fault(Place(name, cell), "formula") for cell in formulas.get(name, ())]
    if not about or not sheets:
        raise BadWorkbook("workbook_not_ours")
    if sum(len(sheet.rows) for sheet in sheets) > ROWS_LIMIT:
        raise BadWorkbook("workbook_too_many_rows")
    return Book(about, sheets, faults)


def _rows(sheet: str, keys: Sequence[str], grid: Sequence[Sequence[Any]]) -> Iterator[Mapping[str, Cell]]:
    """The rows below the keys and the headings, each by key; where a key stands twice the first counts."""
    for number, row in enumerate(grid[2:], 3):
        if not any(value not in ("", None) for value in row):
            continue
        cells: dict[str, Cell] = {}
        for place, (key, value) in enumerate(zip(keys, row, strict=False)):
            if key and key not in cells:
                cells[key] = Cell(_plain(value), Place(sheet, f"{column_name(place)}{number}"))
        yield cells


def _plain(value: Any) -> object:
    """A value that the rules know; errors of a spreadsheet come as text."""
    return value if isinstance(value, str | int | float | bool | dt.date) else "" if value is None else str(value)


def column_name(place: int) -> str:
    """The letters of a column, counted from 0."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
