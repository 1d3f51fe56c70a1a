"""Filling in a workbook as a person does, with another library than the product's."""

from __future__ import annotations

import io
from typing import Any

from openpyxl import load_workbook


class Filled:
    """A workbook in hand. Sheets are named by their role or, for answers, by the slug of the service."""

    def __init__(self, content: bytes) -> None:
        self.book = load_workbook(io.BytesIO(content))

    def content(self) -> bytes:
        out = io.BytesIO()
        self.book.save(out)
        return out.getvalue()

    def sheet(self, name: str) -> Any:
        marks = {name, f"answers:{name}"}
        return next(sheet for sheet in self.book if sheet["A1"].value in marks)

    def set(self, name: str, cell: str, value: object) -> None:
        self.sheet(name)[cell] = value

    def answer(self, service: str, indicator: str, **values: object) -> None:
        sheet = self.sheet(f"answers:{service}")
        row = next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 1).value == indicator)
        self._put(sheet, row, values)

    def number(self, service: str, metric: str, **values: object) -> None:
        sheet = self.sheet("numbers")
        row = next(row for row in range(3, sheet.max_row + 1) if sheet.cell(row, 2).value == metric)
        self._put(sheet, row, values)

    def add(self, name: str, **values: object) -> None:
        sheet = self.sheet(name)
        row = next(row for row in range(3, sheet.max_row + 2) if not sheet.cell(row, 1).value)
        keys = [cell.value for cell in sheet[1]]
        keys[0] = "service"
        for key, value in values.items():
            sheet.cell(row, keys.index(key) + 1).value = value

    def _put(self, sheet: Any, row: int, values: dict[str, object]) -> None:
        keys = [cell.value for cell in sheet[1]]
        for key, value in values.items():
            sheet.cell(row, keys.index(key) + 1).value = value
