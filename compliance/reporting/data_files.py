"""The facts of a report as XLSX, CSV and JSON. No text becomes a formula, in none of them."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
from collections.abc import Mapping
from typing import Any, Final

from compliance.domain.text import Language
from compliance.reporting.schema import check_facts
from compliance.reporting.tables import REPORT, FactTable, Value, fact_tables, named

LONGEST_CELL: Final = 32_767  # what a spreadsheet can hold
LONGEST_SHEET_NAME: Final = 31
#: A spreadsheet reads a CSV field that begins so as a formula; an apostrophe in front keeps it text.
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "'")
WIDEST: Final = 60


def render_json(facts: Mapping[str, Any]) -> bytes:
    """The facts, checked, as JSON with sorted keys: in both languages, as they are frozen."""
    return (json.dumps(check_facts(facts), ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


def render_csv(facts: Mapping[str, Any], language: Language, headings: Mapping[str, str]) -> bytes:
    """Each fact as a line of table, row, column, value; UTF-8 with a byte order mark, which spreadsheets look for.

    `headings` are the words for tables and columns, by key.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([named(key, headings) for key in ("table", "row", "column", "value")])
    for table in fact_tables(facts, language):
        title, heads = table.title(headings), table.heads(headings)
        for number, row in enumerate(table.rows, 1):
            if table.name == REPORT:
                writer.writerow((title, number, named(str(row[0]), headings), csv_text(row[1])))
                continue
            for column, value in zip(heads, row, strict=True):
                writer.writerow((title, number, column, csv_text(value)))
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def csv_text(value: Value) -> str:
    """How a value is written in CSV: an apostrophe stands before what would be read as a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def render_xlsx(facts: Mapping[str, Any], language: Language, headings: Mapping[str, str]) -> bytes:
    """One sheet per table, header row frozen, every text written as text; `headings` are words by key."""
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    out = io.BytesIO()
    quiet = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    marking = str(facts["marking"][language])
    with xlsxwriter.Workbook(out, quiet) as book:
        made_on = dt.datetime.combine(dt.date.fromisoformat(facts["generated_on"]), dt.time())
        book.set_properties({"title": str(facts["kind"]), "comments": "", "keywords": marking, "created": made_on})
        head = book.add_format({"bold": True, "bg_color": "#F2F6F6", "valign": "top"})
        body = book.add_format({"text_wrap": True, "valign": "top"})
        taken: set[str] = set()
        for table in fact_tables(facts, language):
            sheet = book.add_worksheet(sheet_name(table.title(headings), taken))
            sheet.set_header(f"&R{marking.replace('&', '&&')}")
            sheet.freeze_panes(1, 0)
            _fill(sheet, _headed(table, headings), head, body)
    return out.getvalue()


def _headed(table: FactTable, headings: Mapping[str, str]) -> FactTable:
    """The table with words for its columns, and for the facts that stand once."""
    if table.name != REPORT:
        return FactTable(table.name, table.heads(headings), table.rows)
    rows = [[named(str(key), headings), value] for key, value in table.rows]
    return FactTable(table.name, table.heads(headings), rows)


def _fill(sheet: Any, table: FactTable, head: Any, body: Any) -> None:
    sheet.write_row(0, 0, table.columns, head)
    for place, name in enumerate(table.columns):
        longest = max((len(str(row[place])) for row in table.rows if row[place] is not None), default=0)
        sheet.set_column(place, place, min(max(longest, len(name)) + 2, WIDEST))
    for down, row in enumerate(table.rows, 1):
        for across, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(down, across, value, body)
            elif isinstance(value, int):
                sheet.write_number(down, across, value, body)
            elif value:
                fits = value if len(value) <= LONGEST_CELL else value[: LONGEST_CELL - 1] + "…"
                sheet.write_string(down, across, fits, body)
    if table.rows:
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)


def sheet_name(name: str, taken: set[str]) -> str:
    """A name of at most 31 characters that no other sheet has: the end of a path says more than its start."""
    short = name if len(name) <= LONGEST_SHEET_NAME else "…" + name[-(LONGEST_SHEET_NAME - 1) :]
    number = 2
    while short.casefold() in taken:
        short = f"{short[: LONGEST_SHEET_NAME - 3]}~{number}"
        number += 1
    taken.add(short.casefold())
    return short
