"""A drawing as SVG: with its title and description for whoever does not see it, without style, script or address."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final
from xml.sax.saxutils import escape  # nosec B406 - text is written, nothing is parsed

from compliance.reporting.drawing import Box, Drawing, Ink, Mark, Stroke, Tone, Words

#: Per colour: text, tint, edge; the same as on paper (styles/typst) and in Word.
PALETTE: Final[dict[str, tuple[str, str, str]]] = {
    "red": ("#8c1a15", "#fbe8e6", "#a8201a"),
    "violet": ("#4d2b86", "#efe8f8", "#6a45ab"),
    "amber": ("#694200", "#fdefd2", "#a86a00"),
    "blue": ("#0c4674", "#e4eff9", "#2a6fae"),
    "green": ("#13502f", "#e2f2e9", "#23824f"),
    "grey": ("#46545a", "#eceff0", "#6d7d84"),
    "ink": ("#13272e", "#13272e", "#13272e"),
    "slate": ("#465a62", "#465a62", "#465a62"),
    "hairline": ("#c2cfd3", "#c2cfd3", "#c2cfd3"),
    "paper": ("#ffffff", "#ffffff", "#ffffff"),
    "brand": ("#0d5563", "#0d5563", "#0d5563"),
}
FAMILY: Final = "Noto Sans, Noto Sans Symbols 2, Noto Sans Math, sans-serif"

Runs = Callable[[str], Sequence[tuple[str, str]]]


def _one_run(text: str) -> Sequence[tuple[str, str]]:
    return [("", text)]


def to_svg(drawing: Drawing, title: str, description: str, identity: str, runs: Runs = _one_run) -> str:
    """One `<svg>`; `identity` is unique on the page and names title and description.

    `runs` splits a text into pieces with the font of each, for a reader that looks in one font only.
    """
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart__drawing" role="img" '
        f'aria-labelledby="{identity}-title {identity}-desc" '
        f'width="{_n(drawing.width)}" height="{_n(drawing.height)}" '
        f'viewBox="0 0 {_n(drawing.width)} {_n(drawing.height)}" font-family="{FAMILY}">'
    )
    said = (
        f'<title id="{identity}-title">{escape(title)}</title><desc id="{identity}-desc">{escape(description)}</desc>'
    )
    return head + said + "".join(_mark(mark, runs) for mark in drawing.marks) + "</svg>"


def _mark(mark: Mark, runs: Runs) -> str:
    match mark:
        case Box():
            return (
                f'<rect x="{_n(mark.x)}" y="{_n(mark.y)}" width="{_n(mark.width)}" height="{_n(mark.height)}" '
                f'fill="{_colour(mark.colour, mark.tone)}"/>'
            )
        case Stroke():
            return (
                f'<line x1="{_n(mark.x)}" y1="{_n(mark.y)}" x2="{_n(mark.to_x)}" y2="{_n(mark.to_y)}" '
                f'stroke="{_colour(mark.colour, "edge")}" stroke-width="{_n(mark.width)}"/>'
            )
        case Words():
            weight = ' font-weight="700"' if mark.bold else ""
            anchor = f' text-anchor="{mark.anchor}"' if mark.anchor != "start" else ""
            return (
                f'<text x="{_n(mark.x)}" y="{_n(mark.y)}" font-size="{_n(mark.size)}"{weight}{anchor} '
                f'fill="{_colour(mark.colour, "text")}">{_text(mark.text, runs)}</text>'
            )


def _text(text: str, runs: Runs) -> str:
    return "".join(
        # In quotation marks: a name that holds a number ("Noto Sans Symbols 2") is none without them.
        f"<tspan font-family=\"'{escape(family)}'\">{escape(piece)}</tspan>" if family else escape(piece)
        for family, piece in runs(text)
    )


def _colour(ink: Ink, tone: Tone) -> str:
    return PALETTE[ink][("text", "tint", "edge").index(tone)]


def _n(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")
