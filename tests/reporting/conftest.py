"""Where the reports are, and documents built from sample facts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from compliance.domain.text import Language
from compliance.reporting import Folders, Outline, build_document, load_outline
from compliance.reporting.document import Document
from compliance.reporting.facts import CompanyBrief
from compliance.reporting.pdf import render_pdf

ROOT = Path(__file__).parents[2]
REPORTS = ROOT / "reports"
STYLES = REPORTS / "styles"
FONTS = ROOT / "build" / "fonts"
FOLDERS = Folders(REPORTS, FONTS)

Build = Callable[[CompanyBrief, Language], Document]
Print = Callable[[Document], bytes]


@pytest.fixture(scope="session")
def outline() -> Outline:
    return load_outline(REPORTS, "company-brief")


@pytest.fixture(scope="session")
def build(outline: Outline) -> Build:
    return lambda facts, language: build_document(facts, outline, language)


@pytest.fixture(scope="session")
def as_pdf() -> Print:
    return lambda document: render_pdf(document, STYLES, FONTS)
