"""What a form carries so that a save is neither lost nor done twice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stamp:
    """`version` is the one the person saw (0: nothing was there); `key` names the form, so that sending it twice is
    one save."""

    version: int
    key: str
