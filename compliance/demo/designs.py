"""The companies and governments of the demo as designed, and further companies made after them from a seed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final

import yaml

from compliance.demo.chance import chance
from compliance.domain.assessments import Invitation, State
from compliance.domain.text import Language, Text, language_of

FOLDER: Final = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of a company in a cycle. `answered`: the share of a draft; `reviewed`: the share with a finding."""

    invitation: Invitation
    state: State | None = None
    reason: str = ""
    answered: float = 1.0
    reviewed: float = 1.0


@dataclass(frozen=True, slots=True)
class ServiceDesign:
    """A service, what it does, and what it did in the cycle before (None: it was not there)."""

    name: str
    functions: tuple[str, ...]
    before: tuple[str, ...] | None
    retired: bool


@dataclass(frozen=True, slots=True)
class CompanyDesign:
    """`then` is None for a company that was not yet invited in the earlier cycle."""

    slug: str
    name: str
    kind: Text
    country: str
    language: Language
    size: float
    strength: float
    endorsed: bool
    shared_with: tuple[str, ...]
    generic: frozenset[str]
    then: Fate | None
    now: Fate
    services: tuple[ServiceDesign, ...]


@dataclass(frozen=True, slots=True)
class GovernmentDesign:
    slug: str
    name: str
    country: str
    staff: tuple[str, ...]  # a role, with ".fr" for someone who works in French


@dataclass(frozen=True, slots=True)
class RecordDesign:
    """A fact of the public record. `services` is None where the source does not say which."""

    company: str
    services: tuple[str, ...] | None
    indicator: str
    statement: str
    status: str | None
    value: float | None
    unit: str
    geography: str
    source: str


@cache
def designed_companies() -> tuple[CompanyDesign, ...]:
    return tuple(_company(raw) for raw in read("companies.yaml"))


@cache
def governments() -> tuple[GovernmentDesign, ...]:
    return tuple(
        GovernmentDesign(raw["slug"], raw["name"], raw["country"], tuple(raw["staff"]))
        for raw in read("governments.yaml")
    )


@cache
def records() -> tuple[RecordDesign, ...]:
    return tuple(_record(raw) for raw in read("records.yaml"))


def companies(count: int, seed: int) -> Iterator[CompanyDesign]:
    """As many companies as wanted: first those that were designed, then others of the same kinds with made-up names."""
    designed = designed_companies()
    for number in range(count):
        if number < len(designed):
            yield designed[number]
        else:
            yield _after(designed[number % len(designed)], number, chance(seed, "company", number))


_FIRST: Final = ("Alder", "Bracken", "Cinder", "Dover", "Ember", "Fallow", "Garnet", "Hollow", "Iron", "Juniper")
_SECOND: Final = ("bank", "brook", "dale", "field", "ford", "gate", "hurst", "ley", "mere", "path", "stow", "wick")


def _after(pattern: CompanyDesign, number: int, dice: Random) -> CompanyDesign:
    """A company of the same kind with another name, size and strength."""
    letters = "ABCDEFGH"
    word = f"{dice.choice(_FIRST)}{dice.choice(_SECOND)} {number}"
    return replace(
        pattern,
        slug=word.lower().replace(" ", "-"),
        name=word,
        size=round(10 ** dice.uniform(-1.5, 1), 3),
        strength=round(dice.uniform(0.15, 0.8), 3),
        endorsed=dice.random() < 0.4,
        services=tuple(
            replace(service, name=f"{word} {letter}")
            for letter, service in zip(letters, pattern.services, strict=False)
        ),
    )


def read(name: str) -> Any:
    """One of the files beside this one."""
    text = (FOLDER / name).read_text(encoding="utf-8")
    if hasattr(yaml, "CSafeLoader"):  # the C parser is several times as fast where it is there
        return yaml.load(text, Loader=yaml.CSafeLoader)
    return yaml.safe_load(text)


def _company(raw: Mapping[str, Any]) -> CompanyDesign:
    return CompanyDesign(
        slug=raw["slug"],
        name=raw["name"],
        kind=Text(**raw["kind"]),
        country=raw["country"],
        language=language_of(raw["language"]),
        size=raw["size"],
        strength=raw["strength"],
        endorsed=raw["endorsed"],
        shared_with=tuple(raw["shared_with"]),
        generic=frozenset(raw.get("generic", ())),
        then=_fate(raw["then"]) if "then" in raw else None,
        now=_fate(raw["now"]),
        services=tuple(_service(item) for item in raw["services"]),
    )


def _fate(raw: Mapping[str, Any]) -> Fate:
    state = State(raw["state"]) if "state" in raw else None
    return Fate(
        invitation=Invitation(raw.get("invitation", Invitation.ACCEPTED)),
        state=state,
        reason=raw.get("reason", ""),
        answered=raw.get("answered", 1.0),
        reviewed=raw.get("reviewed", 1.0 if state in (State.CONCLUDED, State.FINDINGS_SHARED) else 0.0),
    )


def _service(raw: Mapping[str, Any]) -> ServiceDesign:
    before = raw.get("before", raw["functions"])
    return ServiceDesign(
        name=raw["name"],
        functions=tuple(sorted(raw["functions"])),
        before=None if before == "none" else tuple(sorted(before)),
        retired=raw.get("retired", False),
    )


def _record(raw: Mapping[str, Any]) -> RecordDesign:
    services = raw["services"]
    return RecordDesign(
        company=raw["company"],
        services=None if services == "not_named" else tuple(services),
        indicator=raw["indicator"],
        statement=raw["statement"],
        status=raw.get("status"),
        value=raw.get("value"),
        unit=raw.get("unit", ""),
        geography=raw.get("geography", ""),
        source=raw["source"],
    )
