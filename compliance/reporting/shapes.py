"""The shapes that facts come in: what a report can be about, which facts it has, and what its title may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, get_args, get_type_hints, is_typeddict

from compliance.reporting import facts as f
from compliance.reporting.text import excerpt
from compliance.reporting.voice import Voice

LONGEST_NAME_IN_FOOTER: Final = 80  # characters
NO_NAME: Final = "–"

#: What has to be named, beside the cycle, for a report to be built.
Subject = Literal["company", "principle", "cycle"]

_ALWAYS: Final = frozenset({"cycle", "date", "edition"})
#: What title, subtitle and footer may name, by subject.
NAMES: Final[Mapping[Subject, frozenset[str]]] = {
    "company": _ALWAYS | {"company"},
    "principle": _ALWAYS | {"principle", "theme"},
    "cycle": _ALWAYS,
}


@dataclass(frozen=True, slots=True)
class Shape:
    """One type of facts. Every kind of report (a folder in `reports/`) has one; several kinds may share it."""

    name: str
    type: type
    subject: Subject


SHAPES: Final[Mapping[str, Shape]] = {
    shape.name: shape
    for shape in (
        Shape("company-brief", f.CompanyBrief, "company"),
        Shape("company-feedback", f.CompanyFeedback, "company"),
        Shape("progress", f.Progress, "company"),
        Shape("cross-company", f.CrossCompany, "cycle"),
        Shape("principle", f.PrincipleReport, "principle"),
        Shape("sector-aggregate", f.SectorAggregate, "cycle"),
    )
}


@cache
def members(shape: Any) -> Mapping[str, Any]:
    """The keys of a TypedDict with their types."""
    return get_type_hints(shape)


@cache
def keys_of(shape: Any) -> frozenset[str]:
    """Every key in facts of a type, at any depth."""
    if is_typeddict(shape):
        return frozenset(members(shape)).union(*(keys_of(hint) for hint in members(shape).values()))
    return frozenset().union(*(keys_of(part) for part in get_args(shape)))


def lacking(shape: Shape, needs: type) -> list[str]:
    """The keys of `needs` that facts of `shape` do not have, or have as something else."""
    has = members(shape.type)
    return [key for key, hint in members(needs).items() if has.get(key) != hint]


def frame(facts: f.Facts, voice: Voice) -> dict[str, str]:
    """What title, subtitle and footer may name, in the language of `voice`; all but the edition, which is a phrase."""
    names = {"cycle": voice.text(facts["cycle"]["name"]), "date": voice.date(facts["generated_on"])}
    subject = SHAPES[facts["shape"]].subject
    if subject == "company":
        names["company"] = _shown(facts["company"])
    elif subject == "principle":
        names["principle"] = voice.number(facts["principle"]["number"])
        names["theme"] = voice.text(facts["principle"]["theme"])
    return names


def short(names: Mapping[str, str]) -> dict[str, str]:
    """The same for a footer, in which a long name is cut."""
    cut = {key: excerpt(value, LONGEST_NAME_IN_FOOTER) for key, value in names.items()}
    return {key: f"{value}…" if shortened else value for key, (value, shortened) in cut.items()}


def _shown(company: f.Company) -> str:
    name = company["name"]
    if any(character.isprintable() and not character.isspace() for character in name):
        return name
    return company["slug"] or NO_NAME  # a title that shows nothing is no title
