"""Every gap, by principle: the company's words, the evidence and the finding beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.reporting.blocks.common import indicator_name, line, n_of, names_phrase, own_words, quiet, strong, tag
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Bullets, Heading, Line, Paragraph, Run, Table, TableCell
from compliance.reporting.facts import CompanyBrief, Gap, OfSilence, SilentPrinciple
from compliance.reporting.selection import is_silent
from compliance.reporting.voice import Voice


@block(
    "gaps",
    may_be_empty=True,
    intro=sentence(),
    nothing_asked=sentence(),
    only_silence=sentence(),
    caption=sentence("number"),
    about_column=sentence(),
    says_column=sentence(),
    finding_column=sentence(),
    surfaces=sentence("surfaces"),
    planned=sentence("date"),
    ground=sentence("ground"),
    evidence=sentence("grade"),
    finding=sentence("rating"),
    no_finding=sentence(),
    reply=sentence("reply"),
)
def gaps(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """One table per principle, worst first. Questions about which nothing at all was said are in `never_answered`."""
    by_principle: dict[int, list[Gap]] = {}
    for gap in facts["gaps"]:
        if not is_silent(gap):
            by_principle.setdefault(gap["indicator"]["principle_number"], []).append(gap)
    if not by_principle:
        return _no_table(facts, voice)
    blocks: list[Block] = [Paragraph(quiet(voice.say("intro")))]
    for number in sorted(by_principle):
        blocks.append(Heading(voice.say("principle", number=voice.number(number)), level=2))
        blocks.append(_table(number, by_principle[number], voice))
    return blocks


def _no_table(facts: CompanyBrief, voice: Voice) -> list[Block]:
    """Silence and questions that were never asked are not the absence of gaps, and are told apart from it."""
    if not facts["participation"]["applicable"]:
        return [Paragraph(line(voice.say("nothing_asked")))]
    return [Paragraph(line(voice.say("only_silence")))] if facts["gaps"] else []


def _table(number: int, found: Sequence[Gap], voice: Voice) -> Table:
    ordered = sorted(found, key=lambda gap: (gap["severity"]["rank"], gap["indicator"]["place"], gap["service"] or ""))
    columns = tuple(voice.say(f"{name}_column") for name in ("about", "says", "finding"))
    rows = tuple(_row(gap, voice) for gap in ordered)
    return Table(voice.say("caption", number=voice.number(number)), columns, rows, (12, 17, 17))


def _row(gap: Gap, voice: Voice) -> tuple[TableCell, ...]:
    about = (
        strong(indicator_name(gap["indicator"], voice)),
        line(gap["service"] if gap["service"] is not None else voice.say("company_wide")),
        (tag(gap["severity"], voice),),
        *(quiet(voice.text(flag["word"])) for flag in gap["flags"]),
    )
    return (about, _says(gap, voice), _finding(gap, voice))


def _says(gap: Gap, voice: Voice) -> TableCell:
    lines: list[Line] = [line(voice.text(gap["status"]["word"]))]
    if gap["surfaces"]:
        lines.append(line(voice.say("surfaces", surfaces=voice.list(map(voice.text, gap["surfaces"])))))
    if gap["planned_on"]:
        lines.append(line(voice.say("planned", date=voice.date(gap["planned_on"]))))
    if gap["reason"]:
        lines.append(line(voice.say("ground", ground=voice.text(gap["reason"]["word"]))))
    lines += [own_words(said, voice) for said in (gap["reason_text"], gap["explanation"]) if said and said["text"]]
    return tuple(lines)


def _finding(gap: Gap, voice: Voice) -> TableCell:
    lines: list[Line] = [line(voice.say("evidence", grade=voice.text(gap["grade"]["word"])))]
    finding = gap["finding"]
    if finding is None:
        return (*lines, quiet(voice.say("no_finding")))
    lines.append(line(voice.say("finding", rating=voice.text(finding["rating"]["word"]))))
    if finding["reason"] and finding["reason"]["text"]:
        lines.append(own_words(finding["reason"], voice))
    reply = finding["reply"]
    if reply is not None:
        lines.append(line(voice.say("reply", reply=voice.text(reply["stance"]["word"]))))
        if reply["text"] and reply["text"]["text"]:
            lines.append(own_words(reply["text"], voice))
    return tuple(lines)


@block(
    "never_answered",
    may_be_empty=True,
    total=sentence("number", "of"),
    principle_share=sentence("number", "share"),
)
def never_answered(facts: OfSilence, voice: Voice) -> list[Block]:
    """How many applicable questions have no answer at all, and which, by principle."""
    silent = facts["never_answered"]
    if not silent["count"]:
        return []
    total = voice.say("total", number=voice.number(silent["count"]), of=voice.number(silent["of"]))
    blocks: list[Block] = [Paragraph(line(total))]
    for principle in silent["principles"]:
        share = n_of(principle["count"], principle["of"], voice)
        number = voice.number(principle["number"])
        blocks.append(Paragraph(strong(voice.say("principle_share", number=number, share=share))))
        blocks.append(Bullets(_silent_items(principle, voice)))
    return blocks


def _silent_items(principle: SilentPrinciple, voice: Voice) -> tuple[Line, ...]:
    return tuple(
        (
            Run(indicator_name(item["indicator"], voice)),
            Run(f" ({names_phrase(item['services'], voice)})", "quiet"),
        )
        for item in principle["indicators"]
    )
