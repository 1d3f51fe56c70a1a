"""From facts and an outline to one document in one language."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from compliance.domain.text import Language
from compliance.reporting.blocks import BLOCKS
from compliance.reporting.blocks.common import edition_phrase, line
from compliance.reporting.document import Block, Document, Heading, Paragraph
from compliance.reporting.facts import Facts
from compliance.reporting.outline import EMPTY, Entry, Outline
from compliance.reporting.schema import check_facts
from compliance.reporting.shapes import frame, keys_of, short
from compliance.reporting.tables import TABLE_WORDS
from compliance.reporting.voice import Voice


def build_document(facts: Mapping[str, Any], outline: Outline, language: Language) -> Document:
    """The document that `outline` makes of `facts` in `language`, the same whenever and wherever it is built.

    Raises FactsError when the facts are not what their type says, ValueError when the outline is of another kind.
    """
    checked = check_facts(facts)
    if (checked["kind"], checked["shape"]) != (outline.kind, outline.shape.name):
        raise ValueError(f"an outline of {outline.kind} cannot show facts of {checked['kind']}")
    phrases = outline.frame.spoken(language)
    blocks: list[Block] = []
    for entry in outline.blocks:
        blocks += _blocks(entry, checked, Voice(language, {**phrases, **entry.spoken(language)}))
    known = keys_of(outline.shape.type) | TABLE_WORDS
    headings = tuple((key, words[language]["other"]) for key, words in outline.headings.items() if key in known)
    return _framed(checked, Voice(language, phrases), headings, tuple(_nested(blocks)))


def _blocks(entry: Entry, facts: Facts, voice: Voice) -> list[Block]:
    kind = BLOCKS[entry.block]
    made = kind.build(facts, voice)
    if not made:
        if entry.omit_when_empty:
            return []
        made = [Paragraph(line(voice.say(EMPTY)))]
    if entry.heading is None:
        return made
    return [Heading(entry.heading[voice.language]["other"], new_page=kind.new_page), *made]


def _nested(blocks: list[Block]) -> Iterator[Block]:
    """The blocks with no heading of level 2 before the first of level 1: a skipped level is a fault in every format."""
    began = False
    for block in blocks:
        if isinstance(block, Heading):
            began = began or block.level == 1
            yield block if began else replace(block, level=1)
        else:
            yield block


def _framed(facts: Facts, voice: Voice, headings: tuple[tuple[str, str], ...], blocks: tuple[Block, ...]) -> Document:
    names = frame(facts, voice) | {"edition": edition_phrase(facts["edition"], voice)}
    return Document(
        language=voice.language,
        kind_name=voice.say("kind_name"),
        title=voice.say("title", **names),
        subtitle=voice.say("subtitle", **names),
        marking=facts["marking"][voice.language],
        date=dt.date.fromisoformat(facts["generated_on"]),
        footer=voice.say("footer", **short(names)),
        page_of=voice.say("page_of", page="{page}", pages="{pages}"),
        not_printable=voice.say("not_printable", number="{number}"),
        headings=headings,
        blocks=blocks,
    )
