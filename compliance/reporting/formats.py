"""The files that a report can be had as: one registry, the same formats for every kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from compliance.domain.text import Language
from compliance.reporting.build import build_document
from compliance.reporting.data_files import render_csv, render_json, render_xlsx
from compliance.reporting.document import Document
from compliance.reporting.facts import Facts
from compliance.reporting.html import render_html
from compliance.reporting.outline import load_outline
from compliance.reporting.schema import Checked, check_facts


@dataclass(frozen=True, slots=True)
class Folders:
    """Where outlines and styles (`reports/`) and the built fonts are."""

    reports: Path
    fonts: Path

    @property
    def styles(self) -> Path:
        return self.reports / "styles"


@dataclass(frozen=True, slots=True)
class Report:
    """One edition in one language: what it knows and what it says. Both together can be laid out again at any time."""

    facts: Facts
    document: Document


def lay(facts: Facts, language: Language, folders: Folders) -> Report:
    """The report that the outline of the facts' kind makes of them in `language`.

    Raises FactsError for facts that are not what their type says, OutlineError for a fault in the outline.
    """
    checked = cast(Facts, Checked(check_facts(facts)))
    return Report(checked, build_document(checked, load_outline(folders.reports, checked["kind"]), language))


@dataclass(frozen=True, slots=True)
class Format:
    """A file that a report can be had as. `bilingual`: the file is the same for both languages."""

    name: str
    suffix: str
    media_type: str
    render: Callable[[Report, Folders], bytes]
    bilingual: bool = False


def _html(report: Report, folders: Folders) -> bytes:
    return render_html(report.document, folders.styles).encode()


def _pdf(report: Report, folders: Folders) -> bytes:
    from compliance.reporting.pdf import render_pdf  # noqa: PLC0415 - as in _docx

    return render_pdf(report.document, folders.styles, folders.fonts, report.facts)


def _docx(report: Report, folders: Folders) -> bytes:
    # A server that has printers never lays out a file itself: it need not hold the library for it.
    from compliance.reporting.docx import render_docx  # noqa: PLC0415

    return render_docx(report.document, folders.styles, folders.fonts)


def _xlsx(report: Report, _folders: Folders) -> bytes:
    return render_xlsx(report.facts, report.document.language, dict(report.document.headings))


def _csv(report: Report, _folders: Folders) -> bytes:
    return render_csv(report.facts, report.document.language, dict(report.document.headings))


def _json(report: Report, _folders: Folders) -> bytes:
    return render_json(report.facts)


FORMATS: Final[Mapping[str, Format]] = {
    format_.name: format_
    for format_ in (
        Format("html", ".html", "text/html; charset=utf-8", _html),
        Format("pdf", ".pdf", "application/pdf", _pdf),
        Format("docx", ".docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", _docx),
        Format("xlsx", ".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", _xlsx),
        Format("csv", ".csv", "text/csv; charset=utf-8", _csv),
        Format("json", ".json", "application/json", _json, bilingual=True),
    )
}


def render(report: Report, layout: str, folders: Folders) -> bytes:
    """The report as a file of one of FORMATS; raises KeyError for another. The same report makes the same bytes."""
    return FORMATS[layout].render(report, folders)
