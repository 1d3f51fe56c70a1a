"""Reports: facts → document → files. Facts are plain data, a document is blocks in one language, renderers lay it out.

Nothing here reads the database, the clock or the network; the only files read are outlines, templates and fonts,
whose folders are arguments.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from compliance.reporting.build import build_document
from compliance.reporting.data_files import render_csv, render_json, render_xlsx
from compliance.reporting.docx import render_docx
from compliance.reporting.fonts import FontsMissing
from compliance.reporting.html import render_html
from compliance.reporting.outline import Outline, OutlineError, load_outline
from compliance.reporting.pdf import render_pdf
from compliance.reporting.schema import FactsError, check_facts


@dataclass(frozen=True, slots=True)
class Format:
    """A file that a report can be had as."""

    name: str
    suffix: str
    media_type: str


FORMATS: Final[Mapping[str, Format]] = {
    "html": Format("html", ".html", "text/html; charset=utf-8"),
    "pdf": Format("pdf", ".pdf", "application/pdf"),
    "docx": Format("docx", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "xlsx": Format("xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "csv": Format("csv", ".csv", "text/csv; charset=utf-8"),
    "json": Format("json", ".json", "application/json"),
}

__all__ = [
    "FORMATS",
    "FactsError",
    "FontsMissing",
    "Format",
    "Outline",
    "OutlineError",
    "build_document",
    "check_facts",
    "load_outline",
    "render_csv",
    "render_docx",
    "render_html",
    "render_json",
    "render_pdf",
    "render_xlsx",
]
