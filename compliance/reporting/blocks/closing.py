"""How the report was made: method and limits, which wording is official, and the sources."""

from __future__ import annotations

from compliance.reporting.blocks.common import edition_phrase, line, link, source_list
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Bullets, Line, Pairs, Paragraph, Run, Sources
from compliance.reporting.facts import CompanyBrief, Envelope
from compliance.reporting.voice import Voice

NAMES = "; "  # between those who get the report: a name may hold a comma
METHOD = ("words", "denominators", "changes", "silence", "evidence", "endorsement", "own_words", "public_record")


@block(
    "method",
    words=sentence(),
    denominators=sentence(),
    changes=sentence(),
    silence=sentence(),
    evidence=sentence(),
    endorsement=sentence(),
    own_words=sentence(),
    public_record=sentence(),
)
def method(facts: Envelope, voice: Voice) -> list[Block]:  # noqa: ARG001 - says the same about every company
    """What the words mean and what cannot be concluded from them."""
    return [Bullets(tuple(line(voice.say(key)) for key in METHOD))]


@block(
    "particulars",
    period_label=sentence(),
    period=sentence("start", "end", "due"),
    date_label=sentence(),
    edition_label=sentence(),
    marking_label=sentence(),
    distribution_label=sentence(),
    releasable_label=sentence(),
    releasable=sentence(),
    not_releasable=sentence(),
)
def particulars(facts: Envelope, voice: Voice) -> list[Block]:
    """What this paper is: period, date, edition; and how it is handled: marking, releasable or not, who gets it."""
    cycle = facts["cycle"]
    period = voice.say(
        "period",
        start=voice.date(cycle["period_start"]),
        end=voice.date(cycle["period_end"]),
        due=voice.date(cycle["due_on"]),
    )
    rows: list[tuple[str, Line]] = [
        (voice.say("period_label"), line(period)),
        (voice.say("date_label"), line(voice.date(facts["generated_on"]))),
        (voice.say("edition_label"), line(edition_phrase(facts["edition"], voice))),
        (voice.say("marking_label"), line(facts["marking"][voice.language])),
        (voice.say("releasable_label"), line(voice.say("releasable" if facts["releasable"] else "not_releasable"))),
    ]
    if names := facts.get("distribution"):
        rows.append((voice.say("distribution_label"), line(NAMES.join(names))))
    return [Pairs(tuple(rows))]


@block(
    "framework",
    title_label=sentence(),
    version_label=sentence(),
    digest_label=sentence(),
    official_label=sentence(),
    official=sentence("numbers"),
    none_official=sentence(),
    unofficial_label=sentence(),
    unofficial=sentence("numbers"),
    unverified_label=sentence(),
    unverified=sentence("numbers"),
    title_not_official=sentence(),
)
def framework(facts: Envelope, voice: Voice) -> list[Block]:
    """Which version was asked, its digest, and which of the texts above are official in this language."""
    version, language = facts["framework"], voice.language
    official = [p["number"] for p in version["principles"] if p["official"][language]]
    working = [p["number"] for p in version["principles"] if not p["official"][language]]
    unverified = [p["number"] for p in version["principles"] if p["provenance"][language] != "verified"]
    said = voice.say("official", numbers=voice.numbers(official)) if official else voice.say("none_official")
    rows: list[tuple[str, Line]] = [
        (voice.say("title_label"), line(voice.text(version["title"]))),
        (voice.say("version_label"), line(version["version"])),
        (voice.say("official_label"), line(said)),
    ]
    if working:
        rows.append((voice.say("unofficial_label"), line(voice.say("unofficial", numbers=voice.numbers(working)))))
    if unverified:
        numbers = voice.numbers(unverified)
        rows.append((voice.say("unverified_label"), line(voice.say("unverified", numbers=numbers))))
    rows.append((voice.say("digest_label"), line(version["sha256"])))
    notes: list[Block] = []
    if not version["title_official"][language]:
        notes.append(Paragraph(line(voice.say("title_not_official"))))
    if working and version["note"]:
        notes.append(Paragraph(line(voice.text(version["note"]))))
    return [Pairs(tuple(rows)), *notes]


@block("sources", may_be_empty=True, dated=sentence("date"))
def sources(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """Every source with its number; texts refer to it as [1]."""
    items: list[Line] = []
    for address, date in source_list(facts).items():
        dated = " " + voice.say("dated", date=voice.published_date(date)) if date else ""
        items.append((link(address), Run(dated)) if dated else (link(address),))
    return [Sources(tuple(items))] if items else []
