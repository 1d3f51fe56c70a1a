"""The first page: what it is, how the company takes part, the objective, the asks, and one line of the principles."""

from __future__ import annotations

from compliance.reporting.blocks.common import (
    both_or_none,
    indicator_name,
    line,
    own_words,
    quiet,
    services_phrase,
    tag,
)
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import AskItem, Asks, Block, Line, Note, Pairs, Paragraph, Run
from compliance.reporting.facts import Ask, CompanyBrief, Participation
from compliance.reporting.voice import Voice


@block(
    "standing",
    participation_label=sentence(),
    participation=sentence("word", "number", "of"),
    reason_label=sentence(),
    public_record_label=sentence(),
    public_record=sentence("count"),
    not_seen=sentence(),
    fictional=sentence(),
)
def standing(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """How the company takes part, and what the reader must know before using this paper."""
    rows: list[tuple[str, Line]] = [
        (voice.say("participation_label"), line(_participation(facts["participation"], voice))),
    ]
    if facts["participation"]["reason"]:
        rows.append((voice.say("reason_label"), own_words(facts["participation"]["reason"], voice)))
    if facts["public_record"]:
        known = voice.say("public_record", len(facts["public_record"]))
        rows.append((voice.say("public_record_label"), line(known)))
    notes: list[Block] = []
    if not facts["seen_by_company"]:
        notes.append(Note(line(voice.say("not_seen"))))
    if facts["company"]["fictional"]:
        notes.append(Note(line(voice.say("fictional"))))
    return [Pairs(tuple(rows)), *notes]


def _participation(participation: Participation, voice: Voice) -> str:
    word = voice.text(participation["word"])
    if not participation["applicable"]:
        return word
    return voice.say(
        "participation",
        word=word,
        number=voice.number(participation["unanswered"]),
        of=voice.number(participation["applicable"]),
    )


@block(
    "asks",
    may_be_empty=True,
    answer=sentence("indicator"),
    if_missing=sentence("ask"),
    about=sentence("number", "indicator"),
    by=sentence("date"),
    by_open=sentence(),
    expected=sentence("reply"),
    nothing_asked=sentence(),
)
def asks(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """What to ask for, in words that can be said, with the gap behind it and the date."""
    items = tuple(_ask(ask, voice) for ask in facts["asks"])
    if not items and not facts["participation"]["applicable"]:
        return [Paragraph(line(voice.say("nothing_asked")))]
    return [Asks(items)] if items else []


def _ask(ask: Ask, voice: Voice) -> AskItem:
    indicator, standard = ask["indicator"], voice.text(ask["standard_ask"])
    wording = both_or_none(ask["wording"], voice)
    unknown = ask["severity"]["kind"] == "unknown"
    if not wording:
        wording = voice.say("answer", indicator=voice.text(indicator["name"])) if unknown else standard
    number = voice.number(indicator["principle_number"])
    where = services_phrase(ask["services"], ask["of"], voice)
    lines = [
        (tag(ask["severity"], voice), Run(" " + where)),
        quiet(voice.say("about", number=number, indicator=indicator_name(indicator, voice))),
        line(voice.say("by", date=voice.date(ask["by"])) if ask["by"] else voice.say("by_open")),
    ]
    if unknown:
        lines.insert(1, quiet(voice.say("if_missing", ask=standard)))
    if reply := both_or_none(ask["expected_reply"], voice):
        lines.append(line(voice.say("expected", reply=reply)))
    return AskItem(wording, tuple(lines))
