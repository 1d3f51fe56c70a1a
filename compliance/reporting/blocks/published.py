"""The one table of a cycle that is published: no company is named, no small number is shown or can be worked out."""

from __future__ import annotations

from compliance.reporting.blocks.common import line
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Bullets, Paragraph, Table, TableCell
from compliance.reporting.facts import PublishedColumn, PublishedRow, SectorAggregate
from compliance.reporting.voice import Voice


@block(
    "published",
    intro=sentence("companies"),
    caption=sentence(),
    principle_column=sentence(),
    total_column=sentence(),
    total_row=sentence(),
    principle=sentence("number", "theme"),
    suppressed=sentence(),
)
def published(facts: SectorAggregate, voice: Voice) -> list[Block]:
    """In how many companies each word is the worst one, by principle, with all totals."""
    columns = (
        voice.say("principle_column"),
        *(_name(column, voice) for column in facts["columns"]),
        voice.say("total_column"),
    )
    rows = [_row(row, voice) for row in facts["rows"]]
    totals = [(line(voice.number(column["total"])),) for column in facts["columns"]]
    whole = sum(column["total"] for column in facts["columns"])
    rows.append(((line(voice.say("total_row")),), *totals, (line(voice.number(whole)),)))
    widths = (7, *(3,) * len(facts["columns"]), 3)
    intro = voice.say("intro", companies=voice.number(facts["companies"]))
    return [Paragraph(line(intro)), Table(voice.say("caption"), columns, tuple(rows), widths)]


def _name(column: PublishedColumn, voice: Voice) -> str:
    return " / ".join(voice.text(word) for word in column["words"])


def _row(row: PublishedRow, voice: Voice) -> tuple[TableCell, ...]:
    name = voice.say("principle", number=voice.number(row["principle_number"]), theme=voice.text(row["theme"]))
    cells = [
        (line(voice.say("suppressed") if cell["n"] is None else voice.number(cell["n"])),) for cell in row["cells"]
    ]
    return ((line(name),), *cells, (line(voice.number(row["total"])),))


@block(
    "published_method",
    counted=sentence(),
    small=sentence("smallest"),
    protected=sentence("count"),
    left_out=sentence(),
    limits=sentence(),
)
def published_method(facts: SectorAggregate, voice: Voice) -> list[Block]:
    """What was counted, what was hidden and why, and what cannot be concluded."""
    said = [
        voice.say("counted"),
        voice.say("small", smallest=voice.number(facts["smallest"])),
        voice.say("protected", facts["suppressed"]),
        voice.say("left_out"),
        voice.say("limits"),
    ]
    return [Bullets(tuple(line(text) for text in said))]
