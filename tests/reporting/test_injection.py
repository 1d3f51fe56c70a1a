"""A hundred payloads in every text field, in every format: printed as text; rendering opens no file and no connection
that a harmless report does not open as well."""

from __future__ import annotations

import io
import re
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

import pytest

from compliance.reporting import (
    check_facts,
    render_html,
)
from compliance.reporting.data_files import render_csv, render_json, render_xlsx
from compliance.reporting.docx import render_docx
from compliance.reporting.facts import CompanyBrief
from compliance.reporting.pdf import render_pdf
from tests.reporting import factory
from tests.reporting.conftest import FONTS, STYLES, Build
from tests.reporting.reading import text_of_html
from tests.reporting.test_data_files import text_of_docx

TARGETS = ("/etc/passwd", "file:///etc/passwd", "http://127.0.0.1:9/x", "\\\\127.0.0.1\\x", "../../app.py")
WRAPPINGS = (
    "{{{{ {0} }}}}",
    "{{% include '{0}' %}}",
    '#read("{0}")',
    '#image("{0}")',
    '") #include "{0}',
    "${{{0}}}",
    '<img src="{0}">',
    '<script src="{0}"></script>',
    "<style>@import '{0}';</style>",
    "\" onmouseover=\"location='{0}'",
    "]]><!DOCTYPE x [<!ENTITY y SYSTEM '{0}'>]>&y;",
    "</w:t></w:r><w:fldSimple w:instr='INCLUDETEXT \"{0}\"'/>",
    '=HYPERLINK("{0}")',
    "=cmd|'{0}'!A0",
    '+WEBSERVICE("{0}")',
    '@IMPORTDATA("{0}")',
    "[x]({0})",
    "javascript:fetch('{0}')",
    "{{company.__class__}}{0}",
    "%s %(x)s {0}",
)
PAYLOADS = [wrapping.format(target) for wrapping, target in product(WRAPPINGS, TARGETS)]

_touched: list[str] | None = None


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if _touched is not None and event in ("open", "socket.connect", "socket.getaddrinfo", "subprocess.Popen"):
        _touched.append(f"{event} {arguments[0]}")


sys.addaudithook(_watch)


@contextmanager
def watched() -> Iterator[list[str]]:
    """What is opened meanwhile, by Python."""
    global _touched  # noqa: PLW0603 - an audit hook cannot be taken away again, only told to rest
    _touched = []
    try:
        yield _touched
    finally:
        _touched = None


def every_format(facts: CompanyBrief, build: Build) -> dict[str, bytes]:
    document = build(facts, "en")
    return {
        "html": render_html(document, STYLES).encode(),
        "pdf": render_pdf(document, STYLES, FONTS, check_facts(facts)),
        "docx": render_docx(document, STYLES, FONTS),
        "xlsx": render_xlsx(facts, "en", {}),
        "csv": render_csv(facts, "en", {}),
        "json": render_json(facts),
    }


def outside(touched: list[str]) -> list[str]:
    """What lies outside the templates: python-docx reads its own, temporary files are written for large sheets."""
    return [entry for entry in touched if not re.search(r"docx/(parts/[.][.]/)?templates|/tmp|None", entry)]


def test_there_are_a_hundred_payloads() -> None:
    assert len(set(PAYLOADS)) == 100


def test_the_watch_sees_a_file_being_read() -> None:
    with watched() as touched, Path("/etc/hostname").open():
        pass
    assert outside(touched) == ["open /etc/hostname"]


@pytest.mark.slow
@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_is_printed_as_text_and_reads_nothing(payload: str, build: Build) -> None:
    every_format(factory.full(), build)  # templates and fonts are loaded once
    facts = factory.hostile(same=payload)
    with watched() as touched:
        made = every_format(facts, build)
    assert outside(touched) == []
    assert text_of_docx(made["docx"]) == text_of_html(made["html"].decode())
    assert re.sub(r"\s", "", payload) in text_of_docx(made["docx"])
    for name in zipfile.ZipFile(io.BytesIO(made["docx"])).namelist():
        assert b"INCLUDETEXT" not in _markup(zipfile.ZipFile(io.BytesIO(made["docx"])).read(name))
    assert b"<f>" not in b"".join(zipfile.ZipFile(io.BytesIO(made["xlsx"])).read(name) for name in _names(made["xlsx"]))


def _markup(xml: bytes) -> bytes:
    """The tags alone."""
    return b"".join(re.findall(rb"<[^>]*>", xml))


def _names(archive: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(archive)).namelist()
