"""One table as CSV or as a spreadsheet: what a list on a page shows. No text becomes a formula, in neither."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from compliance.reporting.data_files import LONGEST_CELL, csv_text

Value = str | int | float | None
QUIET: Final = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
_WIDTH: Final = 24


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table with what must be said about it: on which basis it stands, and from when it is."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Value]]
    about: Sequence[str]


def sheet_csv(sheet: Sheet) -> bytes:
    """The rows under their columns, an empty line, what is said about them; UTF-8 with a byte order mark."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([csv_text(name) for name in sheet.columns])
    writer.writerows([[_csv(value) for value in row] for row in sheet.rows])
    writer.writerow([])
    writer.writerows([[csv_text(line)] for line in sheet.about])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _csv(value: Value) -> str:
    return repr(value) if isinstance(value, float) else csv_text(value)


def sheet_xlsx(sheet: Sheet) -> bytes:
    """The same as a workbook: the rows on the first sheet, with the header in sight, what is said about them below."""
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, dict(QUIET)) as book:
        book.set_properties({"title": sheet.title})
        head = book.add_format({"bold": True, "bg_color": "#F2F6F6", "valign": "top", "text_wrap": True})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        page = book.add_worksheet()
        page.freeze_panes(1, 1)
        page.set_column(0, max(0, len(sheet.columns) - 1), _WIDTH)
        page.write_row(0, 0, sheet.columns, head)
        for down, row in enumerate(sheet.rows, 1):
            for across, value in enumerate(row):
                _write(page, down, across, value, body)
        if sheet.rows:
            page.autofilter(0, 0, len(sheet.rows), len(sheet.columns) - 1)
        for down, line in enumerate(sheet.about, len(sheet.rows) + 2):
            page.write_string(down, 0, line)
    return out.getvalue()


def _write(page: Any, down: int, across: int, value: Value, body: Any) -> None:
    if isinstance(value, int | float):
        page.write_number(down, across, value, body)
    elif value:
        page.write_string(down, across, value[:LONGEST_CELL], body)


FORMATS: Final = {
    "csv": (sheet_csv, "text/csv; charset=utf-8"),
    "xlsx": (sheet_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
