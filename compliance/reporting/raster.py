"""A drawing as PNG, for formats that show no SVG. Typst draws it with the fonts of the PDF: it looks the same."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Final

import typst

from compliance.reporting.drawing import Drawing
from compliance.reporting.fonts import load_fonts
from compliance.reporting.svg import to_svg

DOTS_PER_INCH: Final = 200


def to_png(drawing: Drawing, fonts: Path) -> bytes:
    """`drawing` at its own size. Raises FontsMissing without fonts."""
    return _png(to_svg(drawing, "", "", "chart", load_fonts(fonts).runs), fonts)


@lru_cache(maxsize=64)
def _png(svg: str, fonts: Path) -> bytes:
    """Kept: reports of one cycle share drawings, and the same file is often made twice."""
    literal = '"' + svg.replace("\\", "\\\\").replace('"', '\\"') + '"'
    source = f'#set page(width: auto, height: auto, margin: 0pt)\n#image(bytes({literal}), format: "svg")\n'
    compiler = typst.Compiler(root=str(fonts), font_paths=load_fonts(fonts).loaded, ignore_system_fonts=True)
    made = compiler.compile(input=source.encode(), format="png", ppi=DOTS_PER_INCH)
    if not isinstance(made, bytes):
        raise TypeError("Typst gave no picture")
    return made
