"""The last meeting and what came of it: how a brief begins."""

from __future__ import annotations

from compliance.reporting.blocks.common import line, own_words
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Bullets, Line, Pairs, Paragraph
from compliance.reporting.facts import CompanyBrief, Engagement
from compliance.reporting.voice import Voice


@block(
    "last_time",
    may_be_empty=True,
    line=sentence("date", "asks", "answered", "commitments", "overdue"),
)
def last_time(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """One line on the first page: when it was, how much was asked and answered, and how the commitments stand."""
    last = facts["last_engagement"]
    if last is None:
        return []
    said = voice.say(
        "line",
        date=voice.date(last["held_on"]),
        asks=voice.number(len(last["asks"])),
        answered=voice.number(sum(item["answered"] is not None for item in last["asks"])),
        commitments=voice.number(len(last["commitments"])),
        overdue=voice.number(sum(item["overdue"] for item in last["commitments"])),
    )
    return [Paragraph(line(said))]


@block(
    "last_engagement",
    may_be_empty=True,
    held_label=sentence(),
    met_label=sentence(),
    asked=sentence(),
    answered=sentence(),
    no_answer=sentence(),
    came=sentence(),
    commitment=sentence("date", "state"),
    overdue=sentence("date"),
)
def last_engagement(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """What was asked last time, what was answered, and how the commitments of it stand."""
    last = facts["last_engagement"]
    if last is None:
        return []
    blocks: list[Block] = [
        Pairs(
            (
                (voice.say("held_label"), line(voice.date(last["held_on"]))),
                (voice.say("met_label"), line(last["met"])),
            )
        )
    ]
    if last["asks"]:
        blocks += [Paragraph(line(voice.say("asked"))), Bullets(_asked(last, voice))]
    if last["outcome"]:
        blocks.append(Paragraph(own_words(last["outcome"], voice)))
    if last["commitments"]:
        blocks += [Paragraph(line(voice.say("came"))), Bullets(_came(last, voice))]
    return blocks


def _asked(last: Engagement, voice: Voice) -> tuple[Line, ...]:
    items: list[Line] = []
    for item in last["asks"]:
        answer = item["answered"]
        said = (
            (*line(f" {voice.say('answered')} "), *own_words(answer, voice))
            if answer is not None
            else line(f" {voice.say('no_answer')}")
        )
        items.append((*own_words(item["ask"], voice), *said))
    return tuple(items)


def _came(last: Engagement, voice: Voice) -> tuple[Line, ...]:
    items: list[Line] = []
    for item in last["commitments"]:
        date = voice.date(item["due_on"])
        how = (
            voice.say("overdue", date=date)
            if item["overdue"]
            else voice.say("commitment", date=date, state=voice.text(item["state"]["word"]))
        )
        items.append((*own_words(item["text"], voice), *line(f" {how}")))
    return tuple(items)
