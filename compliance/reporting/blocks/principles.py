"""Each principle in full: its agreed text, the result with every count, and what changed since the last cycle."""

from __future__ import annotations

from compliance.reporting.blocks.common import line, n_of, quiet, strong, tag
from compliance.reporting.blocks.principle_grid import CHANGE_SYMBOLS
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.document import Block, Line, Paragraph, Table, TableCell
from compliance.reporting.facts import Cell, OfPrinciples, Principle
from compliance.reporting.voice import Voice


@block(
    "principles",
    may_be_empty=True,
    caption=sentence(),
    principle_column=sentence(),
    now_column=sentence(),
    before_column=sentence("cycle"),
    change_column=sentence(),
    count=sentence("word", "share"),
    change=sentence("word", "number"),
    nothing_applies=sentence(),
    no_outcome=sentence(),
    no_change=sentence(),
    no_earlier_cycle=sentence(),
    not_official=sentence(),
)
def principles(facts: OfPrinciples, voice: Voice) -> list[Block]:
    """The principle table. Without an earlier cycle the columns that compare are left out, and that is said."""
    if not facts["principles"]:
        return []
    earlier = facts["previous_cycle"]
    columns = [voice.say("principle_column"), voice.say("now_column")]
    if earlier:
        columns += [voice.say("before_column", cycle=voice.text(earlier)), voice.say("change_column")]
    rows = tuple(_row(principle, voice, compared=earlier is not None) for principle in facts["principles"])
    widths = (10, 5, 5, 4) if earlier else (10, 5)
    table = Table(voice.say("caption"), tuple(columns), rows, widths)
    return [table] if earlier else [table, Paragraph(line(voice.say("no_earlier_cycle")))]


def _row(principle: Principle, voice: Voice, *, compared: bool) -> tuple[TableCell, ...]:
    name = principle["name"] or principle["theme"]
    first: list[Line] = [
        strong(f"{voice.number(principle['number'])}. {voice.text(name)}"),
        quiet(voice.text(principle["text"])),
    ]
    if not principle["official"][voice.language]:
        first.append(quiet(voice.say("not_official")))
    row: tuple[TableCell, ...] = (tuple(first), _result(principle["cell"], voice))
    if not compared:
        return row
    previous = principle["previous"]
    before = _result(previous, voice) if previous else (quiet(voice.say("no_outcome")),)
    return (*row, before, _changes(principle, voice))


def _result(cell: Cell, voice: Voice) -> TableCell:
    """The worst word with its share, then every other word with its own."""
    severity = cell["severity"]
    if severity is None:
        return (quiet(voice.say("no_outcome")),)
    if cell["nothing_applies"]:
        return (line(voice.say("nothing_applies")),)
    lines: list[Line] = [(tag(severity, voice),)]
    for count in cell["counts"]:
        if count["severity"]["kind"] == "outside":
            continue  # is no part of the denominator
        share = n_of(count["n"], cell["applicable"], voice)
        if count["severity"]["id"] == severity["id"]:
            lines.append(line(share))
        else:
            lines.append(quiet(voice.say("count", word=voice.text(count["severity"]["word"]), share=share)))
    return tuple(lines)


def _changes(principle: Principle, voice: Voice) -> TableCell:
    lines: list[Line] = []
    for change in principle["changes"]:
        if change["n"] and change["id"] != "same":
            said = voice.say("change", word=voice.text(change["word"]), number=voice.number(change["n"]))
            lines.append(line(f"{CHANGE_SYMBOLS.get(change['id'], '')} {said}".strip()))
    return tuple(lines) or (quiet(voice.say("no_change")),)
