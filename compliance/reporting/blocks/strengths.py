"""What the company does well: seen first, then what it says and nobody has confirmed, labelled as such."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from compliance.reporting.blocks.common import indicator_name, names_phrase, references, source_places, strong
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Bullets, Line, Paragraph, Run
from compliance.reporting.facts import CompanyBrief, Strength
from compliance.reporting.voice import Voice


@block("strengths", may_be_empty=True, seen=sentence(), claimed=sentence())
def strengths(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """In place with evidence that a reviewer agreed with; then claims."""
    blocks: list[Block] = []
    places = source_places(facts)
    for kind, key in (("met", "seen"), ("claimed", "claimed")):
        chosen = [strength for strength in facts["strengths"] if strength["kind"] == kind]
        if chosen:
            blocks += [Paragraph(strong(voice.say(key))), Bullets(_items(chosen, places, voice))]
    return blocks


def _items(chosen: Sequence[Strength], places: Mapping[str, int], voice: Voice) -> tuple[Line, ...]:
    items: list[Line] = []
    for strength in chosen:
        where = names_phrase(strength["services"], voice)
        marks = references(strength["sources"], places)
        end = f" ({where})" + (f" {marks}" if marks else "")
        items.append((Run(indicator_name(strength["indicator"], voice)), Run(end, "quiet")))
    return tuple(items)
