"""Many companies at once: the basis of the sums, who takes part, the heatmap, common gaps, what moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from compliance.reporting.blocks.common import indicator_name, line, n_of, quiet, strong, tag
from compliance.reporting.blocks.registry import block, sentence
from compliance.reporting.charts import HeatRow, bars, heatmap
from compliance.reporting.document import Block, Chart, Line, Paragraph, Run, Table, TableCell
from compliance.reporting.facts import CommonGap, CrossCompany, HeatLine, OfMany, Severity, Spread
from compliance.reporting.voice import Voice

ROWS_IN_CHART = 20  # a drawing stays on one page; a taller one leaves too much of the page before it empty
MOST_COMMON = 5
NOTHING = "–"


@block("basis", shared=sentence("shared", "companies", "country"), results=sentence("count"))
def basis(facts: OfMany, voice: Voice) -> list[Block]:
    """What every sum below rests on; another government may see another total."""
    known = facts["basis"]
    said = voice.say(
        "shared",
        shared=voice.number(known["shared"]),
        companies=voice.number(known["companies"]),
        country=voice.text(known["country"]) if known["country"] else NOTHING,
    )
    return [Paragraph(line(said)), Paragraph(line(voice.say("results", known["with_results"])))]


@block(
    "participation",
    may_be_empty=True,
    chart=sentence(),
    told=sentence("word", "number"),
    caption=sentence(),
    word_column=sentence(),
    number_column=sentence(),
)
def participation(facts: CrossCompany, voice: Voice) -> list[Block]:
    """How many companies take part in which way: each way is distinct from "not met"."""
    found = facts["participations"]
    if not found:
        return []
    words = [(voice.text(item["word"]), item["n"]) for item in found]
    told = " ".join(voice.say("told", word=word, number=voice.number(n)) for word, n in words)
    drawing = bars([(word, n, voice.number(n), "brand") for word, n in words])
    rows = tuple(((line(word),), (line(voice.number(n)),)) for word, n in words)
    columns = (voice.say("word_column"), voice.say("number_column"))
    return [Chart(voice.say("chart"), told, drawing), Table(voice.say("caption"), columns, rows, (3, 1))]


@block(
    "heatmap",
    may_be_empty=True,
    left_out=sentence("number", "most"),
    chart=sentence("part", "parts"),
    told=sentence(),
    caption=sentence(),
    company_column=sentence(),
    participation_column=sentence(),
    no_results=sentence(),
)
def heatmap_block(facts: CrossCompany, voice: Voice) -> list[Block]:
    """Companies by principles, the worst word in each box. Nobody reads it beyond a certain number of companies."""
    rows, known = facts["heatmap"], facts["basis"]
    if not rows:
        if known["with_results"] <= known["most"]:
            return []
        numbers = {"number": voice.number(known["with_results"]), "most": voice.number(known["most"])}
        return [Paragraph(line(voice.say("left_out", **numbers)))]
    numbers_of = sorted({cell["principle_number"] for row in rows for cell in row["cells"]})
    parts = [rows[start : start + ROWS_IN_CHART] for start in range(0, len(rows), ROWS_IN_CHART)]
    blocks: list[Block] = []
    for place, part in enumerate(parts, 1):
        drawn = heatmap([voice.number(number) for number in numbers_of], [_heat_row(row, numbers_of) for row in part])
        caption = voice.say("chart", part=voice.number(place), parts=voice.number(len(parts)))
        blocks.append(Chart(caption, voice.say("told"), drawn))
    return [*_legend(rows, voice), *blocks, _heat_table(rows, voice)]


def _legend(rows: Sequence[HeatLine], voice: Voice) -> list[Block]:
    """The words behind the signs in the drawing."""
    words = severities_of(cell["severity"] for row in rows for cell in row["cells"] if cell["severity"])
    runs = [run for word in words for run in (tag(word, voice), Run("  "))]
    return [Paragraph(tuple(runs[:-1]))] if runs else []


def _heat_row(row: HeatLine, numbers: Sequence[int]) -> HeatRow:
    cells = {cell["principle_number"]: cell["severity"] for cell in row["cells"]}
    found = [cells.get(number) for number in numbers]
    return HeatRow(row["company"], tuple((s["symbol"], s["colour"]) if s else ("", None) for s in found))


def _heat_table(rows: Sequence[HeatLine], voice: Voice) -> Table:
    """One column per word, in it the numbers of the principles: it reads from left to right and breaks no word."""
    words = severities_of(cell["severity"] for row in rows for cell in row["cells"] if cell["severity"])
    columns = [voice.say("company_column"), voice.say("participation_column")]
    columns += [voice.text(word["word"]) for word in words]
    made = tuple(_heat_cells(row, words, voice) for row in rows)
    return Table(voice.say("caption"), tuple(columns), made, (5, 4, *(3,) * len(words)))


def _heat_cells(row: HeatLine, words: Sequence[Severity], voice: Voice) -> tuple[TableCell, ...]:
    name: list[Line] = [line(row["company"])]
    if row["country"]:
        name.append(quiet(voice.text(row["country"])))
    taking_part: list[Line] = [line(voice.text(row["participation"]))]
    if not row["cells"]:
        taking_part.append(quiet(voice.say("no_results")))
    cells: list[TableCell] = []
    for word in words:
        numbers = [c["principle_number"] for c in row["cells"] if c["severity"] and c["severity"]["id"] == word["id"]]
        cells.append((line(voice.numbers(numbers) or NOTHING),))
    return (tuple(name), tuple(taking_part), *cells)


def severities_of(found: Iterable[Severity]) -> list[Severity]:
    """Each word once, worst first."""
    return sorted({word["id"]: word for word in found}.values(), key=lambda word: word["rank"])


@block(
    "spread",
    may_be_empty=True,
    caption=sentence(),
    principle_column=sentence(),
    companies_column=sentence(),
    principle=sentence("number", "theme"),
)
def spread(facts: OfMany, voice: Voice) -> list[Block]:
    """In how many companies each word is the worst one, by principle."""
    rows = facts["spread"]
    words = severities_of(count["severity"] for row in rows for count in row["counts"])
    if not words:
        return []
    columns = (voice.say("principle_column"), *(voice.text(word["word"]) for word in words))
    made = tuple(_spread_row(row, words, voice) for row in rows)
    widths = (7, *(3,) * len(words), 3)
    return [Table(voice.say("caption"), (*columns, voice.say("companies_column")), made, widths)]


def _principle(row: Spread, voice: Voice) -> TableCell:
    number = voice.number(row["principle_number"])
    return (line(voice.say("principle", number=number, theme=voice.text(row["theme"]))),)


def _spread_row(row: Spread, words: Sequence[Severity], voice: Voice) -> tuple[TableCell, ...]:
    counts = {count["severity"]["id"]: count["n"] for count in row["counts"]}
    cells = [(line(voice.number(counts.get(word["id"], 0))),) for word in words]
    return (_principle(row, voice), *cells, (line(voice.number(row["companies"])),))


@block(
    "moved_across",
    may_be_empty=True,
    caption=sentence(),
    principle_column=sentence(),
    principle=sentence("number", "theme"),
)
def moved_across(facts: OfMany, voice: Voice) -> list[Block]:
    """What moved since the last cycle, in answers of all companies, by principle; each way of moving apart."""
    rows = facts["spread"]
    ways = {change["id"]: change for row in rows for change in row["changes"] if change["id"] != "same"}
    if not facts["previous_cycle"] or not ways:
        return []
    columns = (voice.say("principle_column"), *(voice.text(way["word"]) for way in ways.values()))
    made = []
    for row in rows:
        counts = {change["id"]: change["n"] for change in row["changes"]}
        made.append((_principle(row, voice), *((line(voice.number(counts.get(id_, 0))),) for id_ in ways)))
    return [Table(voice.say("caption"), columns, tuple(made), (7, *(3,) * len(ways)))]


@block(
    "common_gaps",
    may_be_empty=True,
    caption=sentence(),
    about_column=sentence(),
    companies_column=sentence(),
    without_column=sentence(),
    ask_column=sentence(),
)
def common_gaps(facts: CrossCompany, voice: Voice) -> list[Block]:
    """The five indicators that are a gap in most companies, with what would close them."""
    found = facts["common_gaps"][:MOST_COMMON]
    if not found:
        return []
    columns = tuple(voice.say(f"{name}_column") for name in ("about", "companies", "without", "ask"))
    return [Table(voice.say("caption"), columns, tuple(_common(gap, voice) for gap in found), (7, 3, 3, 9))]


def _common(gap: CommonGap, voice: Voice) -> tuple[TableCell, ...]:
    return (
        (
            strong(indicator_name(gap["indicator"], voice)),
            quiet(voice.say("principle", number=voice.number(gap["indicator"]["principle_number"]))),
        ),
        (line(n_of(gap["companies"], gap["of"], voice)),),
        (line(voice.number(gap["without_plan"])),),
        (line(voice.text(gap["standard_ask"])),),
    )
