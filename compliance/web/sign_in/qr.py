"""The picture that an app reads a secret from."""

from __future__ import annotations

from markupsafe import Markup
from qrcode.main import QRCode

_BORDER = 4


def drawing(text: str) -> Markup:
    """`text` as a QR code: one SVG path, so that the page needs no picture from elsewhere and no inline style."""
    code = QRCode(border=_BORDER)
    code.add_data(text)
    rows = code.get_matrix()
    squares = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return Markup(  # noqa: S704 - only figures go in
        f'<svg class="qr-code" viewBox="0 0 {len(rows)} {len(rows)}" width="220" height="220" aria-hidden="true"'
        f' focusable="false"><rect width="100%" height="100%" fill="#fff"/><path d="{squares}" fill="#000"/></svg>'
    )
