"""The words of a framework and of the records around it, as the facts of reports have them: plain data."""

from __future__ import annotations

import datetime as dt
from functools import lru_cache

from babel import Locale

from compliance.domain.framework import Framework, Indicator, Term, Wording
from compliance.domain.results import Cell
from compliance.domain.rules import Label, Severity
from compliance.domain.text import Text
from compliance.reporting import facts as f
from compliance.reporting.text import excerpt
from compliance.storage.models import Cycle

EXCERPT = 600  # characters of somebody's own words that a report shows


# The same word is the same object wherever it stands: the check of the facts looks at each object once.


@lru_cache(maxsize=4096)
def both(text: Text) -> f.Both:
    """A text in both languages."""
    return {"en": text.en, "fr": text.fr}


@lru_cache(maxsize=512)
def term_word(term: Term) -> f.Label:
    """A word of the framework with its id."""
    return {"id": term.id, "word": both(term.label)}


@lru_cache(maxsize=512)
def label_word(label: Label) -> f.Label:
    """A word of the rules with its id."""
    return {"id": label.id, "word": both(label.label)}


@lru_cache(maxsize=64)
def severity_word(severity: Severity) -> f.Severity:
    """A severity with its looks and rank."""
    return {
        "id": severity.id,
        "kind": severity.kind.value,
        "word": both(severity.word),
        "symbol": severity.symbol,
        "colour": severity.colour,  # type: ignore[typeddict-item]  # content checks allow the six colours only
        "rank": severity.rank,
    }


def cell_of(cell: Cell) -> f.Cell:
    """A roll-up cell."""
    return {
        "severity": severity_word(cell.worst) if cell.worst else None,
        "counts": [{"severity": severity_word(severity), "n": number} for severity, number in cell.counts],
        "applicable": cell.applicable,
        "nothing_applies": cell.nothing_applies,
    }


_indicators: dict[tuple[str, str], f.Indicator] = {}  # by the framework's sha256 and the indicator's id


def indicator_of(framework: Framework, indicator: Indicator) -> f.Indicator:
    """An indicator, with its place in the framework."""
    key = (framework.sha256, indicator.id)
    if key not in _indicators:
        _indicators[key] = _new_indicator(framework, indicator)
    return _indicators[key]


def _new_indicator(framework: Framework, indicator: Indicator) -> f.Indicator:
    return {
        "id": indicator.id,
        "name": both(indicator.name),
        "principle_id": indicator.principle_id,
        "principle_number": framework.principles_by_id[indicator.principle_id].number,
        "place": list(framework.indicators).index(indicator.id),
        "company_wide": indicator.scope == "company",
    }


def official_of(wording: Wording) -> f.Official:
    """Which wordings are official."""
    return {"en": wording.official["en"], "fr": wording.official["fr"]}


def framework_of(framework: Framework) -> f.FrameworkVersion:
    """Which framework a report rests on, and which wording is official."""
    return {
        "title": both(framework.title.text),
        "title_official": official_of(framework.title),
        "version": framework.version,
        "sha256": framework.sha256,
        "note": both(framework.note) if framework.note else None,
        "principles": [
            {
                "number": principle.number,
                "official": official_of(principle.wording),
                "provenance": {"en": principle.wording.provenance["en"], "fr": principle.wording.provenance["fr"]},
            }
            for principle in framework.principles
        ],
    }


def said(text: str, language: str, limit: int = EXCERPT) -> f.Said | None:
    """Somebody's own words, shortened, in their own language; None when there are none."""
    if not text.strip():
        return None
    short, shortened = excerpt(text, limit)
    return {"text": short, "language": language, "shortened": shortened}


def country_name(code: str) -> f.Both:
    """The name of a country in both languages."""
    return {"en": Locale("en").territories[code], "fr": Locale("fr").territories[code]}


def cycle_of(cycle: Cycle, due_on: dt.date | None = None) -> f.Cycle:
    """A cycle with its names and days; `due_on` is one company's own last day."""
    return {
        "slug": cycle.slug,
        "name": {"en": cycle.name_en, "fr": cycle.name_fr},
        "period_start": cycle.period_start.isoformat(),
        "period_end": cycle.period_end.isoformat(),
        "opens_on": cycle.opens_on.isoformat(),
        "due_on": (due_on or cycle.due_on).isoformat(),
    }
