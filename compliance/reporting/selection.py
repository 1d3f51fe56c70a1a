"""What of the facts goes where, by rule: the asks, and what was never answered. Pure functions over plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from compliance.reporting.facts import Ask, Gap, NeverAnswered, SilentIndicator, SilentPrinciple

MOST_ASKS: Final = 3


def choose_asks(gaps: Sequence[Gap], applicable: Mapping[str, int], limit: int = MOST_ASKS) -> list[Ask]:
    """At most `limit` asks from `gaps`, one per indicator: fewer gaps give fewer asks.

    Worst severity first, then the number of services that have it, then the order of the framework. An ask names the
    services that share the indicator's worst severity. `applicable` is the number of services to which each indicator
    (by id) applies. The date is the earliest that a plan names; without one it stays open.
    """
    by_indicator: dict[str, list[Gap]] = {}
    for gap in gaps:
        by_indicator.setdefault(gap["indicator"]["id"], []).append(gap)
    asks = [_ask(group, applicable) for group in by_indicator.values()]
    asks.sort(key=lambda ask: (ask["severity"]["rank"], -len(ask["services"]), ask["indicator"]["place"]))
    return asks[:limit]


def _ask(group: Sequence[Gap], applicable: Mapping[str, int]) -> Ask:
    worst = min(group, key=lambda gap: gap["severity"]["rank"])
    same = [gap for gap in group if gap["severity"]["id"] == worst["severity"]["id"]]
    services = [gap["service"] for gap in same if gap["service"] is not None]
    return {
        "indicator": worst["indicator"],
        "severity": worst["severity"],
        "services": services,
        "of": max(applicable.get(worst["indicator"]["id"], 0), len(services)),
        "standard_ask": worst["standard_ask"],
        "wording": None,
        "expected_reply": None,
        "by": min((gap["by"] for gap in same if gap["by"]), default=None),
    }


def is_silent(gap: Gap) -> bool:
    """Was nothing said about this at all: no answer, no finding, no flag?"""
    return gap["status"]["id"] == "unanswered" and gap["finding"] is None and not gap["flags"]


def never_answered(gaps: Sequence[Gap], applicable: Mapping[int, int]) -> NeverAnswered:
    """The unanswered questions among `gaps`, by principle; `applicable` counts the questions per principle number.

    A question without an answer counts here even when a finding or a flag stands beside it.
    """
    found: dict[int, dict[str, list[Gap]]] = {}
    for gap in gaps:
        if gap["status"]["id"] == "unanswered":
            indicator = gap["indicator"]
            found.setdefault(indicator["principle_number"], {}).setdefault(indicator["id"], []).append(gap)
    principles = [_silent(number, found[number], applicable.get(number, 0)) for number in sorted(found)]
    return {
        "count": sum(principle["count"] for principle in principles),
        "of": sum(applicable.values()),
        "principles": principles,
    }


def _silent(number: int, by_indicator: Mapping[str, Sequence[Gap]], applicable: int) -> SilentPrinciple:
    groups = sorted(by_indicator.values(), key=lambda group: group[0]["indicator"]["place"])
    indicators: list[SilentIndicator] = [
        {
            "indicator": group[0]["indicator"],
            "services": [gap["service"] for gap in group if gap["service"] is not None],
        }
        for group in groups
    ]
    count = sum(len(group) for group in groups)
    return {"number": number, "count": count, "of": max(applicable, count), "indicators": indicators}
