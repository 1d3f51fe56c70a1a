"""The principles in one line: the worst word of each, how many questions have it, and what moved."""

from __future__ import annotations

from compliance.reporting.blocks.common import n_of, quiet
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.charts import GridCell, principle_line
from compliance.reporting.document import Block, Chart, Paragraph
from compliance.reporting.facts import Change, OfPrinciples, Principle
from compliance.reporting.voice import Voice

CHANGE_SYMBOLS = {"better": "▲", "worse": "▼"}


@block(
    "principle_grid",
    may_be_empty=True,
    caption=sentence(),
    nothing_applies=sentence(),
    no_outcome=sentence(),
    change=sentence("number", "word"),
    told=sentence("number", "result"),
    explain=sentence(),
)
def principle_grid(facts: OfPrinciples, voice: Voice) -> list[Block]:
    """All principles in one line. The table with the same is the block `principles`."""
    if not facts["principles"]:
        return []
    left_out = {item["principle_number"]: item["n"] for item in facts["withheld"]}
    cells = [_cell(principle, left_out.get(principle["number"], 0), voice) for principle in facts["principles"]]
    told = " ".join(
        voice.say("told", number=cell.number, result=_told(cell, principle, voice))
        for cell, principle in zip(cells, facts["principles"], strict=True)
    )
    return [Chart(voice.say("caption"), told, principle_line(cells)), Paragraph(quiet(voice.say("explain")))]


def _told(cell: GridCell, principle: Principle, voice: Voice) -> str:
    """The cell in words: the drawing has room for the signs of what moved only."""
    moved = [
        voice.say("change", number=voice.number(change["n"]), word=voice.text(change["word"]))
        for change in _moved(principle)
    ]
    drawn = cell.moved[len(moved) :]  # what is withheld stands there in words
    return ", ".join(part for part in (cell.word, cell.count, *moved, *drawn) if part)


def _moved(principle: Principle) -> list[Change]:
    """What is better or worse; of a principle to which nothing applies, nothing is."""
    if principle["cell"]["severity"] is None or principle["cell"]["nothing_applies"]:
        return []
    return [change for change in principle["changes"] if change["n"] and change["id"] in CHANGE_SYMBOLS]


def _cell(principle: Principle, withheld: int, voice: Voice) -> GridCell:
    cell, number = principle["cell"], voice.number(principle["number"])
    severity = cell["severity"]
    left_out = [voice.say("withheld", withheld)] if withheld else []
    if severity is None:
        return GridCell(number, left_out[0] if left_out else voice.say("no_outcome"), "–", "grey", "", ())
    if cell["nothing_applies"]:
        return GridCell(number, voice.say("nothing_applies"), severity["symbol"], "grey", "", (*left_out,))
    moved = tuple(f"{CHANGE_SYMBOLS[change['id']]} {voice.number(change['n'])}" for change in _moved(principle))
    worst = cell["counts"][0]["n"] if cell["counts"] else 0
    share = n_of(worst, cell["applicable"], voice)
    return GridCell(
        number, voice.text(severity["word"]), severity["symbol"], severity["colour"], share, (*moved, *left_out)
    )
