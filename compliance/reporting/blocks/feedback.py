"""What the company itself may see: its answers, what was found, its own replies."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.reporting.blocks.common import indicator_name, line, own_words, quiet, strong, tag
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Heading, Line, Note, Pairs, Paragraph, Table, TableCell
from compliance.reporting.facts import CompanyFeedback, Reviewed
from compliance.reporting.voice import Voice


@block(
    "right_of_reply",
    participation_label=sentence(),
    reply_label=sentence(),
    reply_by=sentence("date"),
    no_date=sentence(),
    not_seen=sentence(),
)
def right_of_reply(facts: CompanyFeedback, voice: Voice) -> list[Block]:
    """How the company takes part, and until when it may reply."""
    due = facts["reply_due_on"]
    until = voice.say("reply_by", date=voice.date(due)) if due else voice.say("no_date")
    rows = (
        (voice.say("participation_label"), line(voice.text(facts["participation"]["word"]))),
        (voice.say("reply_label"), line(until)),
    )
    seen = facts.get("seen_by_company", True)
    return [Pairs(rows), *([] if seen else [Note(line(voice.say("not_seen")))])]


@block(
    "reviewed",
    may_be_empty=True,
    intro=sentence(),
    caption=sentence("number"),
    about_column=sentence(),
    says_column=sentence(),
    finding_column=sentence(),
    reply_column=sentence(),
    evidence=sentence("grade"),
    finding=sentence("rating"),
    no_finding=sentence(),
    no_reply=sentence(),
    none_replied=sentence(),
    closes=sentence("ask"),
)
def reviewed(facts: CompanyFeedback, voice: Voice) -> list[Block]:
    """One table per principle, in the order of the questions: answer, finding and reply beside each other."""
    if not facts["reviewed"]:
        return []
    blocks: list[Block] = [Paragraph(quiet(voice.say("intro")))]
    replied = any(item["finding"] and item["finding"]["reply"] for item in facts["reviewed"])
    if not replied:
        blocks.append(Paragraph(line(voice.say("none_replied"))))
    numbers = sorted({item["indicator"]["principle_number"] for item in facts["reviewed"]})
    for number in numbers:
        items = [item for item in facts["reviewed"] if item["indicator"]["principle_number"] == number]
        blocks.append(Heading(voice.say("principle", number=voice.number(number)), level=2))
        blocks.append(_table(number, items, voice, replied=replied))
    return blocks


def _table(number: int, items: Sequence[Reviewed], voice: Voice, *, replied: bool) -> Table:
    """Without any reply the column of replies is left out, so that the others have its room."""
    names, widths = ("about", "says", "finding", "reply"), (11, 13, 13, 9)
    if not replied:
        names, widths = names[:-1], (11, 17, 18)  # type: ignore[assignment]
    columns = tuple(voice.say(f"{name}_column") for name in names)
    rows = tuple(_row(item, voice)[: len(names)] for item in items)
    return Table(voice.say("caption", number=voice.number(number)), columns, rows, widths)


def _row(item: Reviewed, voice: Voice) -> tuple[TableCell, ...]:
    service = item["service"] if item["service"] is not None else voice.say("company_wide")
    about: list[Line] = [
        strong(indicator_name(item["indicator"], voice)),
        line(service),
        (tag(item["severity"], voice),),
    ]
    about += [quiet(voice.text(flag["word"])) for flag in item["flags"]]
    says: list[Line] = [line(voice.text(item["status"]["word"]))]
    if item["explanation"] and item["explanation"]["text"]:
        says.append(own_words(item["explanation"], voice))
    says.append(quiet(voice.say("evidence", grade=voice.text(item["grade"]["word"]))))
    given = item["finding"]["reply"] if item["finding"] else None
    reply = [line(voice.text(given["stance"]["word"]))] if given else []
    if given and given["text"] and given["text"]["text"]:
        reply.append(own_words(given["text"], voice))
    return (tuple(about), tuple(says), _finding(item, voice), tuple(reply) or (quiet(voice.say("no_reply")),))


def _finding(item: Reviewed, voice: Voice) -> TableCell:
    finding, lines = item["finding"], list[Line]()
    if finding is None:
        return (quiet(voice.say("no_finding")),)
    lines.append(line(voice.say("finding", rating=voice.text(finding["rating"]["word"]))))
    if finding["reason"] and finding["reason"]["text"]:
        lines.append(own_words(finding["reason"], voice))
    if item["severity"]["kind"] in ("gap", "unknown"):
        lines.append(quiet(voice.say("closes", ask=voice.text(item["standard_ask"]))))
    return tuple(lines)
