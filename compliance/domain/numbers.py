"""Numbers as people write them in English and in French."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation


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
