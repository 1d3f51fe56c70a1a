"""A framework: what was agreed, what is asked, and the words for it. Read from `principles/`, never written in code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from compliance.domain.rules import Rules
from compliance.domain.text import Text


class Scope(StrEnum):
    """Whether an indicator is asked for each service or once for the company."""

    SERVICE = "service"
    COMPANY = "company"


class UnitKind(StrEnum):
    COUNT = "count"
    DURATION = "duration"
    SHARE = "share"
    PEOPLE = "people"


@dataclass(frozen=True, slots=True)
class Wording:
    """An agreed text with what is known about it, each per language: official wording or not, checked or not."""

    text: Text
    official: Mapping[str, bool]
    provenance: Mapping[str, str]
    source: Mapping[str, str]
    remark: Text | None = None


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    name: str
    language: str


@dataclass(frozen=True, slots=True)
class Theme:
    id: str
    wording: Wording


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the framework (function, surface, status, reason, grade …) with its label and explanation."""

    id: str
    label: Text
    help: Text | None = None


@dataclass(frozen=True, slots=True)
class Surface:
    """A place on a service; a service has it when it has any of `functions`."""

    id: str
    label: Text
    functions: frozenset[str]


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    kind: UnitKind
    label: Text
    seconds: int | None = None  # durations only: how many seconds one unit lasts


@dataclass(frozen=True, slots=True)
class AppliesWhen:
    """Which service functions an indicator needs. No list at all means every service."""

    any: frozenset[str] = frozenset()
    all: frozenset[str] = frozenset()
    none: frozenset[str] = frozenset()

    def met_by(self, functions: Iterable[str]) -> bool:
        """Does a service with `functions` meet the condition?"""
        have = frozenset(functions)
        return (not self.any or bool(self.any & have)) and self.all <= have and not self.none & have

    @property
    def possible(self) -> bool:
        """Can any service meet the condition at all?"""
        return not self.all & self.none and (not self.any or bool(self.any - self.none))


@dataclass(frozen=True, slots=True)
class LinesUpWith:
    """What an indicator corresponds to in another regime, as read in a source."""

    regime: str
    reference: str
    source: str
    provenance: str


@dataclass(frozen=True, slots=True)
class Indicator:
    id: str
    principle_id: str
    scope: Scope
    name: Text
    question: Text
    help: Text
    evidence_hint: Text
    ask: Text
    applies_when: AppliesWhen
    surfaces: tuple[str, ...]
    statuses: tuple[str, ...]
    replaces: tuple[str, ...]
    lines_up_with: tuple[LinesUpWith, ...]
    official: bool
    provenance: str

    def applies_to(self, functions: frozenset[str] | None) -> bool:
        """Is the indicator asked of a service with `functions`?

        A profile that was never declared (None) takes nothing away: whoever does not say what a service does
        is asked everything, so that silence is never rewarded.
        """
        return functions is None or self.applies_when.met_by(functions)


@dataclass(frozen=True, slots=True)
class Metric:
    id: str
    principle_id: str
    indicator_id: str
    scope: Scope
    name: Text
    help: Text
    unit: Unit
    period: str
    official: bool
    provenance: str


@dataclass(frozen=True, slots=True)
class Principle:
    id: str
    number: int  # its place in the framework, from 1
    theme_id: str
    wording: Wording
    indicators: tuple[Indicator, ...]
    metrics: tuple[Metric, ...]


@dataclass(frozen=True)
class Framework:
    """One published version of what is asked. `sha256` pins it: two frameworks with the same sha256 ask the same."""

    id: str
    version: str
    name: Text
    title: Wording
    note: Text | None
    sources: tuple[Source, ...]
    themes: tuple[Theme, ...]
    principles: tuple[Principle, ...]
    functions: tuple[Term, ...]
    surfaces: tuple[Surface, ...]
    statuses: tuple[Term, ...]
    reasons: tuple[Term, ...]
    units: tuple[Unit, ...]
    rules: Rules
    sha256: str = field(default="")

    @cached_property
    def indicators(self) -> Mapping[str, Indicator]:
        """Every indicator by id, in the order of the framework."""
        return {indicator.id: indicator for principle in self.principles for indicator in principle.indicators}

    @cached_property
    def metrics(self) -> Mapping[str, Metric]:
        """Every metric by id, in the order of the framework."""
        return {metric.id: metric for principle in self.principles for metric in principle.metrics}

    @cached_property
    def metrics_by_indicator(self) -> Mapping[str, tuple[Metric, ...]]:
        """The metrics asked on each indicator's page."""
        found: dict[str, list[Metric]] = {}
        for metric in self.metrics.values():
            found.setdefault(metric.indicator_id, []).append(metric)
        return {indicator_id: tuple(metrics) for indicator_id, metrics in found.items()}

    @cached_property
    def principles_by_id(self) -> Mapping[str, Principle]:
        return {principle.id: principle for principle in self.principles}

    @cached_property
    def themes_by_id(self) -> Mapping[str, Theme]:
        return {theme.id: theme for theme in self.themes}

    @cached_property
    def units_by_id(self) -> Mapping[str, Unit]:
        return {unit.id: unit for unit in self.units}

    @cached_property
    def status_words(self) -> Mapping[str, Term]:
        return {term.id: term for term in self.statuses}

    @cached_property
    def reason_words(self) -> Mapping[str, Term]:
        return {term.id: term for term in self.reasons}

    @cached_property
    def function_words(self) -> Mapping[str, Term]:
        return {term.id: term for term in self.functions}

    @cached_property
    def surface_words(self) -> Mapping[str, Surface]:
        return {surface.id: surface for surface in self.surfaces}

    @cached_property
    def successors(self) -> Mapping[str, str]:
        """Which indicator of this version takes the place of an earlier id (from `replaces`)."""
        return {old: indicator.id for indicator in self.indicators.values() for old in indicator.replaces}

    def indicator_now(self, indicator_id: str | None) -> Indicator | None:
        """The indicator with this id, or the one that has taken its place; None for one that is unknown here.

        What was entered under an earlier version (a fact of the public record, a commitment) is still about it.
        """
        if indicator_id is None:
            return None
        return self.indicators.get(indicator_id) or self.indicators.get(self.successors.get(indicator_id, ""))

    def surfaces_of(self, indicator: Indicator, functions: frozenset[str] | None) -> tuple[Surface, ...]:
        """The surfaces to choose from for `indicator` on a service with `functions` (None: not declared)."""
        offered = (self.surface_words[surface_id] for surface_id in indicator.surfaces)
        return tuple(s for s in offered if functions is None or not s.functions or s.functions & functions)
