"""How things are said in a language: the sentences of an outline, dates, numbers and lists."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from babel import Locale
from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal

from compliance.domain.text import Language
from compliance.reporting.facts import Both

#: A sentence in one language: by plural category ("one", "other"); a sentence without plurals has "other" only.
Sentence = Mapping[str, str]

_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_MONTH: Final = re.compile(r"\d{4}-\d{2}")
_NUMBER: Final = re.compile(r"-?\d+(\.\d+)?")


@cache
def locale(language: Language) -> Locale:
    """The locale whose number forms are used: Canada's, in either language."""
    return Locale.parse(f"{language}_CA")


@lru_cache(maxsize=4096)
def _number(value: int, language: Language) -> str:
    return format_decimal(value, locale=locale(language))


class Voice:
    """Says the sentences of one block in one language."""

    def __init__(self, language: Language, sentences: Mapping[str, Sentence]) -> None:
        self.language: Language = language
        self._sentences = sentences

    def say(self, key: str, count: int | None = None, /, **values: str) -> str:
        """The sentence `key` with its `{names}` filled in; `count` chooses the plural and fills `{count}`."""
        forms = self._sentences[key]
        if count is None:
            return forms["other"].format_map(values)
        category = locale(self.language).plural_form(count)
        form = forms.get(category, forms["other"])
        return form.format_map({"count": self.number(count), **values})

    def text(self, both: Both) -> str:
        """A standard text in this language."""
        return both["fr"] if self.language == "fr" else both["en"]

    def date(self, iso: str) -> str:
        """ "24 November 2026", "24 novembre 2026"; the first of a month is "1er" in French."""
        return self._day(dt.date.fromisoformat(iso))

    def _day(self, day: dt.date) -> str:
        # The day stays with its month at the end of a line.
        pattern = "d'er'\u00a0MMMM y" if self.language == "fr" and day.day == 1 else "d\u00a0MMMM y"
        return format_date(day, pattern, locale=locale(self.language))

    def month(self, day: dt.date) -> str:
        """The month of a day in short form with its year: "Nov 2026", "nov. 2026"."""
        return format_date(day, "MMM y", locale=locale(self.language))

    def published_date(self, value: str) -> str:
        """A date as exact as it was published: a day, a month, a year, or whatever else the source says."""
        try:
            if _DAY.fullmatch(value):
                return self.date(value)
            if _MONTH.fullmatch(value):
                return format_date(dt.date.fromisoformat(f"{value}-01"), "MMMM y", locale=locale(self.language))
        except ValueError:
            pass  # looks like a date and is none: shown as published
        return value

    def published_period(self, value: str) -> str:
        """A period as published: two dates with "/" between them are written out, anything else stays as it is."""
        start, slash, end = (part.strip() for part in value.partition("/"))
        if not slash or not (start[:4].isdigit() and end[:4].isdigit()):
            return self.published_date(value)
        return f"{self.published_date(start)} – {self.published_date(end)}"

    def number(self, value: int) -> str:
        """A whole number with the thousands separator of the language."""
        return _number(value, self.language)

    def published_number(self, value: str) -> str:
        """A number given as text, with all its decimals; what is not a number stays as it is."""
        if not _NUMBER.fullmatch(value):
            return value
        whole, point, decimals = value.partition(".")
        mark = "," if self.language == "fr" else "."
        return self.number(int(whole)) + (mark + decimals if point else "")

    def list(self, items: Iterable[str]) -> str:
        """ "A, B and C", "A, B et C"."""
        return format_list([*items], style="standard", locale="fr_CA" if self.language == "fr" else "en_GB")

    def numbers(self, numbers: Sequence[int]) -> str:
        """Whole numbers in order, with runs of three or more drawn together: "1–7 and 9"."""
        parts: list[list[int]] = []
        for number in sorted(set(numbers)):
            if parts and number == parts[-1][-1] + 1:
                parts[-1].append(number)
            else:
                parts.append([number])
        words: list[str] = []
        for part in parts:
            if len(part) > 2:
                words.append(f"{self.number(part[0])}–{self.number(part[-1])}")
            else:
                words += map(self.number, part)
        return self.list(words)
