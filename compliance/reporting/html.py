"""A document as a fragment of an HTML page: semantic, without inline style or script, every text escaped."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from compliance.reporting.document import Block, Chart, Document, Heading
from compliance.reporting.svg import to_svg


@dataclass(frozen=True, slots=True)
class Section:
    """What stands under one heading, each block with the name of its kind."""

    new_page: bool
    blocks: tuple[tuple[str, Block], ...]


def render_html(document: Document, styles: Path) -> str:
    """`document` as one `<article>`, its title as the `<h1>`; `styles` is the product's `reports/styles`.

    The only files read are the templates in `styles/html`.
    """
    template = _environment(styles / "html").get_template("report.html")
    return template.render(document=document, sections=sections(document.blocks))


def sections(blocks: tuple[Block, ...]) -> list[Section]:
    """The blocks in groups, a new one at each heading of level 1."""
    groups: list[list[Block]] = []
    for block in blocks:
        if not groups or (isinstance(block, Heading) and block.level == 1):
            groups.append([])
        groups[-1].append(block)
    return [
        Section(
            new_page=isinstance(group[0], Heading) and group[0].new_page,
            blocks=tuple((kind_of(block), block) for block in group),
        )
        for group in groups
    ]


def kind_of(block: Block) -> str:
    """The name of a block's kind in templates: "heading", "table" …"""
    return type(block).__name__.lower()


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.globals["drawn"] = _drawn
    return environment


def _drawn(chart: Chart) -> Markup:
    """The drawing as SVG with ids of its own: the same chart has the same ones wherever it stands."""
    identity = "chart-" + hashlib.sha256(f"{chart.caption}\n{chart.description}".encode()).hexdigest()[:12]
    svg = to_svg(chart.drawing, chart.caption, chart.description, identity)
    return Markup(svg)  # noqa: S704  # nosec B704 - every text in it is escaped
