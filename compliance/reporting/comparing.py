"""Do two files of one format say the same? For files of one report that were made with different packages."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Mapping
from html.parser import HTMLParser
from typing import Final

# Files are read only when somebody checks a report: the readers are loaded then, and no server holds them before.


def same_text(layout: str, a: bytes, b: bytes) -> bool:
    """Do two files of the format `layout` hold the same text in the same order? White space does not count."""
    read = _READERS[layout]
    return read(a) == read(b)


def _squeezed(text: str) -> str:
    return re.sub(r"[\s\u200b]+", "", text)


class _Shown(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def _html(content: bytes) -> str:
    parser = _Shown()
    parser.feed(content.decode())
    return _squeezed("".join(parser.parts))


def _pdf(content: bytes) -> str:
    from pypdf import PdfReader  # noqa: PLC0415

    reader = PdfReader(io.BytesIO(content))
    attached = "".join(data.decode() for datas in reader.attachments.values() for data in datas)
    return _squeezed("".join(page.extract_text() for page in reader.pages) + attached)


def _docx(content: bytes) -> str:
    import docx  # noqa: PLC0415

    body = docx.Document(io.BytesIO(content)).element.body
    return _squeezed("".join(node.text or "" for node in body.iter() if node.tag.endswith("}t")))


def _xlsx(content: bytes) -> str:
    import python_calamine  # noqa: PLC0415

    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    sheets = [(name, book.get_sheet_by_name(name).to_python()) for name in book.sheet_names]
    return json.dumps(sheets, default=str)


def _plain(content: bytes) -> str:
    return content.decode()


_READERS: Final[Mapping[str, Callable[[bytes], str]]] = {
    "html": _html,
    "pdf": _pdf,
    "docx": _docx,
    "xlsx": _xlsx,
    "csv": _plain,
    "json": _plain,
}
