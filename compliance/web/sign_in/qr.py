"""The picture that an app reads a secret from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

_BORDER: Final = 4


@dataclass(frozen=True, slots=True)
class Drawing:
    """A QR code as one path of an SVG, `size` units wide and high."""

    size: int
    path: str


def drawing(text: str) -> Drawing:
    """`text` as a QR code: in the page itself, so that it needs no picture from elsewhere."""
    from qrcode.main import QRCode  # noqa: PLC0415 - once per person; it brings all of Pillow along

    code = QRCode(border=_BORDER)
    code.add_data(text)
    rows = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Drawing(len(rows), "".join(squares))
