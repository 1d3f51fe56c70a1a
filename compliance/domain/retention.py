"""For how long technical records about people are kept. What a person wrote, decided or signed stays in the record."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

#: Days after which each kind goes, counted from its end (a session that ended, an invitation that was answered …).
RETENTION: Final[Mapping[str, int]] = MappingProxyType(
    {
        "sessions": 90,
        "tries": 1,
        "held_forms": 1,
        "links": 30,
        "invitations": 365,
        "account_mails": 90,
    }
)
LONGEST: Final = 3_650  # days


def read_retention(text: str) -> dict[str, int]:
    """The days of each kind from "sessions=30,links=7"; kinds that are not named keep theirs. Raises ValueError."""
    days = dict(RETENTION)
    for part in (piece.strip() for piece in text.split(",") if piece.strip()):
        kind, _, number = (piece.strip() for piece in part.partition("="))
        if kind not in RETENTION:
            raise ValueError(f"{kind!r} is none of {', '.join(RETENTION)}")
        if not (number.isascii() and number.isdecimal() and 1 <= int(number) <= LONGEST):
            raise ValueError(f"{kind} needs a number of days from 1 to {LONGEST}")
        days[kind] = int(number)
    return days
