"""What a redacted edition leaves out: how many answers, never which and never what they say."""

from __future__ import annotations

from compliance.reporting.blocks.common import line
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Note, Pairs
from compliance.reporting.facts import Envelope
from compliance.reporting.voice import Voice


@block(
    "withheld",
    may_be_empty=True,
    note=sentence("count"),
    principle_label=sentence("number"),
    answers=sentence("count"),
)
def withheld(facts: Envelope, voice: Voice) -> list[Block]:
    """The number of answers left out per principle."""
    left_out = [item for item in facts["withheld"] if item["n"]]
    if not left_out:
        return []
    rows = tuple(
        (
            voice.say("principle_label", number=voice.number(item["principle_number"])),
            line(voice.say("answers", item["n"])),
        )
        for item in left_out
    )
    return [Note(line(voice.say("note", sum(item["n"] for item in left_out)))), Pairs(rows)]
