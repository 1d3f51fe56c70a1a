"""What an official wrote for the meeting. An empty text prints nothing; nothing is written in anyone's place."""

from __future__ import annotations

from compliance.reporting.blocks.common import both_or_none, line, strong
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Bullets, Line, Pairs, Paragraph
from compliance.reporting.facts import Both, CompanyBrief
from compliance.reporting.voice import Voice


def _said(text: Both, voice: Voice) -> list[Block]:
    """A paragraph; several lines become a list."""
    lines = [part.strip() for part in both_or_none(text, voice).split("\n") if part.strip()]
    if len(lines) > 1:
        return [Bullets(tuple(line(part) for part in lines))]
    return [Paragraph(line(part)) for part in lines]


@block("meeting", may_be_empty=True, date_label=sentence(), place_label=sentence(), participants_label=sentence())
def meeting(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """When, where and who."""
    planned = facts["author"]["meeting"]
    if planned is None:
        return []
    rows: list[tuple[str, Line]] = []
    if planned["held_on"]:
        rows.append((voice.say("date_label"), line(voice.date(planned["held_on"]))))
    for key, text in (("place", planned["place"]), ("participants", planned["participants"])):
        if shown := both_or_none(text, voice):
            rows.append((voice.say(f"{key}_label"), line(shown)))
    return [Pairs(tuple(rows))] if rows else []


@block("objective", may_be_empty=True)
def objective(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """What the meeting is for."""
    return _said(facts["author"]["objective"], voice)


@block("likely", may_be_empty=True, they=sentence("text"), we=sentence("text"))
def likely(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """What they are likely to say, each with our answer."""
    made: list[Block] = []
    for item in facts["author"]["likely"]:
        they, we = both_or_none(item["they_say"], voice), both_or_none(item["we_say"], voice)
        if they:
            made.append(Paragraph(strong(voice.say("they", text=they))))
        if we:
            made.append(Paragraph(line(voice.say("we", text=we))))
    return made


@block("lines_to_take", may_be_empty=True)
def lines_to_take(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """What can be said."""
    return _said(facts["author"]["lines_to_take"], voice)


@block("sensitivities", may_be_empty=True)
def sensitivities(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """Litigation, law, and confidential facts that must not be raised."""
    return _said(facts["author"]["sensitivities"], voice)


@block("next_steps", may_be_empty=True)
def next_steps(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """What happens after the meeting."""
    return _said(facts["author"]["next_steps"], voice)
