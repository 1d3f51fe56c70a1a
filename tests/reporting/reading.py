"""Reads rendered reports back: the text of a page and of a PDF, without what only one of them has."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from typing import Any

import page as page_checks
import pikepdf
from pypdf import PdfReader

from compliance.reporting.pdf import SHOWN_INSTEAD

ARTIFACT = "/Artifact"


def squeezed(text: str) -> str:
    """`text` without any white space, break opportunity or joining sign."""
    return re.sub(r"[\s\u200b\u200d\ufe00-\ufe0f]+", "", text)


class _Text(HTMLParser):
    """The text that a browser shows, numbers and bullets of lists included; marking and footer left out."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._skip = 0
        self._lists: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        classes = dict(attrs).get("class") or ""
        if self._skip or "document__marking" in classes or tag in ("footer", "svg"):
            self._skip += 1
        if tag in ("ol", "ul"):
            self._lists.append((f"{tag} {classes}", 0))
        if tag == "li":
            kind, number = self._lists.pop()
            self._lists.append((kind, number + 1))
            self.parts.append(self._marker(kind, number + 1))

    @staticmethod
    def _marker(kind: str, number: int) -> str:
        if "sources" in kind:
            return f"[{number}]"
        return str(number) if kind.startswith("ol") else "•"

    def handle_endtag(self, tag: str) -> None:
        self._skip = max(0, self._skip - 1)
        if tag in ("ol", "ul"):
            self._lists.pop()

    def handle_data(self, data: str) -> None:
        if not self._skip:
            self.parts.append(data)


def text_of_html(fragment: str) -> str:
    reader = _Text()
    reader.feed(fragment)
    return squeezed("".join(reader.parts))


def text_of_pdf(pdf: bytes) -> str:
    """The text that belongs to the document: page headers, footers and repeated table headers are artifacts.

    What a chart shows is said in its alternative text.
    """
    return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(_without_artifacts(pdf))).pages))


def pages_of_pdf(pdf: bytes) -> list[str]:
    """All text of each page, artifacts included."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]


def _without_artifacts(pdf: bytes) -> bytes:
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        for page in opened.pages:
            kept, depth, hidden = [], 0, 0
            for instruction in pikepdf.parse_content_stream(page):
                operands, operator = instruction.operands, instruction.operator
                name = str(operator)
                if name in ("BMC", "BDC"):
                    depth += 1
                    if not hidden and (str(operands[0]) == ARTIFACT or _has_alternative(operands)):
                        hidden = depth
                if not (hidden and name in ("Tj", "TJ", "Do")):
                    kept.append((operands, operator))
                if name == "EMC":
                    if hidden == depth:
                        hidden = 0
                    depth -= 1
            page.Contents = opened.make_stream(pikepdf.unparse_content_stream(kept))
        opened.save(out)
    return out.getvalue()


def _has_alternative(operands: Any) -> bool:
    return len(operands) > 1 and isinstance(operands[1], pikepdf.Dictionary) and "/Alt" in operands[1]


def with_gaps_shown(text: str, covered: frozenset[int]) -> str:
    """`text` as the PDF shows it: a box for each character that no font covers."""
    return "".join(c if ord(c) in covered else SHOWN_INSTEAD for c in text)


#: The checker takes a carriage return at the end of a compressed stream for part of the line end that follows.
STREAM_LENGTH = "PDFA3A-STREAM-LENGTH-001"


def faults_of_pdf(pdf: bytes, profile: str) -> list[tuple[str, str]]:
    """What the checker has against the file: rule and message. Lengths of streams are checked here, byte by byte."""
    failures = page_checks.validate_pdf_bytes(pdf, profile=profile).failures
    found = [(failure.rule_id, failure.message) for failure in failures]
    if stream_lengths_are_right(pdf):
        found = [fault for fault in found if fault[0] != STREAM_LENGTH]
    return found


def stream_lengths_are_right(pdf: bytes) -> bool:
    """Does each stream end exactly where its /Length says, with one line feed before `endstream`?"""
    starts = re.finditer(rb"/Length (\d+)[^>]*>>\s*stream\r?\n", pdf)
    return all(pdf[start.end() + int(start[1]) :].startswith(b"\nendstream") for start in starts)
