"""The facts of a draft: what the data says now, with what its author wrote and how it is handled."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from compliance.domain.permissions import Actor
from compliance.domain.report_texts import CHOSEN, MOST_ASKS, MOST_LIKELY, Content, ask_slot, day_in, text_in
from compliance.reporting import SHAPES, AskEdit, Folders, check_facts, no_author, with_author
from compliance.reporting.facts import Ask, Author, Both, CompanyBrief, EditionName, Facts
from compliance.reporting.markings import load_markings
from compliance.reporting.selection import choose_asks
from compliance.services.report import reports
from compliance.services.report.facts import About, Building
from compliance.services.report.facts.company import CompanyFacts
from compliance.services.report.life.access import about_of
from compliance.services.turns import in_turn
from compliance.storage.models import Report, ReportText

#: Shapes whose facts have a place for what an official writes.
WRITTEN: Final = frozenset(name for name, shape in SHAPES.items() if shape.type is CompanyBrief)
#: Kinds that have one edition only: one is for publication, the other is the company's own.
UNREDACTED: Final = frozenset({"sector-aggregate", "company-feedback"})


def editions_of(kind: str) -> tuple[EditionName, ...]:
    """The editions in which a report of this kind is frozen."""
    return ("full",) if kind in UNREDACTED else reports.EDITIONS


def is_written(kind: str, folders: Folders) -> bool:
    """Does an official write in reports of this kind?"""
    outline = reports.kinds(folders).get(kind)
    return outline is not None and outline.shape.name in WRITTEN


def by_slot(texts: Sequence[ReportText]) -> dict[str, Content]:
    """What was written, by slot."""
    return {text.slot: text.content for text in texts}


def draft_facts(
    actor: Actor,
    report: Report,
    texts: Mapping[str, Content],
    folders: Folders,
    *,
    now: dt.datetime,
    edition: EditionName = "full",
) -> Facts:
    """The facts of a draft in one edition, as `actor` may see them now. Raises as `reports.build` does."""
    with in_turn():
        return _draft_facts(actor, report, texts, folders, now, edition)


def _draft_facts(
    actor: Actor, report: Report, texts: Mapping[str, Content], folders: Folders, now: dt.datetime, edition: EditionName
) -> Facts:
    facts = reports.build(report.kind, about_of(report), actor, folders, now=now, edition=edition)
    facts["marking"] = load_markings(folders.reports)[report.marking]
    facts["releasable"] = report.releasable
    facts["distribution"] = list(report.distribution)
    facts["edition"]["version"] = report.number
    if facts["shape"] in WRITTEN:
        facts = _written(cast(CompanyBrief, facts), texts, actor, now)
    return check_facts(facts)


def _written(facts: CompanyBrief, texts: Mapping[str, Content], actor: Actor, now: dt.datetime) -> Facts:
    edits = ask_edits(facts, texts)
    of = _services_asked(facts, actor, now) if edits else {}
    return cast(Facts, with_author(facts, author_of(texts), edits, of=of))


def _services_asked(facts: CompanyBrief, actor: Actor, now: dt.datetime) -> Counter[str]:
    """To how many services each indicator applies, by its id."""
    about = About(facts["cycle"]["slug"], facts["company"]["slug"])
    building = Building(actor, facts["kind"], facts["shape"], about, facts["edition"]["name"], facts["marking"], now)
    return Counter(row.indicator_id for row in CompanyFacts.of(building).asked)


def ask_edits(facts: CompanyBrief, texts: Mapping[str, Content]) -> list[AskEdit]:
    """What the author made of the asks: those that were chosen, else those that are proposed, with their wording."""
    chosen = texts.get(CHOSEN, {}).get("indicators") or [ask["indicator"]["id"] for ask in facts["asks"]]
    open_ones = {gap["indicator"]["id"] for gap in facts["gaps"]}
    chosen = [indicator for indicator in chosen if indicator in open_ones][:MOST_ASKS]
    edits = [_edit(indicator, texts.get(ask_slot(indicator), {})) for indicator in chosen]
    proposed = [AskEdit(ask["indicator"]["id"]) for ask in facts["asks"]]
    return [] if edits == proposed else edits


def _edit(indicator: str, content: Content) -> AskEdit:
    by = day_in(content, "by")
    return AskEdit(
        indicator,
        wording=_both_or_none(content, "wording"),
        expected_reply=_both_or_none(content, "expected_reply"),
        by=by.isoformat() if by else None,
    )


def author_of(texts: Mapping[str, Content]) -> Author:
    """What the author wrote, as the facts have it."""
    meeting = texts.get("meeting", {})
    held_on, place, participants = day_in(meeting, "held_on"), both(meeting, "place"), both(meeting, "participants")
    author = no_author()
    if held_on or any(place.values()) or any(participants.values()):
        author["meeting"] = {
            "held_on": held_on.isoformat() if held_on else None,
            "place": place,
            "participants": participants,
        }
    for name in ("objective", "lines_to_take", "sensitivities", "next_steps"):
        author[name] = both(texts.get(name, {}), name)
    likely = texts.get("likely", {})
    pairs = [(both(likely, f"they_say_{n}"), both(likely, f"we_say_{n}")) for n in range(1, MOST_LIKELY + 1)]
    author["likely"] = [
        {"they_say": they, "we_say": we} for they, we in pairs if any(they.values()) or any(we.values())
    ]
    return author


def both(content: Content, name: str) -> Both:
    """A text in both languages; "" where there is none."""
    return {"en": text_in(content, name, "en"), "fr": text_in(content, name, "fr")}


def _both_or_none(content: Content, name: str) -> Both | None:
    found = both(content, name)
    return found if any(found.values()) else None


@dataclass(frozen=True, slots=True)
class Choice:
    """An ask that could be made. `place` is where it stands among those that are made, from 1; None: it is not."""

    ask: Ask
    place: int | None
    edited: bool


def choices(facts: Facts, texts: Mapping[str, Content]) -> list[Choice]:
    """Every indicator with a gap, those that the report asks for first, then by how much they matter."""
    if facts["shape"] not in WRITTEN:
        return []
    places = {ask["indicator"]["id"]: place for place, ask in enumerate(facts["asks"], 1)}
    known = {ask["indicator"]["id"]: ask for ask in choose_asks(facts["gaps"], {}, limit=len(facts["gaps"]))}
    known |= {ask["indicator"]["id"]: ask for ask in facts["asks"]}
    found = [Choice(ask, places.get(id_), bool(texts.get(ask_slot(id_)))) for id_, ask in known.items()]
    return sorted(found, key=lambda choice: choice.place or MOST_ASKS + 1)


def gone(facts: Facts, texts: Mapping[str, Content]) -> list[tuple[str, Mapping[str, Any]]]:
    """Asks that were written and are no gap any more: kept, and printed again when the gap comes back."""
    open_ones = {gap["indicator"]["id"] for gap in facts.get("gaps", ())}
    written = [(name.partition(":")[2], content) for name, content in texts.items() if name.startswith(ask_slot(""))]
    return [(indicator, content) for indicator, content in written if indicator not in open_ones]
