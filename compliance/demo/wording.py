"""How invented companies and reviewers put things: hand-written fragments, joined."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from random import Random
from typing import Any

from compliance.demo.designs import FOLDER, read
from compliance.domain.text import Language, Text


@cache
def fragments() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """By indicator: what a measure `does` and what it `lacks`, in both languages."""
    found: dict[str, Mapping[str, Mapping[str, str]]] = {}
    for path in sorted((FOLDER / "fragments").glob("*.yaml")):
        found |= read(f"fragments/{path.name}")
    return found


@cache
def phrases() -> Mapping[str, Any]:
    found: Mapping[str, Any] = read("phrases.yaml")
    return found


def cycle_name(half: int) -> Text:
    """The pattern of the name of a cycle about the first or second half of a year."""
    return Text(*(phrases()["cycle"][language][half - 1] for language in ("en", "fr")))


def description(name: str, kind: Text) -> Text:
    """What a company's page says about it: above all, that it is invented."""
    patterns = phrases()["description"]
    return Text(patterns["en"].format(name=name, kind=kind.en), patterns["fr"].format(name=name, kind=kind.fr))


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks about one indicator: in which language, about which service (or the whole company), around when."""

    language: Language
    name: str
    whole_company: bool
    indicator_id: str
    saved_on: dt.date
    dice: Random

    def pick(self, *group: str) -> str:
        """One sentence of a group, with names and a month put in."""
        found: Any = phrases()
        for name in group:
            found = found[name]
        options: Sequence[str] = found[self.language]
        return self._filled(self.dice.choice(options))

    def one(self, *group: str) -> str:
        """The only sentence of a group."""
        found: Any = phrases()
        for name in group:
            found = found[name]
        return self._filled(found[self.language])

    def measure(self) -> str:
        """What is in place, with a detail."""
        return f"{self._fragment('does')} {self.pick('details')}"

    def part(self) -> str:
        """What is in place and what is not."""
        lacks = self._fragment("lacks")
        return f"{self._fragment('does')} {self.pick('limits')}{lacks[0].lower()}{lacks[1:]}"

    def plan(self, by: dt.date) -> str:
        """What is missing and by when it will be there."""
        return f"{self._fragment('lacks')} {self.pick('plans').replace('{date}', self._day(by))}"

    def gap(self) -> str:
        """What is missing, and why."""
        return f"{self._fragment('lacks')} {self.pick('reasons_why_not')}"

    def _fragment(self, part: str) -> str:
        known = fragments().get(self.indicator_id)
        if known is None:  # a later version of the framework asks what nobody wrote a fragment for
            return self.one("generic")
        return self._filled(known[part][self.language])

    def _filled(self, pattern: str) -> str:
        at = {"en": ("on", "at"), "fr": ("sur", "chez")}[self.language][self.whole_company]
        month = self.saved_on - dt.timedelta(days=self.dice.randint(40, 700))
        return (
            pattern.replace("{service}", self.name)
            .replace("{at}", f"{at} {self.name}")
            .replace("{month}", f"{phrases()['months'][self.language][month.month - 1]} {month.year}")
        )

    def _day(self, day: dt.date) -> str:
        month = phrases()["months"][self.language][day.month - 1]
        first = "1er" if self.language == "fr" and day.day == 1 else str(day.day)
        return f"{first} {month} {day.year}"
