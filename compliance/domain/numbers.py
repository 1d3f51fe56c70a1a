"""Numbers as people write them in English and in French, and what is wrong with a number of a kind."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Final

from compliance.domain.framework import UnitKind

DECIMALS: Final = 6  # more than any published figure has, and as many as are stored
FIGURES: Final = 15  # as many as every engine and every spreadsheet keeps exactly


def read_number(text: str) -> Decimal:
    """The number that `text` states, in the English or the French form. Raises ValueError when it is none.

    "1,234" is a thousand in one language and a fraction in the other, so it is refused: nothing is guessed. A single
    point is a decimal point in both. White space separates thousands.
    """
    compact = "".join(character for character in text if not character.isspace())
    if not compact.isascii() or not set(compact) <= set("0123456789.,"):
        raise ValueError(text)
    if "." in compact and "," in compact:
        last = max(compact.rfind("."), compact.rfind(","))
        whole = compact[:last].replace(".", "").replace(",", "")
        compact = f"{whole}.{compact[last + 1 :]}"
    elif compact.count(",") == 1:
        if len(compact) - compact.index(",") - 1 == 3 and len(compact) <= 7:
            raise ValueError(text)
        compact = compact.replace(",", ".")
    elif compact.count(",") > 1 or compact.count(".") > 1:
        if not re.fullmatch(r"[0-9]{1,3}(?:(?:,[0-9]{3})+|(?:[.][0-9]{3})+)", compact):
            raise ValueError(text)  # 1.2.2026 is a date
        compact = compact.replace(",", "").replace(".", "")
    try:
        return Decimal(compact)
    except InvalidOperation as error:
        raise ValueError(text) from error


def value_fault(value: Decimal, kind: UnitKind) -> str | None:
    """What is wrong with a number of this kind: the code, or None."""
    if not value.is_finite() or value < 0 or value >= Decimal(10) ** 15:
        return "number_out_of_range"
    if not _kept_exactly(value):
        return "number_too_exact"
    if kind is UnitKind.COUNT and value != value.to_integral_value():
        return "whole_number"
    if kind is UnitKind.SHARE and value > 100:
        return "share_over_100"
    return None


def _kept_exactly(value: Decimal) -> bool:
    """Is the number short enough to be stored and exported as it is? Zeros at the end do not count."""
    _sign, figures, exponent = value.normalize().as_tuple()
    assert isinstance(exponent, int)  # the value is finite
    return exponent >= -DECIMALS and len(figures) + max(exponent, 0) <= FIGURES
