"""Days, moments and numbers in the form of the language of the page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel import Locale
from babel.numbers import format_decimal
from flask_babel import format_date, format_datetime
from flask_babel import gettext as _

from compliance.web import language


def day(value: dt.date | None) -> str:
    """A day in the language of the page: 5 March 2026, 5 mars 2026."""
    return format_date(value, "d MMMM y") if value else ""


def moment(value: dt.datetime | None) -> str:
    """A moment in UTC in the language of the page."""
    return f"{format_datetime(value, 'd MMMM y, HH:mm', rebase=False)} UTC" if value else ""


def file_size(value: int) -> str:
    """A number of bytes as people read it: 12 kB, 3.4 MB."""
    if value < 1_000_000:
        return str(_("%(number)s kB", number=number(max(1, round(value / 1000)))))
    return str(_("%(number)s MB", number=number(Decimal(value) / 1_000_000 // Decimal("0.1") * Decimal("0.1"))))


def number(value: Decimal | int | None) -> str:
    """A number in the form of the language of the page, as exact as it was given."""
    if value is None:
        return ""
    exact = value if isinstance(value, int) else value.normalize()
    return format_decimal(exact, locale=language.selected(), decimal_quantization=False)


def country(code: str) -> str:
    """The name of a country in the language of the page."""
    return str(Locale(language.selected()).territories.get(code, code))
