"""The facts of reports over many companies: sums by the database, joined with what is shared."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from compliance.domain.assessments import Participation
from compliance.domain.errors import NotFound
from compliance.domain.framework import Framework, Principle
from compliance.domain.permissions import Permission
from compliance.domain.results import Change
from compliance.domain.rules import Kind, Severity
from compliance.reporting import facts as f
from compliance.services.actors import require
from compliance.services.cycle.frameworks import framework_for
from compliance.services.portfolio.portfolio import cycle_in
from compliance.services.report import fact_words as w
from compliance.services.report.facts.building import Building
from compliance.services.transaction import reading
from compliance.storage.models import Cycle
from compliance.storage.queries import cycles, portfolio
from compliance.storage.queries import reports as queries

MOST_NAMED = 200  # companies in one table; nobody reads more


@dataclass(frozen=True)
class AcrossFacts:
    """A cycle as one government may see it, in this edition."""

    building: Building
    cycle: Cycle
    framework: Framework
    basis: queries.Basis
    today: dt.date
    with_results: int
    envelope: f.Envelope

    @classmethod
    def of(cls, building: Building, *, open_only: bool = False) -> AcrossFacts:
        """Raises NotFound for an unknown cycle, Denied for whoever may not build a report over all companies."""
        require(building.actor, Permission.REPORT_BUILD_ACROSS)
        session = reading()
        all_cycles = cycles.all_cycles(session)
        cycle = cycle_in(all_cycles, building.about.cycle)
        framework = framework_for(cycle.framework_version)
        ranks = {severity.id: severity.rank for severity in framework.rules.severities}
        redacted = open_only or building.edition == "redacted"
        basis = queries.Basis(building.actor, cycle.id, cycle.previous_id, ranks, redacted)
        today = building.now.astimezone(dt.UTC).date()
        envelope = building.envelope(framework, cycle, on=today)
        previous = next((other for other in all_cycles if other.id == cycle.previous_id), None)
        if previous:
            envelope["previous_cycle"] = w.cycle_of(previous)["name"]
        if building.edition == "redacted":
            envelope["withheld"] = withheld(framework, queries.withheld_counts(session, basis))
        count = queries.companies_with_results(session, basis)
        return cls(building, cycle, framework, basis, today, count, envelope)

    def basis_facts(self) -> f.Basis:
        """What the sums rest on."""
        session, actor = reading(), self.building.actor
        return {
            "country": w.country_name(actor.country) if actor.country else None,
            "companies": sum(item["n"] for item in self.participations()),
            "shared": portfolio.shared_count(session, actor, self.cycle.id),
            "with_results": self.with_results,
            "most": MOST_NAMED,
        }

    def participations(self) -> list[f.WordCount]:
        """How many companies take part in which way; a word that fits none is left out."""
        session, words = reading(), self.framework.rules.words["participation"]
        found: list[f.WordCount] = []
        for word in Participation:
            which = portfolio.Which(participation=word, on=self.today)
            number = portfolio.company_count(session, self.building.actor, self.cycle, which)
            if number:
                found.append({"id": word.value, "word": w.both(words[word].label), "n": number})
        return found

    def spread(self, only: Principle | None = None) -> list[f.Spread]:
        """In how many companies each word is the worst one, by principle, and what moved."""
        session, principle_id = reading(), only.id if only else None
        counts = by_rank(self.framework, queries.spread(session, self.basis, principle_id))
        moved: dict[str, dict[str, int]] = defaultdict(dict)
        for id_, change, number in queries.moved(session, self.basis, principle_id):
            moved[id_][change] = number
        words = self.framework.rules.words["changes"]
        return [
            {
                "principle_number": principle.number,
                "theme": self.theme(principle),
                "counts": count_facts(counts.get(principle.id, {}).items()),
                "companies": sum(counts.get(principle.id, {}).values()),
                "changes": [
                    {"id": change.value, "word": w.both(words[change].label), "n": moved[principle.id][change.value]}
                    for change in Change
                    if moved[principle.id].get(change.value)
                ],
            }
            for principle in self.framework.principles
            if only in (None, principle)
        ]

    def theme(self, principle: Principle) -> f.Both:
        """What a principle is about, in a few words."""
        return w.both(self.framework.themes_by_id[principle.theme_id].wording.text)

    def principle(self, number: int | None) -> Principle:
        """The principle with this number; raises NotFound."""
        found = next((principle for principle in self.framework.principles if principle.number == number), None)
        if found is None:
            raise NotFound(f"principle {number}")
        return found

    def ids_of(self, *kinds: Kind) -> list[str]:
        """The ids of the severities of these kinds."""
        return [severity.id for severity in self.framework.rules.severities if severity.kind in kinds]


def by_rank(framework: Framework, rows: Sequence[tuple[str, int, int]]) -> dict[str, dict[Severity, int]]:
    """Numbers by key and severity, from rows of key, rank and number."""
    severities = {severity.rank: severity for severity in framework.rules.severities}
    found: dict[str, dict[Severity, int]] = defaultdict(dict)
    for key, rank, number in rows:
        found[key][severities[rank]] = number
    return found


def count_facts(counts: Iterable[tuple[Severity, int]]) -> list[f.Count]:
    """Counts worst first."""
    ordered = sorted(counts, key=lambda item: item[0].rank)
    return [{"severity": w.severity_word(severity), "n": number} for severity, number in ordered]


def withheld(framework: Framework, counts: dict[str, int]) -> list[f.Withheld]:
    """How many answers are left out, by principle."""
    return [
        {"principle_number": principle.number, "n": counts[principle.id]}
        for principle in framework.principles
        if counts.get(principle.id)
    ]
