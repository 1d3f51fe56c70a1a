"""Days, moments and numbers in the form of the language of the page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from babel.numbers import format_decimal
from flask_babel import format_date, format_datetime

from compliance.web import language


def day(value: dt.date | None) -> str:
    """A day in the language of the page: 5 March 2026, 5 mars 2026."""
    return format_date(value, "d MMMM y") if value else ""


def moment(value: dt.datetime | None) -> str:
    """A moment in UTC in the language of the page."""
    return f"{format_datetime(value, 'd MMMM y, HH:mm', rebase=False)} UTC" if value else ""


def number(value: Decimal | int | None) -> str:
    """A number in the form of the language of the page, as exact as it was given."""
    if value is None:
        return ""
    exact = value if isinstance(value, int) else value.normalize()
    return format_decimal(exact, locale=language.selected(), decimal_quantization=False)
