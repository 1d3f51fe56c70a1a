"""Sourced facts from the public record, always labelled as not the company's own answer."""

from __future__ import annotations

from collections.abc import Mapping

from compliance.reporting.blocks.common import indicator_name, line, own_words, quiet, references, source_places
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Line, Note, Run, Table, TableCell
from compliance.reporting.facts import CompanyBrief, PublicFact
from compliance.reporting.voice import Voice


@block(
    "public_record",
    may_be_empty=True,
    label=sentence(),
    caption=sentence(),
    about_column=sentence(),
    fact_column=sentence(),
    source_column=sentence(),
    not_named=sentence(),
    value=sentence("value", "unit"),
    status=sentence("word"),
    period=sentence("period"),
    geography=sentence("geography"),
    source_date=sentence("date"),
    no_date=sentence(),
    entered_by=sentence("name"),
)
def public_record(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """The facts by principle, each as published and with its source."""
    if not facts["public_record"]:
        return []
    places = source_places(facts)
    ordered = sorted(facts["public_record"], key=lambda fact: fact["principle_number"])
    columns = tuple(voice.say(f"{name}_column") for name in ("about", "fact", "source"))
    rows = tuple(_row(fact, places, voice) for fact in ordered)
    return [Note(line(voice.say("label"))), Table(voice.say("caption"), columns, rows, (5, 8, 4))]


def _row(fact: PublicFact, places: Mapping[str, int], voice: Voice) -> tuple[TableCell, ...]:
    about: list[Line] = [line(voice.say("principle", number=voice.number(fact["principle_number"])))]
    if fact["indicator"]:
        about.append(quiet(indicator_name(fact["indicator"], voice)))
    about.append(line(_services(fact, voice)))
    date = fact["source_date"]
    shown = voice.say("source_date", date=voice.published_date(date)) if date else voice.say("no_date")
    source: list[Line] = [(Run(references([fact["source_address"]], places)), Run(f" {shown}"))]
    if fact["entered_by"]:
        source.append(quiet(voice.say("entered_by", name=fact["entered_by"])))
    return (tuple(about), _published(fact, voice), tuple(source))


def _services(fact: PublicFact, voice: Voice) -> str:
    if fact["scope"] == "company":
        return voice.say("company_wide")
    return voice.say("not_named") if fact["scope"] == "not_named" else fact["services_text"]


def _published(fact: PublicFact, voice: Voice) -> TableCell:
    """The statement, then the status or the value with all that belongs to it, as published."""
    lines: list[Line] = [own_words(fact["statement"], voice, marks=False)] if fact["statement"]["text"] else []
    if fact["status"]:
        lines.append(line(voice.say("status", word=voice.text(fact["status"]["word"]))))
    if fact["value"] is not None:
        value = voice.published_number(fact["value"])
        lines.append(line(voice.say("value", value=value, unit=fact["unit"]).strip()))
    if fact["period"]:
        lines.append(quiet(voice.say("period", period=voice.published_period(fact["period"]))))
    if fact["geography"]:
        lines.append(quiet(voice.say("geography", geography=fact["geography"])))
    return tuple(lines)
