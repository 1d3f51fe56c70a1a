"""Sample facts: a whole brief, an empty one, and ones that try to break the layout or the renderers."""

from __future__ import annotations

import copy
import hashlib

from compliance.reporting.author import no_author
from compliance.reporting.facts import CompanyBrief, Gap
from compliance.reporting.selection import choose_asks, never_answered
from tests.reporting.pieces import (
    SERVICES,
    STATUSES,
    author,
    both,
    cell,
    gap,
    indicator,
    last_engagement,
    principle,
    public_fact,
    said,
    sample_gaps,
    services,
)


def with_gaps(facts: CompanyBrief, gaps: list[Gap]) -> CompanyBrief:
    """`facts` with these gaps and what follows from them by rule."""
    applicable = {item["indicator"]["id"]: 3 for item in gaps}
    per_principle = {p["number"]: p["cell"]["applicable"] for p in facts["principles"]}
    facts["gaps"] = gaps
    facts["asks"] = choose_asks(gaps, applicable)
    facts["never_answered"] = never_answered(gaps, per_principle)
    return facts


def full() -> CompanyBrief:
    """A brief in which every block has something to show."""
    facts = empty()
    facts["seen_by_company"] = False
    facts["company"]["description"] = both(
        "A social network with chat and live video.", "Un réseau social avec clavardage et vidéo en direct."
    )
    facts["company"]["endorsed_on"] = "2020-03-05"
    facts["company"]["endorsement_source"] = "https://ministers.example/list"
    facts["company"]["lead_country"] = both("Canada", "Canada")
    facts["company"]["fictional"] = True
    facts["participation"] = {
        "id": "submitted",
        "word": both("Submitted", "Transmis"),
        "unanswered": 9,
        "applicable": 61,
        "reason": None,
    }
    facts["previous_cycle"] = both("Cycle 2025", "Cycle 2025")
    facts["author"] = author()
    facts["last_engagement"] = last_engagement()
    facts["services"] = services()
    facts["principles"] = [principle(number) for number in range(1, 12)]
    facts["framework"]["principles"] = [
        {"number": p["number"], "official": p["official"], "provenance": p["provenance"]} for p in facts["principles"]
    ]
    facts["strengths"] = [
        {"kind": "met", "indicator": indicator(7, "a"), "services": list(SERVICES),
         "sources": ["https://lumo.example/safety"]},
        {"kind": "claimed", "indicator": indicator(4, "b"), "services": [SERVICES[0]], "sources": []},
        {"kind": "claimed", "indicator": indicator(9, "a", company_wide=True), "services": [], "sources": []},
    ]  # fmt: skip
    facts["public_record"] = [
        public_fact(1),
        public_fact(5, scope="named", services_text="Lumo Live", status=STATUSES["not_in_place"], value=None, unit="",
                    period="", geography="", source_date="", source_address="https://press.example/lumo",
                    indicator=indicator(5, "b"), statement=said("Live video is not scanned on Lumo Live.")),
        public_fact(1, scope="not_named", value="4.25", unit="median minutes", period="second half of 2024",
                    source_date="2024", entered_by=""),
    ]  # fmt: skip
    return with_gaps(facts, sample_gaps())


def empty() -> CompanyBrief:
    """A brief about a company of which nothing is known but its name."""
    return {
        "kind": "company-brief",
        "shape": "company-brief",
        "generated_on": "2026-11-24",
        "marking": {"id": "protected_a", "en": "PROTECTED A", "fr": "PROTÉGÉ A"},
        "releasable": False,
        "distribution": [],
        "edition": {"name": "full", "version": 1, "approved_by": "", "approved_on": None},
        "withheld": [],
        "seen_by_company": True,
        "company": {
            "name": "Lumo",
            "slug": "lumo",
            "description": both("", ""),
            "endorsed_on": None,
            "endorsement_source": "",
            "lead_country": None,
            "fictional": False,
        },
        "cycle": {
            "slug": "2026",
            "name": both("Cycle 2026", "Cycle 2026"),
            "period_start": "2026-01-01",
            "period_end": "2026-06-30",
            "opens_on": "2026-09-01",
            "due_on": "2026-10-31",
        },
        "previous_cycle": None,
        "participation": {
            "id": "no_reply",
            "word": both("No reply", "Aucune réponse"),
            "unanswered": 0,
            "applicable": 0,
            "reason": None,
        },
        "author": no_author(),
        "last_engagement": None,
        "services": [],
        "principles": [],
        "strengths": [],
        "asks": [],
        "gaps": [],
        "commitments": [],
        "public_record": [],
        "never_answered": {"count": 0, "of": 0, "principles": []},
        "framework": {
            "title": both("Voluntary Principles", "Principes volontaires"),
            "title_official": {"en": True, "fr": True},
            "version": "2026.1",
            "sha256": hashlib.sha256(b"framework").hexdigest(),
            "note": both("The French texts are a working translation.", "Les textes français sont provisoires."),
            "principles": [],
        },
    }


def silent() -> CompanyBrief:
    """A company that never answered: every question is open, and a few facts come from the public record."""
    facts = full()
    facts["participation"] = {
        "id": "no_reply", "word": both("No reply", "Aucune réponse"), "unanswered": 162, "applicable": 162,
        "reason": None,
    }  # fmt: skip
    facts["strengths"] = []
    facts["previous_cycle"] = None
    for number, item in enumerate(facts["principles"], 1):
        item["previous"], item["changes"] = None, []
        item["cell"] = cell(not_known=18) if number < 9 else cell(not_known=6)
    gaps = [
        gap(number, letter, service, "not_known", "unanswered")
        for number in range(1, 12)
        for letter in "abcdef"
        for service in (SERVICES if number < 9 else [None])
    ]
    return with_gaps(facts, gaps)


def large(service_count: int = 40, gap_count: int = 500) -> CompanyBrief:
    """Many services, many gaps, a very long name."""
    facts = full()
    facts["company"]["name"] = "The International Consolidated Communications and Entertainment Holding Company " * 3
    names = [f"Service number {number} with a name" for number in range(service_count)]
    facts["services"] = [{**facts["services"][number % 2], "name": name} for number, name in enumerate(names)]
    long_text = said(
        "We compare every image with a list of known hashes before it is shown to anyone. " * 6 + "Always."
    )
    gaps = [
        gap(number % 11 + 1, "abcdef"[number % 6], names[number % service_count], "gap_without_plan", "not_in_place",
            explanation=long_text if number % 5 == 0 else None)
        for number in range(gap_count)
    ]  # fmt: skip
    return with_gaps(facts, gaps)


HOSTILE = (
    "#set page(width: 1pt) #read(\"/etc/passwd\") $ x^2 $ *bold* _under_ `raw` @ref <label> [a](b) \\ // ~ = - + 1.",
    "<script>alert(1)</script>&amp;<b>{{ 7*7 }}{% raw %}{0}{company}%s",
    "bell\x07 null\x00 escape\x1b[31m carriage\r\nreturn half\ud800 override\u202eabc\u202c end\ufffe",
    "مرحبا بالعالم שלום עולם",
    "👩‍👩‍👧‍👦 🇨🇦 ❤️ 🏳️‍🌈 a\u0301e\u0308\u0489 ᐊ\u0301",
    "ᐃᓄᒃᑎᑐᑦ ᓄᓇᕗᑦ",
    "x" * 5_000,
    "漢字かな交じり文 हिन्दी ไทย",
)  # fmt: skip


def hostile(*, same: str | None = None) -> CompanyBrief:
    """The whole brief with every free text replaced by something that may break a renderer."""
    facts = copy.deepcopy(full())
    texts = iter(range(10_000))

    def bad() -> str:
        return same if same is not None else HOSTILE[next(texts) % len(HOSTILE)]

    facts["company"]["name"] = bad()[:300]
    facts["company"]["description"] = both(bad(), bad())
    facts["company"]["endorsement_source"] = bad()
    facts["author"] = {
        "meeting": {"held_on": "2026-12-01", "place": both(bad(), bad()), "participants": both(bad(), bad())},
        "objective": both(bad(), bad()),
        "likely": [{"they_say": both(bad(), bad()), "we_say": both(bad(), bad())}],
        "lines_to_take": both(bad(), bad()),
        "sensitivities": both(bad(), bad()),
        "next_steps": both(bad(), bad()),
    }
    for ask in facts["asks"]:
        ask["wording"], ask["expected_reply"] = both(bad(), bad()), both(bad(), bad())
    for service in facts["services"]:
        service["name"] = bad()
    for item in facts["gaps"]:
        item["explanation"] = said(bad(), "ar")
        item["reason_text"] = said(bad(), "<x>")
    for fact in facts["public_record"]:
        fact["statement"] = said(bad(), "")
        fact["source_address"], fact["source_date"], fact["unit"], fact["value"] = bad(), bad(), bad(), bad()
        fact["period"], fact["entered_by"], fact["geography"] = bad(), bad(), bad()
    return facts
