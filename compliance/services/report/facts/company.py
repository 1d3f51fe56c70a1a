"""What the reports about one company share: who it is, its services, its principles, what it left unanswered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from compliance.domain.answers import Status
from compliance.domain.clarifications import ClarificationState
from compliance.domain.errors import NotFound
from compliance.domain.framework import Framework
from compliance.domain.permissions import Permission, Record
from compliance.domain.questionnaire import Profile
from compliance.domain.results import Change
from compliance.domain.rules import Kind, Severity
from compliance.domain.text import Text
from compliance.reporting import facts as f
from compliance.services.actors import require
from compliance.services.days import local_day
from compliance.services.portfolio.companies import CompanyView, GridLine, company_view
from compliance.services.report import fact_words as w
from compliance.services.report.facts.building import Building
from compliance.services.report.facts.editions import redacted
from compliance.services.review.disputes import shown
from compliance.storage.models import Clarification, Result


def severity(view: CompanyView, row: Result) -> Severity:
    """The word of a result."""
    return view.framework.rules.severity_by_id[row.severity]


@dataclass(frozen=True)
class CompanyFacts:
    """One company in one cycle, as far as this edition for this reader may know it."""

    building: Building
    view: CompanyView
    envelope: f.Envelope
    asked: Sequence[Result]

    @classmethod
    def of(cls, building: Building) -> CompanyFacts:
        """Raises NotFound for a company that is not in the cycle or whose content is not shared with the reader."""
        about = building.about
        view = company_view(building.actor, about.company or "", about.cycle, now=building.now)
        if not view.shared or not view.results:
            raise NotFound(about.company)
        record = Record(company_id=view.company.id, lead_country=view.company.country, countries=view.countries)
        require(building.actor, Permission.REPORT_BUILD, record)
        withheld: list[f.Withheld] = []
        if building.edition == "redacted":
            view, withheld = redacted(view)
        today = local_day(building.now, view.company)
        envelope = building.envelope(view.framework, view.cycle, on=today, due_on=view.due_on)
        envelope["withheld"] = withheld
        envelope["cycle"] = w.cycle_of(view.cycle, view.due_on)
        if view.previous_cycle and any(line.previous for line in view.grid):
            envelope["previous_cycle"] = w.cycle_of(view.previous_cycle)["name"]
        asked = [row for row in view.results if severity(view, row).kind is not Kind.OUTSIDE]
        return cls(building, view, envelope, asked)

    def by_principle(self) -> Counter[int]:
        """How many questions apply, by the number of the principle."""
        numbers = self.view.framework.principles_by_id
        return Counter(numbers[row.principle_id].number for row in self.asked)

    def company(self) -> f.Company:
        """Who it is. Endorsement is a fact of its own."""
        company = self.view.company
        return {
            "name": company.name,
            "slug": company.slug,
            "description": {"en": company.description_en, "fr": company.description_fr},
            "endorsed_on": company.endorsed_on.isoformat() if company.endorsed_on else None,
            "endorsement_source": company.endorsement_source,
            "lead_country": w.country_name(company.country) if company.country else None,
            "fictional": company.fictional,
        }

    def participation(self) -> f.Participation:
        """How it takes part."""
        view = self.view
        word = view.word or Text("Not in this cycle", "Hors de ce cycle")
        return {
            "id": view.participation or "not_invited",
            "word": w.both(word),
            "unanswered": sum(row.status == Status.UNANSWERED for row in self.asked),
            "applicable": len(self.asked),
            "reason": w.said(view.reason, view.company.language),
        }

    def services(self) -> list[f.Service]:
        """The services as signed; of a company that submitted nothing, those that its results rest on."""
        view = self.view
        if view.sealed is None:
            names = {row.service.slug: row.service.name for row in view.results if row.service}
            profiles = [Profile(slug, name, None) for slug, name in names.items()]
        else:
            profiles = view.sealed.profiles
        before = view.previous_sealed.services_by_slug if view.previous_sealed else {}
        if view.sealed is not None:
            # A service that is no longer offered can do nothing any more; what it could do last time is shown as gone.
            known = {profile.slug for profile in profiles}
            profiles += [Profile(slug, old.name, frozenset()) for slug, old in before.items() if slug not in known]
        disputed = shown(view)
        return [_service(view.framework, profile, before, disputed) for profile in profiles]

    def principles(self) -> list[f.Principle]:
        """Each principle with its cells of both cycles and what moved."""
        return [principle_facts(self.view.framework, line) for line in self.view.grid]


def _service(
    framework: Framework, profile: Profile, before: Mapping[str, object], disputed: Sequence[Clarification]
) -> f.Service:
    earlier = getattr(before.get(profile.slug), "functions", None) or frozenset()
    dropped = earlier - profile.functions if profile.functions is not None else frozenset()
    return {
        "name": profile.name,
        "functions_declared": profile.functions is not None,
        "functions": _functions(framework, profile.functions or frozenset()),
        "dropped_functions": _functions(framework, dropped),
        "disputed_functions": [
            _disputed(framework, row) for row in disputed if row.service and row.service.slug == profile.slug
        ],
    }


def _disputed(framework: Framework, row: Clarification) -> f.DisputedFunction:
    """What the company says to a dispute is a draft until it has signed."""
    answered = row.state == ClarificationState.ANSWERED
    return {
        "function": w.both(framework.function_words[row.function].label),
        "has": bool(row.claims),
        "stance": "not_said" if not answered else "agrees" if row.agrees else "disagrees",
    }


def _functions(framework: Framework, ids: frozenset[str]) -> list[f.Both]:
    """Labels in the order of the framework; one that this version no longer has is left out."""
    return [w.both(term.label) for term in framework.functions if term.id in ids]


def principle_facts(framework: Framework, line: GridLine) -> f.Principle:
    """A principle with its cell, the cell of the cycle before and what changed."""
    wording = line.principle.wording
    words = framework.rules.words["changes"]
    return {
        "id": line.principle.id,
        "number": line.principle.number,
        "name": None,
        "text": w.both(wording.text),
        "official": w.official_of(wording),
        "provenance": {"en": wording.provenance["en"], "fr": wording.provenance["fr"]},
        "theme": w.both(framework.themes_by_id[line.principle.theme_id].wording.text),
        "cell": w.cell_of(line.cell),
        "previous": w.cell_of(line.previous) if line.previous else None,
        "changes": [
            {"id": change, "word": w.both(words[change].label), "n": line.changes[change]}
            for change in Change
            if line.changes.get(change)
        ],
    }
