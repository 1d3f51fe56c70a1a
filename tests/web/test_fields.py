"""Numbers as people type them in two languages; what is not clearly one number is refused."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from compliance.domain.numbers import read_number
from compliance.web.fields import clean


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1200", "1200"), ("1 234 567", "1234567"), ("1 234,5", "1234.5"), ("3,5", "3.5"), ("3.5", "3.5"), ("0.125", "0.125"),
        ("1,234.5", "1234.5"), ("1.234,5", "1234.5"), ("1,234,567", "1234567"), ("1.234.567", "1234567"),
    ],
)  # fmt: skip
def test_numbers(typed: str, number: str) -> None:
    assert read_number(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["1,234", "1.2.2026", "1,2,3", "many", "1e9", "٣", "-1", "½", "1_000", ""])
def test_what_is_not_clearly_a_number(typed: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(typed)}$"):
        read_number(typed)


def test_clean_keeps_words_and_drops_tricks() -> None:
    assert clean("  « même »\r\nici\x00\u202e 🙂 ") == "« même »\nici 🙂"


def test_clean_keeps_characters_newer_than_this_python() -> None:
    newer = "\U0001fae9 \U0001f6d8"  # a face of Unicode 16; one that is not assigned as this is written
    assert clean(f"{newer}\ufffe\ufdd0\U0010ffff") == newer
