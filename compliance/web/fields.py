"""Form fields that keep what was typed, also when it cannot be read."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from flask_babel import gettext as _
from wtforms import Field, Form, StringField

from compliance.domain.numbers import read_number
from compliance.domain.saving import Stamp


def clean(value: str | None) -> str:
    """Text as it is stored: without control characters, with one kind of line end, without white space around it."""
    text = (value or "").replace("\r\n", "\n").replace("\r", "\n")
    return "".join(character for character in text if character in "\n\t" or _kept(character)).strip()


def clean_rows(value: str | None) -> str:
    """The same for rows of cells: a cell that is empty at the end or the beginning of the text stays."""
    return "\n".join("\t".join(clean(cell) for cell in line.split("\t")) for line in (value or "").splitlines())


#: Characters that turn the direction of the text after them and so can make it read as something else.
_TURNS: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _kept(character: str) -> bool:
    """No control character, no half of one, nothing that turns the text; spaces that do not break stay.

    A character that this Python does not know yet stays, too: it may be one of a newer Unicode. The 66 code points that
    will never be characters go.
    """
    if character in _TURNS or unicodedata.category(character) in ("Cc", "Cs"):
        return False
    code = ord(character)
    return not (code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF)


def whole_number(text: str | None) -> int:
    """The whole number in a hidden field; 0 when someone tampered with it, which then fits no version."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) < 10 else 0


def stamp_of(form: Form) -> Stamp:
    """The stamp in a form's hidden fields `version` and `key`."""
    fields = form._fields
    return Stamp(whole_number(fields["version"].data), (fields["key"].data or "")[:64])


class DayField(Field):
    """A day typed as three numbers: NAME-day, NAME-month, NAME-year. `typed` keeps them as they came."""

    PARTS = ("day", "month", "year")

    def __init__(self, label: Any = None, **options: Any) -> None:
        super().__init__(label, **options)
        self.data: dt.date | None = None

    @property
    def typed(self) -> dict[str, str]:
        """What stands in the three boxes."""
        if self.raw_data is not None:
            return dict(zip(self.PARTS, self.raw_data, strict=True))
        if self.data is None:
            return dict.fromkeys(self.PARTS, "")
        return {"day": str(self.data.day), "month": str(self.data.month), "year": str(self.data.year)}

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Read the three boxes when the form was sent, else take `data`."""
        self.data = self.object_data = data if isinstance(data, dt.date) else None
        self.process_errors: list[str] = []
        self.raw_data = None
        if formdata and any(f"{self.name}-{part}" in formdata for part in self.PARTS):
            self.raw_data = [clean(formdata.get(f"{self.name}-{part}", ""))[:20] for part in self.PARTS]
            self._read()

    def _read(self) -> None:
        """An incomplete or impossible day is an error at this field, never a crash and never a guess."""
        day, month, year = self.raw_data or ("", "", "")
        self.data = None
        if not (day or month or year):
            return
        if not all(part.isascii() and part.isdecimal() for part in (day, month, year)) or len(year) != 4:
            self.process_errors.append(_("Enter a day, a month and a year of four figures, such as 5 3 2026."))
            return
        try:
            self.data = dt.date(int(year), int(month), int(day))
        except ValueError:
            self.process_errors.append(_("There is no such day. Check day, month and year."))


class NumberField(StringField):
    """A number typed in the English or the French form: 1234.5, 1 234,5, 1,234.5."""

    number: Decimal | None = None

    def process_data(self, value: Any) -> None:
        """A stored number stands in its box without separators, as exact as it is."""
        super().process_data(format(value.normalize(), "f") if isinstance(value, Decimal) else value)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        """Keep the text; read the number from it."""
        self.data = clean(valuelist[0] if valuelist else "")[:60]
        self.number = None
        if self.data:
            try:
                self.number = read_number(self.data)
            except ValueError as error:
                raise ValueError(_("Enter a number without a separator of thousands, such as 1200 or 3.5.")) from error
