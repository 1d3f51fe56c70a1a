"""Text in the two languages of the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Language = Literal["en", "fr"]
LANGUAGES: Final[tuple[Language, ...]] = ("en", "fr")


@dataclass(frozen=True, slots=True)
class Text:
    """One thing said in English and in French. Both are always there; content checks refuse a missing one."""

    en: str
    fr: str

    def get(self, language: str) -> str:
        """The text in `language`; anything but "fr" is English."""
        return self.fr if language == "fr" else self.en


def language_of(value: str | None) -> Language:
    """`value` as a language of the product; English when it is something else."""
    return "fr" if value == "fr" else "en"
