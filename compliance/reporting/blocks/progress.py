"""What moved in one company since the last cycle."""

from __future__ import annotations

from collections.abc import Sequence

from compliance.reporting.blocks.common import indicator_name, line, n_of, quiet, strong, tag
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.charts import bars
from compliance.reporting.document import Block, Chart, Heading, Line, Pairs, Paragraph, Table, TableCell
from compliance.reporting.drawing import Ink
from compliance.reporting.facts import Cell, Moved, Progress, Severity
from compliance.reporting.voice import Voice

#: How a change looks; the word says it.
LOOKS: dict[str, Ink] = {"better": "green", "worse": "red", "no_longer_answered": "violet", "now_stated": "amber"}


@block(
    "since",
    participation_label=sentence(),
    caption=sentence(),
    word_column=sentence(),
    now_column=sentence(),
    before_column=sentence("cycle"),
    none=sentence(),
)
def since(facts: Progress, voice: Voice) -> list[Block]:
    """All questions of both cycles, by word. No average and no score."""
    taking_part = line(voice.text(facts["participation"]["word"]))
    cells = [facts["total"]]
    columns = [voice.say("word_column"), voice.say("now_column")]
    before, cycle = facts["previous_total"], facts["previous_cycle"]
    compared = before is not None and cycle is not None
    if before is not None and cycle is not None:
        cells.append(before)
        columns.append(voice.say("before_column", cycle=voice.text(cycle)))
    words = {count["severity"]["id"]: count["severity"] for cell in cells for count in cell["counts"]}
    ordered = sorted(words.values(), key=lambda word: word["rank"])
    rows = tuple(
        (((tag(word, voice),),), *(((_share(cell, word, voice),)) for cell in cells))
        for word in ordered
        if word["kind"] != "outside"
    )
    table = Table(voice.say("caption"), tuple(columns), rows, (4, *(3,) * len(cells)))
    none = [] if compared else [Paragraph(line(voice.say("none")))]
    return [Pairs(((voice.say("participation_label"), taking_part),)), *([table] if rows else []), *none]


def _share(cell: Cell, word: Severity, voice: Voice) -> Line:
    number = next((count["n"] for count in cell["counts"] if count["severity"]["id"] == word["id"]), 0)
    return line(n_of(number, cell["applicable"], voice))


@block(
    "moved",
    may_be_empty=True,
    chart=sentence(),
    told=sentence("word", "number"),
    caption=sentence("word"),
    about_column=sentence(),
    before_column=sentence("cycle"),
    now_column=sentence(),
    not_asked=sentence(),
)
def moved(facts: Progress, voice: Voice) -> list[Block]:
    """How many moved in which way, then each of them; what is new or no longer asked is neither better nor worse."""
    if not facts["moved"] or facts["previous_cycle"] is None:
        return []
    ways = {item["change"]["id"]: item["change"] for item in facts["moved"]}
    counts = {id_: [item for item in facts["moved"] if item["change"]["id"] == id_] for id_ in ways}
    words = [(voice.text(ways[id_]["word"]), len(items), id_) for id_, items in counts.items()]
    told = " ".join(voice.say("told", word=word, number=voice.number(n)) for word, n, _ in words)
    drawing = bars([(word, n, voice.number(n), LOOKS.get(id_, "grey")) for word, n, id_ in words])
    blocks: list[Block] = [Chart(voice.say("chart"), told, drawing)]
    for word, _, id_ in words:
        blocks += [Heading(word, level=2), _table(word, counts[id_], voice.text(facts["previous_cycle"]), voice)]
    return blocks


def _table(word: str, items: Sequence[Moved], cycle: str, voice: Voice) -> Table:
    columns = (voice.say("about_column"), voice.say("before_column", cycle=cycle), voice.say("now_column"))
    rows = tuple(_row(item, voice) for item in items)
    return Table(voice.say("caption", word=word), columns, rows, (9, 5, 5))


def _row(item: Moved, voice: Voice) -> tuple[TableCell, ...]:
    service = item["service"] if item["service"] is not None else voice.say("company_wide")
    about = (strong(indicator_name(item["indicator"], voice)), quiet(service))
    return (about, _word(item["before"], voice), _word(item["now"], voice))


def _word(severity: Severity | None, voice: Voice) -> TableCell:
    return ((tag(severity, voice),),) if severity else (quiet(voice.say("not_asked")),)
